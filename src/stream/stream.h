// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "model/event_sink.h"
#include "model/instrument.h"
#include "stream/operator.h"

namespace tapeline::stream {

struct StreamOptions {
  unsigned shards = 1;  // threads; 1 works in the caller's
};

// Where events go in and, by the sink given to make_stream(), outputs come out.
class Stream : public EventSink {
 public:
  void on_candle(const VenueCandle& /*candle*/) final {}
  void on_listing(const ListingChange& /*change*/) final {}
  void on_settled(const SettledIds& /*ids*/) final {}  // No operator hears of it.
  // Passes on what the shards have finished by now; how many ticks that were.
  virtual std::size_t poll() = 0;
  // Asks every shard for the open bars that have changed since the last look. They come before the
  // outputs of the next tick.
  virtual void look() = 0;

  // The operators' states, when the last event was a tick; waits until everything is said. They
  // stand by instrument: whatever the number of shards, each finds the one that it belongs to.
  virtual void save(ByteWriter& out) = 0;
  // Before the first event, when all instruments in it have names.
  void load(ByteReader& in, const InstrumentNames& names, const IdsOf& ids_of);

 private:
  [[nodiscard]] virtual Operator& operator_of(InstrumentId instrument) = 0;
};

// Routes events to the operators of their instruments' shards, ticks to all of them, and gives
// the outputs to `sink` on the caller's thread in an order that does not depend on the number of
// shards. `names` is read on the caller's thread only. Destroying it ends the threads.
std::unique_ptr<Stream> make_stream(const StreamOptions& options, const OperatorFactory& factory,
                                    const InstrumentNames& names, TickSink& sink);

}  // namespace tapeline::stream
