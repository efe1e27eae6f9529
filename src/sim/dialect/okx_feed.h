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

// A connection of OKX's public stream: the channels trades and tickers. Each arg of a request is
// answered apart, and then the last trade is shown again. Trades of one order at one price are one.
class OkxFeed final : public Feed {
 public:
  // A client that says nothing for so long, and hears nothing, has left.
  static constexpr Duration kSilenceMax = std::chrono::seconds(30);

  OkxFeed(const Truth& truth, EventTime opened)
      : truth_(truth), heard_(opened), pairs_(truth.instruments().size()) {}

  void on_message(std::string_view text, EventTime now, Frames& out) override;
  void on_fill(const Fill& fill, Frames& out) override;
  void on_second(EventTime second, Frames& out) override;
  [[nodiscard]] bool has(std::uint32_t instrument, Stream stream) const override;

 private:
  static constexpr std::size_t kChannels = 2;
  using Channels = std::array<bool, kChannels>;

  void answer(const OkxMessage& message, const OkxMessage::Arg& arg, EventTime now, Frames& out);
  void append(const Fill& fill, std::size_t channel, Frames& out) const;
  [[nodiscard]] std::size_t pair_of(std::string_view name) const;

  const Truth& truth_;
  EventTime heard_;  // when something was said last, by either
  std::vector<Channels> pairs_;
};

}  // namespace tapeline::sim
