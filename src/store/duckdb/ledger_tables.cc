// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/ledger_tables.h"

#include <fmt/format.h>

#include <cstddef>
#include <string>

#include "base/check.h"
#include "store/duckdb/chunk_reader.h"

namespace tapeline::store::duckdb {
namespace {

constexpr std::string_view kLedgers =
    "SELECT t.instrument, t.channel, t.is_gap, t.from_id, t.to_id, t.from_time, t.to_time, "
    "t.time_min, t.time_max, t.cause, t.repaired, t.state FROM ("
    "SELECT *, false AS is_gap, 0::UTINYINT AS cause, 0::UTINYINT AS state FROM stored.coverage "
    "UNION ALL BY NAME SELECT *, true AS is_gap, 0::BIGINT AS time_min, 0::BIGINT AS time_max, "
    "0::UBIGINT AS repaired FROM stored.gaps) t "
    "JOIN stored.instruments i ON i.id = t.instrument WHERE {} "
    "ORDER BY i.name, t.channel, t.is_gap, t.from_id";

struct LedgerKey {
  std::uint32_t instrument = 0;  // the store's number
  Channel channel = Channel::kTrades;
};

// Of a ledger the rows that begin within these ids.
struct Gone {
  LedgerKey ledger;
  IdSpan within;
};

template <typename Row>
struct AddedRow {
  LedgerKey ledger;
  const Row* row = nullptr;
};

template <typename Row>
struct Changes {
  std::vector<Gone> gone;
  std::vector<AddedRow<Row>> added;

  void add(LedgerKey ledger, IdSpan within, const std::vector<Row>& rows) {
    gone.push_back({ledger, within});
    for (const Row& row : rows) added.push_back({ledger, &row});
  }
};

void put_key(ChunkWriter& to, std::size_t i, LedgerKey ledger, std::uint64_t first) {
  to.column<std::uint32_t>(0)[i] = ledger.instrument;
  to.column<std::uint8_t>(1)[i] = static_cast<std::uint8_t>(ledger.channel);
  to.column<std::uint64_t>(2)[i] = first;
}

void fill_gone(ChunkWriter& to, std::span<const Gone> gone) {
  for (std::size_t i = 0; i < gone.size(); ++i) {
    put_key(to, i, gone[i].ledger, gone[i].within.first);
    to.column<std::uint64_t>(3)[i] = gone[i].within.last;
  }
}

void fill_coverage(ChunkWriter& to, std::span<const AddedRow<IdRun>> rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const IdRun& run = *rows[i].row;
    put_key(to, i, rows[i].ledger, run.first);
    to.column<std::uint64_t>(3)[i] = run.last;
    to.column<std::int64_t>(4)[i] = run.first_time.unix_ns();
    to.column<std::int64_t>(5)[i] = run.last_time.unix_ns();
    to.column<std::int64_t>(6)[i] = run.time_min.unix_ns();
    to.column<std::int64_t>(7)[i] = run.time_max.unix_ns();
    to.column<std::uint64_t>(8)[i] = run.repaired;
  }
}

void fill_gaps(ChunkWriter& to, std::span<const AddedRow<IdGap>> rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const IdGap& gap = *rows[i].row;
    put_key(to, i, rows[i].ledger, gap.first);
    to.column<std::uint64_t>(3)[i] = gap.last;
    to.column<std::int64_t>(4)[i] = gap.from_time.unix_ns();
    to.column<std::int64_t>(5)[i] = gap.to_time.unix_ns();
    to.column<std::uint8_t>(6)[i] = static_cast<std::uint8_t>(gap.cause);
    to.column<std::uint8_t>(7)[i] = static_cast<std::uint8_t>(gap.state);
  }
}

template <typename Row, typename Fill>
Result<void> store_all(const Changes<Row>& rows, Intake& gone, Intake& added, Fill fill) {
  if (auto done = gone.take_all(std::span(rows.gone), fill_gone); !done) {
    return tl::make_unexpected(done.error());
  }
  const auto stored = added.take_all(std::span(rows.added), fill);
  if (!stored) return tl::make_unexpected(stored.error());
  TAPELINE_CHECK(*stored == rows.added.size(), "rows of ledgers that the store did not take");
  return {};
}

}  // namespace

// The runs of a ledger come before its gaps, and all of one ledger before the next.
Result<void> read_ledgers(duckdb_connection connection, std::string_view condition,
                          const OnRow<LedgerRow>& on_row) {
  LedgerRow ledger;
  const auto is_empty = [&] { return ledger.runs.empty() && ledger.gaps.empty(); };
  bool goes_on = true;
  const auto take = [&](const ChunkReader& chunk, std::size_t i) {
    const InstrumentId id(chunk.at<std::uint32_t>(0, i));
    const auto channel = static_cast<Channel>(chunk.at<std::uint8_t>(1, i));
    if (!is_empty() && (id != ledger.instrument || channel != ledger.channel)) {
      goes_on = on_row(ledger);
      ledger.runs.clear();
      ledger.gaps.clear();
    }
    ledger.instrument = id;
    ledger.channel = channel;
    const auto first = chunk.at<std::uint64_t>(3, i);
    const auto last = chunk.at<std::uint64_t>(4, i);
    const auto time = [&](std::size_t column) {
      return EventTime(chunk.at<std::int64_t>(column, i));
    };
    if (chunk.at<bool>(2, i)) {
      const auto cause = static_cast<GapCause>(chunk.at<std::uint8_t>(9, i));
      const auto state = static_cast<GapState>(chunk.at<std::uint8_t>(11, i));
      ledger.gaps.push_back({first, last, time(5), time(6), cause, state});
    } else {
      const auto repaired = chunk.at<std::uint64_t>(10, i);
      ledger.runs.push_back({first, last, time(5), time(6), time(7), time(8), repaired});
    }
    return goes_on;
  };
  auto read =
      for_each_chunk(connection, fmt::format(kLedgers, condition), [&](const ChunkReader& chunk) {
        for (std::size_t i = 0; i < chunk.rows(); ++i) {
          if (!take(chunk, i)) return false;
        }
        return true;
      });
  if (read && goes_on && !is_empty()) on_row(ledger);
  return read;
}

Result<LedgerTables::Table> LedgerTables::open_table(duckdb_connection connection,
                                                     std::string_view name) {
  auto gone = Intake::open(
      connection,
      {.name = fmt::format("gone_{}", name),
       .columns = fmt::format("SELECT instrument, channel, from_id, to_id FROM stored.{}", name),
       .statement =
           fmt::format("DELETE FROM stored.{0} AS s USING gone_{0}() AS g WHERE s.instrument = "
                       "g.c0 AND s.channel = g.c1 AND s.from_id BETWEEN g.c2 AND g.c3",
                       name)});
  if (!gone) return tl::make_unexpected(gone.error());
  auto added = Intake::open_insert(connection, name);
  if (!added) return tl::make_unexpected(added.error());
  return Table{std::move(*gone), std::move(*added)};
}

Result<LedgerTables> LedgerTables::open(duckdb_connection connection, Instruments& instruments) {
  auto coverage = open_table(connection, "coverage");
  if (!coverage) return tl::make_unexpected(coverage.error());
  auto gaps = open_table(connection, "gaps");
  if (!gaps) return tl::make_unexpected(gaps.error());
  return LedgerTables(std::move(*coverage), std::move(*gaps), instruments);
}

Result<void> LedgerTables::replace(std::span<const LedgerRow> ledgers) {
  Changes<IdRun> runs;
  Changes<IdGap> gaps;
  for (const LedgerRow& ledger : ledgers) {
    const LedgerKey key{instruments_->of(ledger.instrument).number, ledger.channel};
    runs.add(key, ledger.within, ledger.runs);
    const bool is_one_run = ledger.within.first == ledger.within.last && !ledger.runs.empty();
    if (!is_one_run) gaps.add(key, ledger.within, ledger.gaps);
  }
  auto done = store_all(runs, coverage_.gone, coverage_.added, fill_coverage);
  return done ? store_all(gaps, gaps_.gone, gaps_.added, fill_gaps) : done;
}

}  // namespace tapeline::store::duckdb
