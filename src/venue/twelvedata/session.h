// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "venue/session.h"

namespace tapeline::venue::twelvedata {

std::string_view stream_channel(std::string_view word);
std::string stream_symbol(std::string_view venue_symbol);
std::string venue_symbol(std::string_view canonical);
SubscribeRequest subscribe(const std::vector<Subscription>& to, std::uint64_t id);
SubscribeRequest unsubscribe(const std::vector<Subscription>& from, std::uint64_t id);
std::unique_ptr<FrameReader> make_frame_reader();

// A key has few connections, and opening more ends the earlier ones: all symbols are on one. The
// venue lets in 100 messages, in what time is not published; the pings count too.
constexpr SessionFacts session_facts() {
  using std::chrono::seconds;
  return {.endpoint = "wss://ws.twelvedata.com/v1/quotes/price",
          .rest = "https://api.twelvedata.com",
          .instruments = "",
          .subscriptions_max = 20'000,
          .per_request_max = 100,
          .request_every = seconds(1),
          .lifetime_max = {},
          .frame_rhythm = seconds(3),
          .token_parameter = "apikey",
          .token_source = "twelvedata.com/apikey",
          .client_ping = R"({"action":"heartbeat"})",
          .client_ping_every = seconds(10),
          .venue_symbol = venue_symbol,
          .stream_symbol = stream_symbol,
          .stream_channel = stream_channel,
          .subscribe = subscribe,
          .unsubscribe = unsubscribe,
          .make_frame_reader = make_frame_reader};
}

}  // namespace tapeline::venue::twelvedata
