// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "decode/decoder_fixture.h"
#include "decode/history_record.h"
#include "decode/wish_fit.h"

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
          .wish = {.symbol = "BTC-USD",
                   .first_id = first,
                   .last_id = last,
                   .from_time = EventTime(kNow),
                   .to_time = EventTime(kNow)},
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
  answer({.venue = "binance",
          .wish = {.symbol = "BTCUSDT",
                   .first_id = 11,
                   .last_id = 12,
                   .from_time = EventTime(kNow),
                   .to_time = EventTime(kNow)}},
         fmt::format("[{},{},{}]", binance_row(12), binance_row(13), binance_row(99)));
  EXPECT_EQ(feed.said.trades.size(), 3U);
  EXPECT_EQ(feed.count(Counter::kItemsControl, {"binance", "trades", "unasked"}), 1U);
  EXPECT_EQ(feed.count(Counter::kItemsDuplicate, {"binance", "trades", ""}), 1U) << "13";
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

using Rejects = std::vector<std::string>;

TEST_F(HistoryAnswers, of_other_times_than_the_hole_s_close_no_hole) {
  match(10);
  match(13);
  answer(asked(11, 12), "[" + row(12, kNow - 3600 * kSecond) + "," + row(11) + "]");
  EXPECT_EQ(feed.said.rejects, Rejects{"outside_wish time"});
  EXPECT_EQ(feed.said.trades.size(), 3U);
  EXPECT_EQ(gaps(), Gaps{hole(12, 12, GapState::kOpen)}) << "nor say that they are gone";
  EXPECT_TRUE(feed.said.settled.empty());
  answer(asked(12, 12), "[" + row(12, kNow + 3600 * kSecond) + "]");
  EXPECT_EQ(gaps(), Gaps{hole(12, 12, GapState::kOpen)});
  feed.expect_conserved();
}

TEST_F(HistoryAnswers, may_be_somewhat_earlier_or_later_than_the_neighbours) {
  match(10, kNow + kSecond);
  match(14);
  HistoryQuestion question = asked(11, 13);
  question.wish.from_time = EventTime(kNow + kSecond);  // later than the other one
  const std::int64_t slack = kWishSlack.count();
  answer(question, "[" + row(13, kNow - slack) + "," + row(12, kNow + kSecond + slack) + "," +
                       row(11, kNow - slack - 1000) + "]");
  EXPECT_EQ(feed.said.rejects, Rejects{"outside_wish time"});
  ASSERT_EQ(gaps().size(), 1U);
  EXPECT_EQ(gaps()[0].first, 11U);
  EXPECT_EQ(gaps()[0].last, 11U);
}

TEST_F(HistoryAnswers, with_one_id_far_below_open_no_hole_of_millions) {
  match(3'400'010);
  match(3'400'013);
  answer(asked(3'400'011, 3'400'012),
         "[" + row(3'400'012) + "," + row(3'400'011) + "," + row(5) + "]");
  EXPECT_EQ(feed.said.rejects, Rejects{"outside_wish id"});
  EXPECT_EQ(feed.said.trades.size(), 4U);
  EXPECT_EQ(gaps(), Gaps{});
  feed.expect_conserved();
}

TEST_F(HistoryAnswers, with_trades_of_another_symbol_bring_none_and_settle_nothing) {
  match(3'400'010);
  match(3'400'013);
  answer(asked(3'400'011, 3'400'012), "[" + row(70'002) + "," + row(70'001) + "]");
  EXPECT_EQ(feed.said.rejects, Rejects(2, "outside_wish id"));
  EXPECT_EQ(gaps(), Gaps{hole(3'400'011, 3'400'012, GapState::kOpen)});
  answer(asked(3'400'011, 3'400'012), "[" + row(3'400'012) + "," + row(3'400'011) + "]");
  EXPECT_EQ(gaps(), Gaps{});
}

TEST_F(HistoryAnswers, without_even_the_neighbours_settle_nothing) {
  match(1000);
  match(1003);
  answer(asked(1001, 1002), "[" + row(72) + "," + row(71) + "]");
  EXPECT_EQ(feed.count(Counter::kItemsControl, {"coinbase", "trades", "unasked"}), 2U);
  EXPECT_EQ(gaps(), Gaps{hole(1001, 1002, GapState::kOpen)})
      << "another symbol's have such ids too";
  answer(asked(1001, 1002), "[" + row(1000) + "," + row(999) + "]");
  EXPECT_EQ(gaps(), Gaps{hole(1001, 1002, GapState::kUnrecoverable)});
}

TEST_F(HistoryAnswers, with_invented_trades_before_the_first_bring_none) {
  match(100);
  match(103);
  answer(asked(101, 102),
         "[" + row(102) + "," + row(101) + "," + row(100) + "," + row(99) + "," + row(98) + "]");
  EXPECT_EQ(feed.said.trades.size(), 4U);
  EXPECT_EQ(feed.count(Counter::kItemsControl, {"coinbase", "trades", "unasked"}), 2U);
  EXPECT_EQ(feed.count(Counter::kItemsDuplicate, {"coinbase", "trades", ""}), 1U);
  EXPECT_EQ(feed.coverage().runs()[0].first, 100U);
  feed.expect_conserved();
}

// A page is full though some of the wish is gone: what comes along with it is of another hole, and
// is no lie.
TEST_F(HistoryAnswers, honest_at_both_ends_settle_the_wish) {
  match(10);
  match(12);
  match(15);
  answer(asked(13, 14), "[" + row(14) + "," + row(12) + "," + row(11) + "]");
  EXPECT_TRUE(feed.said.rejects.empty());
  EXPECT_EQ(gaps(), (Gaps{hole(11, 11, GapState::kOpen), hole(13, 13, GapState::kUnrecoverable)}));
  EXPECT_EQ(feed.count(Counter::kItemsControl, {"coinbase", "trades", "unasked"}), 1U);
}

TEST_F(HistoryAnswers, of_kraken_go_on_behind_the_wish_and_are_honest) {
  feed.open(1, {.venue = "kraken"});
  const auto kraken_row = [](std::uint64_t id) {
    return fmt::format(R"(["1","1",{},"b","m","",{}])", kNow / kSecond, id);
  };
  std::string rows = kraken_row(10);
  for (std::uint64_t id = 11; id < 1010; ++id) rows += "," + kraken_row(id);
  HistoryQuestion question{.venue = "kraken", .wish = asked(10, 12).wish, .is_final = true};
  question.wish.symbol = "BTC/USD";
  answer(question, R"({"error":[],"result":{"XXBTZUSD":[)" + rows + R"(],"last":"1"}})");
  EXPECT_TRUE(feed.said.rejects.empty());
  EXPECT_EQ(feed.said.trades.size(), 3U);
  EXPECT_EQ(feed.count(Counter::kItemsControl, {"kraken", "trades", "unasked"}), 997U);
}

TEST_F(HistoryAnswers, with_the_newest_take_none_that_is_far_from_what_is_here) {
  const HistoryQuestion newest{.venue = "coinbase",
                               .wish = {.symbol = "BTC-USD",
                                        .from_time = EventTime(kNow - kSecond),
                                        .to_time = EventTime(kNow + kSecond),
                                        .cursor = std::string(venue::kNewest)},
                               .is_beginning = true};
  match(3'400'013);
  answer(newest, "[" + row(9'400'014) + "," + row(3'400'012) + "," + row(5) + "]");
  EXPECT_EQ(feed.said.rejects, Rejects(2, "outside_wish id"));
  EXPECT_EQ(gaps(), Gaps{});
  EXPECT_EQ(feed.said.trades.size(), 2U);
}

class LateAnswers : public HistoryAnswers {
 protected:
  LateAnswers() : HistoryAnswers({.lateness = std::chrono::hours(1)}) {}
  static constexpr std::int64_t kLong = kNow - 2 * 3600 * kSecond;
  static HistoryQuestion since_long(bool is_repair = false) {
    HistoryQuestion question = asked(11, 12, is_repair);
    question.wish.from_time = EventTime(kLong);
    return question;
  }
};

TEST_F(LateAnswers, come_too_late_unless_somebody_asked_for_a_repair) {
  match(10, kLong);
  match(13);
  answer(since_long(), "[" + row(12, kLong) + "]");
  EXPECT_EQ(feed.said.trades.size(), 2U);
  EXPECT_EQ(feed.said.lates.size(), 1U);
  EXPECT_TRUE(feed.coverage().is_late(TradeId(12)));

  answer(since_long(true), "[" + row(12, kNow + 60 * kSecond) + "]");
  EXPECT_TRUE(feed.coverage().is_late(TradeId(12))) << "of another time";
  answer(since_long(true), "[" + row(12, kLong) + "," + row(11, kLong) + "]");
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
