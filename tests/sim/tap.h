// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "canary.h"
#include "clocks.h"
#include "net/network.h"
#include "sim/market/random.h"
#include "sim/simulated_network.h"

namespace tapeline::simulation {

// A frame that a listener took: what the journal has to hold of it.
struct TakenFrame {
  std::uint32_t line = 0;  // the how-manieth connection that opened
  std::int64_t ts_recv = 0;
  std::uint32_t crc = 0;

  friend bool operator==(const TakenFrame&, const TakenFrame&) = default;
};

// What one life of the program took from its network.
struct TakenLog {
  std::vector<TakenFrame> frames;
  std::uint32_t lines = 0;
  std::uint64_t refused = 0;   // connections that never opened
  std::uint64_t deferred = 0;  // frames that had to wait for room in the ring
};

// The simulated network as our machine sees it: stamped by its wall clock, and with a note of every
// frame that was taken. What the clocks, the log and the exchanges are must outlive it.
class TappedNetwork final : public net::Network {
 public:
  TappedNetwork(const Clocks& clocks, TakenLog& log, sim::Random random, Canary canary)
      : clocks_(clocks), log_(log), random_(random), canary_(canary), inner_(clocks.venue()) {}

  std::unique_ptr<net::WebSocket> open(const net::WebSocketOptions& options,
                                       net::WebSocketListener& listener) override;
  void fetch(net::HttpRequest request, net::OnResponse on_response) override;
  std::size_t run(Duration wait_max) override { return inner_.run(wait_max); }

  [[nodiscard]] sim::SimulatedNetwork& inner() { return inner_; }

 private:
  class Socket;

  // What the canary makes of a frame.
  [[nodiscard]] bool is_swallowed();
  void forge(std::string& text);

  const Clocks& clocks_;
  TakenLog& log_;
  sim::Random random_;
  Canary canary_;
  sim::SimulatedNetwork inner_;
};

}  // namespace tapeline::simulation
