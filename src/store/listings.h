// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace tapeline::store {

// Which rows of the view `instrument_history`; what is empty leaves nothing out.
struct ListingsAsked {
  // With '*' for any text: "venue:SYMBOL", or the symbol alone, ours or the venue's.
  std::vector<std::string> patterns{};
  std::string venue{};
  std::string base{};  // assets, by their common names
  std::string quote{};
  std::optional<RecvTime> as_of{};  // what was known then; none: by now
  bool is_history = false;          // everything that was known by then
  std::optional<std::size_t> limit{};
};

// A SELECT of all that is said of them, by instrument and time; `times_ns`: the two times, which
// are the last columns, as integers.
[[nodiscard]] std::string listings_sql(const ListingsAsked& asked, bool times_ns);

}  // namespace tapeline::store
