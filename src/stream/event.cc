// SPDX-License-Identifier: Apache-2.0
#include "stream/event.h"

#include "base/overloaded.h"

namespace tapeline::stream {

void deliver(const Event& event, EventSink& sink) {
  std::visit(Overloaded{
                 [&](const Trade& trade) { sink.on_trade(trade); },
                 [&](const Quote& quote) { sink.on_quote(quote); },
                 [&](const Heartbeat& heartbeat) { sink.on_heartbeat(heartbeat); },
                 [&](const LateTrade& late) { sink.on_late(late); },
                 [&](const Tick& tick) { sink.on_tick(tick); },
                 [&](const End& end) { sink.on_end(end.position); },
             },
             event);
}

}  // namespace tapeline::stream
