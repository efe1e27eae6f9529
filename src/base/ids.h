// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>

namespace tapeline {

// A number that names one kind of thing: it compares, and nothing else.
template <typename Tag, typename Number>
class StrongId {
 public:
  constexpr StrongId() = default;
  constexpr explicit StrongId(Number value) : value_(value) {}

  [[nodiscard]] constexpr Number value() const { return value_; }

  friend constexpr auto operator<=>(StrongId, StrongId) = default;

 private:
  Number value_ = 0;
};

// Dense, in order of first appearance; an index into tables of this process, never stored.
using InstrumentId = StrongId<struct InstrumentTag, std::uint32_t>;
// One connection to a venue, or one input of a replay.
using ConnectionId = StrongId<struct ConnectionTag, std::uint32_t>;
using JournalId = StrongId<struct JournalTag, std::uint64_t>;

// Where a record stands in the journal of its instruments: unchanged by sealing or compaction.
struct Position {
  JournalId journal;
  std::uint64_t ordinal = 0;

  friend constexpr auto operator<=>(const Position&, const Position&) = default;
};

}  // namespace tapeline
