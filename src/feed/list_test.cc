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
