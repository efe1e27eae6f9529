// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

#include "model/instrument.h"
#include "stream/operator.h"

namespace tapeline::stream {

struct StreamOptions {
  unsigned shards = 1;  // threads; 1 works in the caller's
};

// Where events go in and, by the sink given to make_stream(), outputs come out.
class Stream : public Operator {
 public:
  // Passes on what the shards have finished by now; how many ticks that were.
  virtual std::size_t poll() = 0;
};

// Routes events to the operators of their instruments' shards, ticks to all of them, and gives
// the outputs to `sink` on the caller's thread in an order that does not depend on the number of
// shards. `names` is read on the caller's thread only. Destroying it ends the threads.
std::unique_ptr<Stream> make_stream(const StreamOptions& options, const OperatorFactory& factory,
                                    const InstrumentNames& names, TickSink& sink);

}  // namespace tapeline::stream
