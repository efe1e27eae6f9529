// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "model/bar.h"
#include "model/coverage.h"
#include "model/event_sink.h"

namespace tapeline::stream {

// What operators say. A closed set: whoever listens handles every kind.
class OutputSink {
 public:
  OutputSink() = default;
  OutputSink(const OutputSink&) = delete;
  OutputSink& operator=(const OutputSink&) = delete;
  virtual ~OutputSink() = default;

  virtual void on_bar(const BarRevision& revision) = 0;
  // A bar as it stands while its window is open: for who looks on, part of no result.
  virtual void on_open_bar(const BarRevision& bar) = 0;
};

// What a stream says: the outputs of a tick, or of the end, in one order, then that these were all.
class TickSink : public OutputSink {
 public:
  virtual void on_tick_done(Position position) = 0;
};

// A function of the events of its instruments: keeps state by instrument, reads no clock, and
// speaks only inside on_tick(), on_end() and look(). One thread.
class Operator : public EventSink {
 public:
  // A hole is one whether it can still be mended or not: no output depends on it.
  void on_candle(const VenueCandle& /*candle*/) final {}
  void on_listing(const ListingChange& /*change*/) final {}
  void on_settled(const SettledIds& /*ids*/) final {}
  // Says every open bar that has changed since it last looked; changes no result.
  virtual void look() = 0;
  // Right after a tick: of each instrument save_instrument(), and its state.
  virtual void save(ByteWriter& out) const = 0;
  // The state of one instrument, before any event. `ids` are those of its trades that decode has
  // let through to bars, null when there are none: an operator that knows others is refused.
  virtual void load(InstrumentId instrument, ByteReader& in, const Coverage* ids) = 0;
};

// Instruments are told from the end of all by being one more than their number.
inline void save_instrument(ByteWriter& out, InstrumentId instrument) {
  out.number(std::uint64_t{instrument.value()} + 1);
}
inline void save_no_instrument(ByteWriter& out) { out.number(std::uint64_t{0}); }

// What decode knows of an instrument's ids, for Operator::load().
using IdsOf = std::function<const Coverage*(InstrumentId)>;

// Makes one shard's operator; it speaks to the sink given.
using OperatorFactory = std::function<std::unique_ptr<Operator>(OutputSink&)>;

}  // namespace tapeline::stream
