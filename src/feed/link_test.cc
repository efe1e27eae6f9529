// SPDX-License-Identifier: Apache-2.0
// One connection to a venue that wants to hear from its clients, and to venues that refuse.
#include "feed/link.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "decode/venue_table.h"
#include "feed/fake_network.h"
#include "feed/feed_fixture.h"

namespace tapeline::feed {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class SilentReader final : public venue::FrameReader {
 public:
  void read(std::string_view /*frame*/, venue::FrameMeaning& out) override { out = {}; }
};

venue::SubscribeRequest want(const std::vector<venue::Subscription>& to, std::uint64_t /*id*/) {
  return {"want", to};
}

venue::Venue venue_that_wants_pings() {
  venue::Venue venue{};
  venue.name = "toy";
  venue.session.per_request_max = 10;
  venue.session.frame_rhythm = seconds(30);
  venue.session.client_ping = "ping";
  venue.session.client_ping_every = seconds(20);
  venue.session.acknowledges = false;
  venue.session.stream_channel = [](std::string_view word) { return word; };
  venue.session.subscribe = want;
  venue.session.unsubscribe = want;
  venue.session.make_frame_reader = []() -> std::unique_ptr<venue::FrameReader> {
    return std::make_unique<SilentReader>();
  };
  return venue;
}

// The connection, and a venue that answers pings while it is alive and everything else alike.
class PingedVenue : public FakePeer {
 public:
  explicit PingedVenue(const venue::Venue& its = venue_that_wants_pings(),
                       const venue::Subscription& stream = {"A", "trades"})
      : venue(its), streams(venue.session, {{.wire = stream}}) {}

  void on_connect(FakeConnection& connection) override { connection.accept(); }
  void on_text(FakeConnection& connection, std::string_view text) override {
    texts.emplace_back(text);
    if (text == venue.session.client_ping) {
      if (is_answering) connection.send("pong");
    } else if (!answer.empty()) {
      connection.send(answer);
    }
  }
  Result<net::HttpResponse> on_fetch(const net::HttpRequest& /*request*/) override {
    return net::HttpResponse{};
  }
  void run(Duration time) {
    for (Duration passed{}; passed < time; passed += milliseconds(100)) {
      clock.advance(milliseconds(100));
      network.run({});
      link.do_work(clock.monotonic_ns());
      journal::Record record;
      while (ring.front(record)) {
        if (record.type == journal::RecordType::kSent) recorded.emplace_back(record.bytes);
        ring.pop();
      }
    }
  }

  bool is_answering = true;
  std::string answer{};
  std::vector<std::string> texts;
  std::vector<std::string> recorded;
  ManualClock clock{RecvTime(kWorldStart)};
  venue::Venue venue;
  Streams streams;
  RecordRing ring{std::size_t{1} << 16};
  FakeNetwork network{clock, *this};
  Outlet outlet{ring, ConnectionId(1)};
  metrics::Counters counters;
  Probe probe{counters, "toy"};
  std::mt19937_64 random{1};
  Doorway doorway{venue.session};
  Surroundings around{network, outlet, clock, random, probe, doorway};
  SessionOptions options{.venue = &venue, .endpoint = "wss://example.com", .streams = {}};
  Link link{options, streams, around};
};

TEST(Link, sends_the_pings_that_the_venue_wants_and_records_them) {
  PingedVenue world;
  world.run(seconds(10));
  EXPECT_EQ(world.texts, (std::vector<std::string>{"want"}));
  world.run(seconds(55));
  EXPECT_EQ(world.texts, (std::vector<std::string>{"want", "ping", "ping", "ping"}));
  EXPECT_EQ(world.recorded, world.texts);
  EXPECT_TRUE(world.link.is_open()) << "a quiet market is no silence: pings are answered";
}

TEST(Link, a_venue_that_leaves_two_pings_unanswered_is_silent) {
  PingedVenue world;
  world.run(seconds(30));
  world.is_answering = false;
  world.run(seconds(29));
  EXPECT_TRUE(world.link.is_open());
  world.run(seconds(3));
  EXPECT_TRUE(world.link.is_closed());
  EXPECT_EQ(world.link.reason(), CloseReason::kSilent);
  EXPECT_EQ(world.link.why().text, "nothing came for 40s");
}

struct Refusal {
  const char* venue;
  venue::Subscription stream;
  const char* text;
  bool is_final;
};

// A refused subscription ends that stream, and neither the connection nor the calm.
TEST(Link, what_a_venue_refuses_is_not_asked_for_again) {
  for (const Refusal& refusal : {
           Refusal{"bybit",
                   {"NOUSDT", "publicTrade"},
                   R"({"success":false,"ret_msg":"Invalid symbol :[publicTrade.NOUSDT]",)"
                   R"("req_id":"1","op":"subscribe"})",
                   true},
           Refusal{"kraken",
                   {"NO/USD", "trade"},
                   R"({"method":"subscribe","success":false,"symbol":"NO/USD",)"
                   R"("error":"Currency pair not supported NO/USD","req_id":1})",
                   true},
           Refusal{"okx",
                   {"NO-USDT", "trades"},
                   R"({"id":"1","event":"error","code":"60018",)"
                   R"("msg":"Wrong URL or channel:trades,instId:NO-USDT doesn't exist."})",
                   true},
           Refusal{"bybit",
                   {"BTCUSDT", "publicTrade"},
                   R"({"success":false,"ret_msg":"Too many visits!","op":"subscribe"})",
                   false},
           Refusal{"kraken", {"BTC/USD", "trade"}, R"({"Error":"Exceeded msg rate"})", false},
           Refusal{"okx",
                   {"BTC-USDT", "trades"},
                   R"({"event":"error","code":"60014","msg":"Requests too frequent"})",
                   false},
       }) {
    SCOPED_TRACE(refusal.text);
    PingedVenue world(*decode::venue_table()[*decode::find_venue(refusal.venue)], refusal.stream);
    world.answer = refusal.text;
    world.run(seconds(9));
    EXPECT_TRUE(world.link.is_open());
    EXPECT_EQ(world.link.is_settled(), refusal.is_final);
    EXPECT_EQ(world.streams.state(0),
              refusal.is_final ? StreamState::kRefused : StreamState::kSubscribing);
    // After one second, two, four.
    EXPECT_EQ(world.texts.size(), refusal.is_final ? 1U : 4U);
  }
}

}  // namespace
}  // namespace tapeline::feed
