// SPDX-License-Identifier: Apache-2.0
// Who ends while something is under way, and who begins something from within a call.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/thread_sanitizer.h"
#include "net/net_fixture.h"
#include "net/raw_peer.h"
#include "net/slow_names.h"

namespace tapeline::net {
namespace {

// More nested calls than any stack holds.
constexpr int kManyTimes = 20'000;

TEST(Lifetime, a_request_may_be_followed_by_another_from_within_its_answer) {
  World world({}, false);
  int answers = 0;
  int depth = 0;
  OnResponse again = [&](const Result<HttpResponse>& response) {
    EXPECT_FALSE(response);
    EXPECT_EQ(++depth, 1) << "never from within fetch()";
    if (++answers < kManyTimes) world.network->fetch({.url = "http://example.com/"}, again);
    --depth;
  };
  world.network->fetch({.url = "no URL"}, again);
  EXPECT_TRUE(world.run_until([&] { return answers == kManyTimes || depth > 1; }));
}

TEST(Lifetime, a_websocket_may_be_followed_by_another_from_within_its_close) {
  World world({}, false);
  std::vector<std::unique_ptr<WebSocket>> opened;
  int closes = 0;
  int depth = 0;
  std::function<void()> open_another;
  std::vector<std::unique_ptr<KeepingListener>> listeners;
  open_another = [&] {
    auto listener = std::make_unique<KeepingListener>();
    listener->at_close = [&] {
      EXPECT_EQ(++depth, 1) << "never from within open()";
      if (++closes < 1000) open_another();
      --depth;
    };
    listeners.push_back(std::move(listener));
    opened.push_back(world.network->open({.url = "ws://example.com/"}, *listeners.back()));
  };
  open_another();
  EXPECT_TRUE(world.run_until([&] { return closes == 1000 || depth > 1; }));
  opened.clear();
}

TEST(Lifetime, a_listener_may_replace_its_websocket_when_it_closes) {
  World world({}, false);
  std::unique_ptr<WebSocket> web_socket;
  int closes = 0;
  struct Replacing final : WebSocketListener {
    std::function<void()> at_close;
    void on_open() override {}
    Taken on_message(std::string_view, RecvTime) override { return Taken::kYes; }
    void on_close(const Error& why) override {
      EXPECT_NE(why.text.find("loopback"), std::string::npos) << why.text;
      at_close();
    }
  } replacing;
  replacing.at_close = [&] {
    if (++closes < 100) web_socket = world.network->open({.url = "ws://example.com/"}, replacing);
  };
  web_socket = world.network->open({.url = "ws://example.com/"}, replacing);
  EXPECT_TRUE(world.run_until([&] { return closes == 100; }));
}

// Everything that a client and a server do, ended at every moment by the end of either.
TEST(Lifetime, of_a_network_or_a_server_may_end_at_any_moment) {
  for (const bool with_tls : {false, true}) {
    for (int rounds = 0; rounds < 40; rounds += kHasThreadSanitizer ? 13 : 3) {
      for (const bool server_first : {false, true}) {
        World world({}, with_tls);
        world.handler.answer = [](const ServerRequest& request) -> std::optional<HttpResponse> {
          if (request.target == "/late") return std::nullopt;
          return HttpResponse{.body = std::string(100'000, 'x')};
        };
        KeepingListener listener;
        KeepingListener closing;
        auto web_socket = world.network->open(world.web_socket(), listener);
        auto closed = world.network->open(world.web_socket(), closing);
        EXPECT_EQ(web_socket->send(std::string(500'000, 'y')), Sent::kYes);
        EXPECT_EQ(closed->send("x"), Sent::kYes);
        closed->close();
        for (const char* const target : {"/a", "/b", "/late"}) {
          world.network->fetch(world.get(target), [](const Result<HttpResponse>&) {});
        }
        int round = 0;
        world.run_until([&] { return ++round > rounds; });
        if (server_first) world.server.reset();
        web_socket.reset();
        closed.reset();
        world.network.reset();
      }
    }
  }
}

TEST(Lifetime, of_a_network_may_end_while_steps_stall) {
  World world({}, false);
  const FullQueue full;
  RawServer silent;
  world.others.push_back(&silent);
  const std::string silent_proxy = "http://" + silent.address();
  const std::vector<WebSocketOptions> stalls{
      {.url = "wss://a.stalls.test/"},
      {.url = "wss://" + full.address() + "/"},
      {.url = "wss://venue.test/", .trust = {.proxy = "http://" + full.address()}},
      {.url = "wss://venue.test/", .trust = {.proxy = silent_proxy}},
      {.url = silent.url("wss")},
      {.url = silent.url("ws")},
  };
  for (int how = 0; how < 3; ++how) {
    const SlowNames slow;
    std::vector<std::unique_ptr<WebSocket>> opened;
    std::vector<std::unique_ptr<KeepingListener>> listeners;
    for (const WebSocketOptions& options : stalls) {
      listeners.push_back(std::make_unique<KeepingListener>());
      opened.push_back(world.network->open(options, *listeners.back()));
      std::string url = options.url;
      url.replace(0, 2, "http");
      world.network->fetch({.url = url, .trust = options.trust},
                           [](const Result<HttpResponse>&) { ADD_FAILURE() << "nothing answers"; });
    }
    world.settle();
    if (how == 1) {
      for (const auto& web_socket : opened) web_socket->close();
      EXPECT_TRUE(world.run_until([&] {
        for (const auto& listener : listeners) {
          if (!listener->closed) return false;
        }
        return true;
      }));
    }
    opened.clear();
    if (how == 2) world.settle();
    SlowNames::release();
    world.network = make_network(world.clock);
  }
}

// Nobody would wait for ever for an answer that was lost with it.
TEST(LifetimeDeathTest, of_the_process_ends_with_an_exception) {
  World world({}, false);
  world.handler.answer = [](const ServerRequest&) -> std::optional<HttpResponse> {
    throw std::runtime_error("thrown by a handler");
  };
  EXPECT_DEATH(static_cast<void>(world.fetch(world.get())), "thrown by a handler");
}

}  // namespace
}  // namespace tapeline::net
