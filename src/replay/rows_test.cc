// SPDX-License-Identifier: Apache-2.0
#include "replay/rows.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace tapeline::replay {
namespace {

using std::chrono::minutes;

Trade trade_of(std::string_view price, std::string_view size) {
  Trade trade;
  trade.id = TradeId(7);
  trade.first_fill = trade.last_fill = 7;
  trade.contiguous = true;
  trade.side = Side::kBuy;
  trade.price = *parse_decimal(price);
  trade.size = *parse_decimal(size);
  return trade;
}

struct Row {
  std::string text;
  std::uint64_t unshown = 0;
};

Row row_of(const BarRevision& bar, TimeFormat times = TimeFormat::kRfc3339) {
  metrics::Cell unshown;
  Row row;
  append_bar(row.text, "v:S", bar, times, unshown);
  row.unshown = unshown.value();
  return row;
}

BarRevision bar_of(std::initializer_list<Trade> trades) {
  BarRevision bar;
  bar.interval = minutes(1);
  for (const Trade& trade : trades) bar.partial.add(trade);
  return bar;
}

TEST(Rows, of_a_bar_are_exact_decimals_without_trailing_zeros) {
  const Row row = row_of(bar_of({trade_of("0.000000000000000001", "3"), trade_of("1.10", "0.50")}));
  EXPECT_EQ(row.text,
            "v:S,1m,1970-01-01T00:00:00.000000000Z,0.000000000000000001,1.1,0.000000000000000001,"
            "0.000000000000000001,3.5,3.5,0.550000000000000003,0.157142857142857144,2,7,7,final,"
            "unknown,0,");
  EXPECT_EQ(row.unshown, 0U);
}

TEST(Rows, of_a_bar_round_the_vwap_half_to_even) {
  // 0.000000000000000001 and 0.000000000000000002, evenly: ...15 lies between 1 and 2, 2 is even.
  const Row up = row_of(
      bar_of({trade_of("0.000000000000000001", "1"), trade_of("0.000000000000000002", "1")}));
  EXPECT_NE(up.text.find(",0.000000000000000003,0.000000000000000002,2,"), std::string::npos)
      << up.text;
  const Row down = row_of(
      bar_of({trade_of("0.000000000000000002", "1"), trade_of("0.000000000000000003", "1")}));
  EXPECT_NE(down.text.find(",0.000000000000000005,0.000000000000000002,2,"), std::string::npos)
      << down.text;
}

TEST(Rows, of_a_bar_leave_out_a_notional_that_does_not_fit_and_its_vwap_and_count_it_once) {
  const Row large = row_of(bar_of({trade_of("9223372036854775807", "9223372036854775807")}));
  EXPECT_NE(large.text.find(",9223372036854775807,9223372036854775807,,,1,"), std::string::npos)
      << large.text;
  EXPECT_EQ(large.unshown, 1U);
  const Row fine = row_of(bar_of({trade_of("0.0000000001", "0.0000000001")}));
  EXPECT_NE(fine.text.find(",0.0000000001,0.0000000001,,,1,"), std::string::npos) << fine.text;
  EXPECT_EQ(fine.unshown, 1U);
}

TEST(Rows, of_a_bar_may_have_negative_prices) {
  const Row row = row_of(bar_of({trade_of("-37.63", "2")}));
  EXPECT_NE(row.text.find(",-37.63,-37.63,-37.63,-37.63,2,2,-75.26,-37.63,1,"), std::string::npos)
      << row.text;
}

TEST(Rows, of_a_quote_leave_out_the_sizes_it_does_not_have) {
  Quote quote;
  quote.bid_price = *parse_decimal("1.5");
  quote.ask_price = *parse_decimal("2");
  quote.ask_size = *parse_decimal("0");
  quote.has_ask_size = true;
  quote.flags.set(Flag::kNoEventTime);
  std::string text;
  append_quote(text, "v:S", quote, TimeFormat::kRfc3339);
  EXPECT_EQ(text, "v:S,1970-01-01T00:00:00.000000000Z,,1.5,,2,0,no_event_time");
}

TEST(Rows, of_a_trade_separate_flags_by_blanks) {
  Trade trade = trade_of("1", "0");
  trade.flags.set(Flag::kCoarseTime);
  trade.flags.set(Flag::kSnapshot);
  trade.flags.set(Flag::kBackfill);
  trade.flags.set(Flag::kSyntheticId);
  trade.ts_event = EventTime(-1);
  std::string text;
  append_trade(text, "v:S", trade, TimeFormat::kRfc3339);
  EXPECT_EQ(text,
            "v:S,7,1969-12-31T23:59:59.999999999Z,,1,0,buy,"
            "snapshot backfill synthetic_id coarse_time,,all");
}

TEST(Rows, of_a_trade_show_its_conditions_and_what_it_counts_for) {
  Trade trade = trade_of("1", "5");
  for (const char* code : {"12", "1", "T"}) trade.conditions.add_text(code);
  trade.counts = Counts::kVolume;
  std::string text;
  append_trade(text, "v:S", trade, TimeFormat::kUnixNs);
  EXPECT_TRUE(text.ends_with(",1,5,buy,,1 12 other,volume")) << text;
}

TEST(Rows, of_a_bar_have_no_price_where_no_trade_may_set_one) {
  Trade trade = trade_of("2", "5");
  trade.counts = Counts::kVolume;
  const Row row = row_of(bar_of({trade}));
  EXPECT_NE(row.text.find(",,,,,5,5,10,2,1,"), std::string::npos) << row.text;
}

TEST(Rows, may_have_their_times_as_nanoseconds) {
  constexpr auto kNanos = TimeFormat::kUnixNs;
  BarRevision bar = bar_of({trade_of("1", "2")});
  bar.start = EventTime(1'618'677'780'000'000'000);
  EXPECT_EQ(row_of(bar, kNanos).text.substr(0, 30), "v:S,1m,1618677780000000000,1,1");

  Trade trade = trade_of("1", "2");
  trade.ts_event = EventTime(-1);
  trade.ts_recv = RecvTime(std::numeric_limits<std::int64_t>::max());
  std::string text;
  append_trade(text, "v:S", trade, kNanos);
  EXPECT_EQ(text, "v:S,7,-1,9223372036854775807,1,2,buy,,,all");

  text.clear();
  append_gap(text, "v:S", Channel::kTrades, {2, 3, EventTime(20), EventTime(40)}, kNanos);
  EXPECT_EQ(text, "v:S,trades,2,3,20,40,lost,open");
}

}  // namespace
}  // namespace tapeline::replay
