// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "net/network.h"
#include "sim/exchange.h"

namespace tapeline::sim {

// The clients' side of the network without sockets: what is opened or fetched goes to an Exchange,
// by the host of its URL. It never waits: whoever moves the clock calls run(), which brings every
// exchange to the clock's time and delivers what is due by then. So one thread, one clock and one
// seed give the same run again. Like the real one it notices a dead line by a pong that does not
// come; certificates and proxies it does not have.
class SimulatedNetwork final : public net::Network {
 public:
  // The clock outlives the network.
  explicit SimulatedNetwork(const Clock& clock) : clock_(clock) {}
  SimulatedNetwork(const SimulatedNetwork&) = delete;
  SimulatedNetwork& operator=(const SimulatedNetwork&) = delete;
  ~SimulatedNetwork() override;

  // "venue.test:443". The exchange outlives the network.
  void add(std::string host_port, Exchange& exchange) { hosts_[std::move(host_port)] = &exchange; }
  // Whether anybody can reach the host: while it is away, nothing opens and nothing is answered.
  void set_away(const std::string& host_port, bool is_away) { away_[host_port] = is_away; }

  std::unique_ptr<net::WebSocket> open(const net::WebSocketOptions& options,
                                       net::WebSocketListener& listener) override;
  void fetch(net::HttpRequest request, net::OnResponse on_response) override;
  std::size_t run(Duration wait_max) override;

  // Before it run() has nothing to do, unless someone opens, sends or fetches.
  [[nodiscard]] RecvTime next_at() const;

 private:
  class Socket;
  struct Fetch {
    net::HttpRequest request;
    net::OnResponse on_response;
  };

  [[nodiscard]] Exchange* find(const std::string& host_port) const;
  [[nodiscard]] EventTime now() const { return EventTime(clock_.wall().unix_ns()); }
  std::size_t run_socket(std::uint64_t id);
  Result<net::HttpResponse> answer(const net::HttpRequest& request);

  const Clock& clock_;
  std::map<std::string, Exchange*> hosts_;
  std::map<std::string, bool> away_;
  std::map<std::uint64_t, Socket*> sockets_;  // those that their owners still hold
  std::uint64_t next_socket_ = 1;
  std::vector<Fetch> fetches_;
};

}  // namespace tapeline::sim
