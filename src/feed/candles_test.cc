// SPDX-License-Identifier: Apache-2.0
#include "feed/candles.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "decode/candle_record.h"
#include "feed/feed_fixture.h"

namespace tapeline::feed {
namespace {

using journal::RecordType;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class CandlesFeed : public testing::Test {
 protected:
  void start(Duration every, Duration history) {
    options = World::two_products();
    options.feeds[0].candles_every = every;
    options.feeds[0].candles_history = history;
    world.history = [this](const std::string& url) -> Result<net::HttpResponse> {
      EXPECT_NE(url.find("/candles?"), std::string::npos) << url;
      return answer;
    };
    world.start(options);
    world.run(seconds(5));
  }
  // What was asked for, as "PRODUCT START END".
  std::vector<std::string> asked() {
    std::vector<std::string> out;
    for (const std::string& url : world.pages_asked) {
      const std::size_t product = url.find("products/") + 9;
      out.push_back(url.substr(product, 7) + " " + url.substr(url.find("start=") + 17, 5) + " " +
                    url.substr(url.find("end=") + 15, 5));
    }
    return out;
  }
  std::vector<decode::CandleAnswer> recorded() {
    bytes_.clear();
    for (const Recorded& record : world.records(RecordType::kAnswer))
      bytes_.push_back(record.bytes);
    std::vector<decode::CandleAnswer> out;
    for (const std::string& bytes : bytes_) {
      const auto told = decode::parse_candle_answer(bytes);
      if (told && *told) out.push_back(**told);
    }
    return out;
  }

  FeedsOptions options;
  World world;
  net::HttpResponse answer{.body = "[]"};

 private:
  std::vector<std::string> bytes_;
};

// The world begins at 22:13:20.
TEST_F(CandlesFeed, are_asked_for_minute_by_minute_and_the_answers_recorded) {
  start(minutes(10), minutes(3));
  EXPECT_EQ(asked(), (std::vector<std::string>{"BTC-USD 22:10 22:11", "ETH-USD 22:10 22:11"}));
  const auto answers = recorded();
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].venue, "coinbase");
  EXPECT_EQ(answers[0].wish.symbol, "BTC-USD");
  EXPECT_EQ((answers[0].wish.to - answers[0].wish.from), minutes(2));
  EXPECT_EQ(answers[0].status, 200);
  EXPECT_EQ(answers[0].body, "[]");
  world.run(minutes(10));
  ASSERT_EQ(asked().size(), 4U);
  EXPECT_EQ(asked()[2], "BTC-USD 22:12 22:19") << "from where the last round ended";
}

TEST_F(CandlesFeed, of_a_long_time_come_in_pages_no_faster_than_the_venue_allows) {
  start(hours(24), hours(11));  // 660 minutes, 300 in a page
  ASSERT_EQ(world.pages_asked.size(), 6U);
  EXPECT_EQ(asked()[0], "BTC-USD 11:13 16:12");
  EXPECT_EQ(asked()[2], "BTC-USD 21:13 22:11");
  for (std::size_t i = 1; i < world.pages_asked_ms.size(); ++i) {
    EXPECT_GE(world.pages_asked_ms[i] - world.pages_asked_ms[i - 1], 200);
  }
}

TEST_F(CandlesFeed, of_a_day_in_utc_are_asked_for_when_it_is_over_for_a_minute) {
  start(hours(24), minutes(3));
  world.run(hours(1) + minutes(47));
  EXPECT_EQ(asked().size(), 2U) << "00:00:25";
  world.run(minutes(1));
  ASSERT_EQ(asked().size(), 4U);
  EXPECT_EQ(asked()[2], "BTC-USD 22:12 23:59") << "the last minute of the day begins then";
}

TEST_F(CandlesFeed, that_fail_are_tried_again_a_few_times_and_then_next_round) {
  answer = {.body = "<html>"};
  start(hours(1), minutes(3));
  world.run(minutes(10));
  EXPECT_EQ(world.pages_asked.size(), 2U * Candles::kTriesMax);
  EXPECT_EQ(recorded().size(), world.pages_asked.size());
  answer = {.body = "[]"};
  world.run(hours(1));
  ASSERT_EQ(asked().size(), 2U * Candles::kTriesMax + 2);
  EXPECT_EQ(asked().back().substr(0, 13), "ETH-USD 22:10") << "nothing is left out";
}

TEST_F(CandlesFeed, that_the_venue_refuses_are_not_asked_for_twice) {
  answer = {.status = 404, .body = "{}"};
  start(hours(1), minutes(3));
  world.run(minutes(10));
  EXPECT_EQ(world.pages_asked.size(), 2U);
}

TEST_F(CandlesFeed, are_left_alone_for_as_long_as_a_rate_limit_says) {
  answer = {.status = 429, .headers = {{"Retry-After", "20"}}, .body = "{}"};
  start(hours(1), minutes(3));
  world.run(seconds(10));
  EXPECT_EQ(world.pages_asked.size(), 1U);
}

TEST_F(CandlesFeed, are_not_asked_for_where_nobody_wants_them) {
  start(Duration(), hours(1));
  world.run(minutes(5));
  EXPECT_TRUE(world.pages_asked.empty());
}

TEST_F(CandlesFeed, of_what_was_given_up_are_not_asked_for_any_more) {
  start(minutes(10), minutes(3));
  options.feeds[0].symbols = {"ETH-USD"};
  world.feeds->change(options.feeds);
  world.pages_asked.clear();
  world.run(minutes(11));
  EXPECT_EQ(asked(), std::vector<std::string>{"ETH-USD 22:12 22:19"});
}

}  // namespace
}  // namespace tapeline::feed
