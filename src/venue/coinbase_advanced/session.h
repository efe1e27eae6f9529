// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "venue/session.h"

namespace tapeline::venue::coinbase_advanced {

std::string_view stream_channel(std::string_view word);
std::string stream_symbol(std::string_view venue_symbol);
std::string venue_symbol(std::string_view canonical);
SubscribeRequest subscribe(const std::vector<Subscription>& to, std::uint64_t id);
SubscribeRequest unsubscribe(const std::vector<Subscription>& from, std::uint64_t id);
std::unique_ptr<FrameReader> make_frame_reader();

// 8 messages a second; how large a subscribe may be is not published.
constexpr SessionFacts session_facts() {
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  return {.endpoint = "wss://advanced-trade-ws.coinbase.com",
          .rest = "https://api.coinbase.com/api/v3/brokerage/market",
          .instruments = "/products",
          .subscriptions_max = 600,
          .per_request_max = 100,
          .request_every = milliseconds(150),
          .lifetime_max = {},
          .connects_max = 6,
          .connects_within = std::chrono::seconds(1),
          .frame_rhythm = seconds(1),
          .heartbeat_channel = "heartbeats",
          .heartbeat_rhythm = seconds(1),
          .one_heartbeat = true,
          .mixes_channels = false,
          .venue_symbol = venue_symbol,
          .stream_symbol = stream_symbol,
          .stream_channel = stream_channel,
          .subscribe = subscribe,
          .unsubscribe = unsubscribe,
          .make_frame_reader = make_frame_reader};
}

}  // namespace tapeline::venue::coinbase_advanced
