// SPDX-License-Identifier: Apache-2.0
#include "net/io/plain_frame.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/padding.h"
#include "net/net_fixture.h"
#include "net/raw_peer.h"

namespace tapeline::net {
namespace {

std::string server_frame(std::uint8_t first, std::string payload) {
  return bytes_of({.first = first, .payload = std::move(payload), .is_masked = false});
}

std::optional<PlainFrame> find(std::string bytes, std::size_t payload_max = 1'000'000) {
  const std::size_t size = bytes.size();
  bytes.resize(size + kReadPadding, '\xFF');
  return find_plain_frame({bytes.data(), size}, payload_max);
}

TEST(PlainFrame, is_whole_ascii_or_binary) {
  for (const std::size_t size : {0U, 1U, 31U, 32U, 33U, 125U, 126U, 300U, 65'535U}) {
    for (const std::string& frame : {server_frame(0x81, std::string(size, 'x')),
                                     server_frame(0x82, std::string(size, '\xFF'))}) {
      const auto found = find(frame + "and more");
      ASSERT_TRUE(found.has_value()) << size;
      EXPECT_EQ(found->header, frame.size() - size);
      EXPECT_EQ(found->payload, size);
      EXPECT_FALSE(find(frame.substr(0, frame.size() - 1)).has_value()) << "is not there whole";
      EXPECT_TRUE(find(frame, size).has_value());
      if (size == 0) continue;
      EXPECT_FALSE(find(frame, size - 1).has_value()) << "is too long";
    }
  }
}

TEST(PlainFrame, is_nothing_else) {
  for (std::size_t at = 0; at < 70; ++at) {
    std::string text(70, 'x');
    text[at] = '\x80';
    EXPECT_FALSE(find(server_frame(0x81, text)).has_value()) << at;
    EXPECT_TRUE(find(server_frame(0x82, text)).has_value()) << at;
  }
  for (unsigned first = 0; first < 256; ++first) {
    const bool is_plain = first == 0x81 || first == 0x82;
    EXPECT_EQ(find(server_frame(static_cast<std::uint8_t>(first), "x")).has_value(), is_plain)
        << first;
  }
  EXPECT_FALSE(find(bytes_of({.payload = "masked"})).has_value());
  EXPECT_FALSE(find(std::string("\x81\x7E\x00\x01x", 5)).has_value()) << "not the shortest";
  EXPECT_FALSE(find(server_frame(0x81, std::string(65'536, 'x'))).has_value()) << "8 bytes long";
}

// Frames of any kind, and where each ends.
TEST(FrameCutter, gives_nothing_of_two_frames_at_once) {
  std::mt19937_64 random(1);
  std::string stream;
  std::vector<std::size_t> ends;
  for (int i = 0; i < 300; ++i) {
    const std::size_t size = random() % 8 == 0 ? 60'000 + random() % 10'000 : random() % 300;
    stream += bytes_of({.first = static_cast<std::uint8_t>(random()),
                        .payload = std::string(size, '\x81'),
                        .is_masked = random() % 2 == 0});
    ends.push_back(stream.size());
  }
  FrameCutter cutter;
  auto end = ends.begin();
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t offered = std::min(stream.size() - at, std::size_t{random() % 100'000});
    const std::size_t given = cutter.take(std::string_view(stream).substr(at, offered));
    ASSERT_EQ(given == 0, offered == 0);
    at += given;
    ASSERT_LE(at, *end);
    if (at == *end) ++end;
  }
  EXPECT_EQ(end, ends.end());
}

// What a server says that is no server of ours, and the messages that are in it.
struct Tape {
  std::string bytes;
  std::vector<std::string> messages;
  std::size_t pings = 0;
};

Tape make_tape(std::mt19937_64& random) {
  Tape tape;
  for (int i = 0; i < 200; ++i) {
    const std::uint64_t size = random() % 20 == 0 ? random() % 100'000 : random() % 400;
    const std::string text(size, static_cast<char>('a' + i % 26));
    switch (random() % 8) {
      case 0:
        tape.bytes += server_frame(0x82, "\xFF\x81" + text);
        tape.messages.push_back("\xFF\x81" + text);
        break;
      case 1:
        tape.bytes += server_frame(0x81, text + "\xE2\x82\xAC");
        tape.messages.push_back(text + "\xE2\x82\xAC");
        break;
      case 2:
        tape.bytes += server_frame(0x01, text) + server_frame(0x89, "ping");
        tape.bytes += server_frame(0x80, "the rest");
        tape.messages.push_back(text + "the rest");
        ++tape.pings;
        break;
      case 3:
        tape.bytes += server_frame(0x89, "ping") + server_frame(0x8A, "");
        ++tape.pings;
        break;
      default:
        tape.bytes += server_frame(0x81, text);
        tape.messages.push_back(text);
    }
  }
  tape.bytes += server_frame(0x81, "the end");
  tape.messages.emplace_back("the end");
  return tape;
}

TEST(PlainFrame, and_others_come_in_order_however_they_are_cut) {
  for (const std::size_t bytes_per_step : {0U, 777U, 20'000U}) {
    std::mt19937_64 random(bytes_per_step + 1);
    const Tape tape = make_tape(random);
    World world({}, false);
    RawServer server;
    world.others = {&server};
    // With the answer to the upgrade, at once.
    server.on_bytes = [&, is_upgraded = false](RawSocket& socket) mutable {
      if (is_upgraded || !socket.heard().ends_with("\r\n\r\n")) return;
      is_upgraded = true;
      socket.bytes_per_step = bytes_per_step;
      socket.say(upgrade_answer(socket.heard()) + tape.bytes);
      socket.forget();
    };
    KeepingListener listener;
    int asked = 0;
    listener.take = [&](std::string_view) {
      return ++asked % 50 == 0 ? Taken::kLater : Taken::kYes;
    };
    bool has_zeros = true;
    const auto web_socket = world.network->open({.url = server.url("ws")}, listener);
    ASSERT_TRUE(world.run_until([&] {
      has_zeros = has_zeros &&
                  (listener.messages.empty() || listener.behind == std::string(kReadPadding, '\0'));
      return listener.messages.size() == tape.messages.size();
    })) << listener.error()
        << listener.messages.size();
    EXPECT_EQ(listener.messages, tape.messages);
    EXPECT_TRUE(has_zeros);
    EXPECT_FALSE(listener.closed.has_value());
    world.settle();
    constexpr std::size_t kPongBytes = 10;  // of four bytes, masked
    EXPECT_EQ(server.sockets.at(0)->heard().size(), tape.pings * kPongBytes);
  }
}

}  // namespace
}  // namespace tapeline::net
