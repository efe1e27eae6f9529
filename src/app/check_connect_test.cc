// SPDX-License-Identifier: Apache-2.0
// `tapeline check --connect` against the simulator and against what can be wrong with a venue, over
// real TLS on the loopback.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "app/cli_outcome.h"
#include "base/clock.h"
#include "net/authority.h"
#include "net/server.h"
#include "sim/venue_server.h"

namespace tapeline::app {
namespace {

constexpr Duration kTurn = std::chrono::milliseconds(5);

// Runs a server on a thread of its own for as long as it lives.
template <typename ServerType>
class Running {
 public:
  explicit Running(std::unique_ptr<ServerType> server)
      : server_(std::move(server)), thread_([this](const std::stop_token& stop) {
          while (!stop.stop_requested()) server_->run(kTurn);
        }) {}

  // "127.0.0.1:43817"
  [[nodiscard]] std::string address() const { return server_->address(); }
  [[nodiscard]] std::string port() const { return address().substr(address().rfind(':') + 1); }
  [[nodiscard]] const ServerType& server() const { return *server_; }

 private:
  std::unique_ptr<ServerType> server_;
  std::jthread thread_;
};

// Refuses every WebSocket, and gives each request the same answer.
class Refusing final : public net::ServerHandler {
 public:
  explicit Refusing(int status) : status_(status) {}

  std::optional<net::HttpResponse> on_request(net::RequestId /*id*/,
                                              const net::ServerRequest& /*request*/) override {
    return net::HttpResponse{.status = status_, .headers = {}, .body = "no", .ts_recv = {}};
  }
  std::optional<net::HttpResponse> on_upgrade(net::PeerId /*peer*/,
                                              const net::ServerRequest& /*request*/) override {
    return net::HttpResponse{.status = status_, .headers = {}, .body = "no", .ts_recv = {}};
  }
  net::Taken on_message(net::PeerId /*peer*/, std::string_view /*message*/,
                        RecvTime /*ts_recv*/) override {
    return net::Taken::kYes;
  }
  void on_close(net::PeerId /*peer*/, const Error& /*why*/) override {}

 private:
  int status_;
};

class CheckConnect : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(::mkdtemp(folder_.data()), nullptr); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& name, const std::string& text) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  std::unique_ptr<Running<sim::VenueServer>> venue(const std::string& name) {
    sim::VenueServerOptions options;
    options.exchange.venue = name;
    auto opened = sim::VenueServer::open(options, clock_);
    EXPECT_TRUE(opened) << opened.error().text;
    return std::make_unique<Running<sim::VenueServer>>(std::move(*opened));
  }
  // Whoever asks is refused with the status, over TLS where there is an identity.
  std::unique_ptr<Running<net::Server>> refusing(int status,
                                                 std::optional<net::Identity> identity) {
    handlers_.push_back(std::make_unique<Refusing>(status));
    auto opened = net::Server::open({.identity = std::move(identity)}, clock_, *handlers_.back());
    EXPECT_TRUE(opened) << opened.error().text;
    return std::make_unique<Running<net::Server>>(std::move(*opened));
  }

  // Of one Coinbase feed on that host and port, with these other keys.
  CliOutcome check(const std::string& host_port,
                   const std::map<std::string, std::string>& keys = {}) {
    std::map<std::string, std::string> feed{{"venue", "coinbase"},
                                            {"symbols", "[BTC-USD, ETH-USD]"},
                                            {"endpoint", "wss://" + host_port + "/"},
                                            {"rest_endpoint", "https://" + host_port}};
    for (const auto& [key, value] : keys) feed[key] = value;
    std::string text = "data_dir: " + folder_ + "/data\nfeeds:\n  -\n";
    for (const auto& [key, value] : feed) text.append("    " + key + ": " + value + "\n");
    return run({"--config", file("tapeline.yaml", text), "--quiet", "check", "--connect"});
  }
  CliOutcome run(const std::vector<std::string>& args) { return outcome_of(args, clock_, stop_); }

  // The first line fails with this sentence behind where it was tried.
  static void expect_failed(const CliOutcome& outcome, const std::string& sentence) {
    EXPECT_EQ(outcome.status, kExitFound) << outcome.out;
    EXPECT_EQ(outcome.err, "");
    const std::string first = outcome.out.substr(0, outcome.out.find('\n'));
    EXPECT_EQ(first.find("failed  feeds[0] coinbase wss://"), 0U) << first;
    EXPECT_TRUE(first.ends_with(sentence)) << first << "\nwanted:\n" << sentence;
  }

  SystemClock clock_;
  std::atomic<bool> stop_{false};
  std::string folder_ = testing::TempDir() + "tapeline_connect_XXXXXX";
  std::vector<std::unique_ptr<Refusing>> handlers_;
};

TEST_F(CheckConnect, says_a_line_of_everything_that_answers) {
  const auto coinbase = venue("coinbase");
  const auto binance = venue("binance");
  const std::string config =
      file("tapeline.yaml",
           "data_dir: " + folder_ +
               "/data\nfeeds:\n"
               "  - {venue: coinbase, symbols: [BTC-USD, 'ETH-*'], endpoint: 'wss://" +
               coinbase->address() + "/', rest_endpoint: 'https://" + coinbase->address() +
               "', ca_file: " + file("coinbase.pem", coinbase->server().ca_pem()) +
               "}\n"
               "  - {venue: binance, symbols: [BTC-USDT], endpoint: 'wss://" +
               binance->address() + "/stream', rest_endpoint: 'https://" + binance->address() +
               "', ca_file: " + file("binance.pem", binance->server().ca_pem()) + "}\n");
  const CliOutcome outcome = run({"--config", config, "check", "--connect"});
  EXPECT_EQ(outcome.status, kExitDone) << outcome.out;
  EXPECT_EQ(outcome.err, config + ": ok (11 keys set)\n");
  std::istringstream lines(outcome.out);
  std::vector<std::string> all;
  for (std::string line; std::getline(lines, line);) all.push_back(line);
  ASSERT_EQ(all.size(), 5U) << outcome.out;
  EXPECT_EQ(
      all[0].find("ok      feeds[0] coinbase wss://" + coinbase->address() + "/: answered after "),
      0U)
      << all[0];
  EXPECT_EQ(all[1].find("ok      feeds[0] coinbase https://" + coinbase->address() + "/products: "),
            0U)
      << all[1];
  EXPECT_NE(all[1].find(" instruments after "), std::string::npos) << all[1];
  EXPECT_EQ(all[2].find("ok      feeds[1] binance wss://" + binance->address() +
                        "/stream: answered after "),
            0U)
      << all[2];
  EXPECT_EQ(all[4], "ok      store " + folder_ +
                        "/data/store.duckdb: not there yet: `tapeline run` makes it");
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/data")) << "nothing is changed";
}

TEST_F(CheckConnect, a_certificate_of_another_authority) {
  const auto coinbase = venue("coinbase");
  const auto other = venue("coinbase");
  const std::string other_ca = file("other.pem", other->server().ca_pem());
  expect_failed(
      check(coinbase->address(), {{"ca_file", other_ca}}),
      ": its certificate does not come from the authority in " + other_ca +
          " (unable to get local issuer certificate): set ca_file to the PEM file of the one that "
          "issued it");
  const std::string sentence =
      ": its certificate comes from an authority that this system does not trust ({}): set ca_file "
      "to the authority's PEM file";
  expect_failed(check(coinbase->address()),
                fmt::format(fmt::runtime(sentence), "unable to get local issuer certificate"));
  // One that brings its own authority along.
  const auto authority = net::Authority::make(clock_.wall());
  ASSERT_TRUE(authority) << authority.error().text;
  net::Identity identity = *authority->issue({});
  identity.certificates_pem += authority->certificate_pem();
  const auto self_signed = refusing(404, identity);
  expect_failed(
      check(self_signed->address()),
      fmt::format(fmt::runtime(sentence), "self-signed certificate in certificate chain"));
}

TEST_F(CheckConnect, a_certificate_for_another_host_or_another_time) {
  const auto authority = net::Authority::make(clock_.wall());
  ASSERT_TRUE(authority) << authority.error().text;
  const std::string ca = file("ca.pem", authority->certificate_pem());
  const auto elsewhere = refusing(404, *authority->issue({.names = {"elsewhere.example"}}));
  expect_failed(
      check("localhost:" + elsewhere->port(), {{"ca_file", ca}}),
      ": its certificate is for another host (hostname mismatch): write the name that the "
      "certificate has");
  expect_failed(check(elsewhere->address(), {{"ca_file", ca}}),
                ": its certificate is for another host (IP address mismatch): write the name that "
                "the certificate has");
  const auto old = refusing(404, *authority->issue({.valid_from = -std::chrono::hours(48),
                                                    .valid_until = -std::chrono::hours(24)}));
  expect_failed(check(old->address(), {{"ca_file", ca}}),
                ": its certificate has expired (certificate has expired): have it renewed, or set "
                "this machine's clock right");
  const auto early = refusing(404, *authority->issue({.valid_from = std::chrono::hours(24)}));
  expect_failed(check(early->address(), {{"ca_file", ca}}),
                ": its certificate is not valid yet (certificate is not yet valid): set this "
                "machine's clock right");
  const auto missing = refusing(404, *authority->issue({}));
  expect_failed(check(missing->address(), {{"ca_file", ca}}),
                ": the server refused the WebSocket with 404 Not Found: check the URL and the "
                "credentials");
}

TEST_F(CheckConnect, no_network_and_no_such_name) {
  expect_failed(
      check("127.0.0.1:1"),
      ": nothing accepts connections there (Connection refused): check host and port, and "
      "that the service runs");
  const CliOutcome outcome = check("no-such-host.invalid:443");
  EXPECT_EQ(outcome.status, kExitFound);
  EXPECT_NE(outcome.out.find("no-such-host.invalid:443: "), std::string::npos) << outcome.out;
  // Which of the two depends on whether somebody answers for names at all.
  EXPECT_TRUE(outcome.out.find(": no host has this name (") != std::string::npos ||
              outcome.out.find(": the name cannot be resolved (") != std::string::npos)
      << outcome.out;
  const auto plain = refusing(200, std::nullopt);
  expect_failed(check(plain->address()),
                ": what listens there does not speak TLS (wrong version number (SSL routines)): "
                "check the port");
}

TEST_F(CheckConnect, a_proxy_that_refuses_and_secrets_stay_secret) {
  const auto coinbase = venue("coinbase");
  for (const auto& [status, sentence] :
       {std::pair(403,
                  " refused to connect there with 403 Forbidden: have it allow this host and "
                  "port, or set another proxy"),
        {407, " accepts no such user (407): set the proxy to http://USER:PASSWORD@HOST:PORT"}}) {
    const auto proxy = refusing(status, std::nullopt);
    const CliOutcome outcome =
        check(coinbase->address(), {{"proxy", "http://me:geheim@" + proxy->address()}});
    expect_failed(outcome, ": the proxy " + proxy->address() + sentence);
    EXPECT_EQ(outcome.out.find("geheim"), std::string::npos) << outcome.out;
  }
  expect_failed(check(coinbase->address(), {{"proxy", "http://me:geheim@127.0.0.1:1"}}),
                coinbase->address() +
                    ": the proxy 127.0.0.1:1: nothing accepts connections there (Connection "
                    "refused): check host and port, and that the service runs");
  const CliOutcome outcome =
      check("127.0.0.1:1", {{"endpoint", "wss://127.0.0.1:1/?token=geheim"}});
  EXPECT_EQ(outcome.out.find("geheim"), std::string::npos) << outcome.out;
}

TEST_F(CheckConnect, a_symbol_or_channel_that_the_venue_does_not_have) {
  const auto coinbase = venue("coinbase");
  const std::string ca = file("ca.pem", coinbase->server().ca_pem());
  CliOutcome outcome =
      check(coinbase->address(), {{"ca_file", ca}, {"symbols", "[BTC-USD, NO-SUCH, BTC-UDS]"}});
  EXPECT_EQ(outcome.status, kExitFound);
  EXPECT_NE(outcome.out.find("/: the venue refuses what is asked for ("), std::string::npos)
      << outcome.out;
  EXPECT_NE(outcome.out.find("/products: \"NO-SUCH\" is not in the instrument list of coinbase: "
                             "check its spelling; \"BTC-UDS\" is not in the instrument list of "
                             "coinbase: did you mean BTC-USD"),
            std::string::npos)
      << outcome.out;
  outcome = check(coinbase->address(), {{"ca_file", ca}, {"symbols", "['BTC-*']"}});
  EXPECT_EQ(outcome.status, kExitDone) << outcome.out;
  EXPECT_NE(outcome.out.find("(patterns only: nothing was asked for)\n"), std::string::npos)
      << outcome.out;
}

TEST_F(CheckConnect, a_store_that_cannot_be_made_or_read) {
  const auto coinbase = venue("coinbase");
  const std::string ca = "feeds[0].ca_file=" + file("ca.pem", coinbase->server().ca_pem());
  const auto with_data_dir = [&](const std::string& data_dir) {
    return run({"--data-dir", data_dir, "--quiet", "--set", "feeds[0].venue=coinbase", "--set",
                "feeds[0].symbols=BTC-USD", "--set",
                "feeds[0].endpoint=wss://" + coinbase->address() + "/", "--set",
                "feeds[0].rest_endpoint=https://" + coinbase->address(), "--set", ca, "check",
                "--connect"});
  };
  CliOutcome outcome = with_data_dir(file("file", "x") + "/data");
  EXPECT_EQ(outcome.status, kExitFound);
  EXPECT_NE(outcome.out.find("\nfailed  store " + folder_ +
                             "/file/data/store.duckdb: not there "
                             "yet, and nothing can be made in " +
                             folder_ +
                             "/file: choose another "
                             "--data-dir, or have its owner let you in\n"),
            std::string::npos)
      << outcome.out;
  std::filesystem::create_directories(folder_ + "/damaged");
  file("damaged/store.duckdb", std::string(10'000, 'x'));
  outcome = with_data_dir(folder_ + "/damaged");
  EXPECT_EQ(outcome.status, kExitFound);
  EXPECT_NE(outcome.out.find("it is filled again from the journal\n"), std::string::npos)
      << outcome.out;
}

TEST_F(CheckConnect, ends_at_a_signal) {
  stop_ = true;
  EXPECT_EQ(check("127.0.0.1:1").status, kExitInterrupted);
}

}  // namespace
}  // namespace tapeline::app
