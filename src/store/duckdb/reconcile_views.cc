// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "store/duckdb/schema.h"

namespace tapeline::store::duckdb {
namespace {

// Whether a pair says the same, as far as the venue says anything.
std::string is_equal() {
  std::string sql;
  for (const std::string_view field : {"open", "high", "low", "close", "volume", "trades"}) {
    sql += fmt::format(
        "{}(theirs.{} IS NULL OR ours.{}::DECIMAL(38,18) IS NOT DISTINCT FROM "
        "theirs.{}::DECIMAL(38,18))",
        sql.empty() ? "" : " AND ", field, field, field);
  }
  return sql;
}

// Each minute that the venue or we have, once, and what came of holding both together. What is no
// `equal` and no `different` is not comparable, and the word is the reason.
std::string comparisons_view() {
  return fmt::format(R"sql(
CREATE OR REPLACE VIEW candle_comparisons AS
WITH begun AS (
  SELECT instrument, interval_ns, min(start_ns) AS first FROM bar_revisions GROUP BY ALL
), answers AS (
  SELECT i.name AS instrument, c.interval AS interval_ns, min(c.start) AS first,
    max(c.start) AS last
  FROM stored.venue_candles c JOIN stored.instruments i ON i.id = c.instrument
  GROUP BY i.name, c.interval, c.position
), asked AS (SELECT DISTINCT instrument, interval_ns FROM answers)
SELECT ours.instrument, ours.interval, ours.start,
  CASE WHEN ours.quality IN ('gap', 'unknown') THEN ours.quality
    WHEN {} THEN 'equal' ELSE 'different' END AS outcome,
  ours.quality, ours.interval_ns, ours.start_ns
FROM bars ours JOIN venue_candles theirs ON ours.instrument = theirs.instrument
  AND ours.interval_ns = theirs.interval_ns AND ours.start_ns = theirs.start_ns
UNION ALL
SELECT theirs.instrument, theirs.interval, theirs.start,
  CASE WHEN theirs.start_ns >= begun.first THEN 'no_bar' ELSE 'before' END, NULL,
  theirs.interval_ns, theirs.start_ns
FROM venue_candles theirs LEFT JOIN begun ON theirs.instrument = begun.instrument
  AND theirs.interval_ns = begun.interval_ns
ANTI JOIN bars ours ON ours.instrument = theirs.instrument
  AND ours.interval_ns = theirs.interval_ns AND ours.start_ns = theirs.start_ns
WHERE theirs.volume > 0
UNION ALL
SELECT ours.instrument, ours.interval, ours.start,
  CASE WHEN EXISTS (FROM answers WHERE answers.instrument = ours.instrument
    AND answers.interval_ns = ours.interval_ns
    AND ours.start_ns BETWEEN answers.first AND answers.last) THEN 'no_candle'
    ELSE 'unanswered' END,
  ours.quality, ours.interval_ns, ours.start_ns
FROM bars ours JOIN asked ON ours.instrument = asked.instrument
  AND ours.interval_ns = asked.interval_ns
ANTI JOIN venue_candles theirs ON ours.instrument = theirs.instrument
  AND ours.interval_ns = theirs.interval_ns AND ours.start_ns = theirs.start_ns;
)sql",
                     is_equal());
}

// What was found of each day, the last time that it was looked at.
constexpr std::string_view kRecorded = R"sql(
CREATE OR REPLACE VIEW reconciliations AS SELECT
  make_timestamp_ns(day)::DATE AS day, instrument, equal + different AS compared, equal, different,
  gap, unknown, no_bar, no_candle, unanswered, before, make_timestamp_ns(made_at) AS made_at,
  day AS day_ns, made_at AS made_at_ns
FROM stored.reconciliations
QUALIFY row_number() OVER (PARTITION BY instrument, day_ns ORDER BY made_at_ns DESC) = 1;
CREATE OR REPLACE VIEW reconciled_differences AS SELECT
  d.instrument, make_timestamp_ns(d.start) AS start, d.field, d.ours, d.theirs, d.quality,
  make_timestamp_ns(d.made_at) AS made_at, d.day AS day_ns, d.start AS start_ns
FROM stored.reconciled_differences d
SEMI JOIN reconciliations r
  ON r.instrument = d.instrument AND r.day_ns = d.day AND r.made_at_ns = d.made_at;
)sql";

}  // namespace

std::string reconcile_views() { return comparisons_view() + std::string(kRecorded); }

}  // namespace tapeline::store::duckdb
