// SPDX-License-Identifier: Apache-2.0
#include "replay/import.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "decode/decoder.h"
#include "decode/venue_doubt.h"
#include "journal/posix_disk.h"
#include "journal/reader.h"
#include "metrics/counters.h"
#include "model/event_sink.h"
#include "replay/foreign_records.h"
#include "replay/journal_records.h"

namespace tapeline::replay {
namespace {

// Nobody listens: an import only finds out when frames were received.
struct Silent final : public EventSink, public decode::RejectSink {
  void on_trade(const Trade& /*trade*/) override {}
  void on_quote(const Quote& /*quote*/) override {}
  void on_heartbeat(const Heartbeat& /*heartbeat*/) override {}
  void on_late(const LateTrade& /*late*/) override {}
  void on_candle(const VenueCandle& /*candle*/) override {}
  void on_listing(const ListingChange& /*change*/) override {}
  void on_settled(const SettledIds& /*ids*/) override {}
  void on_tick(const Tick& /*tick*/) override {}
  void on_end(Position /*position*/) override {}
  void on_reject(const journal::Record& /*record*/, const decode::Reject& /*reject*/) override {}
  void on_venue_error(const journal::Record& /*record*/, std::string_view /*text*/) override {}
};

// How many records can be read from a position on; none: nobody knows.
std::optional<std::uint64_t> count_from(journal::Disk& disk, const std::string& folder,
                                        std::uint64_t first) {
  auto reader = journal::Reader::open(disk, folder, first);
  journal::Record record;
  while (reader) {
    const auto more = (*reader)->next(record);
    if (!more) break;
    if (!*more) return (*reader)->next_ordinal() - first;
  }
  return std::nullopt;
}

}  // namespace

Result<ImportSummary> import_journal(const ImportOptions& options, const Clock& clock,
                                     const std::function<void(const Progress&)>& on_progress,
                                     const std::atomic<bool>& stop) {
  constexpr std::uint64_t kRecordsPerLook = 4096;
  constexpr std::uint64_t kFramesLookedAt = 10'000;  // for whether they are the venue's
  Silent silent;
  metrics::Counters counters;
  // The inputs first: a mistake in them must not get into the journal, nor leave an empty one.
  auto records = ForeignRecords::open(options.input, stop);
  if (!records) return tl::make_unexpected(records.error());
  decode::Decoder trial({}, silent, silent, counters);
  if (auto done = (*records)->try_openings(trial); !done) return tl::make_unexpected(done.error());
  journal::PosixDisk disk;
  auto writer = journal::Writer::open(disk, journal_folder(options.data_dir), options.writer);
  if (!writer) return tl::make_unexpected(writer.error());
  (*records)->start_at(
      {(*writer)->next_ordinal(), (*writer)->next_connection(), (*writer)->next_line()});
  decode::Decoder reader({}, silent, silent, counters);
  (*records)->start(reader);

  ImportSummary summary;
  summary.first = {(*writer)->journal(), (*writer)->next_ordinal()};
  summary.torn_tail = (*writer)->torn_tail();
  decode::VenueDoubt doubt;
  const auto append = [&](const RecordSource::Next& next) -> Result<void> {
    const journal::Record& record = next.record;
    if (record.type == journal::RecordType::kOpen) {
      if (auto done = reader.read(record); !done) return done;
    }
    if (record.type == journal::RecordType::kFrame && doubt.frames < kFramesLookedAt) {
      doubt.count((next.parsed != nullptr ? *next.parsed : reader.parse(record)).items);
    }
    const auto position = (*writer)->append(record);
    if (!position) return tl::make_unexpected(position.error());
    return {};
  };
  RecordSource::Next next;
  bool more = true;
  while (more && !summary.damage && !stop.load(std::memory_order_relaxed)) {
    Result<void> done;
    for (std::uint64_t i = 0; done && i < kRecordsPerLook && (more = (*records)->next(next)); ++i) {
      done = append(next);
    }
    if (done) done = (*writer)->commit(clock.monotonic_ns());
    if (!done) summary.damage = done.error();
    if (on_progress) on_progress((*records)->progress());
  }
  auto closed = (*writer)->close();
  summary.venue_question = doubt.question(options.input.venue);
  if (summary.venue_question && doubt.frames == kFramesLookedAt) {
    summary.venue_question->insert(0, "at the beginning, ");
  }
  if (!closed && !summary.damage) summary.damage = closed.error();
  const std::uint64_t durable = (*writer)->durable_ordinal();
  summary.records = durable - summary.first.ordinal;
  if (!closed) summary.not_synced = count_from(disk, journal_folder(options.data_dir), durable);
  if (!summary.damage) {
    summary.interrupted = more || ((*records)->damage() && stop.load(std::memory_order_relaxed));
    if (!summary.interrupted) summary.damage = (*records)->damage();
  }
  return summary;
}

}  // namespace tapeline::replay
