// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

#include "base/clock.h"
#include "base/time.h"
#include "net/http.h"
#include "net/websocket.h"

namespace tapeline::net {

// The client side: the seam between whoever talks to the world and the sockets, or a simulation of
// them. One thread owns it with all that was opened through it, and calls run() in a loop; every
// call of a listener comes from there. It outlives its WebSockets.
class Network {
 public:
  static constexpr std::size_t kFetchesMax = 256;  // under way; a further one is refused

  Network() = default;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  virtual ~Network() = default;

  // Begins to connect; the listener, which outlives the WebSocket, hears how it went.
  virtual std::unique_ptr<WebSocket> open(const WebSocketOptions& options,
                                          WebSocketListener& listener) = 0;
  // Calls back once, from run(). Connections are kept and used again. When the Network goes, what
  // is under way is dropped without a call.
  virtual void fetch(HttpRequest request, OnResponse on_response) = 0;
  // Runs what is ready, up to a bound; if nothing is, waits at most `wait_max` for the first. Gives
  // how much it did.
  virtual std::size_t run(Duration wait_max) = 0;
};

// The real one. The clock, which outlives it, stamps what is received. Its destructor may wait for
// a name that the system is still resolving.
std::unique_ptr<Network> make_network(const Clock& clock);

}  // namespace tapeline::net
