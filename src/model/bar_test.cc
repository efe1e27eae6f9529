// SPDX-License-Identifier: Apache-2.0
#include "model/bar.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <iterator>
#include <optional>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include "model/bar_columns.h"

namespace tapeline {

// For a property that fails.
static void showValue(const Trade& trade, std::ostream& out) {
  std::string id;
  trade.id.append_to(id);
  out << trade.ts_event.unix_ns() << '/' << trade.order << '/' << id << ' '
      << to_string(trade.price) << " x " << to_string(trade.size) << ' ' << name_of(trade.side)
      << ' ' << name_of(trade.counts);
}

namespace {

using boost::multiprecision::cpp_int;
using boost::multiprecision::cpp_rational;

cpp_int pow10(unsigned exponent) { return boost::multiprecision::pow(cpp_int(10), exponent); }

cpp_int big(Int128 value) {
  const Uint128 size = magnitude(value);
  cpp_int out = static_cast<std::uint64_t>(size >> 64);
  out <<= 64;
  out += static_cast<std::uint64_t>(size);
  return value < 0 ? -out : out;
}

std::optional<cpp_int> big(std::optional<Int128> value) {
  return value ? std::optional(big(*value)) : std::nullopt;
}

cpp_rational exact(Decimal value) { return {cpp_int(value.mantissa), pow10(value.scale)}; }

// What a DECIMAL(38,18) column shows of a number, or nothing.
std::optional<cpp_int> column(const cpp_rational& value) {
  const cpp_rational scaled = value * cpp_rational(pow10(18));
  const cpp_int whole = numerator(scaled);
  if (denominator(scaled) != 1 || abs(whole) >= pow10(38)) return std::nullopt;
  return whole;
}

std::optional<cpp_int> rounded_column(const cpp_rational& value) {
  const cpp_rational scaled = value * cpp_rational(pow10(18));
  const cpp_int twice = 2 * cpp_int(abs(numerator(scaled)));
  cpp_int whole = (twice + denominator(scaled)) / (2 * denominator(scaled));
  const bool is_tie = (twice + denominator(scaled)) % (2 * denominator(scaled)) == 0;
  if (is_tie && whole % 2 != 0) --whole;  // half to even
  return column(cpp_rational(scaled < 0 ? cpp_int(-whole) : whole, pow10(18)));
}

// Everything that a bar's row is made of.
struct Columns {
  Int128 open = 0;
  Int128 high = 0;
  Int128 low = 0;
  Int128 close = 0;
  std::optional<cpp_int> volume;
  std::optional<cpp_int> buy_volume;
  std::optional<cpp_int> notional;
  std::optional<cpp_int> vwap;
  std::uint64_t trades = 0;
  std::uint64_t first_fill = 0;
  std::uint64_t last_fill = 0;
  std::string first_id;
  std::string last_id;
  bool size_missing = false;
  bool side_unknown = false;
  bool backfilled = false;
  bool coarse = false;
  bool uncounted = false;
  Counts counts = Counts::kNone;

  friend bool operator==(const Columns&, const Columns&) = default;
};

std::string id_text(const TradeId& id) {
  std::string text;
  id.append_to(text);
  return text;
}

Columns columns_of(const BarPartial& bar) {
  constexpr int kSize = BarPartial::kSizeScale;
  constexpr int kNotional = BarPartial::kNotionalScale;
  const auto notional = bar.notional.as_column(kNotional);
  const auto vwap = bar.notional.divided_by(kNotional, bar.volume, kSize);
  return {bar.open,
          bar.high,
          bar.low,
          bar.close,
          big(bar.volume.as_column(kSize)),
          big(bar.buy_volume.as_column(kSize)),
          big(notional),
          notional ? big(vwap) : std::nullopt,  // a notional that does not fit is empty with VWAP
          bar.trades,
          bar.open_end.fill,
          bar.close_end.fill,
          id_text(bar.open_end.key.id),
          id_text(bar.close_end.key.id),
          bar.size_missing,
          bar.side_unknown,
          bar.backfilled,
          bar.coarse,
          bar.uncounted,
          bar.counts};
}

bool comes_before(const Trade& a, const Trade& b) {
  return std::tuple(a.ts_event, a.order, a.id) < std::tuple(b.ts_event, b.order, b.id);
}

// The bar of a set of trades by its definition, in numbers without a limit.
Columns expected_columns(const std::vector<Trade>& trades) {
  const auto counts_for_less = [](const Trade& a, const Trade& b) { return a.counts < b.counts; };
  Columns out;
  out.counts = std::max_element(trades.begin(), trades.end(), counts_for_less)->counts;
  std::vector<Trade> priced;
  std::copy_if(trades.begin(), trades.end(), std::back_inserter(priced),
               [&](const Trade& trade) { return trade.counts == out.counts; });
  const Trade& first = *std::min_element(priced.begin(), priced.end(), comes_before);
  const Trade& last = *std::max_element(priced.begin(), priced.end(), comes_before);
  out.open = first.price.at_scale_18();
  out.close = last.price.at_scale_18();
  out.high = out.low = out.open;
  out.first_fill = first.first_fill;
  out.last_fill = last.last_fill;
  out.first_id = id_text(first.id);
  out.last_id = id_text(last.id);
  cpp_rational volume;
  cpp_rational buy_volume;
  cpp_rational notional;
  for (const Trade& trade : priced) {
    out.high = std::max(out.high, trade.price.at_scale_18());
    out.low = std::min(out.low, trade.price.at_scale_18());
  }
  for (const Trade& trade : trades) {
    volume += exact(trade.size);
    if (trade.side == Side::kBuy) buy_volume += exact(trade.size);
    notional += exact(trade.price) * exact(trade.size);
    out.trades += trade.last_fill - trade.first_fill + 1;
    out.size_missing = out.size_missing || trade.flags.has(Flag::kNoSize);
    out.side_unknown = out.side_unknown || trade.side == Side::kUnknown;
    out.backfilled = out.backfilled || trade.flags.has(Flag::kBackfill);
    out.coarse = out.coarse || trade.flags.has(Flag::kCoarseTime);
    out.uncounted = out.uncounted || !trade.contiguous;
  }
  out.volume = column(volume);
  out.buy_volume = column(buy_volume);
  out.notional = column(notional);
  if (volume != 0 && out.notional) out.vwap = rounded_column(notional / volume);
  return out;
}

constexpr std::int64_t kExtreme = INT64_MAX;

// Of up to that size, small ones and the largest too.
Decimal any_decimal(std::int64_t min, std::int64_t max) {
  const auto mantissa = *rc::gen::oneOf(
      rc::gen::inRange<std::int64_t>(std::max<std::int64_t>(min, -1000), 1000),
      rc::gen::inRange<std::int64_t>(min, max), rc::gen::element<std::int64_t>(0, 1, min, max));
  return {mantissa, *rc::gen::element<std::uint8_t>(0, 0, 2, 8, 9, 17, 18)};
}

TradeId any_id(std::size_t index) {
  const std::string number = std::to_string(index);
  return *rc::gen::element(TradeId(index), TradeId((std::uint64_t{1} << 63) + 1 + index),
                           *TradeId::parse("0" + number), *TradeId::parse("t" + number),
                           *TradeId::parse("18446744073709551616" + number));
}

// Prices below zero, or sums beyond every column: not both, as one hides the other.
Trade any_trade(std::size_t index, bool is_extreme) {
  constexpr std::int64_t kUsual = 1'000'000'000;
  Trade trade;
  trade.ts_event = EventTime(*rc::gen::inRange<std::int64_t>(-2, 3));
  trade.order = *rc::gen::element<std::uint64_t>(0, 0, 1, UINT64_MAX);
  trade.id = any_id(index);
  trade.price = is_extreme ? any_decimal(0, kExtreme) : any_decimal(-kUsual, kUsual);
  trade.size = any_decimal(0, is_extreme ? kExtreme : kUsual);
  trade.side = *rc::gen::element(Side::kUnknown, Side::kBuy, Side::kSell);
  trade.first_fill = *rc::gen::inRange<std::uint64_t>(1, 1000);
  trade.last_fill = trade.first_fill + *rc::gen::inRange<std::uint64_t>(0, 5);
  trade.contiguous = *rc::gen::inRange(0, 4) != 0;
  for (const Flag flag : {Flag::kNoSize, Flag::kBackfill, Flag::kCoarseTime, Flag::kSnapshot}) {
    if (*rc::gen::inRange(0, 8) == 0) trade.flags.set(flag);
  }
  if (trade.flags.has(Flag::kNoSize)) trade.size = {};
  trade.counts = *rc::gen::element(Counts::kAll, Counts::kAll, Counts::kFallback, Counts::kVolume);
  return trade;
}

std::vector<Trade> make_trades() {
  std::vector<Trade> trades;
  const bool is_extreme = *rc::gen::arbitrary<bool>();
  const auto count = *rc::gen::inRange<std::size_t>(1, 12);
  for (std::size_t i = 0; i < count; ++i) trades.push_back(any_trade(i, is_extreme));
  return trades;
}

std::vector<Trade> any_trades() { return *rc::gen::exec(make_trades); }

// Merges parts of one trade each, any two next, until one is left.
BarPartial merged_in_any_grouping(const std::vector<Trade>& trades) {
  std::vector<BarPartial> parts;
  for (const Trade& trade : trades) {
    const bool alone = parts.empty() || *rc::gen::inRange(0, 3) != 0;
    if (alone) parts.emplace_back();
    parts[*rc::gen::inRange<std::size_t>(0, parts.size())].add(trade);
  }
  if (*rc::gen::arbitrary<bool>()) parts.emplace_back();  // an empty one changes nothing
  while (parts.size() > 1) {
    const auto at = *rc::gen::inRange<std::size_t>(0, parts.size() - 1);
    const BarPartial part = parts.back();
    parts.pop_back();
    if (*rc::gen::arbitrary<bool>()) {
      parts[at].merge(part);
    } else {
      const BarPartial other = parts[at];
      parts[at] = part;
      parts[at].merge(other);
    }
  }
  return parts.front();
}

RC_GTEST_PROP(BarPartial, any_grouping_of_the_same_trades_gives_the_same_bar, ()) {
  const std::vector<Trade> trades = any_trades();
  const BarPartial one = merged_in_any_grouping(trades);
  const BarPartial other = merged_in_any_grouping(trades);
  RC_ASSERT(columns_of(one) == columns_of(other));
  RC_ASSERT(one.volume == other.volume);
  RC_ASSERT(one.buy_volume == other.buy_volume);
  RC_ASSERT(one.notional == other.notional);
  RC_ASSERT(one.open_end.key == other.open_end.key);
  RC_ASSERT(one.close_end.key == other.close_end.key);
}

RC_GTEST_PROP(BarPartial, columns_are_those_of_numbers_without_a_limit, ()) {
  const std::vector<Trade> trades = any_trades();
  const Columns ours = columns_of(merged_in_any_grouping(trades));
  RC_ASSERT(ours == expected_columns(trades));
}

Trade trade_at(std::int64_t ns, std::uint64_t order, TradeId id, std::string_view price) {
  Trade trade;
  trade.ts_event = EventTime(ns);
  trade.order = order;
  trade.id = id;
  trade.price = parse_decimal(price).value();
  trade.size = {1, 0};
  trade.side = Side::kBuy;
  trade.contiguous = true;
  if (id.is_number()) trade.first_fill = trade.last_fill = id.number();
  return trade;
}

BarPartial bar_of(const std::vector<Trade>& trades) {
  BarPartial bar;
  for (const Trade& trade : trades) bar.add(trade);
  return bar;
}

TEST(BarPartial, trades_of_one_time_open_and_close_by_order_then_id) {
  const TradeId beyond((std::uint64_t{1} << 63) + 1);
  const BarPartial bar =
      bar_of({trade_at(5, 1, TradeId(9), "3"), trade_at(5, 1, beyond, "4"),
              trade_at(5, 0, *TradeId::parse("x"), "1"), trade_at(5, 1, *TradeId::parse("a"), "5"),
              trade_at(5, 0, TradeId(7), "2")});
  EXPECT_EQ(bar.open, Decimal({2, 0}).at_scale_18()) << "7 comes before x";
  EXPECT_EQ(bar.close, Decimal({5, 0}).at_scale_18()) << "a comes after all numbers";
  const BarPartial numbers = bar_of({trade_at(5, 1, beyond, "4"), trade_at(5, 1, TradeId(9), "3")});
  EXPECT_EQ(numbers.open_end.fill, 9U);
  EXPECT_EQ(numbers.close_end.fill, beyond.number()) << "ids are not signed";
}

TEST(BarPartial, an_aggregated_trade_counts_its_fills) {
  Trade first = trade_at(1, 0, TradeId(100), "1");
  first.first_fill = 10;
  first.last_fill = 14;
  Trade last = trade_at(2, 0, TradeId(101), "2");
  last.first_fill = last.last_fill = 15;
  const BarPartial bar = bar_of({last, first});
  EXPECT_EQ(bar.trades, 6U);
  EXPECT_EQ(bar.open_end.fill, 10U);
  EXPECT_EQ(bar.close_end.fill, 15U);
}

TEST(BarPartial, vwap_of_a_tie_is_rounded_to_even) {
  const auto vwap_of = [](std::string_view odd_price) {
    const BarPartial bar =
        bar_of({trade_at(1, 0, TradeId(1), "0"), trade_at(2, 0, TradeId(2), odd_price)});
    return bar.notional.divided_by(BarPartial::kNotionalScale, bar.volume, BarPartial::kSizeScale);
  };
  EXPECT_EQ(vwap_of("0.000000000000000001"), Int128{0});
  EXPECT_EQ(vwap_of("0.000000000000000003"), Int128{2});
  EXPECT_EQ(vwap_of("-0.000000000000000003"), Int128{-2});
  EXPECT_EQ(vwap_of("-0.000000000000000005"), Int128{-2});
}

TEST(BarPartial, sizes_of_zero_set_prices_and_leave_vwap_empty) {
  Trade trade = trade_at(1, 0, TradeId(1), "-37.63");
  trade.size = {};
  const BarPartial bar = bar_of({trade});
  EXPECT_EQ(bar.low, Decimal({-3763, 2}).at_scale_18());
  EXPECT_TRUE(bar.volume.is_zero());
  EXPECT_EQ(bar.notional.divided_by(BarPartial::kNotionalScale, bar.volume, BarPartial::kSizeScale),
            std::nullopt);
}

TEST(BarPartial, only_buys_are_buy_volume) {
  Trade sell = trade_at(1, 0, TradeId(1), "1");
  sell.side = Side::kSell;
  Trade unknown = trade_at(2, 0, TradeId(2), "1");
  unknown.side = Side::kUnknown;
  const Trade buy = trade_at(3, 0, TradeId(3), "1");
  EXPECT_FALSE(bar_of({sell, buy}).side_unknown);
  EXPECT_TRUE(bar_of({sell, unknown, buy}).side_unknown);
  const BarPartial bar = bar_of({sell, unknown, buy});
  EXPECT_EQ(bar.buy_volume.as_column(BarPartial::kSizeScale), Decimal({1, 0}).at_scale_18());
}

Trade counting(Counts counts, std::int64_t ns, std::string_view price, std::int64_t size) {
  Trade trade = trade_at(ns, 0, TradeId(static_cast<std::uint64_t>(ns)), price);
  trade.size = {size, 0};
  trade.counts = counts;
  return trade;
}

// "open high low close volume trades first..last", computed by hand in the tests below.
std::string shown(const std::vector<Trade>& trades) {
  std::uint32_t unshown = 0;
  const BarColumns bar = columns_of(bar_of(trades), unshown);
  std::string text;
  for (const auto& value : {bar.open, bar.high, bar.low, bar.close, bar.volume}) {
    if (value) append_scaled(text, *value, 18);
    text += value ? " " : "- ";
  }
  return text + std::to_string(bar.trades) + " " + id_text(bar.first_id) + ".." +
         id_text(bar.last_id);
}

TEST(BarPartial, an_odd_lot_adds_volume_and_sets_no_price) {
  const Trade before = counting(Counts::kVolume, 1, "90", 5);
  const Trade open = counting(Counts::kAll, 2, "101", 100);
  const Trade between = counting(Counts::kVolume, 3, "150", 7);
  const Trade close = counting(Counts::kAll, 4, "102", 200);
  const Trade behind = counting(Counts::kVolume, 5, "80", 9);
  EXPECT_EQ(shown({before, open, between, close, behind}), "101 102 101 102 321 5 2..4");
  EXPECT_EQ(shown({behind, close, between, open, before}), "101 102 101 102 321 5 2..4");
}

TEST(BarPartial, odd_lots_alone_make_a_bar_without_prices) {
  EXPECT_EQ(shown({counting(Counts::kVolume, 2, "150", 7), counting(Counts::kVolume, 1, "90", 5)}),
            "- - - - 12 2 1..2");
}

TEST(BarPartial, trades_of_extended_hours_price_what_no_regular_one_does) {
  const Trade early = counting(Counts::kFallback, 1, "99", 300);
  const Trade later = counting(Counts::kFallback, 3, "98", 300);
  const Trade odd_lot = counting(Counts::kVolume, 2, "50", 1);
  EXPECT_EQ(shown({early, odd_lot, later}), "99 99 98 98 601 3 1..3");
  // The same window once a trade of regular hours is in it, whenever that comes.
  const Trade regular = counting(Counts::kAll, 2, "100", 10);
  const std::string all = "100 100 100 100 611 4 2..2";
  EXPECT_EQ(shown({early, odd_lot, later, regular}), all);
  EXPECT_EQ(shown({regular, early, odd_lot, later}), all);
}

TEST(BarPartial, what_does_not_set_prices_is_in_vwap) {
  const BarPartial bar =
      bar_of({counting(Counts::kAll, 1, "100", 1), counting(Counts::kVolume, 2, "200", 3)});
  std::uint32_t unshown = 0;
  EXPECT_EQ(columns_of(bar, unshown).vwap, Decimal({175, 0}).at_scale_18());
  EXPECT_EQ(columns_of(bar, unshown).notional, Decimal({700, 0}).at_scale_18());
}

RC_GTEST_PROP(BarPartial, is_loaded_as_it_was_saved, ()) {
  const std::vector<Trade> trades = any_trades();
  const BarPartial bar = bar_of(trades);
  ByteWriter out;
  bar.save(out, EventTime(-2));
  const std::string bytes(out.joined());
  ByteReader in(bytes);
  BarPartial loaded;
  loaded.load(in, EventTime(-2));
  RC_ASSERT(!in.failed() && in.is_at_end());
  RC_ASSERT(columns_of(loaded) == columns_of(bar));
}

TEST(BarPartial, an_empty_part_changes_nothing) {
  BarPartial bar = bar_of({trade_at(1, 0, TradeId(1), "5")});
  bar.merge(BarPartial());
  EXPECT_EQ(columns_of(bar), columns_of(bar_of({trade_at(1, 0, TradeId(1), "5")})));
  BarPartial empty;
  empty.merge(bar);
  EXPECT_EQ(columns_of(empty), columns_of(bar));
  EXPECT_TRUE(BarPartial().empty());
}

TEST(Bar, causes_are_ordered_by_strength) {
  EXPECT_LT(Cause::kNone, Cause::kConfirmed);
  EXPECT_LT(Cause::kConfirmed, Cause::kGap);
  EXPECT_LT(Cause::kGap, Cause::kLateTrade);
  EXPECT_LT(Cause::kLateTrade, Cause::kBackfill);
  EXPECT_STREQ(name_of(Cause::kLateTrade), "late_trade");
  EXPECT_STREQ(name_of(Cause::kNone), "");
}

}  // namespace
}  // namespace tapeline
