// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/dialect/dialect.h"

namespace tapeline::sim {

// A connection of Bitstamp's WebSocket v2: live_trades alone. Each subscription and each heartbeat
// of the client is answered; who says nothing for a minute is shown the door.
class BitstampFeed final : public Feed {
 public:
  static constexpr Duration kHeardWithin = std::chrono::minutes(1);

  BitstampFeed(const Truth& truth, EventTime opened)
      : truth_(truth), heard_(opened), is_subscribed_(truth.instruments().size()) {}

  void on_message(std::string_view text, EventTime now, Frames& out) override;
  void on_fill(const Fill& fill, Frames& out) override;
  void on_second(EventTime second, Frames& out) override;
  [[nodiscard]] bool has(std::uint32_t instrument, Stream stream) const override {
    return stream == Stream::kTrades && is_subscribed_[instrument];
  }

 private:
  void subscribe(std::string_view channel, bool is_wanted, EventTime now, Frames& out);

  const Truth& truth_;
  EventTime heard_;
  std::vector<bool> is_subscribed_;
};

}  // namespace tapeline::sim
