// SPDX-License-Identifier: Apache-2.0
#include "store/memory_store.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/commit.h"

namespace tapeline::store {
namespace {

constexpr std::string_view kWhere = "the store in memory";

}  // namespace

// The rows with ids of the store's own names.
struct MemoryTables {
  std::optional<DataKind> kind;
  std::optional<Position> position;
  RecvTime tick_recv;  // of the record there
  InstrumentNames names;
  std::unordered_map<std::string, InstrumentId> ids;
  Batch rows;
  std::map<std::pair<InstrumentId, Channel>, LedgerRow> ledgers;
  std::vector<Reconciliation> reconciliations;
  bool has_writer = false;
  MemoryStore::Failure failure = MemoryStore::Failure::kNone;

  InstrumentId id_of(const std::string& name) {
    const auto [at, is_new] = ids.try_emplace(name);
    if (is_new) at->second = names.add(name);
    return at->second;
  }
};

namespace {

template <typename Row>
auto& instrument_of(Row& row) {
  if constexpr (requires { row.trade; }) {
    return row.trade.instrument;
  } else if constexpr (requires { row.quote; }) {
    return row.quote.instrument;
  } else if constexpr (requires { row.late; }) {
    return row.late.instrument;
  } else if constexpr (requires { row.candle; }) {
    return row.candle.instrument;
  } else {
    return row.instrument;
  }
}

EventTime time_of(const TradeRow& row) { return row.trade.ts_event; }
EventTime time_of(const QuoteRow& row) { return row.quote.ts_event; }
EventTime time_of(const BarRow& row) { return row.start; }
EventTime time_of(const LateRow& row) { return row.late.ts_event; }
EventTime time_of(const CandleRow& row) { return row.candle.start; }

// What Order::kTime sorts by, within an instrument and before the place.
auto time_key(const TradeRow& row) { return OrderKey::of(row.trade); }
auto time_key(const QuoteRow& row) { return time_of(row); }
auto time_key(const BarRow& row) { return std::tuple(row.interval, row.start, row.revision); }
auto time_key(const LateRow& row) { return time_of(row); }
auto time_key(const CandleRow& row) { return std::pair(row.candle.interval, time_of(row)); }

class MemoryReader final : public Reader {
 public:
  explicit MemoryReader(const MemoryTables& tables) : tables_(tables) {}

  const InstrumentNames& names() const override { return tables_.names; }
  Result<std::optional<Position>> position() override { return tables_.position; }
  Result<std::optional<RecordMark>> last_record() override {
    if (!tables_.position) return std::nullopt;
    return RecordMark{*tables_.position, tables_.tick_recv};
  }

  Result<std::optional<std::uint64_t>> first_row() override {
    std::optional<std::uint64_t> first;
    const auto look = [&first](const auto& rows) {
      for (const auto& row : rows) {
        first = std::min(first.value_or(row.position.ordinal), row.position.ordinal);
      }
    };
    const Batch& rows = tables_.rows;
    look(rows.trades);
    look(rows.quotes);
    look(rows.bars);
    look(rows.rejected);
    look(rows.late);
    look(rows.candles);
    look(rows.listings);
    return first;
  }

  Result<Counts> counts() override {
    const Batch& rows = tables_.rows;
    Counts counts{.trades = rows.trades.size(),
                  .quotes = rows.quotes.size(),
                  .bars = last_revisions().size(),
                  .revisions = rows.bars.size(),
                  .runs = 0,
                  .gaps = 0,
                  .rejected = rows.rejected.size(),
                  .late = rows.late.size()};
    for (const auto& [pair, ledger] : tables_.ledgers) {
      counts.runs += ledger.runs.size();
      counts.gaps += ledger.gaps.size();
    }
    return counts;
  }

  Result<void> trades(const Selection& which, const OnRow<TradeRow>& on_row) override {
    return say(tables_.rows.trades, which, on_row);
  }
  Result<void> quotes(const Selection& which, const OnRow<QuoteRow>& on_row) override {
    return say(tables_.rows.quotes, which, on_row);
  }
  Result<void> bars(const Selection& which, Revisions revisions,
                    const OnRow<BarRow>& on_row) override {
    return say(revisions == Revisions::kAll ? tables_.rows.bars : last_revisions(), which, on_row);
  }
  Result<void> late(const Selection& which, const OnRow<LateRow>& on_row) override {
    return say(tables_.rows.late, which, on_row);
  }
  Result<void> candles(const Selection& which, const OnRow<CandleRow>& on_row) override {
    return say(tables_.rows.candles, which, on_row);
  }
  Result<void> rejected(const Selection& which, const OnRow<RejectedRow>& on_row) override {
    for (const RejectedRow& row : tables_.rows.rejected) {
      if (is_within(row.position, which) && !on_row(row)) break;
    }
    return {};
  }
  Result<void> listings(const Selection& which, const OnRow<ListingRow>& on_row) override {
    for (const ListingRow& row : tables_.rows.listings) {
      if (is_within(row.position, which) && !on_row(row)) break;
    }
    return {};
  }
  Result<void> ledgers(std::string_view instrument, const OnRow<LedgerRow>& on_row) override {
    std::vector<const LedgerRow*> sorted;
    for (const auto& [pair, ledger] : tables_.ledgers) sorted.push_back(&ledger);
    std::sort(sorted.begin(), sorted.end(), [&](const LedgerRow* a, const LedgerRow* b) {
      return std::pair(name_of(a->instrument), a->channel) <
             std::pair(name_of(b->instrument), b->channel);
    });
    for (const LedgerRow* ledger : sorted) {
      if (ledger->runs.empty() && ledger->gaps.empty()) continue;  // nothing is stored of it
      if (!instrument.empty() && name_of(ledger->instrument) != instrument) continue;
      if (!on_row(*ledger)) break;
    }
    return {};
  }
  Result<void> query(std::string_view /*sql*/, AnswerSink& /*answer*/,
                     const ShouldStop& /*should_stop*/) override {
    return fail(Fault::kCaller, std::string(kWhere) + ": answers no SQL");
  }

 private:
  [[nodiscard]] std::string_view name_of(InstrumentId id) const { return tables_.names.name(id); }

  static bool is_within(Position position, const Selection& which) {
    return position.ordinal >= which.position_from && position.ordinal < which.position_to;
  }

  template <typename Row>
  [[nodiscard]] bool is_wanted(const Row& row, const Selection& which) const {
    if constexpr (std::is_same_v<Row, BarRow>) {
      if (which.interval && row.interval != *which.interval) return false;
    }
    if constexpr (std::is_same_v<Row, CandleRow>) {
      if (which.interval && row.candle.interval != *which.interval) return false;
    }
    return is_within(row.position, which) &&
           (which.instrument.empty() || name_of(instrument_of(row)) == which.instrument) &&
           (!which.from || time_of(row) >= *which.from) && (!which.to || time_of(row) < *which.to);
  }

  template <typename Row>
  Result<void> say(const std::vector<Row>& rows, const Selection& which,
                   const OnRow<Row>& on_row) const {
    std::vector<const Row*> wanted;
    for (const Row& row : rows) {
      if (is_wanted(row, which)) wanted.push_back(&row);
    }
    if (which.order == Order::kTime) {  // else they stand in the order of the commits
      const auto is_before = [&](const Row* a, const Row* b) {
        return std::tuple(name_of(instrument_of(*a)), time_key(*a), a->position, a->ordinal) <
               std::tuple(name_of(instrument_of(*b)), time_key(*b), b->position, b->ordinal);
      };
      std::sort(wanted.begin(), wanted.end(), is_before);
    }
    const std::size_t left_out =
        wanted.size() - std::min(wanted.size(), which.newest.value_or(wanted.size()));
    wanted.erase(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(left_out));
    for (const Row* row : wanted) {
      if (!on_row(*row)) break;
    }
    return {};
  }

  [[nodiscard]] std::vector<BarRow> last_revisions() const {
    std::vector<BarRow> last;
    std::set<std::tuple<InstrumentId, Duration, EventTime>> seen;
    const auto& all = tables_.rows.bars;
    std::for_each(all.rbegin(), all.rend(), [&](const BarRow& bar) {
      if (seen.emplace(bar.instrument, bar.interval, bar.start).second) last.push_back(bar);
    });
    std::reverse(last.begin(), last.end());
    return last;
  }

  const MemoryTables& tables_;
};

class MemoryWriter final : public Writer {
 public:
  explicit MemoryWriter(MemoryTables& tables) : tables_(tables) { tables_.has_writer = true; }
  MemoryWriter(const MemoryWriter&) = delete;
  MemoryWriter& operator=(const MemoryWriter&) = delete;
  ~MemoryWriter() override { tables_.has_writer = false; }

  Result<void> commit(const Batch& batch, Position position) override {
    if (auto fine = check_journal(tables_.position, position); !fine) {
      return tl::make_unexpected(fine.error().within(kWhere));
    }
    if (tables_.position && position <= *tables_.position) return {};
    const auto failure = std::exchange(tables_.failure, MemoryStore::Failure::kNone);
    if (failure == MemoryStore::Failure::kDiskFull) {
      return fail(Fault::kOurs, std::string(kWhere) + ": the disk is full", Retry::kAfterBackoff);
    }
    const std::optional<Position> before = tables_.position;
    store(batch, position);
    if (failure == MemoryStore::Failure::kTorn) tables_.position = before;
    if (failure != MemoryStore::Failure::kNone) {
      return fail(Fault::kOurs, std::string(kWhere) + ": the answer is lost", Retry::kAfterBackoff);
    }
    return {};
  }

  Result<void> record(const Reconciliation& found) override {
    tables_.reconciliations.push_back(found);
    return {};
  }

  std::optional<Position> position() const override { return tables_.position; }
  std::unique_ptr<Reader> open_reader() override { return std::make_unique<MemoryReader>(tables_); }

 private:
  void store(const Batch& batch, Position position) {
    TAPELINE_CHECK(batch.names != nullptr || batch.empty(), "rows whose instruments have no names");
    append(batch.trades, tables_.rows.trades, batch, position);
    append(batch.quotes, tables_.rows.quotes, batch, position);
    append(batch.bars, tables_.rows.bars, batch, position);
    append(batch.rejected, tables_.rows.rejected, batch, position);
    append(batch.late, tables_.rows.late, batch, position);
    append(batch.candles, tables_.rows.candles, batch, position);
    append(batch.listings, tables_.rows.listings, batch, position);
    for (const LedgerRow& row : batch.ledgers) {
      const InstrumentId id = id_in_store(batch, row.instrument);
      LedgerRow& ledger = tables_.ledgers[{id, row.channel}];
      ledger.instrument = id;
      ledger.channel = row.channel;
      put_within(row.within, row.runs, ledger.runs);
      put_within(row.within, row.gaps, ledger.gaps);
    }
    tables_.position = position;
    tables_.tick_recv = batch.tick_recv;
  }

  template <typename Row>
  static void put_within(IdSpan within, const std::vector<Row>& from, std::vector<Row>& to) {
    std::erase_if(
        to, [&](const Row& row) { return row.first >= within.first && row.first <= within.last; });
    to.insert(to.end(), from.begin(), from.end());
    std::sort(to.begin(), to.end(), [](const Row& a, const Row& b) { return a.first < b.first; });
  }

  InstrumentId id_in_store(const Batch& batch, InstrumentId id) {
    return tables_.id_of(std::string(batch.names->name(id)));
  }

  template <typename Row>
  void append(const std::vector<Row>& from, std::vector<Row>& to, const Batch& batch,
              Position position) {
    for (Row row : new_rows(from, tables_.position, position)) {
      if constexpr (!std::is_same_v<Row, RejectedRow> && !std::is_same_v<Row, ListingRow>) {
        instrument_of(row) = id_in_store(batch, instrument_of(row));
      }
      to.push_back(std::move(row));
    }
  }

  MemoryTables& tables_;
};

}  // namespace

MemoryStore::MemoryStore() : tables_(std::make_unique<MemoryTables>()) {}
MemoryStore::~MemoryStore() = default;

Result<std::unique_ptr<Writer>> MemoryStore::open_writer(DataKind kind) {
  if (tables_->has_writer) {
    return fail(Fault::kOurs, std::string(kWhere) + ": has a writer already", Retry::kAfterBackoff);
  }
  if (!tables_->kind) tables_->kind = kind;
  if (auto fine = check_kind(*tables_->kind, kind); !fine) {
    return tl::make_unexpected(fine.error().within(kWhere));
  }
  return std::make_unique<MemoryWriter>(*tables_);
}

const std::vector<Reconciliation>& MemoryStore::reconciliations() const {
  return tables_->reconciliations;
}

std::unique_ptr<Reader> MemoryStore::open_reader() {
  return std::make_unique<MemoryReader>(*tables_);
}

void MemoryStore::fail_next_commit(Failure failure) { tables_->failure = failure; }

}  // namespace tapeline::store
