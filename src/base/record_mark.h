// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"
#include "base/time.h"

namespace tapeline {

// One record of one journal: a journal that lost its end and went on has the same name and other
// records under the same positions, but they were received at other times. What was imported has
// the times of its rows: two copies of a journal that went on with imports of the same times are
// not told apart by it.
struct RecordMark {
  Position position;
  RecvTime ts_recv;

  friend constexpr bool operator==(const RecordMark&, const RecordMark&) = default;
};

}  // namespace tapeline
