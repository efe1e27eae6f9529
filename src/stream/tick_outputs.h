// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "model/bar.h"
#include "model/instrument.h"
#include "stream/operator.h"

namespace tapeline::stream {

// Gathers what leaves at one tick and passes it on in the order (instrument, interval, start), so
// that it does not matter which shard said it first.
class TickOutputs {
 public:
  TickOutputs(const InstrumentNames& names, TickSink& sink) : names_(names), sink_(sink) {}

  void add(const BarRevision& revision) { revisions_.push_back(revision); }

  // An open bar belongs to no tick and waits for nothing.
  void pass(const BarRevision& open_bar) { sink_.on_open_bar(open_bar); }

  // Everything of the tick is here: sorts, numbers and passes on.
  void release(Position position);

 private:
  // What a revision is sorted by, and where it stands: a revision itself is large.
  struct Place {
    std::uint32_t rank = 0;  // of the instrument's name among all names
    std::uint32_t index = 0;
    Duration interval{};
    EventTime start;
  };

  void say(Position position);

  const InstrumentNames& names_;
  TickSink& sink_;
  std::vector<BarRevision> revisions_;
  std::vector<Place> order_;
};

}  // namespace tapeline::stream
