// SPDX-License-Identifier: Apache-2.0
#include "venue/history.h"

#include <algorithm>
#include <limits>
#include <string>

#include "venue/field.h"

namespace tapeline::venue {

std::uint64_t ids_of(const HistoryWish& wish) {
  const bool is_by_time = wish.first_id == 0 && wish.last_id == 0;
  if (is_by_time || wish.last_id < wish.first_id) return 0;
  const std::uint64_t span = wish.last_id - wish.first_id;
  return span == std::numeric_limits<std::uint64_t>::max() ? span : span + 1;
}

HistoryPage descending_page(const HistoryWish& wish, std::size_t rows, std::uint64_t lowest) {
  HistoryPage page{.rows = rows, .settled_first = wish.first_id, .settled_last = wish.last_id};
  if (rows == 0 || lowest > wish.last_id || lowest <= wish.first_id) return page;
  page.settled_first = lowest;
  page.rest = wish;
  page.rest->last_id = lowest - 1;
  return page;
}

HistoryPage ascending_page(const HistoryWish& wish, std::size_t rows, std::uint64_t highest) {
  if (rows == 0) return {};
  HistoryPage page{.rows = rows, .settled_first = wish.first_id, .settled_last = wish.last_id};
  if (highest < wish.first_id || highest >= wish.last_id) return page;
  page.settled_last = highest;
  page.rest = wish;
  page.rest->first_id = highest + 1;
  return page;
}

std::uint64_t cursor_id(const HistoryWish& wish) {
  return parse_count(wish.cursor).value_or(std::numeric_limits<std::uint64_t>::max());
}

HistoryPage older_page(const HistoryWish& wish, std::size_t rows, std::uint64_t lowest,
                       EventTime lowest_time) {
  HistoryPage page{.rows = rows};
  if (rows == 0 || lowest_time < wish.from_time || lowest >= cursor_id(wish)) return page;
  page.rest = wish;
  page.rest->cursor = std::to_string(lowest);
  return page;
}

}  // namespace tapeline::venue
