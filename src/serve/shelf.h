// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "model/bar.h"
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
template <typename Bar>
bool is_as_new(const Bar& known, const Bar& other) {
  return std::tuple(other.state, other.revision) >= std::tuple(known.state, known.revision);
}

// Puts it in unless a newer state of the same bar is there; whether it was put in.
template <typename Bar>
bool put_newest(std::map<EventTime, Bar>& bars, const Bar& bar) {
  const auto [at, is_new] = bars.try_emplace(bar.start, bar);
  if (is_new) return true;
  if (!is_as_new(at->second, bar)) return false;
  at->second = bar;
  return true;
}

// What a bar shows.
store::BarRow row_of(const BarRevision& bar);

// The bars that the store does not have yet: those that are open, and what became final since its
// last commit. They stand as the engine shows them, many times a second; rows, which take divisions
// of large numbers, are made for whoever asks.
class Shelf {
 public:
  void put(const BarRevision& bar);
  // Everything from records before this one is in the store by now.
  void forget_stored(std::uint64_t ordinal);

  [[nodiscard]] BarsByStart rows(const BarsKey& key) const;
  [[nodiscard]] std::optional<store::BarRow> row(const BarsKey& key, EventTime start) const;
  [[nodiscard]] std::size_t size() const { return final_.size(); }

 private:
  using Bars = std::map<EventTime, BarRevision>;

  std::map<BarsKey, Bars> bars_;
  std::deque<std::tuple<std::uint64_t, BarsKey, EventTime>> final_;  // by the record they are from
};

}  // namespace tapeline::serve
