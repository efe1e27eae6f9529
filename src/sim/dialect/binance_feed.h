// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/dialect/client_message.h"
#include "sim/dialect/dialect.h"

namespace tapeline::sim {

// A connection of Binance Spot's market streams: @trade, @aggTrade and @bookTicker, raw or
// combined. As at the venue a stream that does not exist is acknowledged and silent.
class BinanceFeed final : public Feed {
 public:
  static constexpr Duration kPingEvery = std::chrono::seconds(20);
  static constexpr Duration kLifetime = std::chrono::hours(24);
  // Of a client, within one second; with one more the venue ends the connection.
  static constexpr int kMessagesMax = 5;

  // "/ws", "/ws/a@trade/b@trade", "/stream", "/stream?streams=a@trade/b@trade"; null for others.
  static std::unique_ptr<BinanceFeed> open(std::string_view target, const Truth& truth,
                                           EventTime now);

  void on_message(std::string_view text, EventTime now, Frames& out) override;
  void on_fill(const Fill& fill, Frames& out) override;
  void on_second(EventTime second, Frames& out) override;
  [[nodiscard]] bool has(std::uint32_t instrument, Stream stream) const override;

 private:
  static constexpr std::size_t kKinds = 3;
  // Which streams a symbol is subscribed to.
  using Kinds = std::array<bool, kKinds>;

  BinanceFeed(const Truth& truth, EventTime opened, bool is_combined);

  // Subscribes, or the opposite; an unknown name changes nothing.
  void set(std::string_view stream, bool is_on);
  [[nodiscard]] std::string list() const;
  void append(const Fill& fill, std::size_t kind, Frames& out) const;

  const Truth& truth_;
  EventTime opened_;
  bool is_combined_ = false;
  std::vector<std::string> names_;  // btcusdt
  std::vector<Kinds> subscribed_;
  EventTime messages_since_;
  int messages_ = 0;
};

}  // namespace tapeline::sim
