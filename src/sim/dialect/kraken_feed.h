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
#include "sim/dialect/frame_text.h"

namespace tapeline::sim {

// A connection of Kraken's public stream, version 2: the channels trade and ticker. Each symbol of
// a subscription is answered apart, and then, where it is asked for, follow its latest trades. The
// trades of one order come in one frame; a second brings a heartbeat once anything is subscribed.
class KrakenFeed final : public Feed {
 public:
  static constexpr std::uint64_t kSnapshotTrades = 50;
  // Of a client, within one second; with one more the venue refuses.
  static constexpr int kMessagesMax = 40;

  KrakenFeed(const Truth& truth, EventTime opened)
      : truth_(truth), messages_since_(opened), pairs_(truth.instruments().size()) {}

  void on_message(std::string_view text, EventTime now, Frames& out) override;
  void on_fill(const Fill& fill, Frames& out) override;
  void on_second(EventTime second, Frames& out) override;
  [[nodiscard]] bool has(std::uint32_t instrument, Stream stream) const override;

 private:
  static constexpr std::size_t kChannels = 2;
  struct Pair {
    std::array<bool, kChannels> channels{};
    // The trades of the order that is not at its end.
    FrameText rows{};
    std::uint64_t first_id = 0;
  };

  void greet(EventTime now, Frames& out);
  void answer(const KrakenMessage& message, std::size_t channel, const std::string& symbol,
              EventTime now, Frames& out);
  void show_latest(std::size_t pair, EventTime now, Frames& out) const;
  void append_ticker(const Fill& fill, Frames& out) const;
  [[nodiscard]] std::size_t pair_of(std::string_view symbol) const;

  const Truth& truth_;
  EventTime messages_since_;
  int messages_ = 0;
  std::vector<Pair> pairs_;
  bool has_greeted_ = false;
  bool has_subscribed_ = false;
};

}  // namespace tapeline::sim
