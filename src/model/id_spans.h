// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/sorted_chunks.h"

namespace tapeline {

// Ids from first to last, both included.
struct IdSpan {
  std::uint64_t first = 0;
  std::uint64_t last = 0;

  friend bool operator==(const IdSpan&, const IdSpan&) = default;
};

inline constexpr IdSpan kAllIds{0, UINT64_MAX};

// A set of ids, as the spans that do not touch.
class IdSpans {
 public:
  // False when they were all there.
  bool add(IdSpan ids);
  // The lowest ids of the set that lie in `within`.
  [[nodiscard]] std::optional<IdSpan> first_in(IdSpan within) const;
  [[nodiscard]] std::size_t size() const { return spans_.size(); }
  [[nodiscard]] bool empty() const { return spans_.empty(); }
  // Ascending.
  [[nodiscard]] std::vector<IdSpan> all() const;

  void save(ByteWriter& out) const;
  void load(ByteReader& in, std::size_t spans_max);

 private:
  struct FirstId {
    std::uint64_t operator()(const IdSpan& span) const { return span.first; }
  };
  SortedChunks<IdSpan, FirstId> spans_;
};

}  // namespace tapeline
