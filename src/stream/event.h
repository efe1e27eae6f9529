// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>
#include <variant>

#include "base/ids.h"
#include "base/overloaded.h"
#include "model/bar.h"
#include "model/event_sink.h"
#include "model/trade.h"
#include "stream/operator.h"

namespace tapeline::stream {

struct End {
  Position position;
};

// Somebody wants to see what is open.
struct Look {};

// What travels on the rings between threads, by value.
using Event = std::variant<Trade, Quote, Heartbeat, LateTrade, Tick, End, Look>;

// Says that everything which left a shard at this tick, or at the end, was said before.
struct TickDone {
  Position position;
};
using Output = std::variant<BarRevision, TickDone>;

static_assert(std::is_trivially_copyable_v<Event>, "rings copy events");
static_assert(std::is_trivially_copyable_v<Output>, "rings copy outputs");

// To an operator, or whatever stands before one.
template <typename To>
void deliver(const Event& event, To& to) {
  std::visit(Overloaded{
                 [&](const Trade& trade) { to.on_trade(trade); },
                 [&](const Quote& quote) { to.on_quote(quote); },
                 [&](const Heartbeat& heartbeat) { to.on_heartbeat(heartbeat); },
                 [&](const LateTrade& late) { to.on_late(late); },
                 [&](const Tick& tick) { to.on_tick(tick); },
                 [&](const End& end) { to.on_end(end.position); },
                 [&](const Look& /*look*/) { to.look(); },
             },
             event);
}

}  // namespace tapeline::stream
