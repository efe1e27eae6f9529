// SPDX-License-Identifier: Apache-2.0
#include "net/websocket.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/thread_sanitizer.h"
#include "net/net_fixture.h"

namespace tapeline::net {
namespace {

std::string noise(std::size_t bytes) {
  std::string out(bytes, '\0');
  std::uint32_t state = 1;
  for (char& c : out) {
    state = state * 1'664'525U + 1'013'904'223U;
    c = static_cast<char>('!' + (state >> 24) % 90);
  }
  return out;
}

TEST(WebSocket, echoes_over_tls) {
  World world;
  KeepingListener listener;
  const auto web_socket = world.network->open(world.web_socket("/feed?a=b"), listener);
  EXPECT_EQ(web_socket->send("before the handshake"), Sent::kYes);
  EXPECT_EQ(listener.opens, 0) << "no call from within open()";
  ASSERT_TRUE(world.run_until([&] { return listener.messages.size() == 1; })) << listener.error();
  EXPECT_EQ(web_socket->send(""), Sent::kYes);
  EXPECT_EQ(web_socket->send("{\"x\":1}"), Sent::kYes);
  ASSERT_TRUE(world.run_until([&] { return listener.messages.size() == 3; })) << listener.error();
  EXPECT_EQ(listener.opens, 1);
  EXPECT_EQ(listener.messages, (std::vector<std::string>{"before the handshake", "", "{\"x\":1}"}));
  ASSERT_EQ(world.handler.requests.size(), 1U);
  const ServerRequest& request = world.handler.requests[0];
  EXPECT_EQ(request.target, "/feed?a=b");
  EXPECT_EQ(find_header(request.headers, "host"), "localhost" + world.server->address().substr(9));
  EXPECT_EQ(find_header(request.headers, "user-agent"), "tapeline");
  EXPECT_EQ(request.peer_address.find("127.0.0.1:"), 0U);
}

TEST(WebSocket, sends_the_headers_it_is_given) {
  World world({}, false);
  KeepingListener listener;
  WebSocketOptions options = world.web_socket();
  options.headers = {{"X-Key", "value"}, {"User-Agent", "other"}};
  const auto web_socket = world.network->open(options, listener);
  ASSERT_TRUE(world.run_until([&] { return listener.opens == 1; })) << listener.error();
  EXPECT_EQ(find_header(world.handler.requests[0].headers, "x-key"), "value");
  EXPECT_EQ(find_header(world.handler.requests[0].headers, "user-agent"), "other");

  options.headers = {{"X-Key", "a\r\nX-Other: b"}};
  const Error error = world.error_of_opening(options);
  EXPECT_EQ(error.fault, Fault::kCaller);
  EXPECT_EQ(error.retry, Retry::kNever);
}

// What one read of a socket brings may be many messages, and parts of others.
TEST(WebSocket, hears_every_message_of_many_that_come_together) {
  for (const bool is_secure : {false, true}) {
    for (const bool deflates : {false, true}) {
      World world({.deflate = deflates}, is_secure);
      KeepingListener listener;
      const auto web_socket = world.network->open(world.web_socket(), listener);
      ASSERT_TRUE(world.run_until([&] { return listener.opens == 1; })) << listener.error();
      std::vector<std::string> sent;
      for (std::size_t i = 0; i < 700; ++i) {
        sent.push_back(noise(i % 100 == 99 ? 60'000 : i * i * 7 % 900));
        ASSERT_EQ(world.server->send(world.handler.peers[0], sent.back()), Sent::kYes);
      }
      // As much as the system takes lies there before the first is heard.
      for (int i = 0; i < 2'000; ++i) world.server->run(Duration());
      EXPECT_TRUE(listener.messages.empty());
      ASSERT_TRUE(world.run_until([&] { return listener.messages.size() == sent.size(); }))
          << listener.error();
      EXPECT_EQ(listener.messages, sent);
    }
  }
}

// A network's run() ends although more is there, and what is left comes with the next.
TEST(WebSocket, leaves_what_one_run_does_not_do_to_the_next) {
  World world;
  KeepingListener listener;
  const auto web_socket = world.network->open(world.web_socket(), listener);
  ASSERT_TRUE(world.run_until([&] { return listener.opens == 1; })) << listener.error();
  constexpr std::size_t kMessages = 5'000;
  for (std::size_t i = 0; i < kMessages; ++i) {
    ASSERT_EQ(world.server->send(world.handler.peers[0], "x"), Sent::kYes);
  }
  for (int i = 0; i < 20'000; ++i) world.server->run(Duration());
  std::size_t most = 0;
  const auto runs_once = [&] {
    const std::size_t before = listener.messages.size();
    world.network->run(Duration());
    most = std::max(most, listener.messages.size() - before);
    return listener.messages.size() == kMessages;
  };
  ASSERT_TRUE(world.run_until(runs_once)) << listener.error();
  EXPECT_EQ(most, 1'024U);
}

TEST(WebSocket, has_zeros_to_read_behind_every_message) {
  World world;
  KeepingListener listener;
  const auto web_socket = world.network->open(world.web_socket(), listener);
  for (const std::size_t bytes : {100'000U, 0U, 1U, 5U, 1000U, 64U, 3U}) {
    ASSERT_EQ(web_socket->send(noise(bytes)), Sent::kYes);
    const std::size_t messages = listener.messages.size();
    ASSERT_TRUE(world.run_until([&] { return listener.messages.size() > messages; }));
    EXPECT_EQ(listener.messages.back(), noise(bytes));
    EXPECT_EQ(listener.behind, std::string(kReadPadding, '\0')) << bytes;
  }
}

TEST(WebSocket, deflates_when_both_agree) {
  for (const bool server_deflates : {false, true}) {
    for (const bool client_deflates : {false, true}) {
      World world({.deflate = server_deflates}, false);
      KeepingListener listener;
      WebSocketOptions options = world.web_socket();
      options.deflate = client_deflates;
      const auto web_socket = world.network->open(options, listener);
      const std::string text = std::string(50'000, 'x') + noise(1000);
      ASSERT_EQ(web_socket->send(text), Sent::kYes);
      ASSERT_EQ(web_socket->send(text), Sent::kYes);
      ASSERT_TRUE(world.run_until([&] { return listener.messages.size() == 2; }));
      EXPECT_EQ(listener.messages[0], text);
      EXPECT_EQ(listener.messages[1], text);
      const auto offered =
          find_header(world.handler.requests[0].headers, "sec-websocket-extensions");
      EXPECT_EQ(offered.has_value(), client_deflates);
    }
  }
}

TEST(WebSocket, takes_messages_up_to_its_bound_and_no_more) {
  constexpr std::size_t kBytes = kHasThreadSanitizer ? 1 << 20 : 8 << 20;
  World world({.limits = {.message_bytes_max = kBytes, .outbox_bytes_max = 3 * kBytes}});
  for (const bool deflates : {false, true}) {
    KeepingListener listener;
    WebSocketOptions options = world.web_socket();
    options.deflate = deflates;
    options.message_bytes_max = kBytes;
    const auto web_socket = world.network->open(options, listener);
    ASSERT_TRUE(world.run_until([&] { return listener.opens == 1; })) << listener.error();
    const PeerId peer = world.handler.peers.back();
    const std::string text = std::string(kBytes / 2, 'x') + noise(kBytes / 2);
    ASSERT_EQ(world.server->send(peer, text), Sent::kYes);
    ASSERT_TRUE(world.run_until([&] { return listener.messages.size() == 1; })) << listener.error();
    EXPECT_TRUE(listener.messages[0] == text);
    // Deflated it is far smaller than the bound.
    ASSERT_EQ(world.server->send(peer, std::string(kBytes + 1, 'x')), Sent::kYes);
    ASSERT_TRUE(world.run_until([&] { return listener.closed.has_value(); }));
    EXPECT_NE(listener.error().find(fmt::format("more than {} bytes", kBytes)), std::string::npos)
        << listener.error();
    EXPECT_EQ(listener.messages.size(), 1U);
  }
}

TEST(WebSocket, shows_a_message_again_until_it_is_taken) {
  World world;
  KeepingListener listener;
  const auto web_socket = world.network->open(world.web_socket(), listener);
  int refusals = 0;
  listener.take = [&](std::string_view) { return ++refusals <= 5 ? Taken::kLater : Taken::kYes; };
  for (const char* text : {"one", "two", "three"}) ASSERT_EQ(web_socket->send(text), Sent::kYes);
  ASSERT_TRUE(world.run_until([&] { return listener.messages.size() == 3; })) << listener.error();
  EXPECT_EQ(listener.messages, (std::vector<std::string>{"one", "two", "three"}));
  ASSERT_EQ(listener.stamps.size(), 8U);
  for (std::size_t i = 1; i < 6; ++i)
    EXPECT_EQ(listener.stamps[i], listener.stamps[0]) << "stamped once";
  EXPECT_GT(listener.stamps[6], listener.stamps[0]);
}

TEST(WebSocket, pushes_back_on_the_sender_while_nothing_is_taken) {
  constexpr std::size_t kOutbox = 4 << 20;
  World world({.limits = {.outbox_bytes_max = kOutbox, .step_deadline = kPatience}});
  KeepingListener listener;
  WebSocketOptions options = world.web_socket();
  options.deflate = false;
  const auto web_socket = world.network->open(options, listener);
  bool takes = false;
  listener.take = [&](std::string_view) { return takes ? Taken::kYes : Taken::kLater; };
  ASSERT_TRUE(world.run_until([&] { return listener.opens == 1; }));
  const PeerId peer = world.handler.peers.back();
  const std::string text = noise(100'000);
  // As much as the buffers of the system hold, and the outbox: then the sender is refused.
  std::size_t sent = 0;
  int refused = 0;
  ASSERT_TRUE(world.run_until([&] {
    const Sent answer = world.server->send(peer, text);
    EXPECT_NE(answer, Sent::kGone);
    refused = answer == Sent::kFull ? refused + 1 : 0;
    sent += answer == Sent::kYes ? 1 : 0;
    return refused > 50;
  }));
  EXPECT_TRUE(listener.messages.empty());
  EXPECT_GT(world.server->outbox_bytes(peer), kOutbox - 2 * text.size());
  takes = true;
  ASSERT_TRUE(world.run_until([&] { return listener.messages.size() == sent; }))
      << listener.messages.size() << " of " << sent;
  EXPECT_EQ(world.server->outbox_bytes(peer), 0U);
}

TEST(WebSocket, closes_in_order_from_either_side) {
  World world;
  KeepingListener ours;
  auto web_socket = world.network->open(world.web_socket(), ours);
  ASSERT_TRUE(world.run_until([&] { return ours.opens == 1; }));
  EXPECT_EQ(web_socket->send("last words"), Sent::kYes);
  web_socket->close();
  EXPECT_EQ(web_socket->send("too late"), Sent::kGone);
  ASSERT_TRUE(world.run_until([&] { return ours.closed && !world.handler.closed.empty(); }));
  EXPECT_EQ(world.handler.messages, std::vector<std::string>{"last words"});
  EXPECT_NE(ours.error().find("closed by us"), std::string::npos) << ours.error();
  EXPECT_NE(world.handler.closed[0].text.find("(1000 )"), std::string::npos)
      << world.handler.closed[0].text;
  ASSERT_TRUE(world.run_until([&] { return world.server->stats().connections == 0; }));

  KeepingListener theirs;
  web_socket = world.network->open(world.web_socket(), theirs);
  ASSERT_TRUE(world.run_until([&] { return theirs.opens == 1; }));
  EXPECT_EQ(world.server->send(world.handler.peers.back(), "bye"), Sent::kYes);
  world.server->close(world.handler.peers.back(), 1012, "service restart");
  ASSERT_TRUE(world.run_until([&] { return theirs.closed.has_value(); }));
  EXPECT_EQ(theirs.messages, std::vector<std::string>{"bye"});
  EXPECT_NE(theirs.error().find("(1012 service restart)"), std::string::npos) << theirs.error();
  EXPECT_EQ(theirs.closed->retry, Retry::kAfterBackoff);
}

TEST(WebSocket, hears_nothing_after_it_is_destroyed) {
  World world;
  // At every moment of its life.
  for (int steps = 0; steps < 60; ++steps) {
    KeepingListener listener;
    auto web_socket = world.network->open(world.web_socket(), listener);
    EXPECT_EQ(web_socket->send("x"), Sent::kYes);
    int round = 0;
    world.run_until([&] { return ++round > steps; });
    const std::size_t heard = listener.stamps.size() + static_cast<std::size_t>(listener.opens);
    web_socket.reset();
    world.settle();
    EXPECT_EQ(listener.stamps.size() + static_cast<std::size_t>(listener.opens), heard);
    EXPECT_FALSE(listener.closed);
  }
  EXPECT_TRUE(world.run_until([&] { return world.server->stats().connections == 0; }));
}

TEST(WebSocket, may_be_destroyed_by_its_listener) {
  World world;
  std::unique_ptr<WebSocket> web_socket;
  KeepingListener at_open;
  at_open.at_open = [&] { web_socket.reset(); };
  web_socket = world.network->open(world.web_socket(), at_open);
  ASSERT_TRUE(world.run_until([&] { return at_open.opens == 1; }));

  KeepingListener at_message;
  at_message.take = [&](std::string_view) {
    web_socket.reset();
    return Taken::kLater;
  };
  web_socket = world.network->open(world.web_socket(), at_message);
  EXPECT_EQ(web_socket->send("x"), Sent::kYes);
  ASSERT_TRUE(world.run_until([&] { return at_message.stamps.size() == 1; }));

  KeepingListener at_close;
  at_close.at_close = [&] { web_socket.reset(); };
  at_close.at_open = [&] { world.server->cut(world.handler.peers.back()); };
  web_socket = world.network->open(world.web_socket(), at_close);
  ASSERT_TRUE(world.run_until([&] { return at_close.closed.has_value(); }));
  world.settle();
  EXPECT_FALSE(at_open.closed);
  EXPECT_FALSE(at_message.closed);
  EXPECT_NE(at_close.error().find("localhost:"), std::string::npos) << at_close.error();
}

TEST(WebSocket, may_be_closed_before_it_opens) {
  World world;
  KeepingListener listener;
  const auto web_socket = world.network->open(world.web_socket(), listener);
  web_socket->close();
  EXPECT_EQ(web_socket->send("x"), Sent::kGone);
  ASSERT_TRUE(world.run_until([&] { return listener.closed.has_value(); }));
  EXPECT_NE(listener.error().find("closed by us"), std::string::npos);
  EXPECT_EQ(listener.opens, 0);
}

TEST(WebSocket, refuses_more_than_its_outbox_holds) {
  World world;
  KeepingListener listener;
  WebSocketOptions options = world.web_socket();
  options.outbox_bytes_max = 1000;
  const auto web_socket = world.network->open(options, listener);
  EXPECT_EQ(web_socket->send(std::string(1000, 'x')), Sent::kFull);
  int taken = 0;
  while (web_socket->send("") == Sent::kYes) ++taken;
  EXPECT_GT(taken, 5);
  EXPECT_LT(taken, 100) << "an empty message takes room too";
  ASSERT_TRUE(world.run_until([&] { return listener.messages.size() == std::size_t(taken); }));
  EXPECT_EQ(web_socket->send("x"), Sent::kYes);
}

}  // namespace
}  // namespace tapeline::net
