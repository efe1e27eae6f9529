// SPDX-License-Identifier: Apache-2.0
// Venues that want a token, grant without a word, or let nobody in.
#include <gtest/gtest.h>

#include <string>

#include "feed/feed_fixture.h"

namespace tapeline::feed {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr const char* kToken = "t0ps3cret";

FeedsOptions finnhub(const std::vector<std::string>& symbols) {
  FeedsOptions options;
  options.first_connection = ConnectionId(1);
  options.feeds.push_back({.venue = "finnhub", .symbols = symbols, .token = Secret(kToken)});
  return options;
}

std::string mistake_of(const FeedsOptions& options) {
  World world;
  const auto made = Feeds::make(options, world.network, world.ring, world.clock);
  return made ? std::string("none") : made.error().text;
}

class Token : public testing::Test {
 protected:
  Token() { world_.is_acknowledging = false; }

  // Of everything that anybody may see or that is kept.
  void expect_hidden() {
    for (const Recorded& each : world_.recorded) {
      EXPECT_EQ(each.bytes.find(kToken), std::string::npos) << each.bytes;
    }
    for (const std::string& text : world_.texts) EXPECT_EQ(text.find(kToken), std::string::npos);
    const SessionStatus session = world_.session();
    EXPECT_EQ(session.endpoint.find(kToken), std::string::npos);
    EXPECT_EQ(session.last_error.find(kToken), std::string::npos);
    for (const StreamStatus& stream : session.streams) {
      EXPECT_EQ(stream.last_error.find(kToken), std::string::npos);
    }
  }

  World world_;
};

TEST_F(Token, stands_in_the_url_and_nowhere_else) {
  world_.start(finnhub({"AAPL", "BINANCE:BTCUSDT"}));
  world_.run(milliseconds(200));
  EXPECT_EQ(world_.connection().url(), std::string("wss://ws.finnhub.io?token=") + kToken);
  EXPECT_EQ(world_.texts,
            (std::vector<std::string>{R"({"type":"subscribe","symbol":"AAPL"})",
                                      R"({"type":"subscribe","symbol":"BINANCE:BTCUSDT"})"}));
  world_.connection().end({Fault::kTheirs, Retry::kAfterBackoff, "ws.finnhub.io:443: hung up"});
  world_.run(seconds(5));
  EXPECT_EQ(world_.records(journal::RecordType::kOpen).size(), 2U);
  expect_hidden();
}

TEST_F(Token, a_venue_that_grants_without_a_word_is_live_at_once) {
  world_.start(finnhub({"AAPL", "MSFT"}));
  world_.run(milliseconds(200));
  EXPECT_EQ(world_.session().state, SessionState::kLive);
  EXPECT_EQ(world_.stream("MSFT", "trades").state, StreamState::kLive);
  // Its pings come about once a minute; nobody owes us an answer.
  for (int i = 0; i < 5; ++i) {
    world_.run(minutes(1));
    world_.connection().send(R"({"type":"ping"})");
  }
  EXPECT_TRUE(world_.close_reasons().empty());
}

TEST_F(Token, every_symbol_of_a_frame_is_heard) {
  world_.start(finnhub({"AAPL", "MSFT"}));
  world_.run(milliseconds(200));
  world_.connection().send(R"({"data":[{"p":1,"s":"AAPL","t":1,"v":1},{"p":1,"s":"MSFT","t":1,)"
                           R"("v":1}],"type":"trade"})");
  world_.run(milliseconds(20));
  EXPECT_EQ(world_.stream("AAPL", "trades").frames, 1U);
  EXPECT_EQ(world_.stream("MSFT", "trades").frames, 1U);
}

TEST_F(Token, a_plan_s_limit_refuses_the_newest_and_leaves_the_others) {
  world_.start(finnhub({"A", "B", "C", "D"}));
  world_.run(milliseconds(200));
  for (int i = 0; i < 2; ++i) {
    world_.connection().send(R"({"type":"error","msg":"Subscribing to too many symbols"})");
  }
  world_.run(minutes(2));
  EXPECT_EQ(world_.stream("A", "trades").state, StreamState::kLive);
  EXPECT_EQ(world_.stream("B", "trades").state, StreamState::kLive);
  EXPECT_EQ(world_.stream("C", "trades").state, StreamState::kRefused);
  EXPECT_EQ(world_.stream("D", "trades").state, StreamState::kRefused);
  EXPECT_NE(world_.stream("D", "trades").last_error.find("take a plan"), std::string::npos);
}

TEST_F(Token, a_rate_limit_is_asked_again_later) {
  world_.start(finnhub({"A", "B"}));
  world_.run(milliseconds(200));
  world_.connection().send(R"({"type":"error","msg":"Too many requests"})");
  world_.run(milliseconds(900));
  EXPECT_EQ(world_.texts.size(), 2U);
  world_.run(milliseconds(300));
  ASSERT_EQ(world_.texts.size(), 3U);
  EXPECT_EQ(world_.texts[2], R"({"type":"subscribe","symbol":"B"})");
  EXPECT_EQ(world_.stream("B", "trades").state, StreamState::kLive);
}

TEST_F(Token, one_that_is_denied_ends_the_session_for_good) {
  world_.start(finnhub({"AAPL"}));
  world_.run(milliseconds(200));
  world_.connection().send(R"({"type":"error","msg":"Invalid token"})");
  world_.run(hours(3));
  EXPECT_EQ(world_.session().state, SessionState::kRefused);
  EXPECT_EQ(world_.session().last_error, "Invalid token: check the feed's token");
  EXPECT_EQ(world_.stream("AAPL", "trades").state, StreamState::kRefused);
  EXPECT_EQ(world_.network.connects(), 1U);
  expect_hidden();
}

// In an error frame, in the reason of a close and of a refused handshake: whatever the venue says.
TEST_F(Token, one_that_the_venue_echoes_is_kept_nowhere) {
  world_.start(finnhub({"AAPL"}));
  world_.run(milliseconds(200));
  world_.connection().send(R"({"type":"error","msg":"no such page: /?q=t0ps3cret"})");
  world_.run(milliseconds(200));
  const auto frames = world_.frames_with("no such page");
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0], R"({"type":"error","msg":"no such page: /?q=*********"})");
  expect_hidden();
  world_.is_refusing_to_connect = true;
  world_.refusal = {Fault::kCaller, Retry::kNever, "refused with 401 Bad token t0ps3cret"};
  world_.connection().end({Fault::kTheirs, Retry::kAfterBackoff, "closed (1008 t0ps3cret is bad)"});
  world_.run(milliseconds(20));
  EXPECT_EQ(world_.session().last_error, "closed (1008 *** is bad)");
  expect_hidden();
  world_.run(seconds(10));
  EXPECT_EQ(world_.session().last_error, "refused with 401 Bad token *** (the feed's token)");
  expect_hidden();
}

TEST_F(Token, one_that_the_handshake_refuses_is_not_tried_again) {
  world_.is_refusing_to_connect = true;
  world_.refusal = {Fault::kCaller, Retry::kNever,
                    "ws.finnhub.io:443: the server refused the WebSocket with 401: check the URL "
                    "and the credentials"};
  world_.start(finnhub({"AAPL"}));
  world_.run(hours(3));
  EXPECT_EQ(world_.network.connects(), 1U);
  EXPECT_EQ(world_.session().state, SessionState::kRefused);
  EXPECT_NE(world_.session().last_error.find("credentials (the feed's token)"), std::string::npos);
  expect_hidden();
}

TEST_F(Token, too_many_tries_are_waited_for) {
  world_.is_refusing_to_connect = true;
  world_.refusal = {Fault::kTheirs, Retry::kAfterBackoff, "ws.finnhub.io:443: refused with 429"};
  world_.start(finnhub({"AAPL"}));
  world_.run(hours(1));
  EXPECT_GT(world_.network.connects(), 10U);
  EXPECT_LT(world_.network.connects(), 200U);
  EXPECT_EQ(world_.session().state, SessionState::kWaiting);
}

TEST(TokenOptions, a_missing_one_is_named_with_the_way_out) {
  FeedsOptions options = finnhub({"AAPL"});
  options.feeds[0].token = Secret();
  EXPECT_EQ(mistake_of(options),
            "feeds[0]: token: finnhub wants one, from finnhub.io/register; set the feed's token to "
            "${NAME} of the environment, or token_file");
}

TEST(TokenOptions, two_lines_without_ids_are_refused) {
  FeedsOptions options = finnhub({"AAPL"});
  options.feeds[0].lines = 2;
  EXPECT_NE(mistake_of(options).find("lines: the trades of finnhub have no ids"),
            std::string::npos);
}

TEST(TokenOptions, symbols_are_named_without_their_venue) {
  EXPECT_EQ(mistake_of(finnhub({"finnhub:AAPL"})), "feeds[0]: symbols: \"finnhub:AAPL\" is none");
  EXPECT_EQ(mistake_of(finnhub({"BINANCE:BTCUSDT"})), "none");
}

TEST(TokenOptions, who_wants_one_is_known) {
  EXPECT_EQ(token_venues(), (std::vector<std::string>{"finnhub", "twelvedata"}));
}

}  // namespace
}  // namespace tapeline::feed
