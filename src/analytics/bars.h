// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "analytics/bar_book.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "model/coverage.h"
#include "model/watermark.h"
#include "stream/operator.h"
#include "stream/window.h"

namespace tapeline::analytics {

struct BarsOptions {
  std::vector<Duration> intervals;
  WatermarkOptions watermark;
};

// The operator that makes bars: one book per instrument, visited at a tick only when there is
// something to do. One thread.
class Bars final : public stream::Operator {
 public:
  Bars(const BarsOptions& options, stream::OutputSink& out);

  void on_trade(const Trade& trade) override;
  void on_quote(const Quote& quote) override;
  void on_heartbeat(const Heartbeat& heartbeat) override;
  void on_late(const LateTrade& late) override;
  void on_tick(const Tick& tick) override;
  void on_end(Position position) override;

  void save(ByteWriter& out) const override;
  void load(InstrumentId instrument, ByteReader& in, const Coverage* ids) override;

 private:
  BarBook& book_of(InstrumentId instrument) {
    const std::size_t index = instrument.value();
    return index < books_.size() && books_[index] ? *books_[index] : new_book(instrument);
  }
  BarBook& new_book(InstrumentId instrument);
  void schedule(BarBook& book);
  void await_idle(BarBook& book) {
    const EngineTime deadline = book.idle_deadline();
    if (deadline < book.queued_deadline) queue_deadline(book, deadline);
  }
  void queue_deadline(BarBook& book, EngineTime deadline);

  BarsOptions options_;
  stream::IntervalPlan plan_;
  stream::OutputSink& out_;
  std::vector<std::unique_ptr<BarBook>> books_;  // by instrument; null where none is here
  std::vector<BarBook*> scheduled_;              // have work at the next tick
  // A heap of the moments at which silence closes a window, the earliest first. An entry may be
  // too early, since trades move the moment on; then it is put back with the right one. A trade
  // that starts an earlier window than the open ones makes one that is earlier.
  std::vector<std::pair<EngineTime, BarBook*>> deadlines_;
};

}  // namespace tapeline::analytics
