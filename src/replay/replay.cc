// SPDX-License-Identifier: Apache-2.0
#include "replay/replay.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "analytics/bars.h"
#include "decode/decoder.h"
#include "decode/dispatch.h"
#include "decode/venue_doubt.h"
#include "decode/venue_table.h"
#include "metrics/counters.h"
#include "replay/foreign_records.h"
#include "replay/held_openings.h"
#include "replay/journal_records.h"
#include "replay/own_files.h"
#include "replay/record_source.h"
#include "replay/rejects_table.h"
#include "replay/tables.h"
#include "replay/text_output.h"
#include "stream/stream.h"

namespace tapeline::replay {
namespace {

using metrics::Counter;

decode::DecodeOptions decode_options(const Options& options) {
  return {.watermark = {options.disorder, options.idle_timeout},
          .lateness = options.lateness,
          .lateness_from_epochs = !options.lateness,
          .conditions = options.conditions,
          .reads_record_only = options.reparse,
          .instruments = options.instruments};
}

Shown shown_of(const Options& options) {
  return {.from = options.from, .to = options.to, .times = options.time_format};
}

// One replay: everything from the inputs to the tables, wired for what is asked for.
class Replay {
 public:
  Replay(const Options& options, RecordSource& records, RejectsTable& rejects, TextOutput& out)
      : options_(options),
        records_(records),
        rejects_(rejects),
        out_(out),
        decoder_(decode_options(options), forward_, rejects, counters_) {
    const Shown shown = shown_of(options);
    const InstrumentNames& names = decoder_.instruments().names();
    if (options.emit == Emit::kBars) {
      bars_ = std::make_unique<BarsTable>(options.revisions, shown, names, out,
                                          counters_.cell(Counter::kColumnsUnshown, {}));
      const analytics::BarsOptions bars{options.intervals,
                                        {options.disorder, options.idle_timeout}};
      events_ = stream::make_stream(
          {options.shards},
          [bars](stream::OutputSink& sink) {
            return std::make_unique<analytics::Bars>(bars, sink);
          },
          names, *bars_);
    } else {
      events_ = std::make_unique<DeliveredTable>(options.emit, shown, names, out);
    }
    forward_.to = events_.get();
    records_.start(decoder_);
  }

  // False at the end of the records.
  [[nodiscard]] Result<bool> step(const Hooks& hooks, const std::function<void()>& before_waiting) {
    RecordSource::Next next;
    if (!records_.next(next)) return false;
    const journal::Record& record = next.record;
    if (is_after_end(record)) {
      if (is_opening(record)) held_.hold(record);
      return true;
    }
    if (auto done = release_held(); !done) return tl::make_unexpected(done.error());
    if (hooks.pace) hooks.pace(record.ts_recv, before_waiting);
    if (auto done = decode::dispatch(decoder_, record, next.parsed); !done) {
      return tl::make_unexpected(done.error().within(where(record)));
    }
    return true;
  }

  void finish() {
    decoder_.end(records_.end());
    if (bars_ != nullptr) bars_->finish();
    if (options_.emit == Emit::kGaps || options_.emit == Emit::kCoverage) {
      write_ledgers(options_.emit, shown_of(options_), decoder_.instruments(), out_);
    }
  }

  [[nodiscard]] std::uint64_t frames() const { return counters_.total(Counter::kFramesRead); }
  [[nodiscard]] Summary summary() const;

 private:
  // Passes events on to what is made after the decoder, since that needs the decoder's names.
  struct Forward final : public EventSink {
    EventSink* to = nullptr;

    void on_trade(const Trade& trade) override { to->on_trade(trade); }
    void on_quote(const Quote& quote) override { to->on_quote(quote); }
    void on_heartbeat(const Heartbeat& heartbeat) override { to->on_heartbeat(heartbeat); }
    void on_late(const LateTrade& late) override { to->on_late(late); }
    void on_candle(const VenueCandle& candle) override { to->on_candle(candle); }
    void on_listing(const ListingChange& change) override { to->on_listing(change); }
    void on_settled(const SettledIds& ids) override { to->on_settled(ids); }
    void on_tick(const Tick& tick) override { to->on_tick(tick); }
    void on_end(Position position) override { to->on_end(position); }
  };

  // Whether it came at or after the time that the replay ends at. What opens an imported input has
  // no time.
  [[nodiscard]] bool is_after_end(const journal::Record& record) const {
    return options_.as_of && record.ts_recv >= *options_.as_of &&
           !(record.ts_recv == RecvTime() && is_opening(record));
  }

  [[nodiscard]] Result<void> release_held() {
    Result<void> done;
    if (held_.empty()) return done;
    held_.release([&](const journal::Record& record) {
      if (!done) return;
      done = decode::dispatch(decoder_, record);
      if (!done) done = tl::make_unexpected(done.error().within(where(record)));
    });
    return done;
  }

  // "FILE" of a foreign input, "journal record 17" else.
  [[nodiscard]] std::string where(const journal::Record& record) const {
    return is_journal_ ? fmt::format("journal record {}", record.position.ordinal)
                       : std::string(records_.place_of(record).input);
  }

  const Options& options_;
  bool is_journal_ = is_journal(options_);
  RecordSource& records_;
  RejectsTable& rejects_;
  TextOutput& out_;
  metrics::Counters counters_;
  Forward forward_;
  decode::Decoder decoder_;
  HeldOpenings held_;
  std::unique_ptr<BarsTable> bars_;
  std::unique_ptr<EventSink> events_;
};

Summary Replay::summary() const {
  Summary summary;
  summary.frames = frames();
  summary.frames_rejected = counters_.total(Counter::kFramesRejected);
  summary.received = counters_.total(Counter::kItemsReceived);
  summary.delivered = counters_.total(Counter::kItemsDelivered);
  summary.duplicate = counters_.total(Counter::kItemsDuplicate);
  summary.late = counters_.total(Counter::kItemsLate);
  summary.rejected = counters_.total(Counter::kItemsRejected);
  summary.shed = counters_.total(Counter::kItemsShed);
  summary.control = counters_.total(Counter::kItemsControl);
  summary.notes = rejects_.venue_errors();
  decode::VenueDoubt doubt;
  doubt.frames = summary.frames;
  doubt.of_use = summary.delivered;
  for (const auto& entry : counters_.entries()) {
    const std::string_view reason = entry.labels.reason;
    if (entry.counter == Counter::kItemsRejected &&
        reason == name_of(decode::RejectReason::kNoKind)) {
      doubt.foreign += entry.cell.value();
    }
    if (entry.counter == Counter::kItemsControl &&
        (reason == name_of(decode::ControlReason::kUnparsed) ||
         reason == name_of(decode::ControlReason::kUnknownKind))) {
      doubt.passed_over += entry.cell.value();
    }
  }
  for (std::string& note : records_.notes()) summary.notes.push_back(std::move(note));
  // Each connection of a journal says itself whose frames it has.
  auto question = is_journal_ ? std::nullopt : doubt.question(options_.venue);
  if (question) summary.notes.push_back(std::move(*question));
  const decode::InstrumentTable& instruments = decoder_.instruments();
  for (const std::string& pattern : instruments.unmatched_patterns()) {
    summary.notes.push_back(fmt::format("--instrument {} matched none of the {} instruments seen",
                                        pattern, instruments.all().size()));
  }
  if (const auto n = counters_.total(Counter::kItemsConflicting); n > 0) {
    summary.notes.push_back(
        fmt::format("{} duplicates differ from the first of their id; the first counts", n));
  }
  if (const auto n = counters_.total(Counter::kConditionsUnknown); n > 0) {
    summary.notes.push_back(fmt::format(
        "{} trades have a condition code whose meaning is not known; they count for \"{}\" "
        "(stream.conditions.unknown)",
        n, name_of(options_.conditions.of(Condition::kUnknown))));
  }
  if (const auto n = counters_.total(Counter::kColumnsUnshown); n > 0) {
    summary.notes.push_back(fmt::format("{} sums do not fit DECIMAL(38,18) and are left empty", n));
  }
  return summary;
}

Result<std::unique_ptr<RecordSource>> open_records(const Options& options,
                                                   const std::atomic<bool>& stop) {
  if (is_journal(options)) {
    auto journal = JournalRecords::open(options.inputs.front(), options.batch_bytes);
    if (!journal) return tl::make_unexpected(journal.error());
    return std::unique_ptr<RecordSource>(std::move(*journal));
  }
  auto foreign = ForeignRecords::open(options, stop);
  if (!foreign) return tl::make_unexpected(foreign.error());
  return std::unique_ptr<RecordSource>(std::move(*foreign));
}

bool is_over_limit(const RejectsLimit& limit, const Summary& summary) {
  if (limit.count) return summary.frames_rejected > *limit.count;
  return static_cast<double>(summary.frames_rejected) * 100.0 >
         limit.percent * static_cast<double>(summary.frames);
}

bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code unknown;
  return !is_standard_stream(a) && !is_standard_stream(b) &&
         std::filesystem::is_regular_file(a, unknown) && std::filesystem::equivalent(a, b, unknown);
}

// Writing to an input would destroy it, and two tables in one file each other.
Result<void> check_outputs(const Options& options) {
  for (const std::string& input : options.inputs) {
    for (const std::string& output : {options.output, options.rejects_file}) {
      if (is_same_file(input, output)) {
        return fail(Fault::kCaller, fmt::format("{}: is an input too", output));
      }
    }
  }
  for (const std::string& output : {options.output, options.rejects_file}) {
    const std::string data_dir = is_journal(options) ? options.inputs.front() : "";
    if (auto done = check_output(output, data_dir); !done) return done;
  }
  const bool is_shared =
      !options.output.empty() && (options.output == options.rejects_file ||
                                  is_same_file(options.output, options.rejects_file));
  if (is_standard_stream(options.output) && options.rejects_file == "-") {
    return fail(Fault::kCaller, "standard output: takes the output or the rejects, not both");
  }
  std::error_code unknown;
  if (is_shared && !std::filesystem::is_character_file(options.output, unknown)) {
    return fail(Fault::kCaller,
                fmt::format("{}: takes the output or the rejects, not both", options.output));
  }
  return {};
}

}  // namespace

bool is_journal(const Options& options) {
  std::error_code unknown;
  return options.input_format == InputFormat::kJournal ||
         (options.input_format == InputFormat::kDetect && options.inputs.size() == 1 &&
          std::filesystem::is_directory(options.inputs.front(), unknown));
}

Result<Summary> run(const Options& options, const Hooks& hooks, const std::atomic<bool>& stop) {
  auto records = open_records(options, stop);
  if (!records) return tl::make_unexpected(records.error());
  return run_records(options, **records, hooks, stop);
}

Result<Summary> run_records(const Options& options, RecordSource& records, const Hooks& hooks,
                            const std::atomic<bool>& stop) {
  constexpr unsigned kStepsPerLook = 8192;
  if (auto done = check_outputs(options); !done) return tl::make_unexpected(done.error());
  auto rejects = RejectsTable::open(options.rejects_file, records);
  if (!rejects) return tl::make_unexpected(rejects.error());
  auto out = TextOutput::open(options.output, options.format);
  if (!out) return tl::make_unexpected(out.error());

  Replay replay(options, records, **rejects, **out);
  const auto say_progress = [&] {
    if (!hooks.on_progress) return;
    Progress progress = records.progress();
    progress.frames = replay.frames();
    hooks.on_progress(progress);
  };
  const std::function<void()> before_waiting = [&] {
    (*out)->flush();
    say_progress();
  };
  bool more = true;
  std::optional<Error> broken;  // a record that this program cannot make anything of
  while (more && !stop.load(std::memory_order_relaxed)) {
    const unsigned steps = hooks.pace ? 1 : kStepsPerLook;
    for (unsigned i = 0; more && i < steps; ++i) {
      const auto stepped = replay.step(hooks, before_waiting);
      if (!stepped) broken = stepped.error();
      more = stepped.value_or(false);
    }
    say_progress();
  }
  if (broken && !is_journal(options)) return tl::make_unexpected(*broken);
  // Interrupted or broken off, the input ends here: all that was read comes out.
  replay.finish();
  if (auto done = (*out)->finish(); !done) return tl::make_unexpected(done.error());
  if (auto done = (*rejects)->finish(); !done) return tl::make_unexpected(done.error());
  Summary summary = replay.summary();
  summary.interrupted = more || (records.damage() && stop.load(std::memory_order_relaxed));
  summary.rows_written = (*out)->lines() > 0 ? (*out)->lines() - 1 : 0;
  if (!summary.interrupted) summary.damage = broken ? broken : records.damage();
  summary.over_rejects_limit = is_over_limit(options.rejects_limit, summary);
  return summary;
}

std::vector<std::string> venue_names() { return decode::venue_names(); }

}  // namespace tapeline::replay
