// SPDX-License-Identifier: Apache-2.0
#include "checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "app/live/processing.h"
#include "base/crc32c.h"
#include "decode/source.h"
#include "journal/reader.h"
#include "pipeline/row_text.h"
#include "pipeline/verify.h"
#include "shown.h"

namespace tapeline::simulation {
namespace {

using metrics::Counter;

// The journal as far as the store has it, through an engine that has seen nothing before.
Result<void> replay(Outcome& outcome) {
  Run& run = outcome.run;
  journal::MemoryDisk whole;
  make_whole(run.machine().disk, whole);
  auto reader = journal::Reader::open(whole, kJournal);
  if (!reader) return tl::make_unexpected(reader.error());
  auto writer = outcome.fresh.open_writer(store::DataKind::kReal);
  if (!writer) return tl::make_unexpected(writer.error());
  outcome.engine = std::make_unique<pipeline::Engine>(app::live::engine_options(run.plan().stream));
  pipeline::Engine& engine = *outcome.engine;
  journal::Record record;
  while (record.position.ordinal < outcome.stored_ordinal) {
    const auto more = (*reader)->next(record);
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) return fail(Fault::kTheirs, "the journal ends before the store");
    if (auto done = engine.read(record); !done) return done;
  }
  if (!engine.is_at_tick()) return fail(Fault::kTheirs, "the store's position is no tick");
  engine.close_batch();
  const auto batch = engine.take();
  batch->rows.names = &engine.decoder().instruments().names();
  return (*writer)->commit(batch->rows, batch->position);
}

void note_instruments(Outcome& outcome) {
  for (std::size_t i = 0; i < outcome.run.plan().venues.size(); ++i) {
    const std::string& venue = outcome.run.plan().venues[i].venue;
    const sim::Truth& truth = outcome.run.machine().venues[i]->truth();
    for (std::size_t row = 0; row < truth.instruments().size(); ++row) {
      const sim::Instrument& instrument = truth.instruments()[row];
      outcome.instruments[fmt::format("{}:{}", venue, instrument.canonical())] = {
          &kind_of(venue), static_cast<std::uint32_t>(row), &instrument, &truth.history(row),
          outcome.run.shown_from(i, row)};
    }
  }
}

// "BTCUSDT" of "BTC-USDT", "BTC/USDT", "btcusdt".
std::string letters_of(std::string_view symbol) {
  std::string out;
  for (const char c : symbol) {
    if (c >= 'a' && c <= 'z') out += static_cast<char>(c - 'a' + 'A');
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

// "binance:BTC-USDT" of "binance" and "BTCUSDT".
std::string name_of(const Outcome& outcome, std::string_view venue, std::string_view symbol) {
  for (const auto& [name, instrument] : outcome.instruments) {
    const bool is_of_venue = instrument.kind->name == venue;
    if (is_of_venue && letters_of(instrument.row->canonical()) == letters_of(symbol)) return name;
  }
  return fmt::format("{}:{}", venue, symbol);
}

void note_history(Outcome& outcome, const std::string& answer) {
  const ShownHistory shown = read_history(answer);
  if (!shown.is_answered) return;
  if (shown.is_broken) ++outcome.broken_frames;
  if (shown.venue.empty()) return;
  const std::string name = name_of(outcome, shown.venue, shown.symbol);
  outcome.shown[name].insert(shown.ids.begin(), shown.ids.end());
  outcome.trades_shown[shown.venue] += shown.rows;
}

// Goes through the frames with a reader of its own.
void note_shown(Outcome& outcome) {
  std::map<std::uint32_t, std::string> venues;  // by connection
  std::map<std::pair<std::string, std::string>, std::string> names;
  for (const HeldRecord& record : outcome.journal) {
    if (record.ordinal > outcome.stored_ordinal) break;
    if (record.type == journal::RecordType::kOpen) {
      venues[record.connection] = decode::parse_source(record.bytes).value().venue;
    }
    if (record.type == journal::RecordType::kAnswer) note_history(outcome, record.bytes);
    if (record.type != journal::RecordType::kFrame) continue;
    const std::string& venue = venues[record.connection];
    const Shown shown = read_shown(venue, record.bytes);
    if (shown.kind == ShownKind::kBroken) ++outcome.broken_frames;
    if (shown.kind != ShownKind::kTrade) continue;
    std::string& name = names[{venue, shown.symbol}];
    if (name.empty()) name = name_of(outcome, venue, shown.symbol);
    outcome.shown[name].insert(shown.ids.begin(), shown.ids.end());
    outcome.trades_shown[venue] += shown.ids.size();
  }
}

bool read_outcome(Outcome& outcome) {
  Run& run = outcome.run;
  auto journal = read_all(run.machine().disk);
  if (!journal) {
    run.fail("journal: " + journal.error().text);
    return false;
  }
  outcome.journal = std::move(*journal);
  const auto position = run.machine().store.open_reader()->position().value();
  if (!position) {
    run.fail("rows: the store is empty");
    return false;
  }
  outcome.stored_ordinal = position->ordinal;
  if (const auto done = replay(outcome); !done) {
    run.fail("rows: " + done.error().text);
    return false;
  }
  note_instruments(outcome);
  note_shown(outcome);
  return true;
}

void note_coverage(const Outcome& outcome) {
  Coverage& coverage = outcome.run.machine().coverage;
  coverage.records += outcome.journal.size();
  coverage.late += outcome.engine->counters().total(Counter::kItemsLate);
  const auto counts = outcome.run.machine().store.open_reader()->counts().value();
  coverage.rows += counts.trades + counts.quotes + counts.revisions + counts.rejected + counts.late;
  for (const std::string& path : outcome.run.machine().disk.paths()) {
    if (path.find(".journal") != std::string::npos) ++coverage.segments;
    if (path.ends_with(".zst")) ++coverage.sealed;
  }
  coverage.removed += removed_segments(outcome.run.machine().disk);
}

std::uint32_t digest_of(Run& run) {
  Crc32c crc;
  Machine& machine = run.machine();
  for (const std::string& path : machine.disk.paths()) {
    crc.add(path);
    crc.add(machine.disk.contents(path));
  }
  crc.add(text_of_store(machine.store));
  for (const MemoryLog::Line& line : machine.log.lines()) crc.add(line.text);
  for (const std::string& failure : run.failures()) crc.add(failure);
  crc.add(machine.coverage.text());
  crc.add(static_cast<std::uint64_t>(machine.clocks.now_ns()));
  return crc.value();
}

}  // namespace

void check_conservation(Run& run, const metrics::Counters& counters) {
  // By venue and channel: what came in less what became of it.
  std::map<std::pair<std::string, std::string>, std::int64_t> open;
  for (const auto& entry : counters.entries()) {
    const auto count = static_cast<std::int64_t>(entry.cell.value());
    std::int64_t& sum = open[{entry.labels.venue, entry.labels.channel}];
    switch (entry.counter) {
      case Counter::kItemsReceived:
        sum += count;
        break;
      case Counter::kItemsDelivered:
      case Counter::kItemsDuplicate:
      case Counter::kItemsLate:
      case Counter::kItemsRejected:
      case Counter::kItemsShed:
      case Counter::kItemsControl:
        sum -= count;
        break;
      default:
        break;
    }
  }
  for (const auto& [key, sum] : open) {
    if (sum == 0) continue;
    run.fail(fmt::format("conservation: {} {}: {} items without an outcome", key.first, key.second,
                         sum));
  }
}

void check_shown(Outcome& outcome) {
  std::map<std::string, std::uint64_t> judged;
  for (const auto& entry : outcome.engine->counters().entries()) {
    if (entry.labels.channel != "trades") continue;
    if (entry.counter == Counter::kItemsDelivered || entry.counter == Counter::kItemsDuplicate ||
        entry.counter == Counter::kItemsLate || entry.labels.reason == "unasked") {
      judged[entry.labels.venue] += entry.cell.value();
    }
  }
  for (const sim::ExchangeOptions& its : outcome.run.plan().venues) {
    const std::string& venue = its.venue;
    const VenueKind& kind = kind_of(venue);
    // Of the others a page may be of other times than those that were asked for, or of trades that
    // came joined.
    if (!kind.counts || kind.joins) continue;
    if (judged[venue] == outcome.trades_shown[venue]) continue;
    outcome.run.fail(fmt::format("conservation: {}: {} trades were judged, {} are in the frames",
                                 venue, judged[venue], outcome.trades_shown[venue]));
  }
  std::uint64_t rejected = 0;
  for (const auto& entry : outcome.engine->counters().entries()) {
    const bool is_joined = entry.labels.reason == "fills_overlap";
    if (entry.counter == Counter::kItemsRejected && !is_joined) rejected += entry.cell.value();
  }
  if (rejected != outcome.broken_frames) {
    outcome.run.fail(fmt::format("conservation: {} items were rejected, {} frames are broken",
                                 rejected, outcome.broken_frames));
  }
}

// Of each life the frames in the journal are those that were taken, in their order; the end of them
// may be missing, unless it stopped as it should.
void check_taken(Outcome& outcome) {
  std::vector<const LifeRecord*> lives;
  for (const LifeRecord& life : outcome.run.lives()) {
    if (life.first_connection > 0) lives.push_back(&life);
  }
  auto at = outcome.journal.begin();
  for (std::size_t i = 0; i < lives.size(); ++i) {
    const bool is_last = i + 1 == lives.size();
    const std::uint32_t end = is_last ? UINT32_MAX : lives[i + 1]->first_connection;
    std::map<std::uint32_t, std::uint32_t> lines;  // by connection, in the order of their opening
    std::size_t next = 0;
    const std::vector<TakenFrame>& taken = lives[i]->taken.frames;
    for (; at != outcome.journal.end() && at->connection < end; ++at) {
      if (at->type == journal::RecordType::kOpen) {
        lines.try_emplace(at->connection, static_cast<std::uint32_t>(lines.size()));
      }
      if (at->type != journal::RecordType::kFrame) continue;
      Crc32c crc;
      crc.add(at->bytes);
      const TakenFrame held{lines[at->connection], at->ts_recv, crc.value()};
      if (next < taken.size() && held == taken[next++]) continue;
      return outcome.run.fail(
          fmt::format("taken: record {} (life {} of {}) is not frame {} of {} that were taken",
                      at->ordinal, i + 1, lives.size(), next, taken.size()));
    }
    if (lives[i]->ending == Ending::kStopped && next != taken.size()) {
      return outcome.run.fail(
          fmt::format("taken: {} of {} frames are in the journal, though life "
                      "{} of {} stopped as it should",
                      next, taken.size(), i + 1, lives.size()));
    }
  }
}

std::string text_of_store(store::MemoryStore& store) {
  const auto reader = store.open_reader();
  std::string text;
  const auto add = [&](const auto& row) {
    text += pipeline::text_of(row, reader->names());
    text += '\n';
    return true;
  };
  ignore(reader->trades({}, add), "in memory");
  ignore(reader->quotes({}, add), "in memory");
  ignore(reader->bars({}, store::Revisions::kAll, add), "in memory");
  ignore(reader->late({}, add), "in memory");
  ignore(reader->rejected({}, add), "in memory");
  ignore(reader->ledgers({}, add), "in memory");
  return text;
}

void check_rows(Outcome& outcome) {
  Run& run = outcome.run;
  // All that came before the last tick has to be stored.
  for (const HeldRecord& record : outcome.journal) {
    if (record.ordinal > outcome.stored_ordinal && record.type == journal::RecordType::kFrame) {
      return run.fail(fmt::format("rows: the store ends at record {}, before the frame in {}",
                                  outcome.stored_ordinal, record.ordinal));
    }
  }
  const std::string stored = text_of_store(run.machine().store);
  const std::string fresh = text_of_store(outcome.fresh);
  if (stored != fresh) {
    const auto at = static_cast<std::size_t>(
        std::mismatch(stored.begin(), stored.end(), fresh.begin(), fresh.end()).first -
        stored.begin());
    const auto line = [at](const std::string& text) {
      const std::size_t begin = text.rfind('\n', at) + 1;
      return text.substr(begin, text.find('\n', begin) - begin);
    };
    run.fail(fmt::format("rows: the store has\n  {}\nand the journal says\n  {}", line(stored),
                         line(fresh)));
  }
  checkpoint::MemoryColdState::Copies copies = run.machine().cold_copies;
  checkpoint::MemoryColdState cold(copies);
  const auto report =
      pipeline::verify(run.machine().disk, kJournal, *run.machine().store.open_reader(),
                       {.engine = app::live::engine_options(run.plan().stream),
                        .snapshots_folder = kSnapshots,
                        .cold = &cold},
                       {});
  if (!report) return run.fail("verify: " + report.error().text);
  if (!report->is_equal()) {
    run.fail(fmt::format("verify: {} differences", report->differences));
  }
}

std::uint32_t check_outcome(Run& run) {
  Outcome outcome(run);
  if (run.failures().empty() && read_outcome(outcome)) {
    check_conservation(run, outcome.engine->counters());
    check_shown(outcome);
    check_taken(outcome);
    check_rows(outcome);
    check_identity(outcome);
    check_truth(outcome);
    note_coverage(outcome);
  }
  return digest_of(run);
}

}  // namespace tapeline::simulation
