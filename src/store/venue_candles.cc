// SPDX-License-Identifier: Apache-2.0
#include "store/venue_candles.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "store/row_values.h"

namespace tapeline::store {
namespace {

// A view of another program's store may lack what this one does.
constexpr const char* kSpans =
    "SELECT begin, arg_min(open, start_ns), max(high), min(low), arg_max(close, start_ns), "
    "sum(volume), CASE WHEN count(trades) = count(*) THEN sum(trades) END, count(*) "
    "FROM (SELECT start_ns // {0} * {0} AS begin, * FROM venue_candles "
    "WHERE instrument = {1} AND interval_ns = 60000000000{2}) "
    "GROUP BY begin ORDER BY begin DESC LIMIT {3}";

VenueSpan span_of(const std::vector<Value>& row) {
  VenueSpan span;
  span.start = EventTime(integer_of<std::int64_t>(row[0]));
  std::size_t column = 1;
  for (std::string* text : {&span.open, &span.high, &span.low, &span.close, &span.volume}) {
    *text = row[column++].text;
  }
  if (!row[column].is_null) span.trades = integer_of<std::uint64_t>(row[column]);
  span.minutes = integer_of<std::uint64_t>(row[column + 1]);
  return span;
}

}  // namespace

Result<std::vector<VenueSpan>> venue_spans(Reader& reader, const Selection& which,
                                           const ShouldStop& should_stop) {
  TAPELINE_CHECK(which.interval && which.newest, "spans of no length, or without bound");
  std::string times;
  if (which.from) times += fmt::format(" AND begin >= {}", which.from->unix_ns());
  if (which.to) times += fmt::format(" AND begin < {}", which.to->unix_ns());
  std::vector<VenueSpan> spans;
  EachRow rows([&](const auto& row) { spans.push_back(span_of(row)); });
  const auto done = reader.query(fmt::format(fmt::runtime(kSpans), which.interval->count(),
                                             sql_text(which.instrument), times, *which.newest),
                                 rows, should_stop);
  if (!done) return tl::make_unexpected(done.error());
  std::reverse(spans.begin(), spans.end());
  return spans;
}

}  // namespace tapeline::store
