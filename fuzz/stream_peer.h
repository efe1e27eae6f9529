// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tapeline::fuzz {

// The other end of a connection within this process: says bytes and hears what comes.
class StreamPeer {
 public:
  // Connected, non-blocking; owned from now on.
  explicit StreamPeer(int socket) : socket_(socket) {}
  StreamPeer(const StreamPeer&) = delete;
  StreamPeer& operator=(const StreamPeer&) = delete;
  ~StreamPeer();

  // One end of a new pair of sockets; the other one is given away.
  static int pair(int& given_away);

  // As much as the line takes; gives how much that was.
  std::size_t say(std::string_view bytes);
  // Nothing more will be said.
  void finish();
  // Whether something came, or the other side hung up.
  bool hear();

  [[nodiscard]] const std::string& heard() const { return heard_; }
  [[nodiscard]] bool has_ended() const { return has_ended_; }

 private:
  int socket_;
  std::string heard_;
  bool has_ended_ = false;
};

// An input: a few choices, then bytes for the line in pieces.
class Script {
 public:
  explicit Script(std::string_view bytes) : left_(bytes) {}

  std::uint8_t choice();
  // The rest, cut where `how` says.
  std::string_view piece(std::uint8_t how);
  [[nodiscard]] bool empty() const { return left_.empty(); }

 private:
  std::string_view left_;
};

}  // namespace tapeline::fuzz
