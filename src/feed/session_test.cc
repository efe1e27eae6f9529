// SPDX-License-Identifier: Apache-2.0
// One venue's session through everything that happens to a connection. Each test is named after
// the disaster.
#include "feed/session.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "decode/source.h"
#include "feed/feed_fixture.h"

namespace tapeline::feed {
namespace {

using journal::RecordType;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Words = std::vector<std::string>;

TEST(Session, connects_subscribes_and_records_everything_in_order) {
  World world;
  world.start(World::two_products());
  world.run(milliseconds(200));
  world.trade("BTC-USD", 5);
  world.run(milliseconds(10));
  std::vector<RecordType> types;
  for (const Recorded& each : world.recorded) types.push_back(each.type);
  EXPECT_EQ(types,
            (std::vector<RecordType>{RecordType::kRequest, RecordType::kAnswer,
                                     RecordType::kInstruments, RecordType::kOpen, RecordType::kSent,
                                     RecordType::kFrame, RecordType::kFrame}));
  const auto source = decode::parse_source(world.records(RecordType::kOpen).at(0).bytes);
  ASSERT_TRUE(source);
  EXPECT_EQ(source->venue, "coinbase");
  EXPECT_EQ(source->name, "wss://ws-feed.exchange.coinbase.com");
  EXPECT_TRUE(source->idle_known);
  EXPECT_EQ(world.records(RecordType::kSent).at(0).bytes, world.texts.at(0));
  const auto frames = world.records(RecordType::kFrame);
  EXPECT_EQ(frames.back().bytes, World::match("BTC-USD", 5));
  EXPECT_EQ(frames.back().ms, 210);
  EXPECT_EQ(frames.back().connection, world.records(RecordType::kOpen).at(0).connection);
  EXPECT_EQ(world.session().state, SessionState::kLive);
  EXPECT_EQ(world.stream("BTC-USD", "trades").state, StreamState::kLive);
  EXPECT_EQ(world.stream("BTC-USD", "trades").frames, 1U);
  EXPECT_EQ(world.stream("BTC-USD", "trades").last_frame, RecvTime(kWorldStart + 210'000'000));
}

TEST(Session, resubscribes_after_a_cut) {
  World world;
  world.start(World::two_products());
  world.run(seconds(2));
  world.connection().end({Fault::kTheirs, Retry::kAfterBackoff, "example.com:443: cut\noff"});
  world.run(milliseconds(10));
  EXPECT_NE(world.session().state, SessionState::kLive);
  EXPECT_EQ(world.session().last_error, "example.com:443: cut\noff");
  world.run(seconds(2));
  EXPECT_EQ(world.close_reasons(), Words{"lost"});
  EXPECT_NE(world.records(RecordType::kClose).at(0).bytes.find("text: example.com:443: cut off\n"),
            std::string::npos);
  EXPECT_EQ(world.texts.size(), 2U);
  EXPECT_EQ(world.texts.at(0), world.texts.at(1));
  const auto opens = world.records(RecordType::kOpen);
  ASSERT_EQ(opens.size(), 2U);
  EXPECT_EQ(opens[1].connection, opens[0].connection + 1) << "each connection has its own number";
  EXPECT_EQ(world.session().state, SessionState::kLive);
  EXPECT_EQ(world.session().reconnects, 1U);
}

TEST(Session, a_wire_that_was_cut_in_silence_is_found) {
  World world;
  world.start(World::two_products());
  world.run(seconds(2));
  world.connection().cut_the_wire();
  world.run(seconds(9));
  EXPECT_TRUE(world.close_reasons().empty());
  world.run(seconds(4));
  EXPECT_EQ(world.close_reasons(), Words{"silent"});
  EXPECT_EQ(world.session().state, SessionState::kLive) << "on a new connection";
  EXPECT_EQ(world.session().last_error, "nothing came for 10s");
}

TEST(Session, a_silent_stream_is_found) {
  World world;
  world.start(World::two_products());
  world.trade("BTC-USD", 1);
  world.run(seconds(2));
  // The venue goes on trading, and its heartbeats say so, but the channel brings nothing.
  world.deaf = {"BTC-USD"};
  world.trade("BTC-USD", 7);
  world.run(seconds(4));
  EXPECT_EQ(world.stream("BTC-USD", "trades").state, StreamState::kLive);
  world.run(seconds(4));
  EXPECT_EQ(world.stream("BTC-USD", "trades").state, StreamState::kSilent);
  ASSERT_EQ(world.texts.size(), 3U);
  EXPECT_EQ(world.texts[1],
            R"({"type":"unsubscribe","channels":[{"name":"matches","product_ids":["BTC-USD"]}]})");
  EXPECT_EQ(world.texts[2],
            R"({"type":"subscribe","channels":[{"name":"matches","product_ids":["BTC-USD"]}]})");
  EXPECT_EQ(world.stream("ETH-USD", "trades").state, StreamState::kLive);
  // Asked for again, each time later.
  world.run(minutes(10));
  EXPECT_LE(world.stream("BTC-USD", "trades").resubscribed, 8U);
  EXPECT_GE(world.stream("BTC-USD", "trades").resubscribed, 4U);
  EXPECT_TRUE(world.close_reasons().empty()) << "the others are not disturbed";
  world.deaf.clear();
  world.trade("BTC-USD", 8);
  world.run(seconds(1));
  EXPECT_EQ(world.stream("BTC-USD", "trades").state, StreamState::kLive);
}

TEST(Session, one_lost_trade_of_a_quiet_product_is_asked_for) {
  World world;
  world.start(World::two_products());
  world.trade("BTC-USD", 1);
  world.run(seconds(2));
  world.deaf = {"BTC-USD"};
  world.trade("BTC-USD", 2);
  world.deaf.clear();
  world.run(seconds(10));
  EXPECT_EQ(world.frames_with("\"trade_id\":2,").size(), 1U) << "shown again at subscription";
  EXPECT_EQ(world.stream("BTC-USD", "trades").state, StreamState::kLive);
  EXPECT_EQ(world.stream("BTC-USD", "trades").resubscribed, 1U);
}

TEST(Session, a_quiet_product_is_left_alone) {
  World world;
  world.start(World::two_products());
  world.run(hours(1));
  EXPECT_EQ(world.texts.size(), 1U);
  EXPECT_EQ(world.network.connects(), 1U);
}

TEST(Session, an_unknown_symbol_stops_only_itself) {
  for (const bool is_naming : {true, false}) {
    World world;
    world.list = net::HttpResponse{.status = 503};
    world.unknown = {"NOT-USD"};
    world.is_naming_whom_it_refuses = is_naming;
    FeedsOptions options = World::two_products();
    options.feeds[0].symbols = {"AAA-USD", "BBB-USD", "NOT-USD", "ZZZ-USD"};
    world.start(options);
    world.run(seconds(20));
    for (const char* symbol : {"AAA-USD", "BBB-USD", "ZZZ-USD"}) {
      EXPECT_EQ(world.stream(symbol, "trades").state, StreamState::kLive) << symbol;
      EXPECT_EQ(world.stream(symbol, "heartbeat").state, StreamState::kLive) << symbol;
    }
    EXPECT_EQ(world.stream("NOT-USD", "trades").state, StreamState::kRefused);
    EXPECT_NE(world.stream("NOT-USD", "trades").last_error.find("is not a valid product"),
              std::string::npos);
    EXPECT_EQ(world.session().state, SessionState::kLive);
    EXPECT_EQ(world.network.connects(), 1U);
    const std::size_t sent = world.texts.size();
    EXPECT_LE(sent, 2U * 8) << "at most two a stream";
    // Not asked for again, on the next connection neither.
    world.connection().end({});
    world.run(seconds(20));
    EXPECT_EQ(world.texts.size(), sent + 1);
    EXPECT_EQ(world.texts.back().find("NOT-USD"), std::string::npos);
    EXPECT_EQ(world.stream("NOT-USD", "trades").state, StreamState::kRefused);
  }
}

TEST(Session, a_symbol_that_the_venue_does_not_list_is_not_asked_for) {
  World world;
  FeedsOptions options = World::two_products();
  options.feeds[0].symbols = {"BTC-USD", "NOT-USD"};
  world.start(options);
  world.run(seconds(5));
  EXPECT_EQ(world.texts.at(0).find("NOT-USD"), std::string::npos);
  EXPECT_EQ(world.stream("NOT-USD", "trades").state, StreamState::kRefused);
  EXPECT_EQ(world.stream("NOT-USD", "trades").last_error,
            "NOT-USD is not in the instrument list of coinbase: check its spelling");
  EXPECT_EQ(world.stream("BTC-USD", "trades").state, StreamState::kLive);
}

TEST(Session, of_wrong_symbols_the_nearest_names_of_the_list_are_told) {
  World world;
  FeedsOptions options = World::two_products();
  options.feeds[0].symbols = {"BTC-UDS", "ETH-USR"};
  world.start(options);
  world.run(seconds(5));
  EXPECT_EQ(world.stream("BTC-UDS", "trades").last_error,
            "BTC-UDS is not in the instrument list of coinbase: did you mean BTC-USD or LTC-USD?");
  EXPECT_EQ(world.stream("ETH-USR", "trades").last_error,
            "ETH-USR is not in the instrument list of coinbase: did you mean ETH-USD or ETH-EUR?");
}

TEST(Session, where_everything_is_refused_it_stops_for_good) {
  World world;
  world.unknown = {"BTC-USD", "ETH-USD"};
  world.start(World::two_products());
  world.run(hours(1));
  EXPECT_EQ(world.session().state, SessionState::kRefused);
  EXPECT_EQ(world.network.connects(), 1U);
  EXPECT_EQ(world.close_reasons(), Words{"nothing_wanted"});
}

TEST(Session, a_bad_key_stops_it_with_the_venues_words) {
  World world;
  world.is_refusing_to_connect = true;
  world.refusal = {Fault::kCaller, Retry::kNever, "example.com:443: 401 Unauthorized"};
  world.start(World::two_products());
  world.run(hours(1));
  EXPECT_EQ(world.network.connects(), 1U);
  EXPECT_EQ(world.session().state, SessionState::kRefused);
  EXPECT_EQ(world.session().last_error, "example.com:443: 401 Unauthorized");
}

TEST(Session, never_storms) {
  struct Disaster {
    const char* name;
    std::function<void(World&)> strike;
  };
  const std::vector<Disaster> disasters{
      {"nobody listens", [](World& world) { world.is_refusing_to_connect = true; }},
      {"accepts and hangs up", [](World& world) { world.is_hanging_up = true; }},
      {"never acknowledges", [](World& world) { world.is_acknowledging = false; }},
      {"has no time now", [](World& world) { world.refuses_for_now = "Internal error"; }},
      {"falls silent", [](World& world) { world.is_beating = false; }},
  };
  for (const Disaster& disaster : disasters) {
    World world;
    disaster.strike(world);
    world.start(World::two_products());
    world.run(hours(1));
    // Half a minute on the average, once the back-off has grown.
    EXPECT_LE(world.network.connects(), 160U) << disaster.name;
    EXPECT_LE(world.texts.size(), 4U * 160) << disaster.name;
    // And it comes back.
    world.is_refusing_to_connect = world.is_hanging_up = false;
    world.is_acknowledging = world.is_beating = true;
    world.refuses_for_now.clear();
    world.run(minutes(3));
    EXPECT_EQ(world.session().state, SessionState::kLive) << disaster.name;
  }
}

TEST(Session, says_since_when_it_has_been_trying) {
  World world;
  world.is_refusing_to_connect = true;
  world.start(World::two_products());
  world.run(minutes(5));
  EXPECT_GT(world.session().reconnects, 3U);
  EXPECT_LT(world.session().since, RecvTime(kWorldStart) + seconds(1));
  EXPECT_FALSE(world.session().was_live);
  world.is_refusing_to_connect = false;
  world.run(minutes(2));
  ASSERT_EQ(world.session().state, SessionState::kLive);
  const RecvTime live_since = world.session().since;
  EXPECT_GT(live_since, RecvTime(kWorldStart) + minutes(5));
  world.is_refusing_to_connect = true;
  const RecvTime cut_at = world.clock.wall();
  world.connection().end({Fault::kTheirs, Retry::kAfterBackoff, "cut"});
  world.run(minutes(5));
  EXPECT_GE(world.session().since, cut_at);
  EXPECT_LE(world.session().since, cut_at + seconds(1));
  EXPECT_TRUE(world.session().was_live);
}

TEST(Session, the_back_off_is_forgotten_only_after_data) {
  World world;
  world.is_hanging_up = true;
  world.start(World::two_products());
  world.run(minutes(20));
  const std::uint64_t before = world.network.connects();
  world.is_hanging_up = false;
  world.run(minutes(2));
  ASSERT_EQ(world.network.connects(), before + 1);
  world.trade("BTC-USD", 1);
  world.run(milliseconds(20));
  world.connection().end({});
  world.run(milliseconds(1'100));
  EXPECT_EQ(world.network.connects(), before + 2) << "within the first second";
}

TEST(Session, an_answer_that_does_not_come_ends_the_connection) {
  World world;
  world.is_acknowledging = false;
  world.start(World::two_products());
  world.run(seconds(9));
  EXPECT_EQ(world.session().state, SessionState::kSubscribing);
  // Something has to come, or it is silent before it is overdue.
  world.connection().send(World::match("BTC-USD", 1));
  world.run(seconds(2));
  EXPECT_EQ(world.close_reasons(), Words{"unacknowledged"});
}

TEST(Session, data_may_come_before_its_acknowledgement) {
  World world;
  world.is_acknowledging = false;
  world.start(World::two_products());
  world.run(seconds(1));
  world.connection().send(World::match("BTC-USD", 1));
  world.run(milliseconds(20));
  EXPECT_EQ(world.stream("BTC-USD", "trades").state, StreamState::kLive);
  EXPECT_EQ(world.stream("ETH-USD", "trades").state, StreamState::kSubscribing);
}

TEST(Session, back_pressure_keeps_the_order_and_loses_nothing) {
  World world;
  world.start(World::two_products());
  world.run(seconds(1));
  world.is_recorder_stuck = true;
  // More than the ring holds, and for longer than silence is borne.
  std::uint64_t id = 0;
  for (int i = 0; i < 1'500; ++i) {
    for (int n = 0; n < 10; ++n) world.trade("BTC-USD", ++id);
    world.run(milliseconds(10));
  }
  EXPECT_TRUE(world.close_reasons().empty());
  EXPECT_EQ(world.network.connects(), 1U);
  EXPECT_EQ(world.feeds->counters().total(metrics::Counter::kFeedFramesDeferred), 1U);
  world.is_recorder_stuck = false;
  world.run(seconds(1));
  std::uint64_t seen = 0;
  std::int64_t ms_before = 0;
  for (const Recorded& each : world.records(RecordType::kFrame)) {
    if (each.bytes.find("\"match\"") == std::string::npos) continue;
    ASSERT_EQ(each.bytes, World::match("BTC-USD", ++seen));
    ASSERT_GE(each.ms, ms_before);
    ms_before = each.ms;
  }
  EXPECT_EQ(seen, id);
}

TEST(Session, a_cut_while_the_recorder_is_stuck_is_recorded_before_the_next_connection) {
  World world;
  world.start(World::two_products());
  world.run(seconds(1));
  world.is_recorder_stuck = true;
  std::uint64_t id = 0;
  while (world.feeds->counters().total(metrics::Counter::kFeedFramesDeferred) == 0) {
    for (int n = 0; n < 100; ++n) world.trade("BTC-USD", ++id);
    world.run(milliseconds(10));
  }
  world.connection().cut_the_wire();
  world.run(seconds(15));
  EXPECT_EQ(world.network.connects(), 1U) << "nobody connects while something waits";
  world.is_recorder_stuck = false;
  world.run(seconds(5));
  EXPECT_EQ(world.close_reasons(), Words{"silent"});
  EXPECT_EQ(world.session().state, SessionState::kLive);
  std::vector<RecordType> around;
  for (const Recorded& each : world.recorded) {
    if (each.type == RecordType::kOpen || each.type == RecordType::kClose) {
      around.push_back(each.type);
    }
  }
  EXPECT_EQ(around,
            (std::vector<RecordType>{RecordType::kOpen, RecordType::kClose, RecordType::kOpen}));
}

TEST(Session, a_connection_that_opens_while_the_ring_is_full_is_recorded_before_its_frames) {
  World world;
  FeedsOptions options = World::two_products();
  options.feeds[0].lines = 2;
  world.start(options);
  world.run(seconds(1));
  world.network.connections().at(1)->end({});
  while (world.network.connects() < 3) world.run(milliseconds(10));
  world.is_recorder_stuck = true;
  for (std::uint64_t id = 1; id < 10'000; ++id) world.trade("BTC-USD", id);
  world.run(milliseconds(100));
  world.is_recorder_stuck = false;
  world.run(seconds(1));
  std::set<std::uint32_t> open;
  for (const Recorded& each : world.recorded) {
    if (each.type == RecordType::kOpen) open.insert(each.connection);
    if (each.type != RecordType::kFrame) continue;
    ASSERT_TRUE(open.contains(each.connection)) << each.connection << each.bytes;
  }
  EXPECT_EQ(open.size(), 3U);
}

TEST(Session, a_full_disk_closes_it_until_there_is_room) {
  World world;
  world.start(World::two_products());
  world.run(seconds(1));
  world.ring.set_open(false);
  world.run(seconds(30));
  EXPECT_EQ(world.session().state, SessionState::kDiskFull);
  EXPECT_EQ(world.close_reasons(), Words{"disk_full"});
  EXPECT_EQ(world.network.connects(), 1U);
  world.ring.set_open(true);
  world.run(seconds(1));
  EXPECT_EQ(world.session().state, SessionState::kLive);
}

TEST(Session, stops_with_a_good_bye) {
  World world;
  world.start(World::two_products());
  world.run(seconds(1));
  world.feeds->stop();
  EXPECT_FALSE(world.feeds->is_stopped());
  world.run(milliseconds(50));
  EXPECT_TRUE(world.feeds->is_stopped());
  EXPECT_EQ(world.close_reasons(), Words{"stopped"});
  EXPECT_EQ(world.session().state, SessionState::kStopped);
  world.run(minutes(1));
  EXPECT_EQ(world.network.connects(), 1U);
}

TEST(Session, stops_while_it_connects_and_where_nobody_answers_the_good_bye) {
  World world;
  world.start(World::two_products());
  world.run(milliseconds(20));
  world.feeds->stop();
  world.run(milliseconds(50));
  EXPECT_TRUE(world.feeds->is_stopped());

  World deaf;
  deaf.start(World::two_products());
  deaf.run(seconds(1));
  deaf.connection().cut_the_wire();
  deaf.feeds->stop();
  deaf.run(seconds(11));
  EXPECT_TRUE(deaf.feeds->is_stopped());
  EXPECT_EQ(deaf.close_reasons(), Words{"stopped"});
}

TEST(Session, no_secret_of_its_url_is_recorded_or_shown) {
  EXPECT_EQ(public_url("wss://user:secret@example.com:443/stream?token=secret"),
            "wss://example.com:443/stream");
  EXPECT_EQ(public_url("wss://example.com/a@b"), "wss://example.com/a@b");
  EXPECT_EQ(public_url("wss://example.com"), "wss://example.com");
  World world;
  FeedsOptions options = World::two_products();
  options.feeds[0].endpoint = "wss://example.com/stream?token=secret";
  options.feeds[0].rest = "https://example.com/v1";
  world.start(options);
  world.run(seconds(1));
  world.connection().end({});
  world.run(seconds(1));
  for (const Recorded& each : world.recorded) {
    EXPECT_EQ(each.bytes.find("secret"), std::string::npos) << each.bytes;
  }
  EXPECT_EQ(world.session().endpoint, "wss://example.com/stream");
}

}  // namespace
}  // namespace tapeline::feed
