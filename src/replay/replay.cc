// SPDX-License-Identifier: Apache-2.0
#include "replay/replay.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "analytics/bars.h"
#include "decode/decoder.h"
#include "decode/venue_table.h"
#include "metrics/counters.h"
#include "replay/byte_source.h"
#include "replay/foreign_clock.h"
#include "replay/merged_inputs.h"
#include "replay/rejects_table.h"
#include "replay/tables.h"
#include "replay/text_output.h"
#include "stream/stream.h"

namespace tapeline::replay {
namespace {

using metrics::Counter;

decode::DecodeOptions decode_options(const Options& options) {
  return {{options.disorder, options.idle_timeout}, options.lateness, options.instruments};
}

// One replay: everything from the inputs to the tables, wired for what is asked for.
class Replay {
 public:
  Replay(const Options& options, MergedInputs& inputs, RejectsTable& rejects, TextOutput& out)
      : options_(options),
        inputs_(inputs),
        rejects_(rejects),
        out_(out),
        decoder_(decode_options(options), forward_, rejects, counters_) {
    const Shown shown{options.from, options.to};
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
  }

  [[nodiscard]] Result<void> open_sources() {
    if (!options_.instruments_file.empty()) {
      auto text = read_small_file(options_.instruments_file);
      if (!text) return tl::make_unexpected(text.error());
      if (auto done = decoder_.read_instruments(options_.venue, text->text()); !done) {
        return tl::make_unexpected(done.error().within(options_.instruments_file));
      }
    }
    for (std::size_t i = 0; i < inputs_.inputs().size(); ++i) {
      const Input& input = *inputs_.inputs()[i];
      const std::string bytes = decode::encode_source(input.source());
      journal::Record open;
      open.type = journal::RecordType::kOpen;
      open.connection = ConnectionId(static_cast<std::uint32_t>(i));
      open.position = next_position();
      open.bytes = bytes;
      if (auto done = decoder_.open(open); !done) {
        return tl::make_unexpected(done.error().within(input.name()));
      }
    }
    return {};
  }

  // False at the end of the inputs.
  bool step() {
    journal::Record record;
    const InputStatus status = inputs_.next(record);
    if (status == InputStatus::kEnd) return false;
    if (status == InputStatus::kRefused) {
      tick_before(record.ts_recv);
      record.position = next_position();
      decoder_.refuse(record, inputs_.current().refusal(), "line");
      return true;
    }
    const decode::Parsed& parsed = decoder_.parse(record);
    if (parsed.recv_inferred) record.ts_recv = clock_.infer(parsed.newest_plausible_time());
    tick_before(record.ts_recv);
    record.position = next_position();
    decoder_.judge(record, parsed);
    return true;
  }

  void finish() {
    decoder_.end(next_position());
    if (bars_ != nullptr) bars_->finish();
    if (options_.emit == Emit::kGaps || options_.emit == Emit::kCoverage) {
      write_ledgers(options_.emit, {options_.from, options_.to}, decoder_.instruments(), out_);
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
    void on_tick(const Tick& tick) override { to->on_tick(tick); }
    void on_end(Position position) override { to->on_end(position); }
  };

  Position next_position() { return {JournalId(0), ordinal_++}; }

  void tick_before(RecvTime ts_recv) {
    if (const auto engine_time = clock_.tick_before(ts_recv)) {
      decoder_.tick({*engine_time, next_position()});
    }
  }

  const Options& options_;
  MergedInputs& inputs_;
  RejectsTable& rejects_;
  TextOutput& out_;
  metrics::Counters counters_;
  Forward forward_;
  decode::Decoder decoder_;
  std::unique_ptr<BarsTable> bars_;
  std::unique_ptr<EventSink> events_;
  ForeignClock clock_;
  std::uint64_t ordinal_ = 0;
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
  std::uint64_t foreign = 0;
  std::uint64_t passed_over = 0;
  for (const auto& entry : counters_.entries()) {
    const std::string_view reason = entry.labels.reason;
    if (entry.counter == Counter::kItemsRejected &&
        reason == name_of(decode::RejectReason::kNoKind)) {
      foreign += entry.cell.value();
    }
    if (entry.counter == Counter::kItemsControl &&
        (reason == name_of(decode::ControlReason::kUnparsed) ||
         reason == name_of(decode::ControlReason::kUnknownKind))) {
      passed_over += entry.cell.value();
    }
  }
  if (foreign * 2 > summary.frames) {
    summary.notes.push_back(fmt::format("{} of {} frames carry no mark of {}: is --venue right?",
                                        foreign, summary.frames, options_.venue));
  } else if (summary.delivered == 0 && passed_over * 2 > summary.frames) {
    summary.notes.push_back(
        fmt::format("{} of {} frames are of kinds that are not parsed, and none held a trade or "
                    "quote of {}: is --venue right?",
                    passed_over, summary.frames, options_.venue));
  }
  const decode::InstrumentTable& instruments = decoder_.instruments();
  for (const std::string& pattern : instruments.unmatched_patterns()) {
    summary.notes.push_back(fmt::format("--instrument {} matched none of the {} instruments seen",
                                        pattern, instruments.all().size()));
  }
  if (const auto n = counters_.total(Counter::kItemsConflicting); n > 0) {
    summary.notes.push_back(
        fmt::format("{} duplicates differ from the first of their id; the first counts", n));
  }
  if (const auto n = counters_.total(Counter::kColumnsUnshown); n > 0) {
    summary.notes.push_back(fmt::format("{} sums do not fit DECIMAL(38,18) and are left empty", n));
  }
  return summary;
}

bool is_over_limit(const RejectsLimit& limit, const Summary& summary) {
  if (limit.count) return summary.frames_rejected > *limit.count;
  return static_cast<double>(summary.frames_rejected) * 100.0 >
         limit.percent * static_cast<double>(summary.frames);
}

Progress progress_of(const MergedInputs& inputs, std::uint64_t frames) {
  Progress progress{0, 0, frames};
  for (const auto& input : inputs.inputs()) {
    progress.bytes_done += input->bytes().bytes_read_raw();
    const auto total = input->bytes().bytes_total_raw();
    if (!total) progress.bytes_total.reset();
    if (progress.bytes_total) *progress.bytes_total += *total;
  }
  return progress;
}

bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code unknown;
  return !a.empty() && !b.empty() && std::filesystem::is_regular_file(a, unknown) &&
         std::filesystem::equivalent(a, b, unknown);
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
  const bool is_shared =
      !options.output.empty() && (options.output == options.rejects_file ||
                                  is_same_file(options.output, options.rejects_file));
  std::error_code unknown;
  if (is_shared && !std::filesystem::is_character_file(options.output, unknown)) {
    return fail(Fault::kCaller,
                fmt::format("{}: takes the output or the rejects, not both", options.output));
  }
  return {};
}

}  // namespace

Result<Summary> run(const Options& options, const std::function<void(const Progress&)>& on_progress,
                    const std::atomic<bool>& stop) {
  constexpr unsigned kStepsPerLook = 8192;
  auto inputs = MergedInputs::open(options, &stop);
  if (!inputs) return tl::make_unexpected(inputs.error());
  if (auto done = check_outputs(options); !done) return tl::make_unexpected(done.error());
  auto rejects = RejectsTable::open(options.rejects_file, **inputs);
  if (!rejects) return tl::make_unexpected(rejects.error());
  auto out = TextOutput::open(options.output);
  if (!out) return tl::make_unexpected(out.error());

  Replay replay(options, **inputs, **rejects, **out);
  if (auto done = replay.open_sources(); !done) return tl::make_unexpected(done.error());
  bool more = true;
  while (more && !stop.load(std::memory_order_relaxed)) {
    for (unsigned i = 0; more && i < kStepsPerLook; ++i) more = replay.step();
    if (on_progress) on_progress(progress_of(**inputs, replay.frames()));
  }
  // Interrupted, the input ends here: all that was read comes out.
  replay.finish();
  if (auto done = (*out)->finish(); !done) return tl::make_unexpected(done.error());
  if (auto done = (*rejects)->finish(); !done) return tl::make_unexpected(done.error());
  Summary summary = replay.summary();
  summary.interrupted = more || ((*inputs)->damage() && stop.load(std::memory_order_relaxed));
  summary.rows_written = (*out)->lines() > 0 ? (*out)->lines() - 1 : 0;
  if (!summary.interrupted) summary.damage = (*inputs)->damage();
  summary.over_rejects_limit = is_over_limit(options.rejects_limit, summary);
  return summary;
}

std::vector<std::string> venue_names() { return decode::venue_names(); }

}  // namespace tapeline::replay
