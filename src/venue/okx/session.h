// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "venue/session.h"

namespace tapeline::venue::okx {

std::string_view stream_channel(std::string_view word);
// Of every kind of name: they are alike everywhere.
std::string same_symbol(std::string_view symbol);
SubscribeRequest subscribe(const std::vector<Subscription>& to, std::uint64_t id);
SubscribeRequest unsubscribe(const std::vector<Subscription>& from, std::uint64_t id);
std::unique_ptr<FrameReader> make_frame_reader();

// A connection may ask 480 times an hour, and one that hears and says nothing for 30 s is ended.
// The list is that of the spot market: each kind has its own.
constexpr SessionFacts session_facts() {
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  SessionFacts facts;
  facts.endpoint = "wss://ws.okx.com:8443/ws/v5/public";
  facts.rest = "https://www.okx.com";
  facts.instruments = "/api/v5/public/instruments?instType=SPOT";
  facts.lists_everything = false;
  facts.subscriptions_max = 300;
  facts.per_request_max = 100;
  facts.request_every = milliseconds(500);
  facts.connects_max = 2;
  facts.connects_within = seconds(1);
  facts.frame_rhythm = seconds(20);
  facts.client_ping = "ping";
  facts.client_ping_every = seconds(20);
  facts.answers_each = true;
  facts.venue_symbol = same_symbol;
  facts.stream_symbol = same_symbol;
  facts.stream_channel = stream_channel;
  facts.subscribe = subscribe;
  facts.unsubscribe = unsubscribe;
  facts.make_frame_reader = make_frame_reader;
  return facts;
}

}  // namespace tapeline::venue::okx
