// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/candle.h"
#include "model/listing.h"
#include "model/trade.h"

namespace tapeline {

// What decode says, in the journal's order. A closed set: whoever listens handles every kind.
class EventSink {
 public:
  EventSink() = default;
  EventSink(const EventSink&) = delete;
  EventSink& operator=(const EventSink&) = delete;
  virtual ~EventSink() = default;

  virtual void on_trade(const Trade& trade) = 0;
  virtual void on_quote(const Quote& quote) = 0;
  // What a venue says of a window; no output depends on it.
  virtual void on_candle(const VenueCandle& candle) = 0;
  // A venue's instrument list says something new; no output depends on it.
  virtual void on_listing(const ListingChange& change) = 0;
  virtual void on_heartbeat(const Heartbeat& heartbeat) = 0;
  virtual void on_late(const LateTrade& late) = 0;
  virtual void on_settled(const SettledIds& ids) = 0;
  virtual void on_tick(const Tick& tick) = 0;
  // Nothing follows: every window closes.
  virtual void on_end(Position position) = 0;
};

}  // namespace tapeline
