// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "net/net_fixture.h"
#include "net/raw_peer.h"

namespace tapeline::net {
namespace {

// Grants what it is asked to CONNECT, and passes bytes between the two sides.
class RelayingProxy final : public Stepping {
 public:
  explicit RelayingProxy(std::string target) : target_(std::move(target)) {}

  void step() override {
    front_.step();
    for (const auto& socket : front_.sockets) relay(*socket);
  }

  [[nodiscard]] std::string address() const { return front_.address(); }
  [[nodiscard]] std::size_t connections() const { return front_.sockets.size(); }

  std::vector<std::string> requests;

 private:
  void relay(RawSocket& client) {
    auto& server = behind_[&client];
    if (!server) {
      if (!client.heard().ends_with("\r\n\r\n")) return;
      requests.push_back(client.heard());
      client.forget();
      server = RawSocket::connect_to(target_);
      client.say("HTTP/1.0 200 Connection established\r\nVia: relay\r\n\r\n");
    }
    server->step();
    server->say(client.heard());
    client.forget();
    client.say(server->heard());
    server->forget();
    if (client.has_ended()) server->hang_up();
    if (server->has_ended() && client.has_said_all()) client.hang_up();
  }

  RawServer front_;
  std::string target_;
  std::map<RawSocket*, std::unique_ptr<RawSocket>> behind_;
};

TEST(HttpProxy, is_asked_to_connect_and_sees_nothing_else) {
  World world;
  RelayingProxy proxy(world.server->address());
  world.others.push_back(&proxy);
  KeepingListener listener;
  WebSocketOptions options = world.web_socket();
  options.trust.proxy = "http://" + proxy.address();
  const auto web_socket = world.network->open(options, listener);
  EXPECT_EQ(web_socket->send("through the proxy"), Sent::kYes);
  ASSERT_TRUE(world.run_until([&] { return listener.messages.size() == 1; })) << listener.error();

  HttpRequest request = world.get("/a");
  request.trust.proxy = "http://user%3a:p%40ss@" + proxy.address() + "/";
  for (int i = 0; i < 2; ++i) {
    const auto response = world.fetch(request);
    ASSERT_TRUE(response) << response.error().text;
    EXPECT_EQ(response->body, "GET /a ");
  }
  ASSERT_EQ(proxy.requests.size(), 2U) << "the connection is used again";
  const std::string host = "localhost" + world.server->address().substr(9);
  EXPECT_EQ(proxy.requests[0], "CONNECT " + host + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
  // "user::p@ss"
  EXPECT_EQ(proxy.requests[1], "CONNECT " + host + " HTTP/1.1\r\nHost: " + host +
                                   "\r\nProxy-Authorization: Basic dXNlcjo6cEBzcw==\r\n\r\n");
  // Without it, another connection: it would not be the way that was asked for.
  EXPECT_TRUE(world.fetch(world.get("/b")));
  EXPECT_EQ(proxy.connections(), 2U);
}

// What a proxy that says this makes of a WebSocket and of a request: the same.
class Answering {
 public:
  Answering() { world_.others.push_back(&proxy_); }

  Error error_of(const std::string& says, bool then_hangs_up = false, bool repeats = false) {
    proxy_.on_bytes = [=](RawSocket& socket) {
      if (!socket.heard().ends_with("\r\n\r\n")) return;
      socket.say(says);
      if (repeats) socket.repeat(says);
      if (!then_hangs_up) return;
      socket.step();
      socket.hang_up();
    };
    const Trust trust{.proxy = "http://secret:word@" + proxy_.address()};
    const auto response = world_.fetch({.url = "https://venue.test/", .trust = trust});
    EXPECT_FALSE(response);
    const Error error = world_.error_of_opening({.url = "wss://venue.test/", .trust = trust});
    if (!response) {
      EXPECT_EQ(response.error().text, error.text);
      EXPECT_EQ(response.error().retry, error.retry);
    }
    EXPECT_NE(error.text.find("venue.test:443"), std::string::npos) << error.text;
    EXPECT_NE(error.text.find(proxy_.address()), std::string::npos) << error.text;
    EXPECT_EQ(error.text.find("secret"), std::string::npos) << error.text;
    EXPECT_EQ(error.text.find("word"), std::string::npos) << error.text;
    return error;
  }

 private:
  World world_{{}, false};
  RawServer proxy_;
};

TEST(HttpProxy, that_refuses_is_named_with_the_way_out) {
  Answering proxy;
  const Error user = proxy.error_of("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
  EXPECT_NE(user.text.find("accepts no such user (407)"), std::string::npos) << user.text;
  EXPECT_EQ(user.fault, Fault::kCaller);
  EXPECT_EQ(user.retry, Retry::kNever);

  const Error gateway = proxy.error_of("HTTP/1.1 502 Bad\x1b[31m Gateway\r\nA: b\r\n\r\n");
  EXPECT_NE(gateway.text.find("with 502 Bad?[31m Gateway"), std::string::npos) << gateway.text;
  EXPECT_EQ(gateway.fault, Fault::kTheirs);
  EXPECT_EQ(gateway.retry, Retry::kAfterBackoff);

  const Error forbidden = proxy.error_of("HTTP/1.1 403\r\n\r\n");
  EXPECT_NE(forbidden.text.find("refused to connect there with 403"), std::string::npos);
  EXPECT_EQ(forbidden.retry, Retry::kNever);
  EXPECT_EQ(proxy.error_of("HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n").retry, Retry::kNever);
}

TEST(HttpProxy, that_is_none_is_named) {
  Answering proxy;
  for (const char* const says : {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "\r\n\r\n",
                                 "HTTP/1.1 20\r\n\r\n", "HTTP/2 200 OK\r\n\r\n"}) {
    const Error error = proxy.error_of(says);
    EXPECT_NE(error.text.find("is no HTTP proxy"), std::string::npos) << error.text;
    EXPECT_EQ(error.fault, Fault::kCaller);
  }
}

TEST(HttpProxy, that_is_none_and_hangs_up_is_named_too) {
  Answering proxy;
  const Error error = proxy.error_of("SSH-2.0-OpenSSH_9.2\r\n", true);
  EXPECT_NE(error.text.find("is no HTTP proxy (SSH-2.0-OpenSSH_9.2"), std::string::npos)
      << error.text;
}

TEST(HttpProxy, that_never_ends_its_answer_costs_no_more_than_its_bound) {
  Answering proxy;
  const Error error = proxy.error_of("X-Padding: " + std::string(1000, 'x') + "\r\n", false, true);
  EXPECT_NE(error.text.find("more than 16384 bytes"), std::string::npos) << error.text;
  EXPECT_EQ(error.retry, Retry::kAfterBackoff);
  const Error early = proxy.error_of("HTTP/1.1 200 OK\r\n\r\nSSH-2.0");
  EXPECT_NE(early.text.find("says more than its answer"), std::string::npos) << early.text;
}

TEST(HttpProxy, that_hangs_up_is_named) {
  Answering proxy;
  for (const char* const says : {"", "HTTP/1.1 200 OK\r\n"}) {
    const Error error = proxy.error_of(says, true);
    EXPECT_NE(error.text.find(": it hung up before it answered (End of file): check that it is "
                              "an HTTP proxy"),
              std::string::npos)
        << error.text;
    EXPECT_EQ(error.retry, Retry::kAfterBackoff);
  }
}

TEST(HttpProxy, is_refused_unless_it_is_written_as_one) {
  World world({}, false);
  for (const char* const proxy :
       {"https://proxy.test:3128", "proxy.test:3128", "http://proxy.test", "http://user@host:1",
        "http://%zz:x@host:1", "http://a:b@host:0", "http://", "http://a:b@host:99999"}) {
    const Error error =
        world.error_of_opening({.url = "wss://venue.test/", .trust = {.proxy = proxy}});
    EXPECT_NE(error.text.find("http://[USER:PASSWORD@]HOST:PORT"), std::string::npos)
        << proxy << ": " << error.text;
    EXPECT_EQ(error.retry, Retry::kNever);
  }
}

}  // namespace
}  // namespace tapeline::net
