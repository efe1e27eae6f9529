// SPDX-License-Identifier: Apache-2.0
// What is subscribed to changes while everything runs.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "decode/source.h"
#include "feed/feed_fixture.h"
#include "feed/feeds.h"

namespace tapeline::feed {
namespace {

using journal::RecordType;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Words = std::vector<std::string>;

class Change : public testing::Test {
 protected:
  Change() { world_.start(options_); }

  // Runs until the connections stand, with these symbols.
  void want(std::vector<std::string> symbols, std::vector<std::string> channels = {"trades"}) {
    options_.feeds[0].symbols = std::move(symbols);
    options_.feeds[0].channels = std::move(channels);
    world_.feeds->change(options_.feeds);
    world_.run(seconds(2));
  }
  [[nodiscard]] Words streams() const {
    Words out;
    for (const FeedStatus& feed : world_.feeds->status()) {
      for (const SessionStatus& session : feed.sessions) {
        for (const StreamStatus& stream : session.streams) {
          if (stream.channel == "heartbeat") continue;
          out.push_back(stream.symbol + " " + stream.channel + " " + name_of(stream.state));
        }
      }
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  std::size_t matches_of(const std::string& product, std::uint64_t id) {
    world_.trade(product, id);
    world_.run(milliseconds(20));
    return world_.frames_with(World::match(product, id)).size();
  }

  FeedsOptions options_ = World::two_products();
  World world_;
};

TEST_F(Change, a_symbol_more_is_asked_for_over_the_connection_that_is_there) {
  world_.run(seconds(1));
  world_.texts.clear();
  want({"BTC-USD", "ETH-USD", "LTC-USD"});
  ASSERT_EQ(world_.texts.size(), 1U);
  EXPECT_NE(world_.texts[0].find(R"("type":"subscribe")"), std::string::npos);
  EXPECT_NE(world_.texts[0].find("LTC-USD"), std::string::npos);
  EXPECT_EQ(world_.texts[0].find("BTC-USD"), std::string::npos);
  EXPECT_EQ(streams(),
            (Words{"BTC-USD trades live", "ETH-USD trades live", "LTC-USD trades live"}));
  EXPECT_EQ(matches_of("LTC-USD", 7), 1U);
  EXPECT_EQ(world_.network.connects(), 1U);
}

TEST_F(Change, a_symbol_less_is_given_up_and_no_other) {
  world_.run(seconds(1));
  world_.texts.clear();
  want({"ETH-USD"});
  ASSERT_EQ(world_.texts.size(), 1U);
  EXPECT_NE(world_.texts[0].find(R"("type":"unsubscribe")"), std::string::npos);
  EXPECT_NE(world_.texts[0].find("BTC-USD"), std::string::npos);
  EXPECT_NE(world_.texts[0].find("heartbeat"), std::string::npos);
  EXPECT_EQ(world_.texts[0].find("ETH-USD"), std::string::npos);
  EXPECT_EQ(streams(), Words{"ETH-USD trades live"});
  EXPECT_EQ(matches_of("BTC-USD", 7), 0U);
  EXPECT_EQ(matches_of("ETH-USD", 8), 1U);
  EXPECT_EQ(world_.network.connects(), 1U);
  EXPECT_TRUE(world_.records(RecordType::kClose).empty());
  // Nobody waits for what it no longer brings.
  world_.run(minutes(30));
  EXPECT_EQ(world_.texts.size(), 1U);
}

TEST_F(Change, a_channel_comes_and_goes) {
  world_.run(seconds(1));
  want({"BTC-USD", "ETH-USD"}, {"trades", "quotes"});
  EXPECT_EQ(streams(), (Words{"BTC-USD quotes live", "BTC-USD trades live", "ETH-USD quotes live",
                              "ETH-USD trades live"}));
  world_.texts.clear();
  want({"BTC-USD", "ETH-USD"}, {"quotes"});
  EXPECT_EQ(streams(), (Words{"BTC-USD quotes live", "ETH-USD quotes live"}));
  ASSERT_EQ(world_.texts.size(), 1U);
  EXPECT_EQ(world_.texts[0].find("heartbeat"), std::string::npos) << "its symbol is still there";
}

TEST_F(Change, what_was_given_up_is_asked_for_when_it_is_wanted_again) {
  world_.run(seconds(1));
  want({"ETH-USD"});
  want({"BTC-USD", "ETH-USD"});
  EXPECT_EQ(streams(), (Words{"BTC-USD trades live", "ETH-USD trades live"}));
  EXPECT_EQ(matches_of("BTC-USD", 7), 1U);
  EXPECT_EQ(world_.network.connects(), 1U);
}

TEST_F(Change, the_same_again_changes_nothing) {
  world_.run(seconds(1));
  world_.texts.clear();
  want({"BTC-USD", "ETH-USD"});
  EXPECT_TRUE(world_.texts.empty());
  EXPECT_EQ(world_.network.connects(), 1U);
}

TEST_F(Change, while_the_line_is_cut_the_next_one_asks_for_what_is_wanted_by_then) {
  world_.run(seconds(1));
  world_.is_refusing_to_connect = true;
  world_.connection().end({Fault::kTheirs, Retry::kAfterBackoff, "cut"});
  world_.run(milliseconds(10));
  want({"ETH-USD", "LTC-USD"});
  world_.texts.clear();
  world_.is_refusing_to_connect = false;
  world_.run(minutes(2));
  EXPECT_EQ(streams(), (Words{"ETH-USD trades live", "LTC-USD trades live"}));
  ASSERT_EQ(world_.texts.size(), 1U);
  EXPECT_EQ(world_.texts[0].find("BTC-USD"), std::string::npos);
}

TEST_F(Change, before_anything_is_open) {
  want({"LTC-USD"});
  EXPECT_EQ(streams(), Words{"LTC-USD trades live"});
}

TEST_F(Change, a_pattern_goes_by_the_list) {
  world_.run(seconds(1));
  want({"ETH-*"});
  EXPECT_EQ(streams(), (Words{"ETH-EUR trades live", "ETH-USD trades live"}));
  EXPECT_EQ(world_.records(RecordType::kInstruments).size(), 2U) << "it is asked for anew";
}

TEST_F(Change, a_symbol_that_the_venue_does_not_list_is_refused_with_the_reason) {
  world_.run(seconds(1));
  want({"BTC-USD", "XYZ-USD"});
  EXPECT_EQ(streams(), (Words{"BTC-USD trades live", "XYZ-USD trades refused"}));
}

TEST_F(Change, what_the_venue_has_listed_meanwhile_is_had) {
  world_.run(seconds(1));
  want({"BTC-USD", "XYZ-USD"});
  want({"BTC-USD"});
  auto& body = world_.list->body;
  body.insert(body.rfind(']'), R"(,{"id":"XYZ-USD","status":"online","trading_disabled":false})");
  want({"BTC-USD", "XYZ-USD"});
  EXPECT_EQ(streams(), (Words{"BTC-USD trades live", "XYZ-USD trades live"}));
}

TEST_F(Change, more_than_a_connection_takes_opens_another_one) {
  world_.run(seconds(1));
  constexpr std::size_t kStreamsMax = 600;  // of Coinbase, heartbeats too
  constexpr std::size_t kSymbols = 400;
  std::vector<std::string> symbols;
  std::string list = "[";
  for (std::size_t i = 0; i < kSymbols; ++i) {
    symbols.push_back("C" + std::to_string(100 + i) + "-USD");
    list += (i == 0 ? "" : ",") + (R"({"id":")" + symbols.back() + "\"}");
  }
  World world;
  world.list = net::HttpResponse{.body = list + "]"};
  options_.feeds[0].symbols = {symbols.front()};
  world.start(options_);
  world.run(seconds(1));
  EXPECT_EQ(world.network.connects(), 1U);
  options_.feeds[0].symbols = symbols;
  world.feeds->change(options_.feeds);
  world.run(minutes(1));
  std::size_t live = 0;
  const auto status = world.feeds->status();
  for (const SessionStatus& session : status.at(0).sessions) {
    EXPECT_LE(session.streams.size(), kStreamsMax);
    for (const StreamStatus& stream : session.streams) {
      live += stream.state == StreamState::kLive ? 1U : 0U;
    }
  }
  EXPECT_EQ(live, 2 * kSymbols);
  EXPECT_EQ(world.network.connects(), 2U);
  // Whoever has nothing left leaves.
  options_.feeds[0].symbols = {symbols.front()};
  world.feeds->change(options_.feeds);
  world.run(seconds(5));
  EXPECT_EQ(world.feeds->status().at(0).sessions.size(), 1U);
  EXPECT_EQ(world.network.connections().size(), 1U);
}

TEST_F(Change, what_is_recorded_for_a_later_parser_has_a_connection_of_its_own) {
  world_.run(seconds(1));
  want({"BTC-USD"}, {"trades", "raw:level2_50"});
  EXPECT_EQ(streams(), (Words{"BTC-USD raw:level2_50 live", "BTC-USD trades live"}));
  const auto opened = world_.records(RecordType::kOpen);
  ASSERT_EQ(opened.size(), 2U);
  EXPECT_FALSE(decode::parse_source(opened[0].bytes)->is_record_only);
  EXPECT_TRUE(decode::parse_source(opened[1].bytes)->is_record_only);
  EXPECT_NE(world_.texts.back().find("level2_50"), std::string::npos);
  EXPECT_NE(world_.texts.back().find("heartbeat"), std::string::npos);
  EXPECT_EQ(world_.texts.back().find("matches"), std::string::npos);
  // And goes with it, the heartbeats too.
  want({"BTC-USD"}, {"trades"});
  EXPECT_EQ(streams(), Words{"BTC-USD trades live"});
  EXPECT_EQ(world_.network.connections().size(), 1U);
}

TEST_F(Change, both_lines_do_it) {
  World world;
  options_.feeds[0].lines = 2;
  world.start(options_);
  world.run(seconds(1));
  options_.feeds[0].symbols = {"ETH-USD", "LTC-USD"};
  world.feeds->change(options_.feeds);
  world.run(seconds(1));
  world.trade("LTC-USD", 5);
  world.trade("BTC-USD", 6);
  world.run(milliseconds(20));
  EXPECT_EQ(world.frames_with(World::match("LTC-USD", 5)).size(), 2U);
  EXPECT_EQ(world.frames_with(World::match("BTC-USD", 6)).size(), 0U);
}

TEST_F(Change, a_feed_ends_and_another_begins) {
  world_.run(seconds(1));
  world_.feeds->change({options_.feeds[0], {.venue = "binance", .symbols = {"BTC-USDT"}}});
  world_.run(seconds(2));
  EXPECT_EQ(streams(),
            (Words{"BTC-USD trades live", "BTC-USDT trades live", "ETH-USD trades live"}));
  world_.feeds->change({{.venue = "binance", .symbols = {"BTC-USDT"}}});
  world_.run(seconds(2));
  EXPECT_EQ(streams(), Words{"BTC-USDT trades live"});
  EXPECT_EQ(world_.close_reasons(), Words{"stopped"});
  EXPECT_EQ(world_.network.connections().size(), 1U);
  world_.feeds->stop();
  world_.run(seconds(5));
  EXPECT_TRUE(world_.feeds->is_stopped());
}

TEST_F(Change, who_may_connect_only_once_waits_until_the_feed_before_is_gone) {
  World world;
  FeedOptions feed{.venue = "finnhub", .symbols = {"AAPL"}, .token = Secret("a")};
  world.start({.feeds = {feed}});
  world.run(seconds(1));
  EXPECT_EQ(world.network.connections().size(), 1U);
  feed.token = Secret("b");
  world.feeds->change({feed});
  for (int i = 0; i < 100; ++i) {
    world.run(milliseconds(10));
    EXPECT_LE(world.network.connections().size(), 1U);
  }
  EXPECT_EQ(world.network.connects(), 2U);
}

TEST_F(Change, who_may_connect_only_once_does_so_for_other_symbols_too) {
  World world;
  FeedOptions feed{.venue = "finnhub", .symbols = {"AAPL"}, .token = Secret("a")};
  world.start({.feeds = {feed}});
  world.run(seconds(1));
  feed.symbols = {"MSFT"};
  world.feeds->change({feed});
  for (int i = 0; i < 100; ++i) {
    world.run(milliseconds(10));
    EXPECT_LE(world.network.connections().size(), 1U);
  }
  EXPECT_EQ(world.network.connects(), 2U);
  EXPECT_EQ(world.stream("MSFT", "trades").state, StreamState::kLive);
}

// The wire of the one that leaves is cut: its good-bye is waited for meanwhile.
TEST_F(Change, who_is_connected_goes_on_while_another_feed_of_the_venue_leaves) {
  World world;
  FeedOptions leaves{.venue = "finnhub", .symbols = {"AAPL"}, .token = Secret("a")};
  FeedOptions stays{.venue = "finnhub", .symbols = {"MSFT"}, .token = Secret("b")};
  world.start({.feeds = {leaves, stays}});
  world.run(seconds(1));
  ASSERT_EQ(world.network.connections().size(), 2U);
  for (FakeConnection* connection : world.network.connections()) {
    if (connection->url().find("token=a") != std::string::npos) connection->cut_the_wire();
  }
  stays.symbols.emplace_back("TSLA");
  world.feeds->change({stays});
  world.run(milliseconds(500));
  EXPECT_EQ(world.network.connections().size(), 2U);
  EXPECT_EQ(world.stream("TSLA", "trades").state, StreamState::kLive);
}

// Of two feeds that differ in their symbols alone one goes: the other keeps its connection.
TEST_F(Change, the_feed_that_stays_is_the_one_that_has_these_symbols) {
  World world;
  FeedOptions other = options_.feeds[0];
  other.symbols = {"LTC-USD"};
  options_.feeds.push_back(other);
  world.start(options_);
  world.run(seconds(1));
  world.texts.clear();
  world.feeds->change({other});
  world.run(seconds(2));
  EXPECT_TRUE(world.texts.empty());
  EXPECT_EQ(world.network.connections().size(), 1U);
  EXPECT_EQ(world.stream("LTC-USD", "trades").state, StreamState::kLive);
}

TEST_F(Change, mistakes_are_found_before) {
  options_.feeds[0].channels = {"nonsense"};
  const auto checked = Feeds::check(options_.feeds);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().text.substr(0, 20), "feeds[0]: channels: ");
}

}  // namespace
}  // namespace tapeline::feed
