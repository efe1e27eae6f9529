// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/reader.h"

#include <fmt/format.h>

#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "store/duckdb/answer.h"
#include "store/duckdb/ledger_tables.h"
#include "store/duckdb/row_of.h"
#include "store/duckdb/schema.h"

namespace tapeline::store::duckdb {
namespace {

// A kind of row: where it stands, and what its orders and limits go by.
struct Source {
  std::string_view columns;
  std::string_view from;  // `t` is the table, `i` the instruments
  std::string_view time;  // the column that Selection's times mean; empty: there is none
  std::span<const std::string_view> time_order{};  // behind the instrument's name
};

// As TradeId compares: ids of digits as integers of any length, then the others bytewise.
constexpr std::array<std::string_view, 6> kTradeOrder{
    "t.ts_event",
    "coalesce(x.venue_order, 0)",
    "x.trade_id IS NOT NULL AND NOT regexp_full_match(x.trade_id, '[0-9]+')",
    "CASE WHEN x.trade_id IS NULL OR regexp_full_match(x.trade_id, '[0-9]+') THEN "
    "length(ltrim(coalesce(x.trade_id, t.number::VARCHAR), '0')) END",
    "CASE WHEN x.trade_id IS NULL OR regexp_full_match(x.trade_id, '[0-9]+') THEN "
    "ltrim(coalesce(x.trade_id, t.number::VARCHAR), '0') END",
    "coalesce(x.trade_id, t.number::VARCHAR)"};
constexpr std::array<std::string_view, 1> kEventOrder{"t.ts_event"};
constexpr std::array<std::string_view, 3> kBarOrder{"t.interval", "t.start", "t.revision"};

constexpr Source kTrades{
    .columns = kTradeColumns,
    .from =
        "stored.trades t JOIN stored.instruments i ON i.id = t.instrument LEFT JOIN "
        "stored.trade_extras x ON x.position = t.position AND x.ordinal = t.ordinal",
    .time = "t.ts_event",
    .time_order = kTradeOrder};
constexpr Source kQuotes{.columns = kQuoteColumns,
                         .from = "stored.quotes t JOIN stored.instruments i ON i.id = t.instrument",
                         .time = "t.ts_event",
                         .time_order = kEventOrder};
constexpr Source kRevisions{
    .columns = kBarColumns,
    .from = "stored.bars t JOIN stored.instruments i ON i.id = t.instrument",
    .time = "t.start",
    .time_order = kBarOrder};
// Most bars have no second revision: only those that have are looked at twice.
constexpr Source kLastBars{
    .columns = kBarColumns,
    .from =
        "stored.bars t JOIN stored.instruments i ON i.id = t.instrument LEFT JOIN (SELECT "
        "instrument, interval, start, max(revision) AS last FROM stored.bars WHERE revision > "
        "0 GROUP BY ALL) r ON r.instrument = t.instrument AND r.interval = t.interval AND "
        "r.start = t.start AND r.last <> t.revision",
    .time = "t.start",
    .time_order = kBarOrder};
constexpr Source kLate{.columns = kLateColumns,
                       .from = "stored.late t JOIN stored.instruments i ON i.id = t.instrument",
                       .time = "t.ts_event",
                       .time_order = kEventOrder};
constexpr Source kRejected{.columns = kRejectedColumns, .from = "stored.rejected t", .time = {}};

constexpr std::string_view kCounts =
    "SELECT (SELECT count(*) FROM stored.trades), (SELECT count(*) FROM stored.quotes), (SELECT "
    "count(*) FROM (SELECT DISTINCT instrument, interval, start FROM stored.bars)), (SELECT "
    "count(*) FROM stored.bars), (SELECT count(*) FROM stored.coverage), (SELECT count(*) FROM "
    "stored.gaps), (SELECT count(*) FROM stored.rejected), (SELECT count(*) FROM stored.late)";

class DuckReader final : public Reader {
 public:
  // `owned` is the same database where nobody else owns it.
  DuckReader(Database& database, std::unique_ptr<Database> owned)
      : owned_(std::move(owned)), database_(database) {}

  const InstrumentNames& names() const override { return names_; }
  Result<std::optional<Position>> position() override;
  Result<Counts> counts() override;
  Result<void> trades(const Selection& which, const OnRow<TradeRow>& on_row) override {
    return read(kTrades, which, on_row);
  }
  Result<void> quotes(const Selection& which, const OnRow<QuoteRow>& on_row) override {
    return read(kQuotes, which, on_row);
  }
  Result<void> bars(const Selection& which, Revisions revisions,
                    const OnRow<BarRow>& on_row) override {
    return read(revisions == Revisions::kAll ? kRevisions : kLastBars, which, on_row);
  }
  Result<void> rejected(const Selection& which, const OnRow<RejectedRow>& on_row) override {
    return read(kRejected, which, on_row);
  }
  Result<void> late(const Selection& which, const OnRow<LateRow>& on_row) override {
    return read(kLate, which, on_row);
  }
  Result<void> ledgers(std::string_view instrument, const OnRow<LedgerRow>& on_row) override;
  Result<void> query(std::string_view sql, AnswerSink& sink,
                     const ShouldStop& should_stop) override;

 private:
  // What one call sees, whatever is committed meanwhile.
  struct Snapshot {
    Session session;
    std::optional<Position> position;
  };

  [[nodiscard]] Result<Snapshot> begin();
  [[nodiscard]] Result<void> load_names(duckdb_connection connection);
  // A condition that holds for the instrument alone; for all with an empty name.
  [[nodiscard]] std::string condition_of(std::string_view instrument) const;
  [[nodiscard]] std::string sql_of(const Source& source, const Selection& which) const;
  template <typename Row>
  [[nodiscard]] Result<void> read(const Source& source, const Selection& which,
                                  const OnRow<Row>& on_row);
  [[nodiscard]] Result<void> within(Result<void> result) const;

  std::unique_ptr<Database> owned_;
  Database& database_;
  InstrumentNames names_;  // its ids are the store's numbers
};

Result<void> DuckReader::within(Result<void> result) const {
  return result.map_error([this](const Error& error) { return error.within(database_.path()); });
}

Result<DuckReader::Snapshot> DuckReader::begin() {
  auto session = database_.begin_session();
  if (!session) return tl::make_unexpected(session.error());
  const duckdb_connection connection = session->connection.get();
  auto meta = read_meta(connection);
  if (!meta) return tl::make_unexpected(meta.error().within(database_.path()));
  if (!*meta) {
    return fail(Fault::kCaller, fmt::format("{}: nothing was stored here yet", database_.path()));
  }
  if (auto loaded = within(load_names(connection)); !loaded) {
    return tl::make_unexpected(loaded.error());
  }
  return Snapshot{std::move(*session), (*meta)->position};
}

Result<void> DuckReader::load_names(duckdb_connection connection) {
  return for_each_chunk(
      connection,
      fmt::format("SELECT name FROM stored.instruments WHERE id >= {} ORDER BY id", names_.size()),
      [&](const ChunkReader& chunk) {
        for (std::size_t i = 0; i < chunk.rows(); ++i) names_.add(std::string(chunk.text(0, i)));
        return true;
      });
}

Result<std::optional<Position>> DuckReader::position() {
  auto snapshot = begin();
  if (!snapshot) return tl::make_unexpected(snapshot.error());
  return snapshot->position;
}

Result<Counts> DuckReader::counts() {
  const auto snapshot = begin();
  if (!snapshot) return tl::make_unexpected(snapshot.error());
  Counts counts;
  auto read = within(for_each_chunk(
      snapshot->session.connection.get(), std::string(kCounts), [&](const ChunkReader& chunk) {
        std::size_t column = 0;
        for (std::uint64_t* count :
             {&counts.trades, &counts.quotes, &counts.bars, &counts.revisions, &counts.runs,
              &counts.gaps, &counts.rejected, &counts.late}) {
          *count = static_cast<std::uint64_t>(chunk.at<std::int64_t>(column++, 0));
        }
        return true;
      }));
  if (!read) return tl::make_unexpected(read.error());
  return counts;
}

std::string DuckReader::condition_of(std::string_view instrument) const {
  if (instrument.empty()) return "true";
  for (std::uint32_t id = 0; id < names_.size(); ++id) {
    if (names_.name(InstrumentId(id)) == instrument) return fmt::format("t.instrument = {}", id);
  }
  return "false";
}

std::string DuckReader::sql_of(const Source& source, const Selection& which) const {
  std::string sql =
      fmt::format("SELECT {} FROM {} WHERE t.position >= {} AND t.position < {}", source.columns,
                  source.from, which.position_from, which.position_to);
  const bool has_instrument = !source.time.empty();
  if (has_instrument) {
    sql += " AND " + condition_of(which.instrument);
    if (which.from) sql += fmt::format(" AND {} >= {}", source.time, which.from->unix_ns());
    if (which.to) sql += fmt::format(" AND {} < {}", source.time, which.to->unix_ns());
  }
  if (source.columns == kBarColumns && which.interval) {
    sql += fmt::format(" AND t.interval = {}", which.interval->count());
  }
  if (&source == &kLastBars) sql += " AND r.last IS NULL";
  // The newest come last: asked for from behind, they are turned around when they are read.
  const std::string_view way = which.newest ? " DESC NULLS FIRST" : "";
  sql += " ORDER BY ";
  if (which.order == Order::kTime && has_instrument) {
    if (which.instrument.empty()) sql += fmt::format("i.name{}, ", way);
    for (const std::string_view term : source.time_order) sql += fmt::format("{}{}, ", term, way);
  }
  sql += fmt::format("t.position{0}, t.ordinal{0}", way);
  if (which.newest) sql += fmt::format(" LIMIT {}", *which.newest);
  return sql;
}

template <typename Row>
Result<void> DuckReader::read(const Source& source, const Selection& which,
                              const OnRow<Row>& on_row) {
  const auto snapshot = begin();
  if (!snapshot) return tl::make_unexpected(snapshot.error());
  if (!snapshot->position) return {};
  const JournalId journal = snapshot->position->journal;
  Row row;
  std::vector<Row> from_behind;
  auto done = for_each_chunk(snapshot->session.connection.get(), sql_of(source, which),
                             [&](const ChunkReader& chunk) {
                               for (std::size_t i = 0; i < chunk.rows(); ++i) {
                                 read_row(chunk, i, journal, row);
                                 if (which.newest) {
                                   from_behind.push_back(row);
                                 } else if (!on_row(row)) {
                                   return false;
                                 }
                               }
                               return true;
                             });
  if (!done) return within(std::move(done));
  for (auto at = from_behind.rbegin(); at != from_behind.rend(); ++at) {
    if (!on_row(*at)) break;
  }
  return {};
}

Result<void> DuckReader::ledgers(std::string_view instrument, const OnRow<LedgerRow>& on_row) {
  const auto snapshot = begin();
  if (!snapshot) return tl::make_unexpected(snapshot.error());
  return within(read_ledgers(snapshot->session.connection.get(), condition_of(instrument), on_row));
}

Result<void> DuckReader::query(std::string_view sql, AnswerSink& sink,
                               const ShouldStop& should_stop) {
  const auto snapshot = begin();
  if (!snapshot) return tl::make_unexpected(snapshot.error());
  return answer(snapshot->session.connection.get(), sql, sink, should_stop);
}

}  // namespace

std::unique_ptr<Reader> make_reader(Database& database) {
  return std::make_unique<DuckReader>(database, nullptr);
}

Result<std::unique_ptr<Reader>> open_reader(const std::string& data_dir, const Limits& limits) {
  auto opened = Database::open(data_dir, limits, Access::kRead);
  if (!opened) return tl::make_unexpected(opened.error());
  Database& database = **opened;
  auto reader = std::make_unique<DuckReader>(database, std::move(*opened));
  // A store that this program cannot read is refused now, not with the first question.
  if (auto position = reader->position(); !position) {
    return tl::make_unexpected(position.error());
  }
  return reader;
}

}  // namespace tapeline::store::duckdb
