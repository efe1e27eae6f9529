// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "decode/decoder_fixture.h"
#include "decode/venue_table.h"

// Identity, lateness and conservation: what of a trade depends on all that came before it.
namespace tapeline::decode {
namespace {

constexpr std::int64_t kHour = 3600 * kSecond;

DecodeOptions late_after(Duration lateness) { return {.lateness = lateness}; }

std::string at(std::int64_t time, std::uint64_t id) {
  return coinbase_match({.id = std::to_string(id), .time = time});
}

TEST(DecoderLateness, a_trade_on_the_limit_is_in_time_and_one_before_it_late) {
  Feed feed(late_after(std::chrono::hours(1)));
  feed.open("coinbase");
  feed.frame(at(kNow, 10));
  constexpr std::int64_t kLimit = kNow - 2 * kSecond - kHour;  // watermark - lateness
  feed.frame(at(kLimit, 9));
  feed.frame(at(kLimit - 1'000, 8));
  EXPECT_EQ(feed.said.trades.size(), 2U);
  ASSERT_EQ(feed.said.lates.size(), 1U);
  EXPECT_EQ(feed.said.lates[0].id, TradeId(8));
  EXPECT_EQ(feed.said.lates[0].last_fill, 8U);
  EXPECT_EQ(feed.said.lates[0].ts_event, EventTime(kLimit - 1'000));
  EXPECT_TRUE(feed.said.lates[0].feeds_bars);
  EXPECT_EQ(feed.count(Counter::kItemsLate, {"coinbase", "trades", ""}), 1U);
  EXPECT_EQ(feed.coverage().holds(8, 8), Coverage::Held::kNone);
  EXPECT_TRUE(feed.coverage().is_late(TradeId(8)));
}

TEST(DecoderLateness, silence_makes_trades_late_too) {
  Feed feed(late_after(Duration(0)));
  feed.open("coinbase");
  feed.frame(at(kNow, 1));
  feed.tick(kNow + 15 * kSecond);  // idle since 10 s: the watermark is at +5 s
  feed.frame(at(kNow + 5 * kSecond, 2));
  feed.frame(at(kNow + 5 * kSecond - 1'000, 3));
  EXPECT_EQ(feed.said.trades.size(), 2U);
  EXPECT_EQ(feed.said.lates.size(), 1U);
}

TEST(DecoderLateness, silence_means_nothing_where_the_time_of_receipt_is_inferred) {
  Feed feed(late_after(Duration(0)));
  feed.open(0, {.venue = "coinbase", .recv_inferred = true});
  feed.frame(at(kNow, 1));
  feed.tick(kNow + kHour);
  feed.frame(at(kNow, 2));
  EXPECT_EQ(feed.said.trades.size(), 2U);
}

TEST(DecoderLateness, a_late_trade_that_comes_again_is_a_duplicate) {
  Feed feed(late_after(Duration(0)));
  feed.open("coinbase");
  feed.open(1, {.venue = "coinbase"});
  feed.frame(at(kNow, 10));
  feed.frame(at(kNow - kHour, 9));
  feed.frame(at(kNow - kHour, 9), kNow, 1);
  feed.frame(at(kNow, 9));  // in time now, but known as late
  EXPECT_EQ(feed.said.lates.size(), 1U);
  EXPECT_EQ(feed.said.trades.size(), 1U);
  EXPECT_EQ(feed.count(Counter::kItemsDuplicate, {"coinbase", "trades", ""}), 2U);
}

TEST(DecoderLateness, without_a_limit_nothing_is_late) {
  Feed feed;
  feed.open("coinbase");
  feed.frame(at(kNow, 10));
  feed.frame(at(kNow - 20'000 * kHour, 9));
  EXPECT_EQ(feed.said.trades.size(), 2U);
}

TEST(DecoderLateness, only_the_channel_that_feeds_bars_moves_the_watermark_or_is_late) {
  Feed feed(late_after(Duration(0)));
  feed.open("binance");
  feed.frame(binance_trade({.id = "1"}));
  feed.frame(binance_aggregated({.id = "1", .time = kNow + kHour, .first = 1, .last = 1}));
  feed.frame(binance_trade({.id = "2"}));
  feed.frame(binance_aggregated({.id = "2", .time = kNow - kHour, .first = 2, .last = 2}));
  EXPECT_EQ(feed.said.trades.size(), 4U);
}

TEST(DecoderLateness, a_trade_from_tomorrow_makes_nothing_late) {
  Feed feed(late_after(Duration(0)));
  feed.open("coinbase");
  feed.frame(at(kNow + 23 * kHour, 1));
  feed.frame(at(kNow - kSecond, 2));  // the watermark is at ts_recv + 1 s - 2 s
  feed.frame(at(kNow - kSecond - 1'000, 3));
  EXPECT_EQ(feed.said.trades.size(), 2U);
  EXPECT_EQ(feed.said.lates.size(), 1U);
}

TEST(DecoderLateness, clocks_that_go_backwards_take_nothing_back) {
  Feed feed(late_after(Duration(0)));
  feed.open("coinbase");
  feed.frame(at(kNow, 1), kNow);
  feed.tick(kNow);
  feed.frame(at(kNow - kSecond, 2), kNow - kHour);
  feed.tick(kNow - kHour);
  feed.frame(at(kNow - 3 * kSecond, 3), kNow - kHour);
  EXPECT_EQ(feed.said.trades.size(), 2U);
  EXPECT_EQ(feed.said.lates.size(), 1U) << "the watermark of the trades stays";
}

TEST(DecoderLateness, at_an_earlier_tick_engine_time_stands_still_and_what_is_due_leaves) {
  Feed feed;
  feed.open("coinbase");
  feed.tick(kNow);
  feed.tick(kNow - kHour);
  ASSERT_EQ(feed.said.ticks.size(), 2U);
  EXPECT_EQ(feed.said.ticks[1].engine_time, EngineTime(kNow));
  EXPECT_GT(feed.said.ticks[1].position, feed.said.ticks[0].position);
}

TEST(DecoderIdentity, aggregated_trades_count_their_fills_and_may_not_overlap) {
  Feed feed;
  feed.open("binance");
  feed.frame(binance_aggregated({.id = "50", .first = 100, .last = 104}));
  feed.frame(binance_aggregated({.id = "50", .first = 100, .last = 104}));
  feed.frame(binance_aggregated({.id = "51", .first = 104, .last = 106}));
  feed.frame(binance_aggregated({.id = "52", .first = 105, .last = 105}));
  ASSERT_EQ(feed.said.trades.size(), 2U);
  EXPECT_EQ(feed.said.trades[0].id, TradeId(50));
  EXPECT_EQ(feed.said.trades[0].fills(), 5U);
  EXPECT_EQ(feed.coverage(Channel::kAggTrades).holds(100, 105), Coverage::Held::kAll);
  EXPECT_EQ(feed.said.rejects, std::vector<std::string>{"fills_overlap fills"});
  EXPECT_EQ(feed.count(Counter::kItemsDuplicate, {"binance", "agg_trades", ""}), 1U);
}

TEST(DecoderIdentity, a_late_aggregated_trade_is_known_by_its_fills) {
  Feed feed(late_after(Duration(0)));
  feed.open("binance");
  feed.frame(binance_aggregated({.id = "50", .first = 100, .last = 104}));
  feed.frame(binance_aggregated({.id = "40", .time = kNow - kHour, .first = 80, .last = 84}));
  feed.frame(binance_aggregated({.id = "40", .time = kNow - kHour, .first = 80, .last = 84}));
  ASSERT_EQ(feed.said.lates.size(), 1U);
  EXPECT_EQ(feed.said.lates[0].id, TradeId(80));
  EXPECT_EQ(feed.said.lates[0].last_fill, 84U);
  EXPECT_EQ(feed.count(Counter::kItemsDuplicate, {"binance", "agg_trades", ""}), 1U);
}

TEST(DecoderIdentity, a_million_fills_are_a_trade_and_one_more_is_none) {
  Feed feed;
  feed.open("binance");
  feed.frame(binance_aggregated({.id = "1", .first = 1, .last = 1'000'000}));
  feed.frame(binance_aggregated({.id = "2", .first = 2'000'001, .last = 3'000'001}));
  EXPECT_EQ(feed.said.trades.size(), 1U);
  EXPECT_EQ(feed.said.rejects, std::vector<std::string>{"too_many_fills fills"});
}

TEST(DecoderIdentity, the_highest_id_has_no_next_one_and_is_refused) {
  Feed feed;
  feed.open("coinbase");
  feed.frame(coinbase_match({.id = "18446744073709551615"}));
  feed.frame(coinbase_match({.id = "18446744073709551614"}));
  feed.frame(coinbase_heartbeat(UINT64_MAX, kNow));
  EXPECT_EQ(feed.said.rejects, std::vector<std::string>{"bad_id id"});
  EXPECT_EQ(feed.said.trades.size(), 1U);
  EXPECT_TRUE(feed.said.heartbeats.empty());
  EXPECT_TRUE(feed.coverage().gaps().empty());
}

TEST(DecoderIdentity, ids_that_do_not_count_are_duplicates_by_their_text) {
  Feed feed;
  feed.open("coinbase");
  for (const char* id : {"\"a-1\"", "\"a-1\"", "\"007\"", "7", "\"7\"", "18446744073709551616"}) {
    feed.frame(coinbase_match({.id = id}));
  }
  ASSERT_EQ(feed.said.trades.size(), 4U);
  EXPECT_FALSE(feed.said.trades[0].contiguous);
  EXPECT_EQ(feed.said.trades[0].fills(), 1U);
  EXPECT_TRUE(feed.said.trades[2].contiguous);
  EXPECT_FALSE(feed.said.trades[3].contiguous) << "beyond 64 bits";
  EXPECT_EQ(feed.count(Counter::kItemsDuplicate, {"coinbase", "trades", ""}), 2U);
}

TEST(DecoderIdentity, a_heartbeat_opens_a_hole_and_completes_windows) {
  Feed feed;
  feed.open("coinbase");
  feed.frame(at(kNow, 10));
  feed.frame(coinbase_heartbeat(0, kNow + kSecond));
  EXPECT_TRUE(feed.said.heartbeats.empty()) << "0: the venue does not say";
  feed.frame(coinbase_heartbeat(12, kNow + kSecond));
  ASSERT_EQ(feed.said.heartbeats.size(), 1U);
  EXPECT_TRUE(feed.said.heartbeats[0].feeds_bars);
  EXPECT_EQ(feed.said.heartbeats[0].last_id, 12U);
  EXPECT_EQ(feed.coverage().gaps(),
            std::vector(
                {IdGap{11, 12, EventTime(kNow), EventTime(kNow + kSecond), GapCause::kHeartbeat}}));
  feed.frame(at(kNow, 11));
  feed.frame(at(kNow, 12));
  EXPECT_EQ(feed.coverage().quality(EventTime(kNow + 1), EventTime(kNow + kSecond)),
            Quality::kComplete);
  EXPECT_EQ(feed.count(Counter::kItemsControl, {"coinbase", "heartbeat", "heartbeat"}), 2U);
}

TEST(DecoderIdentity, a_heartbeat_before_the_first_trade_counts_for_bars) {
  Feed feed;
  feed.open("coinbase");
  feed.frame(coinbase_heartbeat(11, kNow + kSecond));
  ASSERT_EQ(feed.said.heartbeats.size(), 1U);
  EXPECT_TRUE(feed.said.heartbeats[0].feeds_bars);
  feed.frame(at(kNow, 10));
  EXPECT_EQ(feed.coverage().gaps().size(), 1U);
}

TEST(DecoderIdentity, a_row_without_an_id_gets_one_from_its_line) {
  Feed feed;
  feed.open(0, {.venue = "coinbase",
                .rows = true,
                .recv_inferred = true,
                .csv_header = std::string(kCsvHeader)});
  feed.set_line(41);
  feed.row(csv_row({.id = ""}));
  feed.row(csv_row({.id = ""}));
  ASSERT_EQ(feed.said.trades.size(), 2U) << "two rows alike are two trades";
  EXPECT_EQ(feed.said.trades[0].id, TradeId(41'000'000));
  EXPECT_EQ(feed.said.trades[1].id, TradeId(42'000'000));
  EXPECT_TRUE(feed.said.trades[0].flags.has(Flag::kSyntheticId));
  EXPECT_FALSE(feed.said.trades[0].contiguous);
  EXPECT_TRUE(feed.coverage().empty());
}

// A record may hold many items; no parser of ours says so yet, so the items are made here.
TEST(DecoderIdentity, synthetic_ids_differ_over_records_and_items) {
  Feed feed;
  feed.open("coinbase");
  Parsed parsed;
  venue::WireTrade trade;
  trade.symbol = "BTC-USD";
  trade.has_id = false;
  trade.ts_event = EventTime(kNow);
  parsed.items.assign(3, trade);
  parsed.venue = find_venue("coinbase").value();
  for (std::uint64_t ordinal = 5; ordinal < 8; ++ordinal) {
    journal::Record record;
    record.ts_recv = RecvTime(kNow);
    record.position = {JournalId(0), ordinal};
    feed.decoder().judge(record, parsed);
  }
  std::set<TradeId> ids;
  for (const Trade& said : feed.said.trades) ids.insert(said.id);
  EXPECT_EQ(ids.size(), 9U);
  EXPECT_EQ(*ids.begin(), TradeId(5'000'000));
  EXPECT_EQ(*ids.rbegin(), TradeId(7'000'002));
}

TEST(DecoderIdentity, quotes_without_an_id_are_all_delivered) {
  Feed feed;
  feed.open("coinbase");
  Parsed parsed;
  venue::WireQuote quote;
  quote.symbol = "BTC-USD";
  quote.has_id = false;
  quote.ts_event = EventTime(kNow);
  parsed.items.assign(2, quote);
  parsed.venue = find_venue("coinbase").value();
  for (std::uint64_t ordinal = 5; ordinal < 7; ++ordinal) {
    journal::Record record;
    record.ts_recv = RecvTime(kNow);
    record.position = {JournalId(0), ordinal};
    feed.decoder().judge(record, parsed);
  }
  EXPECT_EQ(feed.said.quotes.size(), 4U);
}

struct Step {
  enum class Kind { kFrame, kRow, kTick, kRefuse };
  Kind kind = Kind::kFrame;
  std::string text{};
  std::int64_t time = 0;
  std::uint32_t connection = 0;
};

TradeText any_trade_text() {
  TradeText text;
  text.id = *rc::gen::weightedElement<std::string>(
      {{8, std::to_string(*rc::gen::inRange(1, 30))}, {1, "\"x1\""}, {1, "18446744073709551615"}});
  text.time = kNow + *rc::gen::inRange<std::int64_t>(-100, 100) * kSecond;
  text.price = *rc::gen::element<std::string>("1", "1", "-2.5", "x", "99999999999999999999");
  text.size = *rc::gen::element<std::string>("1", "1", "1", "0", "-1", "");
  text.symbol = *rc::gen::element<std::string>("AAAUSDT", "BTC-USD", "b,d", "");
  text.first = *rc::gen::inRange<std::uint64_t>(1, 40);
  text.last = text.first + *rc::gen::element<std::uint64_t>(0, 0, 1, 4, 2'000'000);
  return text;
}

std::string any_frame(bool is_coinbase) {
  const TradeText trade = any_trade_text();
  if (!is_coinbase) {
    return *rc::gen::element<std::string>(binance_trade(trade), binance_aggregated(trade),
                                          binance_quote(trade.first), R"({"result":null,"id":1})",
                                          R"({"e":"kline"})", R"({"code":2,"msg":"no"})", "[]");
  }
  return *rc::gen::element<std::string>(
      coinbase_match(trade), coinbase_match(trade, "last_match"),
      coinbase_heartbeat(trade.first, trade.time), coinbase_ticker(trade.first, trade.time),
      R"({"type":"subscriptions"})", R"({"type":"new"})", R"({"type":"error","message":"m"})");
}

// Now and then with a piece cut off or a byte changed.
std::string maybe_broken(std::string text) {
  const int how = *rc::gen::inRange(0, 12);
  if (how > 1 || text.empty()) return text;
  const auto place = *rc::gen::inRange<std::size_t>(0, text.size());
  if (how == 0) return text.substr(0, place);
  text[place] = *rc::gen::character<char>();
  return text;
}

Step any_step() {
  const int what = *rc::gen::inRange(0, 12);
  const std::int64_t time = kNow + *rc::gen::inRange<std::int64_t>(-200, 200) * kSecond;
  if (what == 0) return {Step::Kind::kRefuse, {}, time, *rc::gen::inRange<std::uint32_t>(0, 4)};
  if (what == 1) return {Step::Kind::kTick, {}, time};
  if (what < 4) {
    const auto venue = *rc::gen::element<std::string>("coinbase", "binance", "", "nowhere");
    return {Step::Kind::kRow, maybe_broken(csv_row(any_trade_text(), venue)), time,
            *rc::gen::inRange<std::uint32_t>(2, 4)};
  }
  const auto connection = *rc::gen::inRange<std::uint32_t>(0, 2);
  return {Step::Kind::kFrame, maybe_broken(any_frame(connection == 0)), time, connection};
}

void run(Feed& feed, const std::vector<Step>& steps) {
  feed.open(0, {.venue = "coinbase"});
  feed.open(1, {.venue = "binance"});
  const std::string header(kCsvHeader);
  feed.open(2, {.venue = "coinbase", .rows = true, .recv_inferred = true, .csv_header = header});
  feed.open(3, {.rows = true, .csv_header = header});
  for (const Step& step : steps) {
    switch (step.kind) {
      case Step::Kind::kFrame:
        feed.frame(step.text, step.time, step.connection);
        break;
      case Step::Kind::kRow:
        feed.row(step.text, step.time, step.connection);
        break;
      case Step::Kind::kTick:
        feed.tick(step.time);
        break;
      case Step::Kind::kRefuse:
        feed.refuse(venue::RejectReason::kLineTooLong, step.connection);
        break;
    }
  }
}

RC_GTEST_PROP(DecoderConservation, every_item_has_exactly_one_end, ()) {
  const auto steps = *rc::gen::container<std::vector<Step>>(rc::gen::exec(any_step));
  Feed feed({.lateness = std::chrono::seconds(60), .instruments = {"*:BTC-*", "*:AAA-*"}});
  run(feed, steps);
  feed.expect_conserved();
  std::uint64_t ticks = 0;
  for (const Step& step : steps) ticks += step.kind == Step::Kind::kTick ? 1 : 0;
  RC_ASSERT(feed.total(Counter::kFramesRead) == steps.size() - ticks);
  RC_ASSERT(feed.total(Counter::kItemsReceived) == steps.size() - ticks);
  RC_ASSERT(feed.total(Counter::kItemsDelivered) ==
            feed.said.trades.size() + feed.said.quotes.size());
  RC_ASSERT(feed.total(Counter::kItemsLate) == feed.said.lates.size());
  RC_ASSERT(feed.total(Counter::kItemsRejected) == feed.said.rejects.size());
  RC_ASSERT(feed.total(Counter::kFramesRejected) == feed.said.rejects.size());
  RC_ASSERT(feed.total(Counter::kItemsShed) == 0U);
}

RC_GTEST_PROP(DecoderIdentity, a_second_line_adds_nothing_to_what_is_delivered, ()) {
  Feed one;
  Feed both;
  one.open("coinbase");
  both.open("coinbase");
  both.open(1, {.venue = "coinbase"});
  const auto ids = *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 40));
  for (const int id : ids) {
    const std::string frame = at(kNow + id * kSecond, static_cast<std::uint64_t>(id));
    one.frame(frame);
    both.frame(frame);
    both.frame(frame, kNow + 7, 1);
  }
  RC_ASSERT(both.said.trades.size() == one.said.trades.size());
  RC_ASSERT(both.total(Counter::kItemsConflicting) == 0U);
  if (!ids.empty()) RC_ASSERT(both.coverage().runs() == one.coverage().runs());
}

}  // namespace
}  // namespace tapeline::decode
