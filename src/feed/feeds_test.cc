// SPDX-License-Identifier: Apache-2.0
#include "feed/feeds.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "decode/instrument_list.h"
#include "decode/venue_table.h"
#include "feed/feed_fixture.h"

namespace tapeline::feed {
namespace {

using journal::RecordType;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Words = std::vector<std::string>;

constexpr const char* kBinanceList =
    R"({"symbols":[{"symbol":"BTCUSDT","baseAsset":"BTC","quoteAsset":"USDT"},)"
    R"({"symbol":"1INCHUP","baseAsset":"1INCH","quoteAsset":"UP"}]})";

FeedsOptions binance(std::vector<std::string> symbols) {
  FeedsOptions options;
  options.feeds.push_back({.venue = "binance", .symbols = std::move(symbols)});
  return options;
}

std::size_t count_of(const std::string& text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++count;
  }
  return count;
}

TEST(Feeds, records_the_instrument_list_before_it_connects) {
  World world;
  world.network.answer_fetches_after(seconds(2));
  world.start(World::two_products());
  world.run(seconds(1));
  EXPECT_EQ(world.network.connects(), 0U);
  world.run(seconds(2));
  EXPECT_EQ(world.records(RecordType::kRequest).at(0).bytes,
            "method: GET\nurl: https://api.exchange.coinbase.com/products\n");
  EXPECT_EQ(world.records(RecordType::kAnswer).at(0).bytes, "status: 200\n");
  const auto record = world.records(RecordType::kInstruments).at(0);
  const auto list = decode::parse_instrument_list(record.bytes);
  ASSERT_TRUE(list);
  EXPECT_EQ(list->venue, "coinbase");
  EXPECT_EQ(list->json, world.list->body);
  EXPECT_EQ(record.connection, world.records(RecordType::kRequest).at(0).connection);
  EXPECT_EQ(world.feeds->status().at(0).instruments, 4U);
  EXPECT_EQ(world.session().state, SessionState::kLive);
}

TEST(Feeds, capture_goes_on_where_the_list_fails) {
  const std::vector<Result<net::HttpResponse>> answers{
      net::HttpResponse{.status = 503, .body = "later"},
      net::HttpResponse{.body = R"({"message":"NotFound"})"},
      fail(Fault::kTheirs, "example.com:443: no answer within 10s", Retry::kAfterBackoff)};
  for (const auto& answer : answers) {
    World world;
    world.list = answer;
    world.start(World::two_products());
    world.run(seconds(5));
    EXPECT_EQ(world.session().state, SessionState::kLive);
    EXPECT_TRUE(world.records(RecordType::kInstruments).empty());
    ASSERT_EQ(world.records(RecordType::kAnswer).size(), 1U);
    const std::string recorded = world.records(RecordType::kAnswer)[0].bytes;
    EXPECT_NE(recorded.find(answer ? answer->body : answer.error().text), std::string::npos);
    EXPECT_FALSE(world.feeds->status().at(0).last_error.empty());
  }
}

TEST(Feeds, patterns_take_what_the_list_has) {
  World world;
  FeedsOptions options = World::two_products();
  options.feeds[0].symbols = {"ETH-*", "*-USD"};
  world.start(options);
  world.run(seconds(1));
  Words symbols;
  const SessionStatus session = world.session();
  for (const StreamStatus& stream : session.streams) {
    if (stream.channel == "trades") symbols.push_back(stream.symbol);
  }
  EXPECT_EQ(symbols, (Words{"BTC-USD", "ETH-EUR", "ETH-USD", "LTC-USD"}));
}

TEST(Feeds, patterns_wait_for_the_list_and_the_others_do_not) {
  World world;
  const auto list = world.list;
  world.list = net::HttpResponse{.status = 503};
  FeedsOptions options = World::two_products();
  options.feeds[0].symbols = {"BTC-USD", "ETH-*"};
  world.start(options);
  world.run(minutes(30));
  EXPECT_EQ(world.stream("BTC-USD", "trades").state, StreamState::kLive);
  EXPECT_EQ(world.feeds->status().at(0).sessions.size(), 1U);
  EXPECT_LE(world.records(RecordType::kRequest).size(), 100U) << "a storm of requests";
  world.list = list;
  world.run(minutes(2));
  EXPECT_EQ(world.feeds->status().at(0).sessions.size(), 1U);
  EXPECT_EQ(world.stream("ETH-EUR", "trades").state, StreamState::kLive);
}

TEST(Feeds, two_lines_bring_everything_twice) {
  World world;
  FeedsOptions options = World::two_products();
  options.feeds[0].lines = 2;
  world.start(options);
  world.run(seconds(1));
  world.trade("BTC-USD", 1);
  world.run(milliseconds(20));
  EXPECT_EQ(world.frames_with("\"match\"").size(), 2U);
  EXPECT_EQ(world.session(0).line, 0U);
  EXPECT_EQ(world.session(1).line, 1U);
  EXPECT_NE(world.records(RecordType::kOpen).at(0).connection,
            world.records(RecordType::kOpen).at(1).connection);
}

TEST(Feeds, mistakes_are_named) {
  World world;
  const auto mistake = [&](const FeedOptions& feed) {
    FeedsOptions options;
    options.feeds = {World::two_products().feeds[0], feed};
    const auto made = Feeds::make(options, world.network, world.ring, world.clock);
    return made ? std::string() : made.error().text;
  };
  EXPECT_EQ(mistake({.venue = "nyse", .symbols = {"X"}}),
            fmt::format("feeds[1]: venue: \"nyse\" is none of {}",
                        fmt::join(decode::venue_names(), ", ")));
  EXPECT_EQ(mistake({.venue = "coinbase"}), "feeds[1]: symbols: none is named");
  EXPECT_EQ(mistake({.venue = "coinbase", .symbols = {"A B"}}),
            "feeds[1]: symbols: \"A B\" is none");
  EXPECT_EQ(mistake({.venue = "coinbase", .symbols = {"A"}, .channels = {"news"}}),
            "feeds[1]: channels: coinbase has no \"news\", only trades, quotes and raw:NAME");
  EXPECT_EQ(mistake({.venue = "coinbase", .symbols = {"A"}, .lines = 5}),
            "feeds[1]: lines: 5 is not between 1 and 4");
  EXPECT_EQ(mistake({.venue = "coinbase", .symbols = {"A"}, .endpoint = "https://example.com"}),
            "feeds[1]: endpoint: https://example.com does not begin with wss://");
  EXPECT_EQ(mistake({.venue = "coinbase", .symbols = {"A"}, .channels = {"raw:level2_50"}}), "");
  EXPECT_EQ(mistake({.venue = "finnhub", .symbols = {"A*"}, .token = Secret("t")}),
            "feeds[1]: symbols: \"A*\" is a pattern, and finnhub has no instrument list to go by; "
            "name each symbol");
}

TEST(Feeds, binance_streams_are_those_of_the_list) {
  World world;
  world.list = net::HttpResponse{.body = kBinanceList};
  FeedsOptions options = binance({"BTC-USDT", "1INCH-UP", "NO-SUCH"});
  options.feeds[0].channels = {"trades", "quotes"};
  world.start(options);
  world.run(seconds(1));
  EXPECT_EQ(world.texts, Words{R"({"method":"SUBSCRIBE","params":["1inchup@trade",)"
                               R"("1inchup@bookTicker","btcusdt@trade","btcusdt@bookTicker"],)"
                               R"("id":1})"});
  world.connection().send(R"({"stream":"btcusdt@bookTicker","data":{"u":1}})");
  world.run(milliseconds(20));
  EXPECT_EQ(world.stream("BTC-USDT", "quotes").frames, 1U);
  EXPECT_EQ(world.stream("NO-SUCH", "trades").state, StreamState::kRefused);
}

TEST(Feeds, a_refused_binance_stream_stops_only_itself) {
  World world;
  world.list = net::HttpResponse{.status = 418};
  world.unknown = {"c@trade"};
  world.start(binance({"A", "B", "C", "D", "E"}));
  world.run(seconds(10));
  EXPECT_EQ(world.stream("C", "trades").state, StreamState::kRefused);
  for (const char* symbol : {"A", "B", "D", "E"}) {
    EXPECT_EQ(world.stream(symbol, "trades").state, StreamState::kLive) << symbol;
  }
}

TEST(Feeds, the_venues_limits_are_kept) {
  World world;
  world.list = net::HttpResponse{.status = 503};
  std::vector<std::string> symbols;
  for (int i = 0; i < 1'500; ++i) symbols.push_back(fmt::format("S{}", i));
  world.start(binance(symbols));
  world.run(seconds(10));
  EXPECT_EQ(world.network.connects(), 2U) << "1024 streams each";
  std::size_t streams = 0;
  for (const std::string& text : world.texts) {
    EXPECT_LE(count_of(text, "@trade"), 200U);
    streams += count_of(text, "@trade");
  }
  EXPECT_EQ(streams, 1'500U);
  // Two connections send side by side, each at most four messages a second.
  for (std::size_t i = 2; i < world.text_times_ms.size(); ++i) {
    EXPECT_GE(world.text_times_ms[i] - world.text_times_ms[i - 2], 200) << i;
  }
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(world.session(i).state, SessionState::kLive);
}

// Coinbase lets 8 in a second from one address: ours are fewer, whichever feed they are of.
TEST(Feeds, no_more_connections_begin_in_a_time_than_the_venue_lets_in) {
  World world;
  FeedsOptions options;
  for (int i = 0; i < 14; ++i)
    options.feeds.push_back({.venue = "coinbase", .symbols = {"BTC-USD"}});
  options.feeds.push_back({.venue = "binance", .symbols = {"BTC-USDT"}});
  world.start(options);
  world.run(milliseconds(500));
  EXPECT_EQ(world.network.connects(), 6U + 1U) << "another venue has a door of its own";
  world.run(seconds(1));
  EXPECT_EQ(world.network.connects(), 12U + 1U);
  world.run(seconds(1));
  EXPECT_EQ(world.network.connects(), 14U + 1U);
  // Whoever is cut is back at once: nobody went through lately.
  world.run(seconds(5));
  world.network.connections().front()->end({Fault::kTheirs, Retry::kAfterBackoff, "cut"});
  world.run(milliseconds(400));
  EXPECT_EQ(world.network.connects(), 15U + 1U);
}

// What the venue does by a plan costs nothing: the next connection stands before the last one goes.
TEST(Feeds, a_planned_end_is_forestalled) {
  World world;
  world.list = net::HttpResponse{.body = kBinanceList};
  world.start(binance({"BTC-USDT"}));
  world.run(seconds(30));
  FakeConnection& first = world.connection();
  first.send(R"({"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}})");
  world.run(milliseconds(30));
  EXPECT_EQ(world.network.connections().size(), 2U);
  EXPECT_EQ(world.session().state, SessionState::kLive);
  world.run(seconds(1));
  EXPECT_EQ(world.network.connections().size(), 1U);
  EXPECT_EQ(world.close_reasons(), Words{"replaced"});
  const auto at = [&](RecordType type) { return world.records(type).back().ms; };
  EXPECT_LT(at(RecordType::kOpen), at(RecordType::kClose));
  EXPECT_EQ(world.session().state, SessionState::kLive);
}

TEST(Feeds, a_connection_is_replaced_before_the_venue_ends_it) {
  World world;
  world.list = net::HttpResponse{.body = kBinanceList};
  world.start(binance({"BTC-USDT"}));
  for (int i = 0; i < 25 * 60; ++i) {
    for (FakeConnection* each : world.network.connections()) {
      each->send(R"({"stream":"btcusdt@trade","data":{}})");
    }
    world.run(minutes(1));
  }
  EXPECT_EQ(world.close_reasons(), Words{"replaced"});
  const std::int64_t ended = world.records(RecordType::kClose).at(0).ms;
  EXPECT_LT(ended, 24 * 3'600'000);
  EXPECT_GT(ended, 23 * 3'600'000);
}

TEST(Feeds, a_venue_that_always_says_good_bye_is_not_stormed) {
  World world;
  world.list = net::HttpResponse{.body = kBinanceList};
  world.start(binance({"BTC-USDT"}));
  for (int i = 0; i < 600; ++i) {
    for (FakeConnection* each : world.network.connections()) {
      each->send(R"({"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}})");
    }
    world.run(seconds(1));
  }
  EXPECT_LE(world.network.connects(), 65U) << "one in ten seconds";
}

}  // namespace
}  // namespace tapeline::feed
