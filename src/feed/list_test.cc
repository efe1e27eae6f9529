// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "decode/instrument_list.h"
#include "feed/feed_fixture.h"
#include "feed/feeds.h"

namespace tapeline::feed {
namespace {

using journal::RecordType;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Words = std::vector<std::string>;

// A venue's instrument list while its feed runs.
class List : public testing::Test {
 protected:
  void start() {
    world_.start(options_);
    world_.run(seconds(1));
  }
  void say(const std::string& body) { world_.list = net::HttpResponse{.body = body}; }
  [[nodiscard]] std::size_t lists() { return world_.records(RecordType::kInstruments).size(); }
  [[nodiscard]] FeedStatus status() const { return world_.feeds->status().at(0); }
  [[nodiscard]] std::uint64_t refused() const {
    return world_.feeds->counters().total(metrics::Counter::kFeedListsRefused);
  }

  FeedsOptions options_ = World::two_products();
  World world_;
};

TEST_F(List, is_asked_for_anew_when_its_time_has_passed) {
  options_.feeds[0].list_every = minutes(10);
  start();
  EXPECT_EQ(lists(), 1U);
  world_.run(minutes(9));
  EXPECT_EQ(lists(), 1U);
  world_.run(minutes(2));
  EXPECT_EQ(lists(), 2U);
  world_.run(minutes(10));
  EXPECT_EQ(lists(), 3U);
  EXPECT_EQ(world_.network.connects(), 1U) << "nothing else is touched";
}

TEST_F(List, is_not_when_nobody_wants_that) {
  options_.feeds[0].list_every = Duration();
  start();
  world_.run(minutes(30));
  EXPECT_EQ(lists(), 1U);
}

TEST_F(List, is_asked_for_when_the_configuration_is_read_anew_but_not_in_a_burst) {
  start();
  for (int i = 0; i < 5; ++i) {
    world_.feeds->change(options_.feeds);
    world_.run(seconds(1));
  }
  EXPECT_EQ(lists(), 1U);
  world_.run(seconds(6));
  EXPECT_EQ(lists(), 2U);
  world_.run(minutes(5));
  EXPECT_EQ(lists(), 2U);
}

TEST_F(List, that_is_none_leaves_the_one_before_and_is_asked_for_again) {
  options_.feeds[0].list_every = hours(1);
  start();
  say("<html><body>One moment, please</body></html>");
  world_.feeds->change(options_.feeds);
  world_.run(seconds(11));
  EXPECT_EQ(lists(), 1U);
  EXPECT_EQ(refused(), 1U);
  EXPECT_EQ(status().instruments, 4U);
  EXPECT_NE(status().last_error, "");
  say(R"([{"id":"BTC-USD"}])");
  world_.run(minutes(9));
  EXPECT_EQ(lists(), 1U);
  world_.run(minutes(2));
  EXPECT_EQ(lists(), 2U);
  EXPECT_EQ(status().last_error, "");
  EXPECT_EQ(refused(), 1U);
}

TEST_F(List, that_fails_at_the_start_is_asked_for_soon_and_then_ever_more_seldom) {
  const auto good = world_.list;
  world_.list = net::HttpResponse{.status = 503};
  start();
  EXPECT_EQ(refused(), 1U);
  EXPECT_NE(status().last_error, "");
  EXPECT_EQ(world_.stream("BTC-USD", "trades").state, StreamState::kLive);
  world_.run(seconds(3));
  EXPECT_EQ(refused(), 1U);
  world_.run(seconds(4));
  EXPECT_EQ(refused(), 2U);
  world_.run(seconds(6));
  EXPECT_EQ(refused(), 2U);
  world_.run(seconds(15));
  EXPECT_EQ(refused(), 3U);
  world_.list = good;
  world_.run(minutes(2));
  EXPECT_EQ(lists(), 1U);
  EXPECT_EQ(status().last_error, "");
}

TEST_F(List, that_comes_late_refuses_what_it_lacks_and_what_brings_nothing) {
  world_.list = net::HttpResponse{.body = "<html>One moment, please</html>"};
  options_.feeds[0].venue = "binance";
  options_.feeds[0].symbols = {"BTC-USDT", "BTC-USTD"};
  start();
  EXPECT_EQ(world_.stream("BTC-USTD", "trades").state, StreamState::kLive) << "it was acknowledged";
  say(R"({"symbols":[{"symbol":"BTCUSDT","baseAsset":"BTC","quoteAsset":"USDT"}]})");
  world_.run(seconds(10));
  EXPECT_EQ(lists(), 1U);
  EXPECT_EQ(world_.stream("BTC-USTD", "trades").state, StreamState::kRefused);
  EXPECT_EQ(world_.stream("BTC-USTD", "trades").last_error,
            "BTC-USTD is not in the instrument list of binance: did you mean BTC-USDT?");
  EXPECT_EQ(world_.stream("BTC-USDT", "trades").state, StreamState::kLive);
  world_.run(minutes(1));
  EXPECT_EQ(world_.stream("BTC-USTD", "trades").state, StreamState::kRefused);
}

TEST_F(List, that_comes_late_and_lacks_what_brings_something_leaves_it) {
  world_.list = net::HttpResponse{.status = 503};
  start();
  world_.trade("ETH-USD", 7);
  world_.run(seconds(1));
  say(R"([{"id":"BTC-USD"}])");
  world_.run(seconds(10));
  EXPECT_EQ(lists(), 1U);
  EXPECT_EQ(world_.stream("ETH-USD", "trades").state, StreamState::kLive);
}

TEST_F(List, tells_which_streams_are_no_more_traded) {
  start();
  EXPECT_EQ(status().untraded, Words{}) << "the venue does not say";
  say(R"([{"id":"BTC-USD","status":"online","trading_disabled":true},{"id":"LTC-USD"}])");
  world_.feeds->change(options_.feeds);
  world_.run(seconds(11));
  EXPECT_EQ(status().untraded, (Words{"BTC-USD halted", "ETH-USD vanished"}))
      << "and not what nobody wants";
  EXPECT_EQ(world_.stream("ETH-USD", "trades").state, StreamState::kLive)
      << "it is the venue's to end it";
  say(R"([{"id":"BTC-USD","status":"online"},{"id":"ETH-USD","status":"online"}])");
  world_.feeds->change(options_.feeds);
  world_.run(seconds(11));
  EXPECT_EQ(status().untraded, Words{});
}

TEST_F(List, brings_what_a_pattern_has_waited_for) {
  options_.feeds[0].symbols = {"ETH-*"};
  options_.feeds[0].list_every = minutes(10);
  start();
  EXPECT_EQ(world_.stream("ETH-EUR", "trades").state, StreamState::kLive);
  say(R"([{"id":"ETH-USD"},{"id":"ETH-EUR"},{"id":"ETH-GBP"}])");
  world_.run(minutes(11));
  EXPECT_EQ(world_.stream("ETH-GBP", "trades").state, StreamState::kLive);
}

}  // namespace
}  // namespace tapeline::feed
