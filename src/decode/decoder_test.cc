// SPDX-License-Identifier: Apache-2.0
#include "decode/decoder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "decode/decoder_fixture.h"

namespace tapeline::decode {
namespace {

constexpr std::int64_t kDay = 24 * 3600 * kSecond;

Source rows(std::string venue, bool recv_inferred, std::string_view header = kCsvHeader) {
  return {.venue = std::move(venue),
          .rows = true,
          .recv_inferred = recv_inferred,
          .csv_header = std::string(header)};
}

// What each trade delivered says of feeding bars.
std::vector<bool> feeding(const Said& said) {
  std::vector<bool> feeds;
  for (const Trade& trade : said.trades) feeds.push_back(trade.feeds_bars);
  return feeds;
}

TEST(Decoder, a_match_becomes_a_trade_of_the_aggressors_side) {
  Feed feed;
  feed.open("coinbase");
  feed.frame(coinbase_match({.id = "159905331", .price = "61810.00", .size = "0.0051"}), kNow + 5);
  ASSERT_EQ(feed.said.trades.size(), 1U);
  const Trade& trade = feed.said.trades[0];
  EXPECT_EQ(feed.decoder().instruments().names().name(trade.instrument), "coinbase:BTC-USD");
  EXPECT_EQ(trade.channel, Channel::kTrades);
  EXPECT_EQ(trade.side, Side::kBuy);
  EXPECT_EQ(trade.flags, Flags());
  EXPECT_EQ(trade.ts_event, EventTime(kNow));
  EXPECT_EQ(trade.ts_recv, RecvTime(kNow + 5));
  EXPECT_EQ(trade.price, (Decimal{61810, 0}));
  EXPECT_EQ(trade.size, (Decimal{51, 4}));
  EXPECT_EQ(trade.id, TradeId(159'905'331));
  EXPECT_EQ(trade.first_fill, 159'905'331U);
  EXPECT_EQ(trade.last_fill, 159'905'331U);
  EXPECT_TRUE(trade.contiguous);
  EXPECT_TRUE(trade.feeds_bars);
  EXPECT_TRUE(trade.idle_known);
}

// Nobody reads them, whatever a parser could make of them, until somebody asks for it.
TEST(Decoder, frames_of_a_record_only_connection_wait_for_a_reparse) {
  const Source record_only{.venue = "coinbase", .is_record_only = true};
  for (const bool reads : {false, true}) {
    Feed feed({.reads_record_only = reads});
    feed.open(0, {.venue = "coinbase"});
    feed.open(1, record_only);
    feed.frame(coinbase_match({.id = "10"}), kNow, 0);
    feed.frame(coinbase_match({.id = "11"}), kNow, 1);
    feed.frame("not even a frame", kNow, 1);
    EXPECT_EQ(feed.said.trades.size(), reads ? 2U : 1U);
    EXPECT_EQ(feed.count(Counter::kItemsControl, {"coinbase", "other", "unparsed"}),
              reads ? 0U : 2U);
    EXPECT_EQ(feed.said.rejects.size(), reads ? 1U : 0U);
    feed.expect_conserved();
  }
}

TEST(Decoder, each_outcome_has_its_counter) {
  Feed feed({.lateness = Duration(0)});
  feed.open("coinbase");
  feed.frame(coinbase_match({.id = "10"}));
  feed.frame(coinbase_match({.id = "10"}));
  feed.frame(coinbase_match({.id = "10", .price = "7"}));
  feed.frame(coinbase_match({.id = "9", .time = kNow - 60 * kSecond}));
  feed.frame(coinbase_match({.id = "11", .price = "1e400"}));
  feed.frame(coinbase_heartbeat(10, kNow));
  feed.frame(R"({"type":"subscriptions","channels":[]})");
  feed.frame(R"({"type":"error","message":"no","reason":"why"})");
  feed.frame(R"({"type":"l2update","product_id":"BTC-USD"})");
  feed.frame(R"({"type":"brand_new"})");
  feed.frame(coinbase_ticker(5, kNow));
  feed.frame("not json");
  const metrics::Labels trades{"coinbase", "trades", ""};
  EXPECT_EQ(feed.count(Counter::kItemsReceived, trades), 5U);
  EXPECT_EQ(feed.count(Counter::kItemsDelivered, trades), 1U);
  EXPECT_EQ(feed.count(Counter::kItemsDuplicate, trades), 2U);
  EXPECT_EQ(feed.count(Counter::kItemsConflicting, trades), 1U);
  EXPECT_EQ(feed.count(Counter::kItemsLate, trades), 1U);
  EXPECT_EQ(feed.count(Counter::kItemsRejected, {"coinbase", "trades", "bad_price"}), 1U);
  EXPECT_EQ(feed.count(Counter::kItemsControl, {"coinbase", "heartbeat", "heartbeat"}), 1U);
  EXPECT_EQ(feed.count(Counter::kItemsControl, {"coinbase", "other", "ack"}), 1U);
  EXPECT_EQ(feed.count(Counter::kItemsControl, {"coinbase", "other", "venue_error"}), 1U);
  EXPECT_EQ(feed.count(Counter::kItemsControl, {"coinbase", "other", "unparsed"}), 1U);
  EXPECT_EQ(feed.count(Counter::kItemsControl, {"coinbase", "other", "unknown_kind"}), 1U);
  EXPECT_EQ(feed.count(Counter::kItemsDelivered, {"coinbase", "quotes", ""}), 1U);
  EXPECT_EQ(feed.count(Counter::kItemsRejected, {"coinbase", "other", "bad_json"}), 1U);
  EXPECT_EQ(feed.total(Counter::kItemsReceived), 12U);
  EXPECT_EQ(feed.total(Counter::kFramesRead), 12U);
  EXPECT_EQ(feed.total(Counter::kFramesRejected), 2U);
  EXPECT_EQ(feed.said.venue_errors, std::vector<std::string>{"no: why"});
  EXPECT_EQ(feed.said.rejects, (std::vector<std::string>{"bad_price price", "bad_json "}));
  feed.expect_conserved();
}

std::string finnhub_trade(const std::string& codes) {
  return R"({"data":[{"c":)" + codes + R"(,"p":3,"s":"AAPL","t":)" +
         std::to_string(kNow / 1'000'000) + R"(,"v":2}],"type":"trade"})";
}

TEST(Decoder, what_a_trade_counts_for_follows_from_its_codes_and_is_counted) {
  Feed feed;
  feed.open("finnhub");
  for (const char* codes : {"null", R"(["1"])", R"(["1","8"])", R"(["1","12"])", R"(["1","24"])",
                            R"(["1","24","12"])", R"(["37"])", R"(["12","T"])"}) {
    feed.frame(finnhub_trade(codes));
  }
  std::string said;
  for (const Trade& trade : feed.said.trades) {
    append_conditions(said, trade.conditions);
    said += std::string(":") + name_of(trade.counts) + " ";
  }
  EXPECT_EQ(said,
            ":all 1:all 1 8:all 1 12:volume 1 24:fallback 1 12 24:volume 37:all 12 other:volume ");
  EXPECT_EQ(feed.count(Counter::kConditionsUnknown, {"finnhub", "", ""}), 2U);
  EXPECT_EQ(feed.count(Counter::kTradesCountLess, {"finnhub", "", "volume"}), 3U);
  EXPECT_EQ(feed.count(Counter::kTradesCountLess, {"finnhub", "", "fallback"}), 1U);
  EXPECT_EQ(feed.total(Counter::kTradesCountLess), 4U);
}

TEST(Decoder, other_rules_give_the_same_codes_another_weight) {
  ConditionRules rules;
  rules.of(Condition::kOddLot) = Counts::kAll;
  rules.of(Condition::kExtendedHours) = Counts::kNone;
  rules.of(Condition::kUnknown) = Counts::kVolume;
  Feed feed({.conditions = rules});
  feed.open("finnhub");
  std::string said;
  for (const char* codes : {R"(["1","12"])", R"(["1","24"])", R"(["1","24","12"])", R"(["37"])"}) {
    feed.frame(finnhub_trade(codes));
    said += std::string(name_of(feed.said.trades.back().counts)) + " ";
  }
  EXPECT_EQ(said, "all none none volume ");
}

TEST(Decoder, ticks_and_the_end_pass_in_order) {
  Feed feed;
  feed.open("coinbase");
  feed.tick(kNow);
  feed.end();
  ASSERT_EQ(feed.said.ticks.size(), 1U);
  EXPECT_EQ(feed.said.ticks[0].engine_time, EngineTime(kNow));
  EXPECT_EQ(feed.said.ends, 1);
}

TEST(Decoder, the_first_trade_channel_of_an_instrument_feeds_its_bars) {
  Feed feed;
  feed.open("binance");
  feed.frame(binance_trade({.id = "100"}));
  feed.frame(binance_aggregated({.id = "50", .first = 98, .last = 100}));
  feed.frame(binance_trade({.id = "101"}));
  feed.frame(binance_aggregated({.id = "7", .symbol = "ETHUSDT", .first = 5, .last = 5}));
  feed.frame(binance_trade({.id = "6", .symbol = "ETHUSDT"}));
  EXPECT_EQ(feeding(feed.said), (std::vector<bool>{true, false, true, true, false}));
  EXPECT_EQ(feed.count(Counter::kItemsDelivered, {"binance", "agg_trades", ""}), 2U);
  EXPECT_EQ(feed.coverage(Channel::kAggTrades).newest_id(), 100U) << "a ledger of its own";
}

TEST(Decoder, aggregated_trades_feed_bars_when_they_come_first) {
  Feed feed;
  feed.open("binance");
  feed.frame(binance_aggregated({.id = "50", .first = 98, .last = 100}));
  feed.frame(binance_trade({.id = "100"}));
  feed.frame(binance_aggregated({.id = "51", .first = 101, .last = 101}));
  EXPECT_EQ(feeding(feed.said), (std::vector<bool>{true, false, true}));
}

TEST(Decoder, a_refused_trade_does_not_choose_the_channel) {
  Feed feed;
  feed.open("binance");
  feed.frame(binance_aggregated({.id = "50", .size = "-1", .first = 98, .last = 100}));
  feed.frame(binance_trade({.id = "100"}));
  EXPECT_EQ(feeding(feed.said), std::vector<bool>{true});
  EXPECT_EQ(feed.said.rejects, std::vector<std::string>{"negative_size size"});
}

TEST(Decoder, times_are_accepted_from_ten_years_back_to_one_day_ahead) {
  constexpr std::int64_t kTenYears = 3653 * kDay;
  Feed feed;
  feed.open("coinbase");
  feed.frame(coinbase_match({.id = "1", .time = kNow - kTenYears}));
  feed.frame(coinbase_match({.id = "2", .time = kNow + kDay}));
  EXPECT_EQ(feed.said.trades.size(), 2U);
  feed.frame(coinbase_match({.id = "3", .time = kNow - kTenYears - 1'000}));
  feed.frame(coinbase_match({.id = "4", .time = kNow + kDay + 1'000}));
  feed.frame(coinbase_match({.id = "5"}), kNow - kDay - 1);
  feed.frame(coinbase_match({.id = "6"}), kNow + kTenYears + 1);
  feed.frame(coinbase_heartbeat(2, kNow + kDay + 1'000));
  feed.frame(coinbase_ticker(1, kNow + kDay + 1'000));
  EXPECT_EQ(feed.said.trades.size(), 2U);
  EXPECT_EQ(feed.said.rejects, std::vector<std::string>(6, "time_out_of_window time"));
  EXPECT_TRUE(feed.said.heartbeats.empty());
  EXPECT_TRUE(feed.said.quotes.empty());
}

TEST(Decoder, inferred_times_of_receipt_accept_the_years_1970_to_2100) {
  Feed feed;
  feed.open(0, rows("", true));
  feed.row("A,1,1970-01-01T00:00:00Z,1,1,buy,coinbase", 0);
  feed.row("A,2,2099-12-31T23:59:59.999999999Z,1,1,buy,coinbase", 0);
  EXPECT_EQ(feed.said.trades.size(), 2U);
  feed.row("A,3,1969-12-31T23:59:59.999999999Z,1,1,buy,coinbase", 0);
  feed.row("A,4,2100-01-01T00:00:00Z,1,1,buy,coinbase", 0);
  EXPECT_EQ(feed.said.trades.size(), 2U);
  EXPECT_EQ(feed.said.rejects, std::vector<std::string>(2, "time_out_of_window time"));
}

TEST(Decoder, no_time_of_receipt_is_too_strange_to_judge_by) {
  Feed feed;
  feed.open(0, rows("", false));
  for (const std::int64_t ts_recv : {INT64_MIN, INT64_MIN + kDay, INT64_MAX - kDay, INT64_MAX}) {
    feed.row(csv_row({.id = "1"}), ts_recv);
  }
  EXPECT_EQ(feed.said.rejects, std::vector<std::string>(4, "time_out_of_window time"));
}

TEST(Decoder, times_that_leave_windows_no_room_are_out_of_the_window) {
  constexpr std::int64_t kTwoYears = 2 * 366 * kDay;
  Feed feed;
  Source source = rows("coinbase", false);
  source.time_unit = TimeUnit::kNanos;
  feed.open(0, source);
  const auto row = [&](std::int64_t time) {
    feed.row(fmt::format("A,{0},{0},1,1,buy,", time), time);
  };
  row(INT64_MAX - kTwoYears);
  EXPECT_EQ(feed.said.trades.size(), 1U);
  for (const std::int64_t time : {INT64_MAX, INT64_MAX - kTwoYears + 1, INT64_MIN}) row(time);
  EXPECT_EQ(feed.said.trades.size(), 1U);
  EXPECT_EQ(feed.said.rejects, std::vector<std::string>(3, "time_out_of_window time"));
}

TEST(Decoder, the_year_9999_is_no_time) {
  Feed feed;
  feed.open(0, rows("", true));
  feed.open(1, {.venue = "coinbase"});
  feed.row("A,1,9999-12-31T23:59:59Z,1,1,buy,coinbase");
  std::string match = coinbase_match({.id = "1"});
  match.replace(match.find("2021-"), 4, "9999");
  feed.frame(match, kNow, 1);
  EXPECT_EQ(feed.said.rejects, (std::vector<std::string>{"bad_time ts_event", "bad_time time"}));
}

TEST(Decoder, a_snapshot_trade_is_delivered_once_and_flagged) {
  Feed feed;
  feed.open("coinbase");
  feed.frame(coinbase_match({.id = "10"}, "last_match"));
  feed.frame(coinbase_match({.id = "11"}));
  feed.frame(coinbase_match({.id = "11"}, "last_match"));
  ASSERT_EQ(feed.said.trades.size(), 2U);
  EXPECT_TRUE(feed.said.trades[0].flags.has(Flag::kSnapshot));
  EXPECT_FALSE(feed.said.trades[1].flags.has(Flag::kSnapshot));
  EXPECT_EQ(feed.count(Counter::kItemsDuplicate, {"coinbase", "trades", ""}), 1U);
  EXPECT_EQ(feed.count(Counter::kItemsConflicting, {"coinbase", "trades", ""}), 0U);
}

TEST(Decoder, sizes_of_zero_are_delivered_and_missing_ones_flagged) {
  Feed feed;
  feed.open(0, rows("coinbase", true));
  feed.row("A,1,2021-04-17T00:00:00Z,-5.5,0,sell,");
  feed.row("A,2,2021-04-17T00:00:00Z,5,,,");
  ASSERT_EQ(feed.said.trades.size(), 2U);
  EXPECT_EQ(feed.said.trades[0].price, (Decimal{-55, 1}));
  EXPECT_FALSE(feed.said.trades[0].flags.has(Flag::kNoSize));
  EXPECT_TRUE(feed.said.trades[1].flags.has(Flag::kNoSize));
  EXPECT_EQ(feed.said.trades[1].side, Side::kUnknown);
  EXPECT_FALSE(feed.said.trades[0].idle_known);
}

TEST(Decoder, quotes_repeat_by_their_counter) {
  Feed feed;
  feed.open("binance");
  feed.frame(binance_quote(7));
  feed.frame(binance_quote(7));
  feed.frame(binance_quote(6));
  ASSERT_EQ(feed.said.quotes.size(), 2U);
  EXPECT_EQ(feed.said.quotes[0].ts_event, EventTime(kNow));
  EXPECT_TRUE(feed.said.quotes[0].flags.has(Flag::kNoEventTime));
  EXPECT_EQ(feed.count(Counter::kItemsDuplicate, {"binance", "quotes", ""}), 1U);
  feed.open(1, {.venue = "coinbase"});
  feed.frame(coinbase_ticker(7, kNow), kNow, 1);
  feed.frame(coinbase_ticker(8, kNow, "-1"), kNow, 1);
  ASSERT_EQ(feed.said.quotes.size(), 3U) << "another venue counts for itself";
  EXPECT_EQ(feed.said.quotes[2].flags, Flags());
  EXPECT_EQ(feed.said.rejects, std::vector<std::string>{"negative_size size"});
}

TEST(Decoder, an_instrument_that_no_pattern_names_is_control_and_leaves_nothing) {
  Feed feed({.instruments = {"coinbase:ETH-*", "*:BTC-EUR"}});
  feed.open("coinbase");
  feed.frame(coinbase_match({.id = "1"}));
  feed.frame(coinbase_heartbeat(5, kNow));
  feed.frame(coinbase_ticker(5, kNow));
  EXPECT_EQ(feed.count(Counter::kItemsControl, {"coinbase", "trades", "unselected"}), 1U);
  EXPECT_EQ(feed.count(Counter::kItemsControl, {"coinbase", "heartbeat", "unselected"}), 1U);
  EXPECT_EQ(feed.count(Counter::kItemsControl, {"coinbase", "quotes", "unselected"}), 1U);
  EXPECT_TRUE(feed.said.heartbeats.empty());
  feed.frame(coinbase_match({.id = "1", .symbol = "ETH-USD"}));
  feed.frame(coinbase_match({.id = "1", .symbol = "BTC-EUR"}));
  EXPECT_EQ(feed.said.trades.size(), 2U);
  feed.expect_conserved();
}

TEST(Decoder, two_symbols_that_mean_one_instrument_share_its_ledger) {
  Feed feed;
  const std::string_view list =
      R"({"symbols":[{"symbol":"XBTUSD","baseAsset":"BTC","quoteAsset":"USD"},)"
      R"({"symbol":"BTCUSD","baseAsset":"BTC","quoteAsset":"USD"}]})";
  ASSERT_TRUE(feed.list("binance", list).has_value());
  EXPECT_FALSE(feed.list("nowhere", list).has_value());
  feed.open("binance");
  feed.open(1, rows("", true));
  feed.frame(binance_trade({.id = "1", .symbol = "XBTUSD"}));
  feed.frame(binance_trade({.id = "9", .symbol = "ETHUSDT"}));
  feed.frame(binance_trade({.id = "1", .symbol = "BTCUSD"}));
  feed.frame(binance_trade({.id = "2", .symbol = "BTCUSD"}));
  feed.row(csv_row({.id = "3"}, "binance"), kNow, 1);
  ASSERT_EQ(feed.said.trades.size(), 4U);
  for (const std::size_t i : {0U, 2U, 3U}) {
    EXPECT_EQ(feed.said.trades[i].instrument, InstrumentId(0)) << i;
  }
  EXPECT_EQ(feed.said.trades[1].instrument, InstrumentId(1));
  EXPECT_EQ(feed.decoder().instruments().names().size(), 2U);
  EXPECT_EQ(feed.decoder().instruments().names().name(InstrumentId(0)), "binance:BTC-USD");
  EXPECT_EQ(feed.count(Counter::kItemsDuplicate, {"binance", "trades", ""}), 1U);
  EXPECT_EQ(feed.coverage().holds(1, 3), Coverage::Held::kAll);
}

TEST(Decoder, the_same_symbol_at_two_venues_is_two_instruments) {
  Feed feed;
  feed.open(0, rows("", true));
  feed.row(csv_row({.id = "1"}, "coinbase"));
  feed.row(csv_row({.id = "1"}, "binance"));
  EXPECT_EQ(feed.said.trades.size(), 2U);
  EXPECT_EQ(feed.decoder().instruments().names().size(), 2U);
}

TEST(Decoder, a_row_of_an_unknown_venue_blames_no_other) {
  Feed feed;
  feed.open(0, rows("", true));
  feed.open(1, rows("coinbase", true));
  feed.row(csv_row({.id = "1"}, "nowhere"));
  feed.row(csv_row({.id = "1"}, ""));
  feed.row("broken");
  feed.refuse(venue::RejectReason::kLineTooLong);
  feed.row(csv_row({.id = "1"}, "nowhere"), kNow, 1);
  EXPECT_EQ(feed.said.rejects, (std::vector<std::string>{"bad_field venue", "bad_field venue",
                                                         "bad_row number of columns",
                                                         "line_too_long line", "bad_field venue"}));
  EXPECT_EQ(feed.count(Counter::kItemsReceived, {"unknown", "trades", ""}), 3U);
  EXPECT_EQ(feed.count(Counter::kItemsRejected, {"unknown", "other", "line_too_long"}), 1U);
  EXPECT_EQ(feed.count(Counter::kItemsRejected, {"coinbase", "trades", "bad_field"}), 1U);
  feed.expect_conserved();
  feed.row(csv_row({.id = "1"}, ""), kNow, 1);
  EXPECT_EQ(feed.said.trades.size(), 1U) << "an empty column takes the connection's venue";
}

TEST(Decoder, sources_that_can_not_be_read_are_refused_when_they_open) {
  Feed feed;
  EXPECT_FALSE(feed.try_open(0, {.venue = "nowhere"}).has_value());
  EXPECT_FALSE(feed.try_open(0, {}).has_value()) << "frames need a venue";
  EXPECT_FALSE(feed.try_open(0, rows("coinbase", true, "symbol,price")).has_value());
  EXPECT_TRUE(feed.try_open(0, rows("", true)).has_value());
}

}  // namespace
}  // namespace tapeline::decode
