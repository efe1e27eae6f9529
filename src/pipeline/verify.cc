// SPDX-License-Identifier: Apache-2.0
#include "pipeline/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>

#include "base/crc32c.h"
#include "checkpoint/recovery.h"
#include "journal/reader.h"
#include "pipeline/restore.h"
#include "pipeline/row_text.h"

namespace tapeline::pipeline {
namespace {

EventTime time_of(const store::TradeRow& row) { return row.trade.ts_event; }
EventTime time_of(const store::QuoteRow& row) { return row.quote.ts_event; }
EventTime time_of(const store::BarRow& row) { return row.start; }
EventTime time_of(const store::LateRow& row) { return row.late.ts_event; }
EventTime time_of(const store::CandleRow& row) { return row.candle.start; }
EventTime time_of(const store::ListingRow& row) { return EventTime(row.valid_from.unix_ns()); }
EventTime time_of(const store::RejectedRow& row) { return EventTime(row.ts_recv.unix_ns()); }

class Verifier {
 public:
  Verifier(store::Reader& store, const VerifyOptions& options, Restored restored)
      : store_(store),
        options_(options),
        engine_(std::move(restored.engine)),
        next_ordinal_(restored.replay_from) {
    report_.first_ordinal = restored.replay_from;
    if (restored.snapshot) report_.since = restored.snapshot->engine_time;
    report_.passed_over = std::move(restored.passed_over);
  }

  // Runs the journal up to the store's position through the engine and compares what comes out.
  [[nodiscard]] Result<void> replay(journal::Reader& reader, checkpoint::Situation situation,
                                    const OnRecords& on_records);

  [[nodiscard]] VerifyReport report() && {
    for (const auto& [name, digest] : digests_) report_.digests[name] = digest.first;
    return std::move(report_);
  }

 private:
  [[nodiscard]] Result<void> replay_until(journal::Reader& reader, checkpoint::Situation& situation,
                                          const OnRecords& on_records);

  // The rows of one batch against those that are stored between it and the one before.
  [[nodiscard]] Result<void> compare(const Batch& batch) {
    for (const std::string& name : batch.new_names) names_.add(name);
    which_.position_from = next_ordinal_;
    which_.position_to = next_ordinal_ = batch.position.ordinal + 1;
    return table<store::TradeRow>("trades", batch.rows.trades,
                                  [&](const auto& on_row) { return store_.trades(which_, on_row); })
        .and_then([&] {
          return table<store::QuoteRow>("quotes", batch.rows.quotes, [&](const auto& on_row) {
            return store_.quotes(which_, on_row);
          });
        })
        .and_then([&] {
          return table<store::BarRow>("bars", batch.rows.bars, [&](const auto& on_row) {
            return store_.bars(which_, store::Revisions::kAll, on_row);
          });
        })
        .and_then([&] {
          return table<store::LateRow>("late", batch.rows.late, [&](const auto& on_row) {
            return store_.late(which_, on_row);
          });
        })
        .and_then([&] {
          return table<store::CandleRow>(
              "venue_candles", batch.rows.candles,
              [&](const auto& on_row) { return store_.candles(which_, on_row); });
        })
        .and_then([&] {
          return table<store::ListingRow>(
              "instrument_history", batch.rows.listings,
              [&](const auto& on_row) { return store_.listings(which_, on_row); });
        })
        .and_then([&] {
          return table<store::RejectedRow>(
              "rejected", batch.rows.rejected,
              [&](const auto& on_row) { return store_.rejected(which_, on_row); });
        });
  }

  // What has no position of its own, the ledgers, and what stands behind the store's. Whether the
  // store stood still meanwhile; if not, nothing of it counts.
  [[nodiscard]] Result<bool> compare_rest(Position to) {
    const VerifyReport before = report_;
    const std::uint64_t next = next_ordinal_;
    Batch behind;
    behind.position = {to.journal, std::numeric_limits<std::uint64_t>::max() - 1};
    auto done = compare(behind).and_then([&] { return compare_ledgers(); });
    if (!done) return tl::make_unexpected(done.error());
    const auto now = store_.position();
    if (!now) return tl::make_unexpected(now.error());
    if (*now == to) return true;
    report_ = before;
    next_ordinal_ = next;
    return false;
  }

  // Every ledger as it is by now against what is stored of it.
  [[nodiscard]] Result<void> compare_ledgers() {
    std::map<std::string, std::string> replayed;
    for (const auto& instrument : engine_->decoder().instruments().all()) {
      for (const Channel channel : {Channel::kTrades, Channel::kAggTrades}) {
        const Coverage* coverage = instrument->coverage_of(channel);
        if (coverage == nullptr || coverage->runs().empty()) continue;
        const InstrumentNames& names = engine_->decoder().instruments().names();
        const store::LedgerRow row{instrument->id, channel, coverage->runs(), coverage->gaps()};
        if (!is_chosen(names.name(instrument->id))) continue;
        replayed[fmt::format("{} {}", names.name(instrument->id), name_of(channel))] =
            text_of(row, names);
      }
    }
    const auto done = store_.ledgers({}, [&](const store::LedgerRow& row) {
      const std::string_view name = store_.names().name(row.instrument);
      if (!is_chosen(name)) return true;
      const auto at = replayed.find(fmt::format("{} {}", name, name_of(row.channel)));
      const std::string stored = text_of(row, store_.names());
      if (at == replayed.end()) {
        differ("ledgers", stored, {});
      } else {
        if (at->second != stored) differ("ledgers", stored, at->second);
        replayed.erase(at);
      }
      return true;
    });
    for (const auto& [key, text] : replayed) differ("ledgers", {}, text);
    return done;
  }

  [[nodiscard]] bool is_chosen(std::string_view name) const {
    const auto& patterns = options_.instruments;
    return patterns.empty() ||
           std::any_of(patterns.begin(), patterns.end(),
                       [&](const std::string& pattern) { return matches_pattern(pattern, name); });
  }
  template <typename Row>
  [[nodiscard]] bool is_in_time(const Row& row) const {
    const EventTime time = time_of(row);
    return (!options_.from || time >= *options_.from) && (!options_.to || time < *options_.to);
  }
  template <typename Row>
  [[nodiscard]] bool is_chosen(const Row& row, const InstrumentNames& names) const {
    return is_in_time(row) && is_chosen(instrument_of(row, names));
  }
  [[nodiscard]] bool is_chosen(const store::ListingRow& row,
                               const InstrumentNames& /*names*/) const {
    return is_in_time(row) && is_chosen(fmt::format("{}:{}", row.venue, row.listing.canonical));
  }

  void differ(std::string table, std::string stored, std::string replayed) {
    ++report_.differences;
    if (report_.shown.size() >= VerifyReport::kDifferencesShown) return;
    report_.shown.push_back({std::move(table), std::move(stored), std::move(replayed)});
  }

  // Both sides come in the order of (position, ordinal): one that is missing shows where the other
  // side goes on.
  template <typename Row, typename Read>
  [[nodiscard]] Result<void> table(const char* name, const std::vector<Row>& rows,
                                   const Read& read) {
    const auto place = [](const Row& row) { return std::pair(row.position.ordinal, row.ordinal); };
    auto at = rows.begin();
    const auto next = [&](const Row* until) {
      for (; at != rows.end() && (until == nullptr || place(*at) < place(*until)); ++at) {
        if (!is_chosen(*at, names_)) continue;
        differ(name, {}, count(*at));
      }
    };
    const auto done = read([&](const Row& stored) {
      next(&stored);
      const bool is_there = at != rows.end() && place(*at) == place(stored);
      const bool is_wanted =
          is_chosen(stored, store_.names()) || (is_there && is_chosen(*at, names_));
      if (is_wanted) {
        std::string text = text_of(stored, store_.names());
        std::string replayed = is_there ? count(*at) : std::string();
        if (text != replayed) differ(name, std::move(text), std::move(replayed));
      }
      if (is_there) ++at;
      return true;
    });
    next(nullptr);
    return done;
  }

  // The row's text, added to its instrument's digest.
  template <typename Row>
  std::string count(const Row& row) {
    std::string text = text_of(row, names_);
    ++report_.rows;
    auto& [digest, crc] = digests_[std::string(instrument_of(row, names_))];
    crc.add(text);
    ++digest.rows;
    digest.crc = crc.value();
    return text;
  }

  store::Reader& store_;
  const VerifyOptions& options_;
  std::unique_ptr<Engine> engine_;
  InstrumentNames names_;
  store::Selection which_;
  std::uint64_t next_ordinal_;
  std::map<std::string, std::pair<Digest, Crc32c>> digests_;
  VerifyReport report_;
};

// Beside a running process retention may go on behind the snapshot that a long proof began at.
std::optional<Error> removed_meanwhile(journal::Disk& disk, const std::string& folder,
                                       std::uint64_t next_ordinal) {
  const auto segments = journal::find_segments(disk, folder);
  if (!segments || segments->front().header.first_ordinal <= next_ordinal) return std::nullopt;
  return Error{Fault::kOurs, Retry::kAfterBackoff,
               fmt::format("{}: retention removed the records before {} while they were compared; "
                           "ask again",
                           folder, segments->front().header.first_ordinal)};
}

// Batches are compared as they are closed, so nothing may come later.
EngineOptions alone(EngineOptions options) {
  options.shards = 1;
  return options;
}

}  // namespace

Result<void> Verifier::replay(journal::Reader& reader, checkpoint::Situation situation,
                              const OnRecords& on_records) {
  constexpr int kTriesMax = 50;  // each has less to do than the one before
  for (int tries = 0; tries < kTriesMax; ++tries) {
    if (auto done = replay_until(reader, situation, on_records); !done) return done;
    if (report_.is_stopped) return {};
    const auto is_done = compare_rest(*situation.stored);
    if (!is_done) return tl::make_unexpected(is_done.error());
    if (*is_done) return {};
    const auto now = store_.position();
    if (!now) return tl::make_unexpected(now.error());
    situation.stored = *now;
  }
  return fail(
      Fault::kOurs,
      "the store went on whenever its ledgers were compared: ask again, or when it is quiet",
      Retry::kAfterBackoff);
}

// Up to the store's position, which is a tick's.
Result<void> Verifier::replay_until(journal::Reader& reader, checkpoint::Situation& situation,
                                    const OnRecords& on_records) {
  constexpr std::uint64_t kRecordsPerLook = 8192;
  constexpr std::size_t kBatchRows = std::size_t{1} << 16;
  const Position to = *situation.stored;
  report_.to = to;
  journal::Record record;
  while (reader.next_ordinal() <= to.ordinal) {
    auto more = reader.next(record);
    if (more && !*more) {
      more = reader.look_again();  // beside a process the journal grows
      if (more && *more) more = reader.next(record);
    }
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) {
      situation.end_ordinal = reader.next_ordinal();
      return tl::make_unexpected(checkpoint::store_is_ahead(situation));
    }
    ++report_.records;
    if (auto done = engine_->read(record); !done) {
      return tl::make_unexpected(
          done.error().within(fmt::format("journal record {}", record.position.ordinal)));
    }
    const bool is_last = record.position.ordinal == to.ordinal;
    if (engine_->is_at_tick() && (is_last || engine_->open_rows() >= kBatchRows)) {
      engine_->close_batch();
      while (auto batch = engine_->take()) {
        if (auto done = compare(*batch); !done) return done;
        engine_->recycle(std::move(batch));
      }
      if (const auto failure = engine_->failure()) return tl::make_unexpected(*failure);
      if (const auto shortage = engine_->shortage(0)) return tl::make_unexpected(*shortage);
    }
    if (report_.records % kRecordsPerLook == 0 && on_records &&
        !on_records(report_.records, to.ordinal + 1 - report_.first_ordinal)) {
      report_.is_stopped = true;
      return {};
    }
  }
  if (!engine_->is_at_tick()) {
    return fail(Fault::kTheirs, fmt::format("the store ends at record {}, which is no tick of the "
                                            "journal in {}: it was made of another one",
                                            to.ordinal, situation.journal_folder));
  }
  return {};
}

Result<VerifyReport> verify(journal::Disk& disk, const std::string& folder, store::Reader& store,
                            const VerifyOptions& options, const OnRecords& on_records) {
  const auto to = store.position();
  if (!to) return tl::make_unexpected(to.error());
  if (!*to) return VerifyReport{};
  const auto segments = journal::find_segments(disk, folder);
  if (!segments) return tl::make_unexpected(segments.error());
  const journal::SegmentHeader& first = segments->front().header;
  checkpoint::Situation situation{.journal_folder = folder,
                                  .journal = first.journal,
                                  .first_ordinal = first.first_ordinal,
                                  .end_ordinal = UINT64_MAX};  // nobody has read so far
  if (auto done = look_at_store(situation, store); !done) return tl::make_unexpected(done.error());
  auto restored =
      restore_proof(disk, options.snapshots_folder, situation, alone(options.engine), options.cold);
  if (!restored) return tl::make_unexpected(restored.error());
  if (auto done = check_same_journal(disk, situation, store); !done) {
    return tl::make_unexpected(done.error());
  }
  auto reader = journal::Reader::open(disk, folder, restored->replay_from);
  if (!reader) return tl::make_unexpected(reader.error());
  Verifier verifier(store, options, std::move(*restored));
  if (auto done = verifier.replay(**reader, situation, on_records); !done) {
    return tl::make_unexpected(
        removed_meanwhile(disk, folder, (*reader)->next_ordinal()).value_or(done.error()));
  }
  return std::move(verifier).report();
}

}  // namespace tapeline::pipeline
