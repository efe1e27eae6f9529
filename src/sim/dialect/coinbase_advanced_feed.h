// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/dialect/dialect.h"

namespace tapeline::sim {

// A connection of Coinbase Advanced Trade's market data: the channels market_trades, ticker and
// heartbeats. Every frame has the next number of the connection. The trades of an order come in one
// frame, the newest first; a subscription begins with a snapshot of the last ones, and only then
// comes its acknowledgement.
class CoinbaseAdvancedFeed final : public Feed {
 public:
  static constexpr Duration kSubscribeWithin = std::chrono::seconds(5);
  static constexpr std::uint64_t kSnapshotTrades = 5;

  CoinbaseAdvancedFeed(const Truth& truth, EventTime opened)
      : truth_(truth), opened_(opened), products_(truth.instruments().size()) {}

  void on_message(std::string_view text, EventTime now, Frames& out) override;
  void on_fill(const Fill& fill, Frames& out) override;
  void on_second(EventTime second, Frames& out) override;
  [[nodiscard]] bool has(std::uint32_t instrument, Stream stream) const override;

 private:
  enum Channel : std::size_t { kMarketTrades, kTickers, kChannelsMax };

  bool change(std::string_view channel, const std::vector<std::string>& products, bool is_wanted,
              EventTime now, Frames& out);
  void add_snapshot(std::size_t product, EventTime now, Frames& out);
  [[nodiscard]] std::string acknowledged() const;
  [[nodiscard]] std::string envelope(std::string_view channel, EventTime at,
                                     const std::string& events);

  const Truth& truth_;
  EventTime opened_;
  std::vector<std::array<bool, kChannelsMax>> products_;
  bool has_heartbeats_ = false;
  bool has_subscribed_ = false;
  std::uint64_t sequence_ = 0;
  std::uint64_t beats_ = 0;
  std::string rows_;            // of the order that is under way, the newest first
  std::uint64_t first_id_ = 0;  // of them
};

}  // namespace tapeline::sim
