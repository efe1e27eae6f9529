// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "venue/session.h"

namespace tapeline::venue::finnhub {

std::string_view stream_channel(std::string_view word);
std::string stream_symbol(std::string_view venue_symbol);
std::string venue_symbol(std::string_view canonical);
SubscribeRequest subscribe(const std::vector<Subscription>& to, std::uint64_t id);
SubscribeRequest unsubscribe(const std::vector<Subscription>& from, std::uint64_t id);
std::unique_ptr<FrameReader> make_frame_reader();

// A token has one connection; opening a second one ends both. So all symbols are on one, and what
// the token's plan does not let in is refused symbol by symbol.
constexpr SessionFacts session_facts() {
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  return {.endpoint = "wss://ws.finnhub.io",
          .rest = "https://finnhub.io/api/v1",
          .instruments = "",
          .subscriptions_max = 20'000,
          .per_request_max = 1,
          .request_every = milliseconds(20),
          .lifetime_max = {},
          .frame_rhythm = seconds(15),
          .token_parameter = "token",
          .token_source = "finnhub.io/register",
          .mixes_channels = false,
          .acknowledges = false,
          .venue_symbol = venue_symbol,
          .stream_symbol = stream_symbol,
          .stream_channel = stream_channel,
          .subscribe = subscribe,
          .unsubscribe = unsubscribe,
          .make_frame_reader = make_frame_reader};
}

}  // namespace tapeline::venue::finnhub
