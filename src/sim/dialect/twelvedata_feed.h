// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/dialect/dialect.h"

namespace tapeline::sim {

// A connection of Twelve Data's price stream: a frame for each trade, without its size, and to the
// second. A subscription says what it grants and what not; who sends no heartbeat for a minute is
// shown the door.
class TwelveDataFeed final : public Feed {
 public:
  static constexpr Duration kHeardWithin = std::chrono::minutes(1);

  TwelveDataFeed(const Truth& truth, EventTime opened)
      : truth_(truth), heard_(opened), is_subscribed_(truth.instruments().size()) {}

  void on_message(std::string_view text, EventTime now, Frames& out) override;
  void on_fill(const Fill& fill, Frames& out) override;
  void on_second(EventTime second, Frames& out) override;
  [[nodiscard]] bool has(std::uint32_t instrument, Stream stream) const override {
    return stream == Stream::kTrades && is_subscribed_[instrument];
  }

 private:
  [[nodiscard]] std::string change(const std::vector<std::string>& symbols, bool is_wanted);

  const Truth& truth_;
  EventTime heard_;
  std::vector<bool> is_subscribed_;
};

}  // namespace tapeline::sim
