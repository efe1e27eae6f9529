// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "journal/record.h"

namespace tapeline::replay {

// Whether what follows cannot be read without it: an epoch, an instrument list, the opening of an
// input or connection.
[[nodiscard]] bool is_opening(const journal::Record& record);

// Openings from after the time that a replay stops at (--as-of). They count only where the clock
// was set back, and a record from before that time stands behind them. What a journal says again at
// the start of each segment is kept once.
class HeldOpenings {
 public:
  void hold(const journal::Record& record);
  [[nodiscard]] bool empty() const { return held_.empty(); }

  // Gives them in the order of their last positions, and holds none any more.
  template <typename OnRecord>
  void release(OnRecord&& on_record) {
    std::vector<Held> in_order = take();
    for (const Held& held : in_order) on_record(record_of(held));
  }

 private:
  using Said = std::tuple<journal::RecordType, ConnectionId, std::string>;  // padded for readers
  struct Place {
    Position position;
    RecvTime ts_recv;
  };
  struct Held {
    Said said;
    Place place;
  };

  [[nodiscard]] std::vector<Held> take();
  [[nodiscard]] static journal::Record record_of(const Held& held);

  std::map<Said, Place> held_;
};

}  // namespace tapeline::replay
