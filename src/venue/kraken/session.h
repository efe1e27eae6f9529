// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "venue/kraken/symbol.h"
#include "venue/session.h"

namespace tapeline::venue::kraken {

std::string_view stream_channel(std::string_view word);
std::string stream_symbol(std::string_view venue_symbol);
SubscribeRequest subscribe(const std::vector<Subscription>& to, std::uint64_t id);
SubscribeRequest unsubscribe(const std::vector<Subscription>& from, std::uint64_t id);
std::unique_ptr<FrameReader> make_frame_reader();

// Neither how much one connection may subscribe nor how fast is published; a second without data
// brings a heartbeat.
constexpr SessionFacts session_facts() {
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  SessionFacts facts;
  facts.endpoint = "wss://ws.kraken.com/v2";
  facts.rest = "https://api.kraken.com";
  facts.instruments = "/0/public/AssetPairs";
  facts.subscriptions_max = 400;
  facts.per_request_max = 100;
  facts.request_every = milliseconds(100);
  facts.connects_max = 120;
  facts.connects_within = std::chrono::minutes(10);
  facts.frame_rhythm = seconds(1);
  facts.mixes_channels = false;
  facts.answers_each = true;
  facts.venue_symbol = venue_symbol;
  facts.stream_symbol = stream_symbol;
  facts.stream_channel = stream_channel;
  facts.subscribe = subscribe;
  facts.unsubscribe = unsubscribe;
  facts.make_frame_reader = make_frame_reader;
  return facts;
}

}  // namespace tapeline::venue::kraken
