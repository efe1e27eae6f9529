// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "net/authority.h"
#include "net/server.h"
#include "sim/exchange.h"

namespace tapeline::sim {

struct VenueServerOptions {
  ExchangeOptions exchange{};
  std::string listen = "127.0.0.1:0";
};

// An Exchange on real sockets: its WebSockets, REST interface and pages on one port, over TLS with
// a certificate of an authority that it makes for itself. One thread owns it and calls run().
class VenueServer final : private net::ServerHandler {
 public:
  // No more than this lies in the socket's queue: then frames wait in the exchange, and a client
  // that reads too slowly for its bound too is cut.
  static constexpr std::size_t kQueuedBytesMax = std::size_t{1} << 20;
  // Frames that come close together are sent together; otherwise a busy market would ask for a
  // turn of the loop per trade.
  static constexpr Duration kPace = std::chrono::microseconds(500);

  // Listens when it returns. The clock outlives the server.
  static Result<std::unique_ptr<VenueServer>> open(const VenueServerOptions& options,
                                                   const Clock& clock);

  // Where it listens, with the real port: "127.0.0.1:43817".
  [[nodiscard]] const std::string& address() const { return server_->address(); }
  // The authority's certificate: what clients have to trust.
  [[nodiscard]] const std::string& ca_pem() const { return authority_.certificate_pem(); }
  [[nodiscard]] Exchange& exchange() { return *exchange_; }

  // Lets the market go on to the clock's time, sends what is due and answers what is asked. Waits
  // at most `wait_max` for the next of these. Gives how much it did.
  std::size_t run(Duration wait_max);

 private:
  struct Peer {
    ExchangeConnection connection = 0;
    bool is_silenced = false;
  };
  enum class Passed : std::uint8_t { kAll, kBlocked, kEnded };

  VenueServer(const Clock& clock, net::Authority authority, std::unique_ptr<Exchange> exchange)
      : clock_(clock), authority_(std::move(authority)), exchange_(std::move(exchange)) {}

  std::optional<net::HttpResponse> on_request(net::RequestId id,
                                              const net::ServerRequest& request) override;
  std::optional<net::HttpResponse> on_upgrade(net::PeerId peer,
                                              const net::ServerRequest& request) override;
  net::Taken on_message(net::PeerId peer, std::string_view message, RecvTime ts_recv) override;
  void on_close(net::PeerId peer, const Error& why) override;

  [[nodiscard]] EventTime now() const { return EventTime(clock_.wall().unix_ns()); }
  std::size_t send_due();
  Passed pass_on(net::PeerId id, Peer& peer, std::size_t& done);
  [[nodiscard]] Duration wait_for(Duration wait_max) const;

  const Clock& clock_;
  net::Authority authority_;
  std::unique_ptr<Exchange> exchange_;
  std::map<net::PeerId, Peer> peers_;
  bool is_blocked_ = false;  // a peer's queue is full
  std::unique_ptr<net::Server> server_;
};

}  // namespace tapeline::sim
