// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "venue/bitstamp/symbol.h"
#include "venue/session.h"

namespace tapeline::venue::bitstamp {

std::string_view stream_channel(std::string_view word);
std::string stream_symbol(std::string_view venue_symbol);
SubscribeRequest subscribe(const std::vector<Subscription>& to, std::uint64_t id);
SubscribeRequest unsubscribe(const std::vector<Subscription>& from, std::uint64_t id);
std::unique_ptr<FrameReader> make_frame_reader();

// How often the venue wants to hear of its clients is not published; they say so every 10 to 20 s.
// Nor is how much one connection may subscribe to.
constexpr SessionFacts session_facts() {
  using std::chrono::hours;
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  return {.endpoint = "wss://ws.bitstamp.net",
          .rest = "https://www.bitstamp.net/api/v2",
          .instruments = "/trading-pairs-info/",
          .subscriptions_max = 100,
          .per_request_max = 1,
          .request_every = milliseconds(20),
          .lifetime_max = hours(90 * 24),
          .frame_rhythm = seconds(3),
          .client_ping = R"({"event":"bts:heartbeat"})",
          .client_ping_every = seconds(10),
          .mixes_channels = false,
          .answers_each = true,
          .venue_symbol = venue_symbol,
          .stream_symbol = stream_symbol,
          .stream_channel = stream_channel,
          .subscribe = subscribe,
          .unsubscribe = unsubscribe,
          .make_frame_reader = make_frame_reader};
}

}  // namespace tapeline::venue::bitstamp
