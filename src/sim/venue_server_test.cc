// SPDX-License-Identifier: Apache-2.0
// The simulated venue on real sockets of the loopback, through the clients of net.
#include "sim/venue_server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/network.h"

namespace tapeline::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Listener final : public net::WebSocketListener {
 public:
  void on_open() override { is_open = true; }
  net::Taken on_message(std::string_view message, RecvTime /*ts_recv*/) override {
    texts.emplace_back(message);
    return net::Taken::kYes;
  }
  void on_close(const Error& why) override {
    is_open = false;
    closed = why.text;
  }

  bool is_open = false;
  std::string closed;
  std::vector<std::string> texts;
};

class VenueServerTest : public testing::Test {
 protected:
  void TearDown() override { std::remove(ca_file_.c_str()); }

  void open(const std::string& venue, const std::string& faults = "off",
            std::uint32_t trades_per_second = 500) {
    auto server = VenueServer::open({.exchange = {.venue = venue,
                                                  .faults = parse_faults(faults).value(),
                                                  .trades_per_second = trades_per_second,
                                                  .history = seconds(5)}},
                                    clock_);
    ASSERT_TRUE(server) << server.error().text;
    server_ = std::move(*server);
    std::ofstream(ca_file_) << server_->ca_pem();
  }

  // Runs both ends until the condition holds; false when it does not within the deadline.
  bool run_until(const std::function<bool()>& condition) {
    const RecvTime deadline = clock_.wall() + seconds(20);
    while (!condition()) {
      if (clock_.wall() > deadline) return false;
      server_->run(milliseconds(1));
      network_->run(Duration(0));
    }
    return true;
  }

  std::unique_ptr<net::WebSocket> connect(const std::string& target, Listener& listener) {
    return network_->open({.url = "wss://" + server_->address() + target, .trust = trust_},
                          listener);
  }

  net::HttpResponse fetch(const std::string& method, const std::string& target,
                          const std::string& body = "") {
    std::optional<net::HttpResponse> answer;
    network_->fetch({.method = method,
                     .url = "https://" + server_->address() + target,
                     .trust = trust_,
                     .body = body},
                    [&answer](const Result<net::HttpResponse>& response) {
                      answer = response
                                   ? *response
                                   : net::HttpResponse{.status = 0, .body = response.error().text};
                    });
    EXPECT_TRUE(run_until([&] { return answer.has_value(); }));
    return answer.value_or(net::HttpResponse{.status = 0});
  }

  SystemClock clock_;
  std::string ca_file_ = testing::TempDir() + "tapeline_sim_" +
                         testing::UnitTest::GetInstance()->current_test_info()->name() + ".pem";
  net::Trust trust_{.ca_file = ca_file_};
  std::unique_ptr<VenueServer> server_;
  std::unique_ptr<net::Network> network_ = net::make_network(clock_);
};

bool has(const std::vector<std::string>& texts, std::string_view part) {
  return std::any_of(texts.begin(), texts.end(), [part](const std::string& text) {
    return text.find(part) != std::string::npos;
  });
}

TEST_F(VenueServerTest, coinbase_streams_and_answers_over_tls) {
  open("coinbase");
  Listener listener;
  const auto socket = connect("/", listener);
  ASSERT_EQ(socket->send(R"({"type":"subscribe","product_ids":["BTC-USD"],)"
                         R"("channels":["matches","heartbeat"]})"),
            net::Sent::kYes);
  ASSERT_TRUE(run_until([&] {
    return has(listener.texts, "\"subscriptions\"") && has(listener.texts, R"({"type":"match")") &&
           has(listener.texts, R"({"type":"heartbeat")");
  })) << listener.closed;
  const auto trades = fetch("GET", "/products/BTC-USD/trades?limit=3");
  EXPECT_EQ(trades.status, 200);
  EXPECT_TRUE(net::find_header(trades.headers, "CB-AFTER"));
  EXPECT_TRUE(fetch("GET", "/truth/bars?interval=1s").body.starts_with("instrument,interval,"));
}

TEST_F(VenueServerTest, binance_streams_and_answers_over_tls) {
  open("binance");
  Listener listener;
  const auto socket = connect("/stream?streams=btcusdt@trade", listener);
  ASSERT_TRUE(run_until([&] { return has(listener.texts, R"({"stream":"btcusdt@trade",)"); }))
      << listener.closed;
  ASSERT_EQ(socket->send(R"({"method":"SUBSCRIBE","params":["ethusdt@aggTrade"],"id":1})"),
            net::Sent::kYes);
  ASSERT_TRUE(run_until([&] {
    return has(listener.texts, R"({"result":null,"id":1})") &&
           has(listener.texts, "ethusdt@aggTrade");
  }));
  EXPECT_TRUE(fetch("GET", "/api/v3/historicalTrades?symbol=BTCUSDT&limit=2")
                  .body.starts_with("[{\"id\":"));
  EXPECT_EQ(fetch("GET", "/api/v3/nothing").status, 404);
}

TEST_F(VenueServerTest, an_endpoint_that_is_none_refuses_the_handshake) {
  open("binance");
  Listener listener;
  const auto socket = connect("/", listener);
  ASSERT_TRUE(run_until([&] { return !listener.closed.empty(); }));
  EXPECT_NE(listener.closed.find("404"), std::string::npos) << listener.closed;
}

TEST_F(VenueServerTest, another_authority_is_not_trusted) {
  open("coinbase");
  const auto other = net::Authority::make(clock_.wall());
  ASSERT_TRUE(other);
  std::ofstream(ca_file_) << other->certificate_pem();
  EXPECT_EQ(fetch("GET", "/products").status, 0);
}

TEST_F(VenueServerTest, connections_are_cut_when_asked_and_everyone_is_told) {
  open("coinbase");
  Listener listener;
  const auto socket = connect("/", listener);
  ASSERT_TRUE(run_until([&] { return listener.is_open; })) << listener.closed;
  EXPECT_EQ(fetch("POST", "/sim/drop").status, 200);
  EXPECT_TRUE(run_until([&] { return !listener.closed.empty(); }));
  EXPECT_EQ(server_->exchange().connections().back().end, "asked");
}

TEST_F(VenueServerTest, a_half_open_connection_lives_and_says_nothing_more) {
  open("coinbase", "off", 3000);
  Listener listener;
  const auto socket = connect("/", listener);
  ASSERT_EQ(
      socket->send(R"({"type":"subscribe","product_ids":["BTC-USD"],"channels":["matches"]})"),
      net::Sent::kYes);
  ASSERT_TRUE(run_until([&] { return has(listener.texts, "\"match\""); })) << listener.closed;
  EXPECT_EQ(fetch("POST", "/sim/faults", "halfopen=1ms").status, 200);
  ASSERT_TRUE(run_until([&] { return server_->exchange().is_silent(1); }));
  EXPECT_EQ(fetch("GET", "/products").status, 200);  // time enough for what was on its way
  const std::size_t heard = listener.texts.size();
  const std::uint64_t produced = server_->exchange().connections().back().counts.produced;
  ASSERT_TRUE(run_until(
      [&] { return server_->exchange().connections().back().counts.produced > produced + 100; }));
  EXPECT_EQ(listener.texts.size(), heard);
  EXPECT_TRUE(listener.is_open);
  const FrameCounts counts = server_->exchange().connections().back().counts;
  EXPECT_EQ(heard, counts.sent + counts.control) << "all that was said before has left";
}

TEST_F(VenueServerTest, what_a_client_hears_is_what_was_sent) {
  open("coinbase", "lose=5%,dup=5%,delay=50ms:5%,bad_frame=5%", 3000);
  Listener listener;
  const auto socket = connect("/", listener);
  ASSERT_EQ(socket->send(R"({"type":"subscribe","product_ids":["BTC-USD","ETH-USD"],)"
                         R"("channels":["matches"]})"),
            net::Sent::kYes);
  ASSERT_TRUE(run_until([&] { return listener.texts.size() > 3000; })) << listener.closed;
  server_->exchange().change_faults({}, server_->exchange().now());
  EXPECT_EQ(fetch("POST", "/sim/drop").status, 200);
  ASSERT_TRUE(run_until([&] { return !listener.closed.empty(); }));
  const FrameCounts counts = server_->exchange().connections().back().counts;
  // The end of what was on its way when the line was cut may be missing.
  EXPECT_LE(listener.texts.size(), counts.sent + counts.control);
  EXPECT_GT(listener.texts.size(), 3000U);
  EXPECT_EQ(counts.produced + counts.repeated, counts.sent + counts.lost + counts.discarded);
  EXPECT_GT(counts.lost, 0U);
}

TEST_F(VenueServerTest, an_address_in_use_is_refused) {
  open("coinbase");
  VenueServerOptions options;
  options.exchange.venue = "coinbase";
  options.listen = server_->address();
  const auto second = VenueServer::open(options, clock_);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().text.find(server_->address()), std::string::npos) << second.error().text;
}

}  // namespace
}  // namespace tapeline::sim
