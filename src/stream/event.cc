// SPDX-License-Identifier: Apache-2.0
#include "stream/event.h"

#include "base/overloaded.h"

namespace tapeline::stream {

void deliver(const Event& event, Operator& to) {
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
