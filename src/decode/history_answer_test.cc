// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "decode/decoder_fixture.h"
#include "decode/history_record.h"

// What back-fill brings is judged like everything else.
namespace tapeline::decode {
namespace {

using Gaps = std::vector<IdGap>;

std::string row(std::uint64_t id, std::int64_t time = kNow) {
  return R"({"time":")" + format_rfc3339(time) + R"(","trade_id":)" + std::to_string(id) +
         R"(,"price":"100.5","size":"1","side":"sell"})";
}

HistoryQuestion asked(std::uint64_t first, std::uint64_t last, bool is_repair = false) {
  return {.venue = "coinbase",
          .wish = {.symbol = "BTC-USD", .first_id = first, .last_id = last},
          .is_repair = is_repair,
          .is_final = true};
}

class HistoryAnswers : public testing::Test {
 protected:
  explicit HistoryAnswers(const DecodeOptions& options = {}) : feed(options) {
    feed.open("coinbase");
  }
  void match(std::uint64_t id, std::int64_t time = kNow) {
    feed.frame(coinbase_match({.id = std::to_string(id), .time = time}));
  }
  void answer(const HistoryQuestion& question, const std::string& body, int status = 200) {
    const auto done = feed.answer(
        encode_history_answer({.question = question, .status = status, .error = {}, .body = body}));
    ASSERT_TRUE(done) << done.error().text;
  }
  Gaps gaps() { return feed.coverage().gaps(); }
  static IdGap hole(std::uint64_t first, std::uint64_t last, GapState state) {
    return {first, last, EventTime(kNow), EventTime(kNow), GapCause::kLost, state};
  }

  Feed feed;
};

TEST_F(HistoryAnswers, fill_the_hole_with_trades_that_say_where_they_are_from) {
  match(10);
  match(13);
  answer(asked(11, 12), "[" + row(12) + "," + row(11) + "]");
  ASSERT_EQ(feed.said.trades.size(), 4U);
  EXPECT_EQ(feed.said.trades[2].id, TradeId(12));
  EXPECT_EQ(feed.said.trades[2].flags, Flags(Flag::kBackfill));
  EXPECT_TRUE(feed.said.trades[2].feeds_bars);
  EXPECT_EQ(gaps(), Gaps{});
  ASSERT_EQ(feed.coverage().runs().size(), 1U);
  EXPECT_EQ(feed.coverage().runs()[0].repaired, 2U);
  feed.expect_conserved();
}

TEST_F(HistoryAnswers, that_repeat_what_is_here_are_duplicates) {
  match(10);
  match(12);
  answer(asked(11, 11), "[" + row(11) + "," + row(10) + "]");
  match(11);
  EXPECT_EQ(feed.said.trades.size(), 3U);
  EXPECT_EQ(feed.count(Counter::kItemsDuplicate, {"coinbase", "trades", ""}), 2U);
  EXPECT_EQ(feed.total(Counter::kItemsConflicting), 0U);
  feed.expect_conserved();
}

TEST_F(HistoryAnswers, without_a_trade_say_that_it_is_gone) {
  match(10);
  match(15);
  answer(asked(11, 14), "[" + row(14) + "," + row(12) + "]");
  EXPECT_EQ(gaps(), (Gaps{hole(11, 11, GapState::kOpen), hole(13, 13, GapState::kUnrecoverable)}));
  ASSERT_EQ(feed.said.settled.size(), 1U);
  EXPECT_EQ(feed.said.settled[0].first, 12U);
  EXPECT_EQ(feed.said.settled[0].last, 14U);
  answer(asked(11, 11), "[]");
  EXPECT_EQ(gaps(),
            (Gaps{hole(11, 11, GapState::kUnrecoverable), hole(13, 13, GapState::kUnrecoverable)}));
}

TEST_F(HistoryAnswers, that_show_more_than_was_asked_for_open_no_hole_behind_the_newest) {
  feed.open(1, {.venue = "binance"});
  const auto binance_row = [](std::uint64_t id) {
    return fmt::format(R"({{"id":{},"price":"1","qty":"1","time":{},"isBuyerMaker":true}})", id,
                       kNow / 1'000'000);
  };
  feed.frame(binance_trade({.id = "10"}), kNow, 1);
  feed.frame(binance_trade({.id = "13"}), kNow, 1);
  answer({.venue = "binance", .wish = {.symbol = "BTCUSDT", .first_id = 11, .last_id = 12}},
         fmt::format("[{},{},{}]", binance_row(12), binance_row(13), binance_row(99)));
  EXPECT_EQ(feed.said.trades.size(), 3U);
  EXPECT_EQ(feed.count(Counter::kItemsControl, {"binance", "trades", "unasked"}), 2U);
  const Gaps binance_gaps = gaps();
  ASSERT_EQ(binance_gaps.size(), 1U);
  EXPECT_EQ(binance_gaps[0].first, 11U);
  EXPECT_EQ(binance_gaps[0].last, 11U);
  feed.expect_conserved();
}

TEST_F(HistoryAnswers, to_a_wish_of_times_tell_what_lies_within_them) {
  const auto bitstamp_row = [](std::int64_t second, int id) {
    return fmt::format(R"({{"date":"{}","tid":"{}","price":"1","amount":"1","type":"0"}})",
                       kNow / kSecond + second, id);
  };
  answer({.venue = "bitstamp",
          .wish = {.symbol = "btcusd",
                   .from_time = EventTime(kNow),
                   .to_time = EventTime(kNow + 5 * kSecond)}},
         fmt::format("[{},{},{},{}]", bitstamp_row(6, 4), bitstamp_row(5, 3), bitstamp_row(0, 2),
                     bitstamp_row(-1, 1)));
  ASSERT_EQ(feed.said.trades.size(), 2U);
  EXPECT_EQ(feed.said.trades[0].id, TradeId(3));
  EXPECT_EQ(feed.said.trades[1].id, TradeId(2));
  EXPECT_EQ(feed.count(Counter::kItemsControl, {"bitstamp", "trades", "unasked"}), 2U);
}

TEST_F(HistoryAnswers, with_the_newest_begin_the_run_and_claim_no_hole_before_it) {
  const decode::HistoryQuestion newest{.venue = "coinbase",
                                       .wish = {.symbol = "BTC-USD",
                                                .from_time = EventTime(kNow - kSecond),
                                                .to_time = EventTime(kNow + 5 * kSecond),
                                                .cursor = std::string(venue::kNewest)},
                                       .is_beginning = true};
  match(13);
  answer(newest,
         "[" + row(14) + "," + row(13) + "," + row(12) + "," + row(11, kNow - 2 * kSecond) + "]");
  EXPECT_EQ(feed.said.trades.size(), 3U) << "13, 14 and 12";
  EXPECT_EQ(feed.count(Counter::kItemsControl, {"coinbase", "trades", "unasked"}), 1U);
  EXPECT_EQ(feed.count(Counter::kItemsDuplicate, {"coinbase", "trades", ""}), 1U);
  EXPECT_EQ(gaps(), Gaps());
  EXPECT_TRUE(feed.said.settled.empty());
  ASSERT_EQ(feed.coverage().runs().size(), 1U);
  EXPECT_EQ(feed.coverage().runs()[0].first, 12U);
  EXPECT_EQ(feed.coverage().runs()[0].last, 14U);
  EXPECT_EQ(feed.coverage().runs()[0].repaired, 0U) << "nobody had missed them";
  EXPECT_TRUE(feed.said.trades[1].flags.has(Flag::kSnapshot));
  EXPECT_FALSE(feed.said.trades[1].flags.has(Flag::kBackfill));
  match(16);
  ASSERT_EQ(gaps().size(), 1U) << "what did not come since was missed";
  feed.expect_conserved();
}

TEST_F(HistoryAnswers, of_which_a_trade_is_refused_here_settle_nothing) {
  match(10);
  match(13);
  answer(asked(11, 12), "[" + row(12, kNow + 400 * 24 * 3600 * kSecond) + "]");
  EXPECT_EQ(feed.said.rejects.size(), 1U);
  EXPECT_EQ(gaps(), Gaps{hole(11, 12, GapState::kOpen)});
}

TEST_F(HistoryAnswers, that_are_not_final_settle_nothing) {
  match(10);
  match(13);
  HistoryQuestion early = asked(11, 12);
  early.is_final = false;
  answer(early, "[" + row(11) + "]");
  EXPECT_EQ(gaps(), Gaps{hole(12, 12, GapState::kOpen)});
  EXPECT_TRUE(feed.said.settled.empty());
}

TEST_F(HistoryAnswers, bring_back_what_seemed_gone) {
  match(10);
  match(13);
  answer(asked(11, 12), "[]");
  answer(asked(11, 12), "[" + row(12) + "]");
  EXPECT_EQ(gaps(), Gaps{hole(11, 11, GapState::kUnrecoverable)});
}

TEST_F(HistoryAnswers, that_are_no_page_are_one_refused_item_and_settle_nothing) {
  match(10);
  match(13);
  answer(asked(11, 12), "<html>");
  answer(asked(11, 12), "[" + row(12) + "," + row(12) + "]");
  EXPECT_EQ(feed.said.rejects, (std::vector<std::string>(2,
                                                         "bad_json the answer is no page of "
                                                         "trades")));
  EXPECT_EQ(gaps(), Gaps{hole(11, 12, GapState::kOpen)});
  feed.expect_conserved();
}

TEST_F(HistoryAnswers, that_failed_say_nothing) {
  match(10);
  match(13);
  answer(asked(11, 12), "[]", 429);
  answer(asked(11, 12), "", 0);
  EXPECT_EQ(gaps(), Gaps{hole(11, 12, GapState::kOpen)});
  EXPECT_EQ(feed.total(Counter::kItemsReceived), 2U);
}

TEST_F(HistoryAnswers, to_something_else_are_passed_over) {
  EXPECT_TRUE(feed.answer("status: 200\n"));
  EXPECT_TRUE(feed.answer("error: refused\n"));
  EXPECT_FALSE(feed.answer("history: nobody\nstatus: 200\n\n[]"));
  EXPECT_EQ(feed.total(Counter::kItemsReceived), 0U);
}

class LateAnswers : public HistoryAnswers {
 protected:
  LateAnswers() : HistoryAnswers({.lateness = std::chrono::hours(1)}) {}
  static constexpr std::int64_t kLong = kNow - 2 * 3600 * kSecond;
};

TEST_F(LateAnswers, come_too_late_unless_somebody_asked_for_a_repair) {
  match(10, kLong);
  match(13);
  answer(asked(11, 12), "[" + row(12, kLong) + "]");
  EXPECT_EQ(feed.said.trades.size(), 2U);
  EXPECT_EQ(feed.said.lates.size(), 1U);
  EXPECT_TRUE(feed.coverage().is_late(TradeId(12)));

  answer(asked(11, 12, true), "[" + row(12, kLong) + "," + row(11, kLong) + "]");
  EXPECT_EQ(feed.said.trades.size(), 4U);
  EXPECT_FALSE(feed.coverage().is_late(TradeId(12)));
  EXPECT_EQ(gaps(), Gaps{});
  // Only that answer opened the door.
  match(5, kLong);
  EXPECT_EQ(feed.said.lates.size(), 2U);
  feed.expect_conserved();
}

}  // namespace
}  // namespace tapeline::decode
