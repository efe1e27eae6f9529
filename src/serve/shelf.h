// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "store/rows.h"

namespace tapeline::serve {

// Bars of one interval of an instrument.
struct BarsKey {
  InstrumentId instrument;
  Duration interval{};

  friend auto operator<=>(const BarsKey&, const BarsKey&) = default;
};

using BarsByStart = std::map<EventTime, store::BarRow>;

// Whether the second says more of the same bar than the first, or as much.
inline bool is_as_new(const store::BarRow& known, const store::BarRow& other) {
  return std::tuple(other.state, other.revision) >= std::tuple(known.state, known.revision);
}

// Puts it in unless a newer state of the same bar is there; whether it was put in.
bool put_newest(BarsByStart& bars, const store::BarRow& bar);

// The bars that the store does not have yet: those that are open, and what became final since its
// last commit.
class Shelf {
 public:
  void put(const store::BarRow& bar);
  // Everything from records before this one is in the store by now.
  void forget_stored(std::uint64_t ordinal);

  // Null where there is none.
  [[nodiscard]] const BarsByStart* find(const BarsKey& key) const;
  [[nodiscard]] std::size_t size() const { return final_.size(); }

 private:
  std::map<BarsKey, BarsByStart> bars_;
  std::deque<std::tuple<std::uint64_t, BarsKey, EventTime>> final_;  // by the record they are from
};

}  // namespace tapeline::serve
