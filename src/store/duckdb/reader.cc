// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
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
  std::string_view from;  // `t` is the table, `i` the instruments; {} a condition on positions
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
constexpr std::array<std::string_view, 2> kCandleOrder{"t.interval", "t.start"};
constexpr std::array<std::string_view, 3> kBarOrder{"t.interval", "t.start", "t.revision"};

constexpr Source kTrades{
    .columns = kTradeColumns,
    .from =
        "stored.trades t JOIN stored.instruments i ON i.id = t.instrument LEFT JOIN (SELECT * FROM "
        "stored.trade_extras WHERE {}) x ON x.position = t.position AND x.ordinal = t.ordinal",
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
constexpr Source kCandles{
    .columns = kCandleColumns,
    .from = "stored.venue_candles t JOIN stored.instruments i ON i.id = t.instrument",
    .time = "t.start",
    .time_order = kCandleOrder};
constexpr Source kListings{.columns = kListingColumns, .from = "stored.listings t", .time = {}};
constexpr Source kRejected{.columns = kRejectedColumns, .from = "stored.rejected t", .time = {}};

// Of the rows stored last, as many tell about how late it is.
constexpr std::uint64_t kLastPositions = 100'000;
// No trade is older.
constexpr Duration kLongest = std::chrono::hours(24 * 365 * 30);

// Whether no row of the trades is left out.
bool is_everything(const Selection& which) {
  return which.instrument.empty() && !which.from && !which.to && !which.newest;
}

constexpr std::string_view kCounts =
    "SELECT (SELECT count(*) FROM stored.trades), (SELECT count(*) FROM stored.quotes), (SELECT "
    "count(*) FROM (SELECT DISTINCT instrument, interval, start FROM stored.bars)), (SELECT "
    "count(*) FROM stored.bars), (SELECT count(*) FROM stored.coverage), (SELECT count(*) FROM "
    "stored.gaps), (SELECT count(*) FROM stored.rejected), (SELECT count(*) FROM stored.late)";

constexpr std::string_view kFirstRow =
    "SELECT least((SELECT min(position) FROM stored.trades), (SELECT min(position) FROM "
    "stored.quotes), (SELECT min(position) FROM stored.bars), (SELECT min(position) FROM "
    "stored.rejected), (SELECT min(position) FROM stored.late), (SELECT min(position) FROM "
    "stored.venue_candles), (SELECT min(position) FROM stored.listings))";

class DuckReader final : public Reader {
 public:
  // `owned` is the same database where nobody else owns it.
  DuckReader(Database& database, std::unique_ptr<Database> owned)
      : owned_(std::move(owned)), database_(database) {}

  const InstrumentNames& names() const override { return names_; }
  Result<std::optional<Position>> position() override;
  Result<std::optional<std::uint64_t>> first_row() override;
  Result<std::optional<RecordMark>> last_record() override;
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
  Result<void> candles(const Selection& which, const OnRow<CandleRow>& on_row) override {
    return read(kCandles, which, on_row);
  }
  Result<void> listings(const Selection& which, const OnRow<ListingRow>& on_row) override {
    return read(kListings, which, on_row);
  }
  Result<void> ledgers(std::string_view instrument, const OnRow<LedgerRow>& on_row) override;
  Result<void> query(std::string_view sql, AnswerSink& sink,
                     const ShouldStop& should_stop) override;
  void stop() override {
    is_stopped_.store(true, std::memory_order_relaxed);
    database_.interrupt(this);
  }

 private:
  // What one call sees, whatever is committed meanwhile.
  struct Snapshot {
    Session session;
    std::optional<RecordMark> last_record;

    [[nodiscard]] std::optional<Position> position() const {
      if (!last_record) return std::nullopt;
      return last_record->position;
    }
  };

  [[nodiscard]] Result<Snapshot> begin();
  [[nodiscard]] Result<Snapshot> begin_unless_stopped();
  [[nodiscard]] Result<void> load_names(duckdb_connection connection);
  // A condition that holds for the instrument alone; for all with an empty name.
  [[nodiscard]] std::string condition_of(std::string_view instrument) const;
  [[nodiscard]] std::string where(const Source& source, const Selection& which) const;
  [[nodiscard]] Result<Selection> narrow(const Snapshot& snapshot, const Selection& which) const;
  [[nodiscard]] Result<std::optional<EventTime>> newest_time(const Snapshot& snapshot,
                                                             const Selection& which) const;
  [[nodiscard]] std::string sql_of(const Source& source, const Selection& which) const;
  template <typename Row>
  [[nodiscard]] Result<void> read(const Source& source, const Selection& which,
                                  const OnRow<Row>& on_row);
  [[nodiscard]] Result<void> within(Result<void> result) const;
  // Of a reader that was stopped whoever asked hears why, and where else the answer is: whatever it
  // was that the interrupt broke off.
  [[nodiscard]] Error said(Error error) const;

  std::unique_ptr<Database> owned_;
  Database& database_;
  InstrumentNames names_;  // its ids are the store's numbers
  std::atomic<bool> is_stopped_{false};
};

Error DuckReader::said(Error error) const {
  if (!is_stopped_.load(std::memory_order_relaxed)) return error;
  const std::string folder = std::filesystem::path(database_.path()).parent_path().string();
  return {Fault::kOurs, Retry::kAfterBackoff,
          fmt::format("the server is stopping and answers no more: when it has stopped, `tapeline "
                      "--data-dir {0} explain`, and `sql`, read what it stored, unless it is a "
                      "demo that removes its folder",
                      folder)};
}

Result<void> DuckReader::within(Result<void> result) const {
  return result.map_error(
      [this](const Error& error) { return said(error.within(database_.path())); });
}

Result<DuckReader::Snapshot> DuckReader::begin() {
  if (is_stopped_.load(std::memory_order_relaxed)) return tl::make_unexpected(said({}));
  return begin_unless_stopped().map_error([this](Error error) { return said(std::move(error)); });
}

Result<DuckReader::Snapshot> DuckReader::begin_unless_stopped() {
  auto session = database_.begin_session(this);
  if (!session) return tl::make_unexpected(session.error());
  const duckdb_connection connection = session->get();
  auto meta = read_meta(connection);
  if (!meta) return tl::make_unexpected(meta.error().within(database_.path()));
  if (!*meta) {
    return fail(Fault::kCaller, fmt::format("{}: nothing was stored here yet", database_.path()));
  }
  if (auto loaded = within(load_names(connection)); !loaded) {
    return tl::make_unexpected(loaded.error());
  }
  return Snapshot{std::move(*session), (*meta)->last_record};
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
  return snapshot->position();
}

Result<std::optional<std::uint64_t>> DuckReader::first_row() {
  const auto snapshot = begin();
  if (!snapshot) return tl::make_unexpected(snapshot.error());
  std::optional<std::uint64_t> first;
  auto read = within(for_each_chunk(snapshot->session.get(), std::string(kFirstRow),
                                    [&](const ChunkReader& chunk) {
                                      if (!chunk.is_null(0, 0))
                                        first = chunk.at<std::uint64_t>(0, 0);
                                      return true;
                                    }));
  if (!read) return tl::make_unexpected(read.error());
  return first;
}

Result<std::optional<RecordMark>> DuckReader::last_record() {
  const auto snapshot = begin();
  if (!snapshot) return tl::make_unexpected(snapshot.error());
  return snapshot->last_record;
}

Result<Counts> DuckReader::counts() {
  const auto snapshot = begin();
  if (!snapshot) return tl::make_unexpected(snapshot.error());
  Counts counts;
  auto read = within(
      for_each_chunk(snapshot->session.get(), std::string(kCounts), [&](const ChunkReader& chunk) {
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

std::string DuckReader::where(const Source& source, const Selection& which) const {
  std::string sql =
      fmt::format("t.position >= {} AND t.position < {}", which.position_from, which.position_to);
  if (source.time.empty()) return sql;  // nor has it an instrument
  sql += " AND " + condition_of(which.instrument);
  if (which.from) sql += fmt::format(" AND {} >= {}", source.time, which.from->unix_ns());
  if (which.to) sql += fmt::format(" AND {} < {}", source.time, which.to->unix_ns());
  return sql;
}

// Of the trades, which are the most rows by far: only where these stand is anything read, sorted or
// joined. DuckDB passes over what is out of a range of times or positions without reading it.
Result<Selection> DuckReader::narrow(const Snapshot& snapshot, const Selection& which) const {
  Selection narrow = which;
  std::uint64_t found = 0;
  const auto look = [&] {
    return for_each_chunk(snapshot.session.get(),
                          "SELECT count(*), min(t.position), max(t.position) FROM stored.trades t "
                          "WHERE " +
                              where(kTrades, narrow),
                          [&](const ChunkReader& chunk) {
                            found = static_cast<std::uint64_t>(chunk.at<std::int64_t>(0, 0));
                            if (found == 0) return true;
                            narrow.position_from = chunk.at<std::uint64_t>(1, 0);
                            narrow.position_to = chunk.at<std::uint64_t>(2, 0) + 1;
                            return true;
                          });
  };
  if (!which.newest || which.order != Order::kTime || which.instrument.empty()) {
    if (auto done = look(); !done) return tl::make_unexpected(done.error());
    return narrow;
  }
  // The newest by time: from about the newest time back, over longer and longer times.
  const auto newest = newest_time(snapshot, which);
  if (!newest) return tl::make_unexpected(newest.error());
  for (Duration back = std::chrono::minutes(1); *newest; back *= 16) {
    const bool is_all = back > kLongest || (which.from && **newest - back <= *which.from);
    narrow = which;
    if (!is_all) narrow.from = **newest - back;
    if (auto done = look(); !done) return tl::make_unexpected(done.error());
    if (is_all || found >= *which.newest) break;
  }
  return narrow;
}

// About: that of the rows stored last, or the end of what is asked for.
Result<std::optional<EventTime>> DuckReader::newest_time(const Snapshot& snapshot,
                                                         const Selection& which) const {
  std::optional<EventTime> newest = which.to;
  if (newest) return newest;
  const std::uint64_t last = snapshot.last_record->position.ordinal;
  auto done =
      for_each_chunk(snapshot.session.get(),
                     fmt::format("SELECT max(ts_event) FROM stored.trades WHERE position >= {}",
                                 last - std::min(last, kLastPositions)),
                     [&](const ChunkReader& chunk) {
                       if (!chunk.is_null(0, 0)) newest = EventTime(chunk.at<std::int64_t>(0, 0));
                       return true;
                     });
  if (!done) return tl::make_unexpected(done.error());
  return newest;
}

std::string DuckReader::sql_of(const Source& source, const Selection& which) const {
  const std::string positions =
      fmt::format("position >= {} AND position < {}", which.position_from, which.position_to);
  std::string sql =
      fmt::format("SELECT {} FROM {} WHERE {}", source.columns,
                  fmt::format(fmt::runtime(source.from), positions), where(source, which));
  const bool has_instrument = !source.time.empty();
  const bool has_interval = source.columns == kBarColumns || source.columns == kCandleColumns;
  if (has_interval && which.interval) {
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
  if (!snapshot->last_record) return {};
  const JournalId journal = snapshot->last_record->position.journal;
  Selection where_they_are = which;
  if (&source == &kTrades && !is_everything(which)) {
    auto narrowed = narrow(*snapshot, which);
    if (!narrowed) return within(tl::make_unexpected(narrowed.error()));
    where_they_are = *narrowed;
  }
  Row row;
  std::vector<Row> from_behind;
  auto done = for_each_chunk(snapshot->session.get(), sql_of(source, where_they_are),
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
  return within(read_ledgers(snapshot->session.get(), condition_of(instrument), on_row));
}

Result<void> DuckReader::query(std::string_view sql, AnswerSink& sink,
                               const ShouldStop& should_stop) {
  const auto snapshot = begin();
  if (!snapshot) return tl::make_unexpected(snapshot.error());
  return answer(snapshot->session.get(), sql, sink, should_stop).map_error([this](Error error) {
    return said(std::move(error));
  });
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
