// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "base/check.h"
#include "base/ids.h"
#include "base/result.h"
#include "store/writer.h"

namespace tapeline::store {

// The rules of a commit that every store obeys. Their sentences go behind the store's name.

// A store belongs to one journal from its first commit on.
[[nodiscard]] Result<void> check_journal(std::optional<Position> committed, Position position);
// ... and holds one kind of data from its founding on.
[[nodiscard]] Result<void> check_kind(DataKind held, DataKind wanted);

// The rows that are not stored yet: those behind the committed position.
template <typename Row>
std::span<const Row> new_rows(const std::vector<Row>& rows, std::optional<Position> committed,
                              Position position) {
  if (rows.empty()) return {};
  TAPELINE_CHECK(rows.back().position <= position, "rows beyond the position they lead to");
  const auto is_stored = [&](const Row& row) { return committed && row.position <= *committed; };
  if (!is_stored(rows.front())) return rows;
  return {std::partition_point(rows.begin(), rows.end(), is_stored), rows.end()};
}

}  // namespace tapeline::store
