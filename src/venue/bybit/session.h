// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "venue/session.h"

namespace tapeline::venue::bybit {

std::string_view stream_channel(std::string_view word);
std::string stream_symbol(std::string_view venue_symbol);
std::string venue_symbol(std::string_view canonical);
SubscribeRequest subscribe(const std::vector<Subscription>& to, std::uint64_t id);
SubscribeRequest unsubscribe(const std::vector<Subscription>& from, std::uint64_t id);
std::unique_ptr<FrameReader> make_frame_reader();

// A request of the spot market has at most 10 args, and all that a connection asks for at most
// 21,000 characters.
constexpr SessionFacts session_facts() {
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  SessionFacts facts;
  facts.endpoint = "wss://stream.bybit.com/v5/public/spot";
  facts.rest = "https://api.bybit.com";
  facts.instruments = "/v5/market/instruments-info?category=spot";
  facts.subscriptions_max = 300;
  facts.per_request_max = 10;
  facts.request_every = milliseconds(100);
  facts.connects_max = 400;
  facts.connects_within = std::chrono::minutes(5);
  facts.frame_rhythm = seconds(20);
  facts.client_ping = R"({"op":"ping"})";
  facts.client_ping_every = seconds(20);
  facts.venue_symbol = venue_symbol;
  facts.stream_symbol = stream_symbol;
  facts.stream_channel = stream_channel;
  facts.subscribe = subscribe;
  facts.unsubscribe = unsubscribe;
  facts.make_frame_reader = make_frame_reader;
  return facts;
}

}  // namespace tapeline::venue::bybit
