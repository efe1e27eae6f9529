// SPDX-License-Identifier: Apache-2.0
#include "feed/backfill.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <climits>
#include <string>
#include <vector>

#include "feed/feed_fixture.h"

// Back-fill against a venue whose history answers as the test says.
namespace tapeline::feed {
namespace {

using journal::RecordType;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kBtc = "coinbase:BTC-USD";
constexpr std::string_view kHistoryMark = "history: coinbase\n";

std::string trade_row(std::uint64_t id) {
  return fmt::format(R"({{"time":"2023-11-14T22:13:20Z","trade_id":{},"price":"2","size":"1",)"
                     R"("side":"sell"}})",
                     id);
}

// A page from one id down to another.
std::string page_down(std::uint64_t from, std::uint64_t to) {
  std::string body = "[";
  for (std::uint64_t id = from; id >= to; --id) body += (id == from ? "" : ",") + trade_row(id);
  return body + "]";
}

IdGap hole(std::uint64_t first, std::uint64_t last) {
  return {first, last, EventTime(1), EventTime(2), GapCause::kLost, GapState::kOpen};
}

class BackfillFeed : public testing::Test {
 protected:
  void start(bool is_on = true) {
    FeedsOptions options = World::two_products();
    options.feeds[0].backfill = is_on;
    world.start(options);
    world.run(seconds(1));
  }
  void show(const std::vector<IdGap>& gaps) {
    world.feeds->holes().show(kBtc, Channel::kTrades, gaps);
  }
  BackfillStatus status() { return world.feeds->status().at(0).backfill; }
  std::vector<std::string> answers() {
    std::vector<std::string> out;
    for (const Recorded& record : world.records(RecordType::kAnswer)) {
      if (record.bytes.starts_with(kHistoryMark)) out.push_back(record.bytes);
    }
    return out;
  }
  void answer(int status, const std::string& body, const net::Headers& headers = {}) {
    world.history = [=](const std::string& /*url*/) -> Result<net::HttpResponse> {
      return net::HttpResponse{.status = status, .headers = headers, .body = body};
    };
  }

  World world;
};

TEST_F(BackfillFeed, a_hole_is_asked_for_and_the_answer_recorded) {
  start();
  answer(200, page_down(12, 11));
  show({hole(11, 12)});
  world.run(milliseconds(900));
  EXPECT_TRUE(world.pages_asked.empty()) << "mere disorder closes by itself";
  world.run(seconds(1));
  EXPECT_EQ(world.pages_asked,
            (std::vector<std::string>{"https://api.exchange.coinbase.com/products/"
                                      "BTC-USD/trades?limit=2&after=13"}));
  ASSERT_EQ(answers().size(), 1U);
  const std::string recorded = answers()[0];
  const auto told = decode::parse_history_answer(recorded);
  ASSERT_TRUE(told && *told);
  EXPECT_EQ((*told)->question.wish.symbol, "BTC-USD");
  EXPECT_EQ((*told)->question.wish.first_id, 11U);
  EXPECT_FALSE((*told)->question.is_repair);
  EXPECT_FALSE((*told)->question.is_final);
  EXPECT_EQ((*told)->status, 200);
  EXPECT_EQ((*told)->body, page_down(12, 11));
  const auto requests = world.records(RecordType::kRequest);
  EXPECT_TRUE(requests.back().bytes.starts_with(kHistoryMark));
  EXPECT_EQ(requests.back().connection, world.records(RecordType::kAnswer).back().connection);
  EXPECT_EQ(status().answers, 1U);
  EXPECT_EQ(status().trades, 2U);
  EXPECT_EQ(status().waiting, 1U) << "the ledger still shows it";
  show({});
  world.run(minutes(1));
  EXPECT_EQ(status().waiting, 0U);
  EXPECT_EQ(world.pages_asked.size(), 1U);
}

TEST_F(BackfillFeed, only_of_a_hole_that_is_old_an_answer_is_final) {
  start();
  answer(200, "[]");
  show({hole(11, 12)});
  world.run(seconds(20));
  ASSERT_EQ(answers().size(), 3U);
  EXPECT_NE(answers()[0].find("\nfinal: no\n"), std::string::npos);
  EXPECT_NE(answers()[1].find("\nfinal: no\n"), std::string::npos);
  EXPECT_NE(answers()[2].find("\nfinal: yes\n"), std::string::npos);
  EXPECT_EQ(status().waiting, 0U);
}

TEST_F(BackfillFeed, what_a_page_leaves_is_asked_for_no_faster_than_the_venue_allows) {
  start();
  world.history = [](const std::string& url) -> Result<net::HttpResponse> {
    const std::uint64_t after = std::stoull(url.substr(url.find("after=") + 6));
    return net::HttpResponse{.body = page_down(after - 1, after - 10)};  // shorter than asked for
  };
  show({hole(101, 150)});
  world.run(seconds(4));
  ASSERT_EQ(world.pages_asked.size(), 5U);
  EXPECT_NE(world.pages_asked.back().find("limit=10&after=111"), std::string::npos);
  for (std::size_t i = 1; i < world.pages_asked_ms.size(); ++i) {
    EXPECT_GE(world.pages_asked_ms[i] - world.pages_asked_ms[i - 1], 200);
  }
  EXPECT_EQ(answers().size(), 5U);
}

TEST_F(BackfillFeed, a_rate_limit_is_obeyed) {
  start();
  answer(429, R"({"message":"slow down"})", {{"retry-after", "20"}});
  show({hole(11, 12)});
  world.run(seconds(15));
  EXPECT_EQ(world.pages_asked.size(), 1U);
  answer(200, page_down(12, 11));
  world.run(seconds(10));
  EXPECT_GE(world.pages_asked.size(), 2U);
  EXPECT_EQ(status().failures, 1U);
  EXPECT_EQ(status().waiting, 0U);
  EXPECT_NE(status().last_error.find("rate_limit"), std::string::npos);
}

TEST_F(BackfillFeed, a_venue_that_says_when_is_asked_then_but_not_believed_for_ever) {
  start();
  show({hole(11, 12)});
  int refused = 3;
  world.history = [&](const std::string& /*url*/) -> Result<net::HttpResponse> {
    if (refused-- <= 0) return net::HttpResponse{.body = page_down(12, 11)};
    return net::HttpResponse{.status = 429, .headers = {{"retry-after", "1"}}, .body = "{}"};
  };
  world.run(milliseconds(4500));
  ASSERT_EQ(world.pages_asked_ms.size(), 4U);
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_GE(world.pages_asked_ms[i] - world.pages_asked_ms[i - 1], 1000);
    EXPECT_LE(world.pages_asked_ms[i] - world.pages_asked_ms[i - 1], 1020);
  }
  world.pages_asked.clear();
  refused = INT_MAX;
  world.run(minutes(20));
  EXPECT_LT(world.pages_asked.size(), 200U) << "30 s at most from one to the next, 15 on average";
}

TEST_F(BackfillFeed, a_hole_of_many_pages_lets_others_have_their_turn) {
  start();
  world.history = [](const std::string& url) -> Result<net::HttpResponse> {
    const std::uint64_t after = std::stoull(url.substr(url.find("after=") + 6));
    return net::HttpResponse{.body = page_down(after - 1, after - 2)};
  };
  show({hole(1, 100'000)});
  world.run(seconds(5));
  const std::size_t alone = world.pages_asked.size();
  EXPECT_GT(alone, Backfill::kPagesPerTurn) << "nobody else waits";
  world.feeds->holes().show("coinbase:ETH-USD", Channel::kTrades, {hole(11, 12)});
  world.run(seconds(4));
  const auto at =
      std::find_if(world.pages_asked.begin(), world.pages_asked.end(),
                   [](const auto& url) { return url.find("ETH-USD") != std::string::npos; });
  ASSERT_NE(at, world.pages_asked.end());
  EXPECT_LE(at - world.pages_asked.begin(), static_cast<std::ptrdiff_t>(alone + 15));
  world.run(seconds(2));
  EXPECT_NE(world.pages_asked.back().find("BTC-USD"), std::string::npos) << "and goes on";
}

TEST_F(BackfillFeed, a_venue_that_is_away_is_asked_ever_more_seldom_and_never_given_up) {
  const std::vector<Result<net::HttpResponse>> failures{
      net::HttpResponse{.status = 503, .body = "busy"},
      fail(Fault::kTheirs, "no answer within 10s", Retry::kAfterBackoff)};
  for (const auto& failure : failures) {
    World other;
    other.history = [&](const std::string& /*url*/) { return failure; };
    other.start(World::two_products());
    other.run(seconds(1));
    other.feeds->holes().show(kBtc, Channel::kTrades, {hole(11, 12)});
    other.run(minutes(10));
    EXPECT_GT(other.pages_asked.size(), 20U);
    EXPECT_LT(other.pages_asked.size(), 200U);
    EXPECT_EQ(other.feeds->status().at(0).backfill.waiting, 1U);
    EXPECT_FALSE(other.feeds->status().at(0).backfill.last_error.empty());
  }
}

TEST_F(BackfillFeed, answers_that_are_no_page_are_recorded_tried_again_and_given_up) {
  const std::vector<Result<net::HttpResponse>> failures{
      net::HttpResponse{.body = "<html>"}, net::HttpResponse{.body = page_down(99, 99)}};
  for (const auto& failure : failures) {
    World other;
    other.history = [&](const std::string& /*url*/) { return failure; };
    other.start(World::two_products());
    other.run(seconds(1));
    other.feeds->holes().show(kBtc, Channel::kTrades, {hole(11, 12)});
    other.run(minutes(10));
    EXPECT_EQ(other.pages_asked.size(), WishList::kAttemptsMax);
    EXPECT_EQ(other.feeds->status().at(0).backfill.given_up, 1U);
    EXPECT_FALSE(other.feeds->status().at(0).backfill.last_error.empty());
    std::size_t recorded = 0;
    for (const Recorded& record : other.records(RecordType::kAnswer)) {
      if (record.bytes.starts_with(kHistoryMark)) ++recorded;
    }
    EXPECT_EQ(recorded, WishList::kAttemptsMax);
  }
}

TEST_F(BackfillFeed, a_hole_that_the_venue_does_not_know_is_given_up_at_once) {
  start();
  answer(404, R"({"message":"NotFound"})");
  show({hole(11, 12)});
  world.run(minutes(1));
  EXPECT_EQ(world.pages_asked.size(), 1U);
  EXPECT_EQ(status().given_up, 1U);
}

TEST_F(BackfillFeed, a_repair_asks_for_everything_again_and_is_told_when_it_is_done) {
  start();
  answer(200, "[]");
  IdGap gone = hole(11, 12);
  gone.state = GapState::kUnrecoverable;
  show({gone});
  world.run(minutes(1));
  EXPECT_TRUE(world.pages_asked.empty());
  const std::uint64_t repair = world.feeds->holes().ask_for_repair();
  EXPECT_LT(status().repairs, repair);
  world.run(seconds(2));
  EXPECT_EQ(world.pages_asked.size(), 1U);
  EXPECT_EQ(status().repairs, repair);
  EXPECT_NE(answers().at(0).find("\nrepair: yes\n"), std::string::npos);
}

TEST_F(BackfillFeed, of_other_venues_and_symbols_nothing_is_asked) {
  start();
  world.feeds->holes().show("coinbase:LTC-USD", Channel::kTrades, {hole(11, 12)});
  world.feeds->holes().show("binance:BTC-USD", Channel::kTrades, {hole(11, 12)});
  world.feeds->holes().show(kBtc, Channel::kAggTrades, {hole(11, 12)});
  world.run(seconds(10));
  EXPECT_TRUE(world.pages_asked.empty());
  EXPECT_EQ(status().waiting, 0U);
}

TEST_F(BackfillFeed, what_was_missing_before_a_start_is_asked_for_once_the_symbols_are_known) {
  world.start(World::two_products());
  show({hole(11, 12)});
  world.run(seconds(3));
  EXPECT_EQ(world.pages_asked.size(), 1U);
}

class StoppedFeed : public BackfillFeed {
 protected:
  StoppedFeed() {
    FeedsOptions options = World::two_products();
    options.settle = minutes(1);
    world.start(options);
    world.run(seconds(1));
    world.feeds->stop();
    world.run(seconds(5));
  }
  void shown_until_now() {
    world.feeds->holes().note_time(EngineTime(world.clock.wall().unix_ns()));
    world.run(milliseconds(10));
  }
  bool is_stopped() { return world.feeds->is_stopped(); }
};

TEST_F(StoppedFeed, waits_until_all_that_came_is_processed_and_what_it_lacks_is_asked_for) {
  EXPECT_FALSE(is_stopped()) << "nobody knows yet what is missing";
  answer(200, page_down(12, 11));
  show({hole(11, 12)});
  shown_until_now();
  EXPECT_FALSE(is_stopped());
  world.run(seconds(2));
  EXPECT_EQ(world.pages_asked.size(), 1U);
  EXPECT_FALSE(is_stopped()) << "the ledger still shows it";
  show({});
  world.run(milliseconds(10));
  EXPECT_TRUE(is_stopped());
}

TEST_F(StoppedFeed, is_not_held_up_where_nothing_is_missing) {
  shown_until_now();
  EXPECT_TRUE(is_stopped());
}

TEST_F(StoppedFeed, waits_no_longer_than_it_may) {
  world.run(seconds(54));
  EXPECT_FALSE(is_stopped());
  world.run(seconds(2));
  EXPECT_TRUE(is_stopped());
}

TEST_F(BackfillFeed, it_can_be_turned_off) {
  start(false);
  show({hole(11, 12)});
  world.run(seconds(10));
  EXPECT_TRUE(world.pages_asked.empty());
  EXPECT_FALSE(status().is_on);
}

TEST_F(BackfillFeed, nothing_is_asked_while_the_recorder_is_behind) {
  start();
  answer(200, page_down(12, 11));
  world.is_recorder_stuck = true;
  for (std::uint64_t id = 100; id < 9'000; ++id) world.trade("BTC-USD", id);
  world.run(seconds(1));
  show({hole(11, 12)});
  world.run(seconds(5));
  const std::size_t asked = world.pages_asked.size();
  EXPECT_LE(asked, 1U);
  world.is_recorder_stuck = false;
  world.run(seconds(3));
  EXPECT_GE(answers().size(), 1U);
}

class WarmFeed : public BackfillFeed {
 protected:
  void start_warm(Duration history) {
    FeedsOptions options = World::two_products();
    options.feeds[0].trades_history = history;
    world.start(options);
    world.run(seconds(5));
  }
};

TEST_F(WarmFeed, the_newest_trades_are_asked_for_a_page_of_each_in_turn_and_recorded) {
  world.history = [](const std::string& url) -> Result<net::HttpResponse> {
    const bool is_older = url.find("after=") != std::string::npos;
    return net::HttpResponse{.body = is_older ? "[]" : page_down(12, 11)};
  };
  start_warm(minutes(10));
  const std::string products = "https://api.exchange.coinbase.com/products/";
  EXPECT_EQ(world.pages_asked,
            (std::vector<std::string>{products + "BTC-USD/trades?limit=1000",
                                      products + "ETH-USD/trades?limit=1000",
                                      products + "BTC-USD/trades?limit=1000&after=11",
                                      products + "ETH-USD/trades?limit=1000&after=11"}));
  ASSERT_EQ(answers().size(), 4U);
  const std::string recorded = answers()[0];
  const auto told = decode::parse_history_answer(recorded);
  ASSERT_TRUE(told && *told);
  const decode::HistoryQuestion& question = (*told)->question;
  EXPECT_EQ(venue::ids_of(question.wish), 0U);
  EXPECT_EQ(question.wish.cursor, "newest");
  EXPECT_FALSE(question.is_final) << "nobody has missed what lies before it";
  EXPECT_FALSE(question.is_repair);
  EXPECT_TRUE(question.is_beginning);
  const Duration span = question.wish.to_time - question.wish.from_time;
  EXPECT_EQ(span, minutes(10) + seconds(5));
  EXPECT_EQ(status().trades, 4U);
  EXPECT_EQ(status().waiting, 0U) << "it is no hole";
  EXPECT_EQ(status().last_error, "");
}

TEST_F(WarmFeed, nothing_is_asked_before_the_stream_is_listened_to) {
  world.is_acknowledging = false;
  start_warm(minutes(10));
  EXPECT_TRUE(world.pages_asked.empty());
  world.is_acknowledging = true;
  world.run(seconds(30));
  EXPECT_EQ(world.pages_asked.size(), 2U);
}

TEST_F(WarmFeed, without_a_wish_nothing_is_asked) {
  start_warm(Duration());
  EXPECT_TRUE(world.pages_asked.empty());
}

TEST_F(WarmFeed, holes_take_turns_with_it) {
  world.history = [](const std::string& url) -> Result<net::HttpResponse> {
    const std::size_t after = url.find("after=");
    const bool is_first = after == std::string::npos;
    const std::uint64_t below = is_first ? 9000 : std::stoull(url.substr(after + 6));
    return net::HttpResponse{.body = page_down(below - 1, below - 10)};
  };
  FeedsOptions options = World::two_products();
  options.feeds[0].trades_history = hours(24 * 365 * 10);
  world.start(options);
  world.run(milliseconds(200));
  show({hole(9011, 9012)});
  world.run(seconds(4));
  const auto at = std::find(world.pages_asked.begin(), world.pages_asked.end(),
                            "https://api.exchange.coinbase.com/products/BTC-USD/"
                            "trades?limit=2&after=9013");
  ASSERT_NE(at, world.pages_asked.end());
  EXPECT_GT(world.pages_asked.end() - at, 1) << "and the warm start goes on";
}

TEST_F(WarmFeed, a_venue_that_has_no_page_is_left_alone_and_that_is_said) {
  answer(200, "<html>");
  start_warm(minutes(10));
  world.run(minutes(2));
  EXPECT_EQ(world.pages_asked.size(), 6U) << "three times each";
  EXPECT_EQ(answers().size(), 6U);
  EXPECT_NE(status().last_error, "");
  EXPECT_EQ(status().waiting, 0U);
  EXPECT_EQ(status().given_up, 0U);
}

TEST_F(WarmFeed, a_symbol_that_is_added_has_one_too) {
  start_warm(minutes(10));
  const std::size_t before = world.pages_asked.size();
  FeedsOptions options = World::two_products();
  options.feeds[0].symbols.push_back("LTC-USD");
  world.feeds->change(options.feeds);
  world.run(seconds(5));
  ASSERT_EQ(world.pages_asked.size(), before + 1);
  EXPECT_NE(world.pages_asked.back().find("LTC-USD"), std::string::npos);
}

}  // namespace
}  // namespace tapeline::feed
