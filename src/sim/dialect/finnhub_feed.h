// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/dialect/dialect.h"

namespace tapeline::sim {

// A connection of Finnhub's feed. The trades of an order come in one frame; now and then a row
// shows a price at which nobody traded. Nothing is acknowledged, and what there is not stays
// silent.
class FinnhubFeed final : public Feed {
 public:
  // What the free plan lets in.
  static constexpr std::size_t kSymbolsMax = 50;
  static constexpr Duration kPingAfter = std::chrono::minutes(1);

  FinnhubFeed(const Truth& truth, EventTime opened)
      : truth_(truth), said_(opened), is_subscribed_(truth.instruments().size()) {}

  void on_message(std::string_view text, EventTime now, Frames& out) override;
  void on_fill(const Fill& fill, Frames& out) override;
  void on_second(EventTime second, Frames& out) override;
  [[nodiscard]] bool has(std::uint32_t instrument, Stream stream) const override {
    return stream == Stream::kTrades && is_subscribed_[instrument];
  }

 private:
  const Truth& truth_;
  EventTime said_;  // when the last frame was
  std::vector<bool> is_subscribed_;
  std::string rows_;            // of the order that is under way
  std::uint64_t first_id_ = 0;  // of them
};

}  // namespace tapeline::sim
