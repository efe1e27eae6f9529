// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/padding.h"
#include "base/result.h"
#include "base/time.h"
#include "net/http.h"

namespace tapeline::net {

struct WebSocketOptions {
  std::string url{};  // wss://; ws:// only to loopback
  Trust trust{};
  Headers headers{};                                      // sent with the handshake
  bool deflate = true;                                    // offers permessage-deflate
  std::size_t message_bytes_max = std::size_t{64} << 20;  // after inflating
  std::size_t outbox_bytes_max = std::size_t{1} << 20;
  // Of each step: resolve, connect, proxy, TLS, handshake, a message sent, an orderly close.
  Duration step_deadline = std::chrono::seconds(10);
  // After so much silence a ping is sent; after as much again the peer counts as gone.
  Duration ping_after = std::chrono::seconds(15);
};

enum class Taken : std::uint8_t { kYes, kLater };

enum class Sent : std::uint8_t {
  kYes,   // queued
  kFull,  // refused: the outbox holds as much as it may
  kGone,  // refused: the connection has ended or is being closed
};

// Hears of one WebSocket, only from within Network::run(). It may destroy the WebSocket there.
class WebSocketListener {
 public:
  WebSocketListener() = default;
  WebSocketListener(const WebSocketListener&) = delete;
  WebSocketListener& operator=(const WebSocketListener&) = delete;
  virtual ~WebSocketListener() = default;

  virtual void on_open() = 0;
  // A whole message, text or binary, valid during the call, with kReadPadding readable bytes behind
  // it. `ts_recv` is when its last byte was read. kLater: nothing more is read (TCP pushes back),
  // and the next run() shows the same message with the same stamp again.
  virtual Taken on_message(std::string_view message, RecvTime ts_recv) = 0;
  // The last call, also for a WebSocket that never opened. The text names host:port and the way
  // out; `retry` says whether it can help to open another one.
  virtual void on_close(const Error& why) = 0;
};

// A client's WebSocket. Destroying it closes the connection without further calls. Pings are
// answered within.
class WebSocket {
 public:
  WebSocket() = default;
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;
  virtual ~WebSocket() = default;

  // Queues a text message; before on_open() too.
  [[nodiscard]] virtual Sent send(std::string_view text) = 0;
  // Says good-bye, and waits for the peer to do so until a step's deadline; on_close() follows.
  virtual void close() = 0;
};

}  // namespace tapeline::net
