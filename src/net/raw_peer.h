// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "net/net_fixture.h"

namespace tapeline::net {

// A peer that says and hears bytes, with no notion of a protocol: what tests compare with.
class RawSocket final : public Stepping {
 public:
  // A connected, non-blocking stream socket, which it owns.
  explicit RawSocket(int socket) : socket_(socket) {}
  ~RawSocket() override;

  // To "127.0.0.1:PORT" or "unix:PATH", as Server::address() has it.
  static std::unique_ptr<RawSocket> connect_to(const std::string& address);

  // Goes out with the next steps, as fast as the other side takes it.
  void say(std::string_view bytes) { unsaid_ += bytes; }
  // The same once more with every step, for ever.
  void repeat(std::string_view bytes) { repeated_ = bytes; }
  void step() override;
  void hang_up();
  // The connection breaks: the other side gets a reset.
  void reset();

  [[nodiscard]] const std::string& heard() const { return heard_; }
  void forget() { heard_.clear(); }
  [[nodiscard]] bool has_ended() const { return has_ended_; }  // by the other side
  [[nodiscard]] bool has_said_all() const { return unsaid_.empty(); }

  bool hears = true;               // false: nothing is read
  std::size_t bytes_per_step = 0;  // 0: as many as go
  Duration rest_per_step{};        // so that a drip is few bytes on any machine

 private:
  int socket_;
  std::string heard_;
  std::string unsaid_;
  std::string repeated_;
  bool has_ended_ = false;
};

// Listens on loopback, and speaks as `on_bytes` says.
class RawServer final : public Stepping {
 public:
  RawServer();
  ~RawServer() override;

  void step() override;
  // "127.0.0.1:43817"
  [[nodiscard]] std::string address() const;
  [[nodiscard]] std::string url(std::string_view scheme) const;

  // Of each connection that said more; none: silence.
  std::function<void(RawSocket&)> on_bytes = [](RawSocket&) {};
  std::vector<std::unique_ptr<RawSocket>> sockets;

 private:
  int socket_;
  std::uint16_t port_;
};

// A listening socket whose queue is full: who connects hears nothing.
class FullQueue {
 public:
  FullQueue();
  FullQueue(const FullQueue&) = delete;
  FullQueue& operator=(const FullQueue&) = delete;
  ~FullQueue();

  [[nodiscard]] std::string address() const;

 private:
  std::vector<int> sockets_;
  std::uint16_t port_;
};

// A frame of RFC 6455 as a client sends it.
struct RawFrame {
  std::uint8_t first = 0x81;  // FIN and text
  std::string payload{};
  bool is_masked = true;
};
std::string bytes_of(const RawFrame& frame);
std::string close_payload(std::uint16_t code, std::string_view reason = "");
// What a WebSocket begins with.
std::string upgrade_request(std::string_view more_headers = "");
// The answer that a client expects for its Sec-WebSocket-Key.
std::string upgrade_answer(std::string_view request);
// How many times `what` stands in the text.
std::size_t count_of(std::string_view text, std::string_view what);

}  // namespace tapeline::net
