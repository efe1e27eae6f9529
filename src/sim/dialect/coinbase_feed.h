// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/dialect/client_message.h"
#include "sim/dialect/dialect.h"

namespace tapeline::sim {

// A connection of Coinbase Exchange's public feed: the channels matches, ticker and heartbeat.
// After a subscription come, as from the venue, the last trade of each new product, and then the
// acknowledgement with all that is subscribed.
class CoinbaseFeed final : public Feed {
 public:
  // The venue ends a connection that has not subscribed by then.
  static constexpr Duration kSubscribeWithin = std::chrono::seconds(5);

  CoinbaseFeed(const Truth& truth, EventTime opened)
      : truth_(truth), opened_(opened), products_(truth.instruments().size()) {}

  void on_message(std::string_view text, EventTime now, Frames& out) override;
  void on_fill(const Fill& fill, Frames& out) override;
  void on_second(EventTime second, Frames& out) override;
  [[nodiscard]] bool has(std::uint32_t instrument, Stream stream) const override;

 private:
  static constexpr std::size_t kChannels = 3;
  // Which channels a product is subscribed to.
  using Channels = std::array<bool, kChannels>;

  // What is wrong with the request, or nothing.
  [[nodiscard]] std::string mistake_in(const CoinbaseMessage& message) const;
  void subscribe(std::size_t channel, std::size_t product, EventTime now, Frames& out);
  void unsubscribe(const CoinbaseMessage::Channel& channel);
  [[nodiscard]] std::string acknowledgement() const;
  [[nodiscard]] std::size_t product_of(std::string_view name) const;

  const Truth& truth_;
  EventTime opened_;
  std::vector<Channels> products_;
  bool has_subscribed_ = false;
};

}  // namespace tapeline::sim
