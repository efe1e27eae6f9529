// SPDX-License-Identifier: Apache-2.0
// What a server makes of bytes after the upgrade, by RFC 6455 and RFC 7692 and not by a client of
// ours.
#include <gtest/gtest.h>
#include <zlib.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "net/net_fixture.h"
#include "net/raw_peer.h"

namespace tapeline::net {
namespace {

constexpr std::size_t kMessageBytesMax = 1000;
constexpr const char* kOffersDeflate =
    "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover\r\n";

// A client of raw frames, upgraded, with a server that takes up to 1000 bytes.
class FrameClient {
 public:
  explicit FrameClient(const char* headers = "", Duration ping_after = kPatience)
      : world({.limits = {.message_bytes_max = kMessageBytesMax,
                          .step_deadline = std::chrono::milliseconds(200),
                          .ping_after = ping_after}},
              false),
        client(RawSocket::connect_to(world.server->address())) {
    world.others = {client.get()};
    client->say(upgrade_request(headers));
    EXPECT_TRUE(world.run_until([&] { return client->heard().ends_with("\r\n\r\n"); }));
    EXPECT_TRUE(client->heard().starts_with("HTTP/1.1 101 ")) << client->heard();
    // Of the example in RFC 6455, 1.3.
    EXPECT_NE(client->heard().find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), std::string::npos);
    client->forget();
  }

  // Everything that the server says to it until it hangs up.
  std::string answer_to(const std::string& bytes) {
    client->say(bytes);
    EXPECT_TRUE(world.run_until([&] { return client->has_ended(); })) << client->heard();
    client->hang_up();
    EXPECT_TRUE(world.run_until([&] { return world.server->stats().connections == 0; }));
    EXPECT_EQ(world.handler.closed.size(), 1U);
    return client->heard();
  }
  [[nodiscard]] std::string why() const { return world.handler.closed.at(0).text; }

  World world;
  std::unique_ptr<RawSocket> client;
};

// The head of a close frame and its code; a reason may follow.
std::string closes_with(std::uint16_t code) {
  return std::string(1, '\x88') + '\x02' + close_payload(code);
}

struct BadFrame {
  const char* what;
  std::string bytes;
  std::uint16_t code;  // RFC 6455, 7.4.1
};

std::vector<BadFrame> bad_frames() {
  constexpr std::uint16_t kProtocol = 1002;
  constexpr std::uint16_t kPayload = 1007;
  constexpr std::uint16_t kTooBig = 1009;
  const std::string text = bytes_of({.payload = "x"});
  return {
      {"not masked", bytes_of({.payload = "x", .is_masked = false}), kProtocol},
      {"a reserved bit", bytes_of({.first = 0xA1, .payload = "x"}), kProtocol},
      {"compressed, which was not agreed on", bytes_of({.first = 0xC1, .payload = "x"}), kProtocol},
      {"a reserved opcode", bytes_of({.first = 0x83, .payload = "x"}), kProtocol},
      {"a reserved control opcode", bytes_of({.first = 0x8B}), kProtocol},
      {"a fragment of no message", bytes_of({.first = 0x80, .payload = "x"}), kProtocol},
      {"a message within a message",
       bytes_of({.first = 0x01, .payload = "x"}) + bytes_of({.first = 0x81, .payload = "y"}),
       kProtocol},
      {"a ping in fragments", bytes_of({.first = 0x09, .payload = "x"}), kProtocol},
      {"a long ping", bytes_of({.first = 0x89, .payload = std::string(126, 'x')}), kProtocol},
      {"a close in fragments", bytes_of({.first = 0x08, .payload = close_payload(1000)}),
       kProtocol},
      {"a close of one byte", bytes_of({.first = 0x88, .payload = "x"}), kProtocol},
      {"a length that is not the shortest", std::string("\x81\xFE\x00\x01mask\x00", 9), kProtocol},
      {"a length of 64 bits that is not the shortest",
       std::string("\x81\xFF\x00\x00\x00\x00\x00\x00\x00\x01mask\x00", 15), kProtocol},
      {"a length with its highest bit",
       std::string("\x81\xFF\x80\x00\x00\x00\x00\x00\x00\x01mask", 14), kTooBig},
      {"no UTF-8", bytes_of({.payload = "a\xC0\xAF"}), kPayload},
      {"half a character", bytes_of({.payload = "a\xE2\x82"}), kPayload},
      {"a surrogate", bytes_of({.payload = "\xED\xA0\x80"}), kPayload},
      {"beyond Unicode", bytes_of({.payload = "\xF4\x90\x80\x80"}), kPayload},
      {"no UTF-8 in the reason of a close",
       bytes_of({.first = 0x88, .payload = close_payload(1000, "\xFF")}), kProtocol},
      {"no UTF-8 in the second fragment",
       bytes_of({.first = 0x01, .payload = "\xE2\x82"}) + bytes_of({.first = 0x80, .payload = "x"}),
       kPayload},
      {"a message beyond the bound", bytes_of({.payload = std::string(1001, 'x')}), kTooBig},
      {"a claim beyond the bound", std::string("\x81\xFF\x00\x00\x00\xFF\x00\x00\x00\x00mask", 14),
       kTooBig},
      {"fragments beyond the bound",
       bytes_of({.first = 0x01, .payload = std::string(600, 'x')}) +
           bytes_of({.first = 0x80, .payload = std::string(600, 'x')}),
       kTooBig},
  };
}

TEST(WebSocketFrames, that_break_the_protocol_end_the_connection_with_their_code) {
  for (const BadFrame& bad : bad_frames()) {
    for (const std::size_t bytes_per_step : {0U, 1U}) {
      FrameClient raw;
      raw.client->bytes_per_step = bytes_per_step;
      const std::string answer = raw.answer_to(bad.bytes);
      EXPECT_EQ(answer, closes_with(bad.code)) << bad.what;
      EXPECT_TRUE(raw.world.handler.messages.empty()) << bad.what;
      if (bad.code == 1009) {
        EXPECT_NE(raw.why().find("more than 1000 bytes"), std::string::npos) << raw.why();
      }
    }
  }
}

// The server tells why, and waits for a step at most: here for a peer that goes on and on.
TEST(WebSocketFrames, that_follow_a_bad_one_do_not_keep_the_connection) {
  for (const bool floods : {false, true}) {
    FrameClient raw;
    if (floods) raw.client->repeat(bytes_of({.payload = std::string(900, 'x')}));
    raw.client->say(bytes_of({.payload = std::string(1001, 'x')}));
    ASSERT_TRUE(raw.world.run_until([&] { return !raw.world.handler.closed.empty(); }));
    EXPECT_NE(raw.why().find("more than 1000 bytes"), std::string::npos) << raw.why();
    EXPECT_EQ(raw.world.server->stats().connections, 0U);
    raw.world.settle();
    EXPECT_TRUE(raw.client->has_ended());
  }
}

TEST(WebSocketFrames, of_close_have_a_code_that_may_be_sent) {
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999}) {
    FrameClient raw;
    const auto sent = static_cast<std::uint16_t>(code);
    EXPECT_EQ(raw.answer_to(bytes_of({.first = 0x88, .payload = close_payload(sent)})),
              closes_with(1002))
        << code;
  }
  for (const int code : {1000, 1001, 1003, 1007, 1011, 3000, 4999}) {
    FrameClient raw;
    const auto sent = static_cast<std::uint16_t>(code);
    const std::string answer =
        raw.answer_to(bytes_of({.first = 0x88, .payload = close_payload(sent, "\n why")}));
    EXPECT_TRUE(answer.starts_with("\x88")) << code;
    EXPECT_EQ(answer.substr(2, 2), close_payload(sent)) << "echoed";
    EXPECT_NE(raw.why().find("(" + std::to_string(code) + " ? why)"), std::string::npos)
        << raw.why();
  }
  FrameClient raw;
  EXPECT_EQ(raw.answer_to(bytes_of({.first = 0x88})), closes_with(1000));
  EXPECT_NE(raw.why().find("the peer closed the WebSocket:"), std::string::npos) << raw.why();
}

TEST(WebSocketFrames, may_come_in_fragments_with_pings_between_them) {
  for (const std::size_t bytes_per_step : {0U, 1U}) {
    FrameClient raw;
    raw.client->bytes_per_step = bytes_per_step;
    raw.client->say(bytes_of({.first = 0x01, .payload = "\xE2\x82"}) +
                    bytes_of({.first = 0x89, .payload = "ping"}) + bytes_of({.first = 0x00}) +
                    bytes_of({.first = 0x8A, .payload = "a pong that nobody asked for"}) +
                    bytes_of({.first = 0x80, .payload = "\xAC!"}) + bytes_of({.payload = ""}) +
                    bytes_of({.first = 0x82, .payload = "\xFF"}) +
                    bytes_of({.payload = std::string(kMessageBytesMax, 'x')}));
    ASSERT_TRUE(raw.world.run_until([&] { return raw.world.handler.messages.size() == 4; }));
    EXPECT_EQ(raw.world.handler.messages[0], "\xE2\x82\xAC!");
    EXPECT_EQ(raw.world.handler.messages[1], "");
    EXPECT_EQ(raw.world.handler.messages[2], "\xFF") << "binary may hold anything";
    EXPECT_EQ(raw.world.handler.messages[3], std::string(kMessageBytesMax, 'x'));
    raw.world.settle();
    EXPECT_TRUE(raw.client->heard().starts_with(std::string("\x8A\x04ping\x81\x04\xE2\x82\xAC!")))
        << "the pong repeats the ping, and nothing is masked";
  }
}

// A raw DEFLATE stream of zlib's, without its end as RFC 7692 has it.
std::string deflated(const std::string& plain) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, plain.size()) + 16, '\0');
  std::string in = plain;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_SYNC_FLUSH);
  out.resize(stream.total_out - 4);
  deflateEnd(&stream);
  return out;
}

TEST(WebSocketFrames, are_inflated_up_to_the_bound_and_no_further) {
  FrameClient raw(kOffersDeflate);
  for (const std::size_t bytes : {0U, 1U, 1000U}) {
    raw.client->say(bytes_of({.first = 0xC1, .payload = deflated(std::string(bytes, 'x'))}));
    const std::size_t before = raw.world.handler.messages.size();
    ASSERT_TRUE(raw.world.run_until([&] { return raw.world.handler.messages.size() > before; }))
        << raw.world.handler.closed.size();
    EXPECT_EQ(raw.world.handler.messages.back(), std::string(bytes, 'x'));
  }
  // 64 MiB in some 64 KiB; the bound of what comes does not see it, that of what it becomes does.
  for (const std::size_t bytes : {std::size_t{1001}, std::size_t{64} << 20}) {
    FrameClient bomb(kOffersDeflate);
    const std::string payload = deflated(std::string(bytes, 'x'));
    const std::string answer = bomb.answer_to(bytes_of({.first = 0xC1, .payload = payload}));
    EXPECT_EQ(answer.substr(0, 4), closes_with(1009)) << bytes;
    EXPECT_NE(bomb.why().find("more than 1000 bytes"), std::string::npos) << bomb.why();
    EXPECT_TRUE(bomb.world.handler.messages.empty());
  }
  // In many fragments.
  FrameClient bomb(kOffersDeflate);
  const std::string payload = deflated(std::string(std::size_t{1} << 20, 'x'));
  std::string frames;
  for (std::size_t at = 0; at < payload.size(); at += 10) {
    const std::uint8_t first = at == 0 ? 0x41 : 0x00;
    frames += bytes_of({.first = first, .payload = payload.substr(at, 10)});
  }
  EXPECT_EQ(bomb.answer_to(frames).substr(0, 4), closes_with(1009));
}

TEST(WebSocketFrames, that_do_not_inflate_end_the_connection) {
  for (const std::string& payload :
       {std::string("\xFF\xFF\xFF\xFF"), std::string("\x07"),
        std::string("\x00\x01\x00\x00\x00", 5), deflated("hello").substr(1),
        "\x02\x40" + std::string(50, '\xAA')}) {
    FrameClient raw(kOffersDeflate);
    EXPECT_EQ(raw.answer_to(bytes_of({.first = 0xC1, .payload = payload})), "");
    EXPECT_NE(raw.why().find("the connection broke while it was open"), std::string::npos)
        << raw.why();
    EXPECT_TRUE(raw.world.handler.messages.empty());
  }
}

TEST(WebSocketFrames, that_never_end_cost_no_more_than_the_bound) {
  FrameClient pings("", std::chrono::milliseconds(200));
  pings.client->hears = false;
  std::string many;
  for (int i = 0; i < 500; ++i) many += bytes_of({.first = 0x89, .payload = std::string(125, 'p')});
  pings.client->repeat(many);
  // The pongs fill the line: who reads none of them is cut.
  pings.world.run_until([&] { return pings.client->has_ended(); });
  EXPECT_TRUE(pings.client->has_ended());
  ASSERT_EQ(pings.world.handler.closed.size(), 1U);
}

TEST(WebSocketUpgrade, is_refused_if_it_is_none) {
  World world({}, false);
  const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  const std::string upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
  const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n";
  const std::vector<std::pair<std::string, std::string>> cases{
      {get + upgrade + "Sec-WebSocket-Version: 13\r\n\r\n", "HTTP/1.1 400 "},
      {get + upgrade + key + "\r\n", "HTTP/1.1 400 "},
      {get + upgrade + key + "Sec-WebSocket-Version: 8\r\n\r\n", "HTTP/1.1 426 "},
      {"GET / HTTP/1.1\r\n" + upgrade + key + "Sec-WebSocket-Version: 13\r\n\r\n", "HTTP/1.1 400 "},
      {get + "Upgrade: websocket\r\n" + key + "Sec-WebSocket-Version: 13\r\n\r\n", "HTTP/1.1 200 "},
      {"POST / HTTP/1.1\r\nHost: x\r\n" + upgrade + key + "Sec-WebSocket-Version: 13\r\n\r\n",
       "HTTP/1.1 200 "},
      {"GET / HTTP/1.0\r\nHost: x\r\n" + upgrade + key + "Sec-WebSocket-Version: 13\r\n\r\n",
       "HTTP/1.1 200 "},
      // What follows is a body, not a frame.
      {upgrade_request("Content-Length: 4\r\n") + "body", "HTTP/1.1 200 "},
      {upgrade_request("Transfer-Encoding: chunked\r\n") + "0\r\n\r\n", "HTTP/1.1 200 "},
  };
  for (const auto& [request, expected] : cases) {
    const auto client = RawSocket::connect_to(world.server->address());
    world.others = {client.get()};
    client->say(request);
    ASSERT_TRUE(world.run_until([&] { return !client->heard().empty(); })) << request;
    world.settle();
    EXPECT_TRUE(client->heard().starts_with(expected)) << request << client->heard();
    EXPECT_EQ(count_of(client->heard(), "HTTP/1.1"), 1U) << client->heard();
  }
  world.others.clear();
  EXPECT_TRUE(world.run_until([&] { return world.server->stats().connections == 0; }));
  EXPECT_EQ(world.handler.closed.size(), world.handler.peers.size());
  EXPECT_TRUE(world.handler.messages.empty());
}

TEST(WebSocketUpgrade, that_the_handler_refuses_leaves_the_connection) {
  World world({}, false);
  world.handler.grant = [](const ServerRequest&) { return HttpResponse{.status = 404}; };
  const auto client = RawSocket::connect_to(world.server->address());
  world.others = {client.get()};
  client->say(upgrade_request() + "GET /x HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(world.run_until([&] { return count_of(client->heard(), "HTTP/1.1") == 2; }));
  EXPECT_TRUE(client->heard().starts_with("HTTP/1.1 404 "));
  EXPECT_TRUE(world.handler.closed.empty());
  for (const int status : {401, 403, 418, 429, 503}) {
    world.handler.grant = [=](const ServerRequest&) { return HttpResponse{.status = status}; };
    const Error error = world.error_of_opening(world.web_socket());
    EXPECT_NE(error.text.find("refused the WebSocket with " + std::to_string(status)),
              std::string::npos)
        << error.text;
    EXPECT_EQ(error.retry, status < 418 ? Retry::kNever : Retry::kAfterBackoff) << status;
  }
}

// The first frames may come with the upgrade itself.
TEST(WebSocketUpgrade, may_bring_the_first_frames) {
  World world({}, false);
  const auto client = RawSocket::connect_to(world.server->address());
  world.others = {client.get()};
  client->say(upgrade_request() + bytes_of({.payload = "early"}) + bytes_of({.payload = "bird"}));
  ASSERT_TRUE(world.run_until([&] { return world.handler.messages.size() == 2; }));
  EXPECT_EQ(world.handler.messages, (std::vector<std::string>{"early", "bird"}));
}

// Who goes on sending when the other says good-bye hears why all the same.
TEST(WebSocketClose, is_heard_by_who_is_sending) {
  for (const bool with_tls : {false, true}) {
    World world({}, with_tls);
    world.handler.echoes = false;
    KeepingListener listener;
    WebSocketOptions options = world.web_socket();
    options.deflate = false;
    const auto web_socket = world.network->open(options, listener);
    ASSERT_TRUE(world.run_until([&] { return listener.opens == 1; })) << listener.error();
    world.server->close(world.handler.peers.back(), 1012, "service restart");
    ASSERT_TRUE(world.run_until([&] {
      while (web_socket->send(std::string(10'000, 'x')) == Sent::kYes) {
      }
      return listener.closed.has_value();
    }));
    EXPECT_NE(listener.error().find("(1012 service restart)"), std::string::npos)
        << listener.error();
  }
}

}  // namespace
}  // namespace tapeline::net
