// SPDX-License-Identifier: Apache-2.0
// `tapeline watch` against a server that speaks the push stream, on a port of the loopback.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "app/cli_fixture.h"
#include "net/server.h"

namespace tapeline::app {
namespace {

// Says hello, then a price, another one, and good-bye.
class PushServer final : private net::ServerHandler {
 public:
  PushServer() {
    server_ = std::move(*net::Server::open({}, clock_, *this));
    address = server_->address();
    thread_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) server_->run(std::chrono::milliseconds(5));
    });
  }
  ~PushServer() override {
    thread_.request_stop();
    thread_.join();
  }

  std::string address;
  std::string origin;  // once the watching has ended

 private:
  std::optional<net::HttpResponse> on_request(net::RequestId /*id*/,
                                              const net::ServerRequest& /*request*/) override {
    return net::HttpResponse{.status = 404};
  }
  std::optional<net::HttpResponse> on_upgrade(net::PeerId peer,
                                              const net::ServerRequest& request) override {
    if (request.target != "/api/v1/stream") return net::HttpResponse{.status = 404};
    origin = net::find_header(request.headers, "origin").value_or("");
    say(peer, R"({"type":"hello","mode":"simulated","intervals":["1m","5m"]})");
    return std::nullopt;
  }
  net::Taken on_message(net::PeerId peer, std::string_view message, RecvTime /*ts_recv*/) override {
    if (message.find("prices") == std::string_view::npos) {
      say(peer, R"({"type":"error","error":"no such bars","topic":"bars"})");
      server_->close(peer, 1001, "the end");
      return net::Taken::kYes;
    }
    const auto price = [](const char* type, const char* seqs, const char* value) {
      return std::string(R"({"type":")") + type + R"(","topic":"prices",)" + seqs +
             R"(,"data":[{"instrument":"coinbase:BTC-USD","price_decimals":1,"last":{"price":")" +
             value + R"(","ts_event":"2026-01-01T00:00:00Z"}}]})";
    };
    say(peer, price("snapshot", R"("seq":1)", "101"));
    say(peer, price("update", R"("seq":4,"prev":1)", "102.5"));
    return net::Taken::kYes;
  }
  void on_close(net::PeerId /*peer*/, const Error& /*why*/) override {}

  void say(net::PeerId peer, std::string_view text) {
    EXPECT_EQ(server_->send(peer, text), net::Sent::kYes);
  }

  SystemClock clock_;
  std::unique_ptr<net::Server> server_;
  std::jthread thread_;
};

using WatchCommand = CliFixture;

TEST_F(WatchCommand, writes_a_line_for_each_price_and_says_when_it_is_over) {
  std::string address;
  Outcome outcome;
  std::string origin;
  {
    PushServer server;
    address = server.address;
    outcome = run({"watch", "--address", "http://" + address + "/"});
    origin = server.origin;
  }
  EXPECT_EQ(outcome.out,
            "2026-01-01T00:00:00Z coinbase:BTC-USD          101.0\n"
            "2026-01-01T00:00:00Z coinbase:BTC-USD          102.5\n");
  EXPECT_EQ(outcome.status, kExitFailed);
  EXPECT_TRUE(outcome.err.starts_with("watch: http://" + address +
                                      ", SIMULATED\n"
                                      "tapeline: no such bars\n"
                                      "tapeline: the process that was watched has ended: "))
      << outcome.err;
  EXPECT_EQ(origin, "http://" + address);
}

TEST_F(WatchCommand, names_the_intervals_that_there_are) {
  PushServer server;
  const Outcome outcome = run({"watch", "--address", server.address, "--interval", "7s"});
  EXPECT_EQ(outcome.status, kExitWrongUse);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "tapeline: --interval: no 7s bars are made here; there are 1m, 5m\n");
}

TEST_F(WatchCommand, says_what_to_do_where_nothing_runs) {
  const Outcome outcome = run({"watch", "--address", "127.0.0.1:1"});
  EXPECT_EQ(outcome.status, kExitFailed);
  EXPECT_EQ(outcome.out, "");
  EXPECT_TRUE(outcome.err.starts_with(
      "tapeline: nothing to watch at http://127.0.0.1:1: start `tapeline run` or `tapeline demo`"))
      << outcome.err;
}

TEST_F(WatchCommand, follows_nobody_else_than_the_folder_that_was_named) {
  const Outcome outcome = run({"--data-dir", testing::TempDir() + "nobody", "watch"});
  EXPECT_EQ(outcome.status, kExitWrongUse);
  EXPECT_NE(outcome.err.find("nobody: no process runs here; start one with `tapeline run`"),
            std::string::npos)
      << outcome.err;
}

TEST_F(WatchCommand, a_signal_ends_it) {
  stop_ = true;
  EXPECT_EQ(run({"watch", "--address", "127.0.0.1:1"}).status, kExitInterrupted);
}

TEST_F(WatchCommand, names_what_is_allowed) {
  const Outcome outcome = run({"watch", "--interval", "1w", "--address", "nowhere"});
  EXPECT_EQ(outcome.status, kExitWrongUse);
  EXPECT_NE(outcome.err.find("--interval: \"1w\" is not a duration"), std::string::npos);
  EXPECT_NE(outcome.err.find("--address: "), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace tapeline::app
