// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "venue/session.h"

namespace tapeline::venue::binance {

std::string_view stream_channel(std::string_view word);
std::string stream_symbol(std::string_view venue_symbol);
std::string venue_symbol(std::string_view canonical);
SubscribeRequest subscribe(const std::vector<Subscription>& to, std::uint64_t id);
SubscribeRequest unsubscribe(const std::vector<Subscription>& from, std::uint64_t id);
std::unique_ptr<FrameReader> make_frame_reader();

// Of 5 messages a second, one is left to pongs. A connection without data for half a minute is rare
// and no fault: a symbol may be quiet.
constexpr SessionFacts session_facts() {
  using std::chrono::hours;
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  return {.endpoint = "wss://stream.binance.com:9443/stream",
          .rest = "https://api.binance.com",
          .instruments = "/api/v3/exchangeInfo",
          .subscriptions_max = 1024,
          .per_request_max = 200,
          .request_every = milliseconds(250),
          .lifetime_max = hours(24),
          .connects_max = 250,
          .connects_within = std::chrono::minutes(5),
          .frame_rhythm = seconds(30),
          .heartbeat_channel = {},
          .heartbeat_rhythm = {},
          .venue_symbol = venue_symbol,
          .stream_symbol = stream_symbol,
          .stream_channel = stream_channel,
          .subscribe = subscribe,
          .unsubscribe = unsubscribe,
          .make_frame_reader = make_frame_reader};
}

}  // namespace tapeline::venue::binance
