// SPDX-License-Identifier: Apache-2.0
#include "sim/market/truth.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/market/market.h"
#include "sim/market/truth_text.h"

namespace tapeline::sim {
namespace {

constexpr EventTime kTruthStart{1'700'000'000'000'000'000};
using std::chrono::seconds;

std::vector<Fill> draw_fills(std::uint64_t seed, Duration duration) {
  Market market({.seed = seed,
                 .instruments = make_instruments(kInstrumentsDefault, "USD"),
                 .trades_per_second = 300,
                 .start = kTruthStart});
  std::vector<Fill> fills;
  market.advance(kTruthStart + duration, fills);
  return fills;
}

Truth truth_of(const std::vector<Fill>& fills, std::size_t trades_max) {
  Truth truth(make_instruments(kInstrumentsDefault, "USD"), trades_max);
  for (const Fill& fill : fills) truth.add(fill);
  return truth;
}

// Digits of a number as they are added by hand, lowest first: an oracle without 128-bit integers.
class LongNumber {
 public:
  void add(std::uint64_t number, std::uint64_t times) {
    for (std::size_t shift = 0; times != 0; times /= 10, ++shift) {
      for (std::uint64_t i = 0; i < times % 10; ++i) add_at(number, shift);
    }
  }
  [[nodiscard]] std::string text(std::size_t places) const {
    std::string text;
    for (std::size_t i = std::max(digits_.size(), places + 1); i-- > 0;) {
      text += i < digits_.size() ? static_cast<char>('0' + digits_[i]) : '0';
      if (i == places && places > 0) text += '.';
    }
    while (places > 0 && text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));
    return text.front() == '.' ? "0" + text : text;
  }

 private:
  void add_at(std::uint64_t number, std::size_t shift) {
    unsigned carry = 0;
    for (std::size_t i = shift; number != 0 || carry != 0; ++i, number /= 10) {
      if (digits_.size() <= i) digits_.resize(i + 1);
      const unsigned sum = digits_[i] + static_cast<unsigned>(number % 10) + carry;
      digits_[i] = sum % 10;
      carry = sum / 10;
    }
  }
  std::vector<unsigned> digits_;
};

// The bars of one instrument, all the slow way: from the fills in an order of their own.
std::vector<std::string> slow_bars(std::vector<Fill> fills, const Instrument& instrument,
                                   std::int64_t interval_ns) {
  std::reverse(fills.begin(), fills.end());
  std::map<std::int64_t, std::vector<Fill>> windows;
  for (const Fill& fill : fills) windows[fill.ts_event.unix_ns() / interval_ns].push_back(fill);
  const auto price = [&](std::int64_t units) {
    LongNumber number;
    number.add(1, static_cast<std::uint64_t>(units));
    return number.text(static_cast<std::size_t>(instrument.price_places));
  };
  std::vector<std::string> rows;
  for (auto& [window, inside] : windows) {
    const auto is_earlier = [](const Fill& a, const Fill& b) {
      return std::pair(a.ts_event, a.id) < std::pair(b.ts_event, b.id);
    };
    const auto is_cheaper = [](const Fill& a, const Fill& b) { return a.price < b.price; };
    const Fill& first = *std::min_element(inside.begin(), inside.end(), is_earlier);
    const Fill& last = *std::max_element(inside.begin(), inside.end(), is_earlier);
    LongNumber volume;
    LongNumber bought;
    LongNumber notional;
    for (const Fill& fill : inside) {
      const auto size = static_cast<std::uint64_t>(fill.size);
      volume.add(1, size);
      if (fill.taker_buys) bought.add(1, size);
      notional.add(static_cast<std::uint64_t>(fill.price), size);
    }
    const auto size_places = static_cast<std::size_t>(instrument.size_places);
    const auto price_places = static_cast<std::size_t>(instrument.price_places);
    rows.push_back(format_rfc3339(window * interval_ns) + "," + price(first.price) + "," +
                   price(std::max_element(inside.begin(), inside.end(), is_cheaper)->price) + "," +
                   price(std::min_element(inside.begin(), inside.end(), is_cheaper)->price) + "," +
                   price(last.price) + "," + volume.text(size_places) + "," +
                   bought.text(size_places) + "," + notional.text(price_places + size_places) +
                   ",VWAP," + std::to_string(inside.size()) + "," + std::to_string(first.id) + "," +
                   std::to_string(last.id));
  }
  return rows;
}

// The columns behind `instrument,interval,`, with the word VWAP in the place of its number.
std::string without_vwap(const std::string& row) {
  std::vector<std::string> columns{""};
  for (const char c : row) {
    if (c == ',') {
      columns.emplace_back();
    } else if (c != '\n') {
      columns.back() += c;
    }
  }
  columns[10] = "VWAP";
  std::string text;
  for (std::size_t i = 2; i < columns.size(); ++i) text += (i > 2 ? "," : "") + columns[i];
  return text;
}

TEST(Truth, bars_are_those_that_a_slow_recomputation_gives) {
  const auto fills = draw_fills(11, seconds(100));
  const Truth truth = truth_of(fills, Truth::kTradesMaxDefault);
  std::size_t compared = 0;
  for (std::uint32_t index = 0; index < kInstrumentsDefault; ++index) {
    const Instrument& instrument = truth.instruments()[index];
    std::vector<Fill> own;
    for (const Fill& fill : fills) {
      if (fill.instrument == index) own.push_back(fill);
    }
    TruthText text("coinbase", instrument, TextFormat::kCsv);
    for (const std::int64_t interval :
         {std::int64_t{1'000'000'000}, std::int64_t{60'000'000'000}}) {
      const auto bars = truth.history(index).bars(Duration(interval), kEventTimeMin, kEventTimeMax);
      const auto expected = slow_bars(own, instrument, interval);
      ASSERT_EQ(bars.size(), expected.size());
      for (std::size_t i = 0; i < bars.size(); ++i, ++compared) {
        std::string row;
        text.append(row, Duration(interval), bars[i]);
        ASSERT_EQ(without_vwap(row), expected[i]);
      }
    }
  }
  EXPECT_GT(compared, 300U);
}

TEST(Truth, ids_and_times_find_their_trades) {
  const auto fills = draw_fills(12, seconds(10));
  const Truth truth = truth_of(fills, Truth::kTradesMaxDefault);
  const TradeHistory& history = truth.history(0);
  ASSERT_FALSE(history.empty());
  EXPECT_EQ(history.first_id_at(kEventTimeMin), history.first_id());
  EXPECT_EQ(history.first_id_at(kEventTimeMax), history.end_id());
  for (const Fill& fill : fills) {
    if (fill.instrument != 0) continue;
    EXPECT_EQ(history.at(fill.id).price, fill.price);
    EXPECT_LE(history.first_id_at(fill.ts_event), fill.id);
    EXPECT_GT(history.first_id_at(fill.ts_event + Duration(1)), fill.id);
    EXPECT_EQ(history.first_id_of_aggregate(fill.aggregate_id), fill.aggregate_first);
  }
}

TEST(Truth, the_bound_of_memory_forgets_the_oldest_and_leaves_out_their_bars) {
  const auto fills = draw_fills(13, seconds(30));
  const Truth whole = truth_of(fills, Truth::kTradesMaxDefault);
  const Truth bounded = truth_of(fills, 3000);
  const TradeHistory& history = bounded.history(0);
  EXPECT_EQ(history.size(), 500U);
  EXPECT_EQ(history.forgotten(), whole.history(0).size() - 500);
  EXPECT_EQ(history.end_id(), whole.history(0).end_id());
  const auto bars = history.bars(seconds(1), kEventTimeMin, kEventTimeMax);
  const auto expected = whole.history(0).bars(seconds(1), kEventTimeMin, kEventTimeMax);
  ASSERT_LT(bars.size(), expected.size());
  ASSERT_GE(bars.size(), 1U);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const TruthBar& same = expected[expected.size() - bars.size() + i];
    EXPECT_EQ(bars[i].start, same.start);
    EXPECT_EQ(bars[i].trades, same.trades);
    EXPECT_EQ(bars[i].first_id, same.first_id);
  }
}

TEST(TruthText, rows_have_the_columns_of_their_headers) {
  Instrument instrument{.base = "BTC", .quote = "USD", .price_places = 2, .size_places = 8};
  const TruthTrade trade{.ts_event = EventTime(1'618'677'817'089'723'000),
                         .price = 4'125'010,
                         .size = 25'000'000,
                         .taker_buys = true};
  TruthText csv("coinbase", instrument, TextFormat::kCsv);
  std::string text;
  csv.append(text, 7, trade);
  EXPECT_EQ(text, "coinbase:BTC-USD,7,2021-04-17T16:43:37.089723000Z,41250.1,0.25,buy\n");
  TruthText json("coinbase", instrument, TextFormat::kJsonLines);
  text.clear();
  json.append(text, 7, trade);
  EXPECT_EQ(text, R"({"instrument":"coinbase:BTC-USD","trade_id":7,)"
                  R"("ts_event":"2021-04-17T16:43:37.089723000Z","price":"41250.1","size":"0.25",)"
                  R"("side":"buy"})"
                  "\n");
  const TruthBar bar{.start = EventTime(1'618'677'780'000'000'000),
                     .open = 100,
                     .high = 300,
                     .low = 100,
                     .close = 200,
                     .volume = 300'000'000,
                     .buy_volume = 100'000'000,
                     .notional = 50'000'000'000,
                     .trades = 3,
                     .first_id = 7,
                     .last_id = 9};
  text = TruthText::bars_header();
  csv.append(text, std::chrono::minutes(1), bar);
  EXPECT_EQ(text,
            "instrument,interval,start,open,high,low,close,volume,buy_volume,notional,vwap,trades,"
            "first_id,last_id\n"
            "coinbase:BTC-USD,1m,2021-04-17T16:43:00.000000000Z,1,3,1,2,3,1,5,"
            "1.666666666666666667,3,7,9\n");
}

}  // namespace
}  // namespace tapeline::sim
