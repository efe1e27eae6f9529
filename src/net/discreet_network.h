// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

#include "base/redactor.h"
#include "base/secret.h"
#include "base/time.h"
#include "net/network.h"

namespace tapeline::net {

// A network for whoever sends a secret: what comes back, as a message, an answer or an error, has
// it no more. So nobody behind it can log, keep or show it. Without a secret it is the network
// itself. The network outlives it; it need not outlive its WebSockets and fetches.
class DiscreetNetwork final : public Network {
 public:
  DiscreetNetwork(Network& network, const Secret& secret)
      : network_(network), redactor_(std::make_shared<const Redactor>(secret)) {}

  std::unique_ptr<WebSocket> open(const WebSocketOptions& options,
                                  WebSocketListener& listener) override;
  void fetch(HttpRequest request, OnResponse on_response) override;
  std::size_t run(Duration wait_max) override { return network_.run(wait_max); }

 private:
  Network& network_;
  std::shared_ptr<const Redactor> redactor_;
};

}  // namespace tapeline::net
