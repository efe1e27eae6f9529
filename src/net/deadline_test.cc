// SPDX-License-Identifier: Apache-2.0
// A peer that stops at exactly one step: each step ends by itself, and the error names it.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "net/net_fixture.h"
#include "net/raw_peer.h"
#include "net/slow_names.h"

namespace tapeline::net {
namespace {

constexpr Duration kStep = std::chrono::milliseconds(150);
constexpr Duration kLong = std::chrono::seconds(15);

// The one step that a test is about is short: if another one's deadline ended it, the test would
// last as long as its patience.
WebSocketOptions socket_with_steps(const std::string& url, const std::string& proxy = "") {
  return WebSocketOptions{
      .url = url, .trust = {.proxy = proxy}, .step_deadline = kStep, .ping_after = kLong};
}

HttpRequest request_to(const std::string& url, const std::string& proxy = "") {
  return HttpRequest{.url = url, .trust = {.proxy = proxy}, .deadline = kStep};
}

void expect_timed_out(const Error& error, const std::string& during) {
  EXPECT_NE(error.text.find("no answer within 150ms " + during), std::string::npos) << error.text;
  EXPECT_EQ(error.fault, Fault::kTheirs);
  EXPECT_EQ(error.retry, Retry::kAfterBackoff);
}

// As a WebSocket and as an HTTP request, which has one deadline for all.
void expect_both_time_out(World& world, const std::string& host, const std::string& proxy,
                          const std::string& during) {
  const Error error = world.error_of_opening(socket_with_steps("wss://" + host + "/", proxy));
  expect_timed_out(error, during);
  const auto response = world.fetch(request_to("https://" + host + "/", proxy));
  ASSERT_FALSE(response);
  expect_timed_out(response.error(), "to an HTTP request");
  EXPECT_NE(response.error().text.find(host), std::string::npos) << response.error().text;
}

TEST(Deadline, of_resolving_a_name) {
  const SlowNames slow;
  World world({}, false);
  expect_both_time_out(world, "a.stalls.test:443", "", "while resolving its name");
  SlowNames::release();  // before the network goes: it waits for the system
}

TEST(Deadline, of_a_name_that_is_resolved_after_all) {
  const SlowNames slow;
  World world({}, false);
  const Error error = world.error_of_opening(socket_with_steps("wss://late.stalls.test:9/"));
  expect_timed_out(error, "while resolving its name");
  SlowNames::release();
  world.settle();
}

TEST(Deadline, of_connecting) {
  World world({}, false);
  const FullQueue full;
  expect_both_time_out(world, full.address(), "", "while connecting");
}

TEST(Deadline, of_connecting_to_the_proxy) {
  World world({}, false);
  const FullQueue full;
  expect_both_time_out(world, "venue.test:443", "http://" + full.address(), "while connecting");
}

TEST(Deadline, of_asking_the_proxy) {
  World world({}, false);
  RawServer silent;
  world.others.push_back(&silent);
  const std::string proxy = "http://" + silent.address();
  expect_both_time_out(world, "venue.test:443", proxy, "while waiting for the proxy");
  // Half an answer is none.
  silent.on_bytes = [](RawSocket& socket) { socket.say("HTTP/1.1 200 OK\r\nVia: x\r\n"); };
  expect_both_time_out(world, "venue.test:443", proxy, "while waiting for the proxy");
}

TEST(Deadline, of_the_handshake_of_tls) {
  World world({}, false);
  RawServer silent;
  world.others.push_back(&silent);
  expect_both_time_out(world, silent.address(), "", "during the TLS handshake");
  // The head of a record that never comes.
  silent.on_bytes = [](RawSocket& socket) { socket.say({"\x16\x03\x03\x10\x00", 5}); };
  expect_both_time_out(world, silent.address(), "", "during the TLS handshake");
}

TEST(Deadline, of_the_handshake_of_tls_behind_a_proxy) {
  World world({}, false);
  RawServer proxy;
  proxy.on_bytes = [](RawSocket& socket) {
    if (socket.heard().starts_with("CONNECT ") && socket.heard().ends_with("\r\n\r\n")) {
      socket.say("HTTP/1.1 200 Connection established\r\n\r\n");
    }
  };
  world.others.push_back(&proxy);
  expect_both_time_out(world, "venue.test:443", "http://" + proxy.address(),
                       "during the TLS handshake");
}

TEST(Deadline, of_the_handshake_of_a_websocket) {
  World world({}, false);
  RawServer silent;
  world.others.push_back(&silent);
  expect_timed_out(world.error_of_opening(socket_with_steps(silent.url("ws"))),
                   "during the WebSocket handshake");
  // A byte now and then does not prolong it.
  silent.on_bytes = [](RawSocket& socket) {
    socket.bytes_per_step = 1;
    socket.rest_per_step = std::chrono::microseconds(100);  // no header is too long by then
    socket.say("HTTP/1.1 101 Switching Protocols\r\nX: ");
    socket.repeat("x");
  };
  expect_timed_out(world.error_of_opening(socket_with_steps(silent.url("ws"))),
                   "during the WebSocket handshake");
}

TEST(Deadline, of_an_http_answer_that_drips) {
  World world({}, false);
  RawServer dripping;
  world.others.push_back(&dripping);
  for (const char* const begins : {"", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 100 Continue\r\n\r\n",
                                   "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
                                   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
                                   "HTTP/1.1 200 OK\r\n\r\nuntil the end"}) {
    dripping.on_bytes = [&](RawSocket& socket) {
      if (*begins == '\0') return;
      socket.say(begins);
      if (std::string_view(begins).find("Length") != std::string_view::npos) {
        socket.bytes_per_step = 1;
        socket.repeat("x");
      }
    };
    const auto response = world.fetch(request_to(dripping.url("http")));
    ASSERT_FALSE(response) << begins;
    expect_timed_out(response.error(), "to an HTTP request");
  }
}

TEST(Deadline, of_a_request_that_is_not_read) {
  World world({}, false);
  RawServer deaf;
  world.others.push_back(&deaf);
  deaf.on_bytes = [](RawSocket& socket) { socket.hears = false; };
  HttpRequest request = request_to(deaf.url("http"));
  request.method = "POST";
  request.body = std::string(std::size_t{32} << 20, 'x');
  const auto response = world.fetch(request);
  ASSERT_FALSE(response);
  expect_timed_out(response.error(), "to an HTTP request");
}

// A raw server that grants each WebSocket and then does as it is told.
void grant_and(RawServer& server, const std::function<void(RawSocket&)>& then) {
  server.on_bytes = [then](RawSocket& socket) {
    if (!socket.heard().ends_with("\r\n\r\n")) return;
    socket.say(upgrade_answer(socket.heard()));
    socket.forget();
    then(socket);
  };
}

TEST(Deadline, of_the_first_data_and_of_silence) {
  World world({}, false);
  RawServer silent;
  world.others.push_back(&silent);
  for (const bool says_something : {false, true}) {
    grant_and(silent, [=](RawSocket& socket) {
      if (says_something) socket.say(bytes_of({.payload = "data", .is_masked = false}));
    });
    KeepingListener listener;
    WebSocketOptions options = socket_with_steps(silent.url("ws"));
    options.step_deadline = kLong;
    options.ping_after = kStep;
    const auto web_socket = world.network->open(options, listener);
    ASSERT_TRUE(world.run_until([&] { return listener.closed.has_value(); }));
    EXPECT_EQ(listener.opens, 1);
    EXPECT_EQ(listener.messages.size(), says_something ? 1U : 0U);
    EXPECT_NE(listener.error().find("answered no ping for 150ms: the line is dead"),
              std::string::npos)
        << listener.error();
    // One ping, masked, without payload.
    EXPECT_EQ(silent.sockets.back()->heard().substr(0, 2), "\x89\x80");
    EXPECT_EQ(silent.sockets.back()->heard().size(), 6U);
  }
}

TEST(Deadline, of_silence_does_not_pass_while_pings_are_answered) {
  World world({}, false);
  RawServer peer;
  world.others.push_back(&peer);
  int pongs = 0;
  grant_and(peer, [&](RawSocket& granted) {
    static_cast<void>(granted);
    peer.on_bytes = [&](RawSocket& socket) {
      ++pongs;
      socket.say(bytes_of({.first = 0x8A, .is_masked = false}));
    };
  });
  KeepingListener listener;
  WebSocketOptions options = socket_with_steps(peer.url("ws"));
  options.step_deadline = kLong;
  options.ping_after = kStep;
  const auto web_socket = world.network->open(options, listener);
  ASSERT_TRUE(world.run_until([&] { return pongs >= 5; })) << listener.error();
  EXPECT_FALSE(listener.closed) << listener.error();
}

TEST(Deadline, of_silence_is_not_that_of_a_peer_who_hears_nothing) {
  World world({.limits = {.ping_after = kStep}}, false);
  KeepingListener listener;
  WebSocketOptions options = world.web_socket();
  options.ping_after = kLong;
  const auto web_socket = world.network->open(options, listener);
  ASSERT_TRUE(world.run_until([&] { return listener.opens == 1; })) << listener.error();
  world.server->silence(world.handler.peers.back());
  const std::int64_t until = world.clock.monotonic_ns() + 4 * kStep.count();
  ASSERT_TRUE(world.run_until([&] { return world.clock.monotonic_ns() >= until; }));
  EXPECT_TRUE(world.handler.closed.empty()) << world.handler.closed.front().text;
  EXPECT_FALSE(listener.closed) << listener.error();
}

TEST(Deadline, of_a_message_that_is_not_read) {
  World world({}, false);
  RawServer deaf;
  world.others.push_back(&deaf);
  grant_and(deaf, [](RawSocket& socket) { socket.hears = false; });
  KeepingListener listener;
  WebSocketOptions options = socket_with_steps(deaf.url("ws"));
  options.deflate = false;
  options.outbox_bytes_max = std::size_t{64} << 20;
  const auto web_socket = world.network->open(options, listener);
  ASSERT_EQ(web_socket->send(std::string(std::size_t{32} << 20, 'x')), Sent::kYes);
  ASSERT_TRUE(world.run_until([&] { return listener.closed.has_value(); }));
  EXPECT_NE(listener.error().find("takes nothing of what it is sent for 150ms"), std::string::npos)
      << listener.error();
}

TEST(Deadline, of_a_close_that_is_not_answered) {
  World world({}, false);
  RawServer stubborn;
  world.others.push_back(&stubborn);
  for (const char* const says : {"", "\x81\x01x", "\x89\x00"}) {
    grant_and(stubborn, [=](RawSocket& socket) {
      if (*says != '\0') socket.repeat(says[0] == '\x81' ? says : std::string_view(says, 2));
    });
    KeepingListener listener;
    const auto web_socket = world.network->open(socket_with_steps(stubborn.url("ws")), listener);
    ASSERT_TRUE(world.run_until([&] { return listener.opens == 1; })) << listener.error();
    web_socket->close();
    ASSERT_TRUE(world.run_until([&] { return listener.closed.has_value(); }));
    EXPECT_NE(listener.error().find("does not close for 150ms"), std::string::npos)
        << listener.error();
  }
}

// The answer and the deadline at the same moment: whoever is first, there is one outcome.
TEST(Deadline, may_pass_when_the_answer_comes) {
  World world({}, false);
  RawServer peer;
  world.others.push_back(&peer);
  int answered = 0;
  for (int delay_us = 500; delay_us < 4000; delay_us += 100) {
    peer.on_bytes = [](RawSocket& socket) {
      if (!socket.heard().ends_with("\r\n\r\n")) return;
      socket.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      socket.forget();
    };
    HttpRequest request = request_to(peer.url("http"));
    request.deadline = std::chrono::microseconds(delay_us);
    const auto response = world.fetch(request);
    answered += response ? 1 : 0;
    KeepingListener listener;
    grant_and(peer, [](RawSocket&) {});
    WebSocketOptions options = socket_with_steps(peer.url("ws"));
    options.step_deadline = request.deadline;
    const auto web_socket = world.network->open(options, listener);
    ASSERT_TRUE(world.run_until([&] { return listener.opens > 0 || listener.closed; }));
  }
  world.settle();
  EXPECT_GT(answered, 0);
}

TEST(Deadline, of_every_step_of_a_server) {
  World world({.limits = {.idle = kStep, .step_deadline = kStep, .answer_deadline = kStep}}, false);
  for (const char* const says : {"", "GET / HT", "GET / HTTP/1.1\r\nX: y\r\n",
                                 "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n1",
                                 "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"}) {
    const auto client = RawSocket::connect_to(world.server->address());
    world.others = {client.get()};
    client->say(says);
    ASSERT_TRUE(world.run_until([&] { return client->has_ended(); })) << says;
    EXPECT_EQ(client->heard(), "") << says;
  }
  // Between two requests.
  const auto idle = RawSocket::connect_to(world.server->address());
  world.others = {idle.get()};
  idle->say("GET /x HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(world.run_until([&] { return idle->has_ended(); }));
  EXPECT_TRUE(idle->heard().starts_with("HTTP/1.1 200 OK\r\n")) << idle->heard();
  // An answer that never comes.
  world.handler.answer = [](const ServerRequest&) { return std::nullopt; };
  const auto waiting = RawSocket::connect_to(world.server->address());
  world.others = {waiting.get()};
  waiting->say("GET /x HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(world.run_until([&] { return waiting->has_ended(); }));
  EXPECT_TRUE(waiting->heard().starts_with("HTTP/1.1 503 ")) << waiting->heard();
  // Too late: no effect.
  world.server->respond(world.handler.request_ids.back(), HttpResponse{});
  EXPECT_TRUE(world.run_until([&] { return world.server->stats().connections == 0; }));
}

TEST(Deadline, of_the_handshake_of_tls_at_a_server) {
  World world({.limits = {.step_deadline = kStep}});
  for (const std::string_view says :
       {std::string_view(), std::string_view("\x16\x03\x01\x02", 4)}) {
    const auto client = RawSocket::connect_to(world.server->address());
    world.others = {client.get()};
    client->say(says);
    ASSERT_TRUE(world.run_until([&] { return client->has_ended(); }));
  }
  EXPECT_EQ(world.server->stats().connections, 0U);
}

TEST(Deadline, of_an_answer_that_is_not_read) {
  World world({.limits = {.step_deadline = kStep}}, false);
  world.handler.answer = [](const ServerRequest&) {
    return HttpResponse{.body = std::string(std::size_t{16} << 10, 'x')};
  };
  const auto client = RawSocket::connect_to(world.server->address());
  world.others = {client.get()};
  client->hears = false;
  client->repeat("GET / HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(world.run_until([&] { return client->has_ended(); }));
  EXPECT_TRUE(world.run_until([&] { return world.server->stats().connections == 0; }));
}

TEST(Deadline, of_a_peer_that_does_not_answer_a_close) {
  World world({.limits = {.step_deadline = kStep}}, false);
  const auto client = RawSocket::connect_to(world.server->address());
  world.others = {client.get()};
  client->say(upgrade_request());
  ASSERT_TRUE(world.run_until([&] { return !world.handler.peers.empty(); }));
  world.server->close(world.handler.peers.back(), 1001, "going away");
  ASSERT_TRUE(world.run_until([&] { return client->has_ended(); }));
  EXPECT_TRUE(client->heard().ends_with(std::string("\x88\x0c\x03\xe9going away"))) << "RFC 6455";
  ASSERT_EQ(world.handler.closed.size(), 1U);
  EXPECT_NE(world.handler.closed[0].text.find("does not close for 150ms"), std::string::npos);
}

}  // namespace
}  // namespace tapeline::net
