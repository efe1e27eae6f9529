// SPDX-License-Identifier: Apache-2.0
#include "store/reconcile.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "store/row_values.h"

namespace tapeline::store {
namespace {

std::optional<std::string> text_of(const Value& value) {
  return value.is_null ? std::nullopt : std::optional(std::string(value.text));
}

constexpr std::size_t kMadeAt = 10;  // the column of what was recorded

ReconciledDay day_of(const std::vector<Value>& row) {
  ReconciledDay day;
  day.instrument = row[0].text;
  day.day = EventTime(integer_of<std::int64_t>(row[1]));
  std::size_t column = 2;
  for (std::uint64_t* count : {&day.equal, &day.different, &day.gap, &day.unknown, &day.no_bar,
                               &day.no_candle, &day.unanswered, &day.before}) {
    *count = integer_of<std::uint64_t>(row[column++]);
  }
  return day;
}

ReconciledDifference difference_of(const std::vector<Value>& row) {
  return {.start = EventTime(integer_of<std::int64_t>(row[1])),
          .instrument = std::string(row[0].text),
          .field = std::string(row[2].text),
          .ours = text_of(row[3]),
          .theirs = text_of(row[4]),
          .quality = std::string(row[5].text)};
}

// Where to look: what is there of the minutes, or what was recorded of them.
struct Origin {
  std::string_view days;  // a query; {} is the condition
  std::string_view differences;
  std::string_view time;  // the column of the day's, or the minute's, beginning
};

// As FROM and columns of a query whose condition is {}.
constexpr Origin kNow{
    .days =
        "SELECT instrument, start_ns // 86400000000000 * 86400000000000 AS day, "
        "count(*) FILTER (outcome = 'equal'), count(*) FILTER (outcome = 'different'), "
        "count(*) FILTER (outcome = 'gap'), count(*) FILTER (outcome = 'unknown'), "
        "count(*) FILTER (outcome = 'no_bar'), count(*) FILTER (outcome = 'no_candle'), "
        "count(*) FILTER (outcome = 'unanswered'), count(*) FILTER (outcome = 'before') "
        "FROM candle_comparisons WHERE {} GROUP BY ALL ORDER BY ALL",
    .differences = "FROM candle_differences WHERE {}",
    .time = "start_ns"};
constexpr Origin kRecorded{
    .days =
        "SELECT instrument, day_ns, equal, different, gap, unknown, no_bar, no_candle, "
        "unanswered, before, made_at_ns FROM reconciliations WHERE {} ORDER BY instrument, "
        "day_ns",
    .differences = "FROM reconciled_differences WHERE {}",
    .time = "day_ns"};

constexpr std::string_view kUnexcused =
    "field NOT IN ('bar', 'candle') AND quality IN ('complete', 'repaired')";

std::string condition_of(const Selection& which, std::string_view time) {
  std::string sql = "true";
  if (which.from) sql += fmt::format(" AND {} >= {}", time, which.from->unix_ns());
  if (which.to) sql += fmt::format(" AND {} < {}", time, which.to->unix_ns());
  return sql;
}

Result<void> ask(Reader& reader, const std::string& sql, const ShouldStop& should_stop,
                 std::function<void(const std::vector<Value>&)> on_row) {
  EachRow rows(std::move(on_row));
  return reader.query(sql, rows, should_stop);
}

// A store has the views of the program that wrote in it last.
Result<void> require_views(Reader& reader, const ShouldStop& should_stop) {
  bool is_there = false;
  auto done = ask(reader, "SELECT 1 FROM duckdb_views() WHERE view_name = 'candle_comparisons'",
                  should_stop, [&](const auto& /*row*/) { is_there = true; });
  if (!done || is_there) return done;
  return fail(Fault::kCaller,
              "the store was last written by an older Tapeline, which held no bars against the "
              "venues' candles: start `tapeline run` on this folder once, and ask again");
}

Result<Reconciliation> read(Reader& reader, const Origin& origin, const Selection& which,
                            const ShouldStop& should_stop) {
  Reconciliation found;
  const auto& [days, differences, time] = origin;
  const std::string condition = condition_of(which, time);
  const std::string from = fmt::format(fmt::runtime(differences), condition);
  auto done = require_views(reader, should_stop);
  if (done) {
    done =
        ask(reader, fmt::format(fmt::runtime(days), condition), should_stop, [&](const auto& row) {
          found.days.push_back(day_of(row));
          if (row.size() <= kMadeAt) return;
          found.made_at = std::max(found.made_at, RecvTime(integer_of<std::int64_t>(row[kMadeAt])));
        });
  }
  if (done) {
    done =
        ask(reader,
            fmt::format("SELECT instrument, start_ns, field, ours, theirs, quality {} "
                        "ORDER BY NOT coalesce({}, false), instrument, start_ns, field LIMIT {}",
                        from, kUnexcused, Reconciliation::kDifferencesMax),
            should_stop, [&](const auto& row) { found.differences.push_back(difference_of(row)); });
  }
  if (done && found.differences.size() == Reconciliation::kDifferencesMax) {
    done = ask(reader, "SELECT count(*) " + from, should_stop, [&](const auto& row) {
      found.left_out = integer_of<std::uint64_t>(row[0]) - found.differences.size();
    });
  }
  if (!done) return tl::make_unexpected(done.error());
  return found;
}

}  // namespace

bool ReconciledDifference::is_unexcused() const {
  return field != "bar" && field != "candle" && (quality == "complete" || quality == "repaired");
}

Result<Reconciliation> reconcile(Reader& reader, const Selection& which,
                                 const ShouldStop& should_stop) {
  return read(reader, kNow, which, should_stop);
}

Result<Reconciliation> recorded(Reader& reader, const Selection& which,
                                const ShouldStop& should_stop) {
  return read(reader, kRecorded, which, should_stop);
}

}  // namespace tapeline::store
