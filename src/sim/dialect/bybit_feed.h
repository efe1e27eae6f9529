// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/dialect/client_message.h"
#include "sim/dialect/dialect.h"
#include "sim/dialect/frame_text.h"

namespace tapeline::sim {

// A connection of Bybit's public stream of the spot market: publicTrade. One answer is for a whole
// request, and the trades of one order come in one frame.
class BybitFeed final : public Feed {
 public:
  static constexpr std::size_t kArgsMax = 10;
  // A client that says nothing for so long has left.
  static constexpr Duration kSilenceMax = std::chrono::minutes(10);

  BybitFeed(const Truth& truth, EventTime opened)
      : truth_(truth), heard_(opened), pairs_(truth.instruments().size()) {}

  void on_message(std::string_view text, EventTime now, Frames& out) override;
  void on_fill(const Fill& fill, Frames& out) override;
  void on_second(EventTime second, Frames& out) override;
  [[nodiscard]] bool has(std::uint32_t instrument, Stream stream) const override {
    return stream == Stream::kTrades && pairs_[instrument].is_subscribed;
  }

 private:
  struct Pair {
    bool is_subscribed = false;
    // The trades of the order that is not at its end.
    FrameText rows{};
    std::uint64_t first_id = 0;
  };

  // What is wrong with the request, or nothing.
  [[nodiscard]] std::string mistake_in(const BybitMessage& message) const;
  [[nodiscard]] std::size_t pair_of(std::string_view topic) const;

  const Truth& truth_;
  EventTime heard_;
  std::vector<Pair> pairs_;
};

}  // namespace tapeline::sim
