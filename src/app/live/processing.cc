// SPDX-License-Identifier: Apache-2.0
#include "app/live/processing.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <utility>

#include "app/values/values.h"
#include "checkpoint/recovery.h"
#include "checkpoint/snapshots.h"
#include "journal/segments.h"
#include "pipeline/restore.h"

namespace tapeline::app::live {
namespace {

constexpr Duration kLookForSnapshot = std::chrono::milliseconds(50);
constexpr Duration kLookForDay = std::chrono::seconds(1);

void say_beginning(const pipeline::Restored& restored, const checkpoint::Situation& situation,
                   Log& log) {
  for (const std::string& reason : restored.passed_over) {
    log.warn("a snapshot is passed over", {{"reason", reason}});
  }
  const std::uint64_t records = situation.end_ordinal - restored.replay_from;
  if (const auto& snapshot = restored.snapshot) {
    log.info("starts from a snapshot", {{"at", format_rfc3339(snapshot->engine_time.unix_ns())},
                                        {"record", snapshot->tick.position.ordinal},
                                        {"replays", records}});
  } else {
    log.info("starts from the journal's beginning",
             {{"record", restored.replay_from}, {"replays", records}});
  }
}

}  // namespace

pipeline::EngineOptions engine_options(const config::Stream& stream) {
  return {.decode = {.watermark = {stream.disorder, stream.idle_timeout},
                     .lateness_from_epochs = true,
                     .conditions = stream.conditions},
          .intervals = stream.intervals,
          .shards = values::shards_or_cores(stream.shards)};
}

std::string snapshots_folder(const std::string& data_dir) { return data_dir + "/snapshots"; }

checkpoint::RocksFolders state_folders(const std::string& data_dir) {
  return {.live = data_dir + "/state", .copies = snapshots_folder(data_dir)};
}

std::string proofs_folder(const std::string& data_dir) { return data_dir + "/proofs"; }

// Each has one of its own, which it removes; a start removes what a killed one left.
checkpoint::RocksFolders proof_folders(const std::string& data_dir) {
  static std::atomic<unsigned> proofs{0};
  return {.live = fmt::format("{}/{}-{}", proofs_folder(data_dir), ::getpid(), proofs.fetch_add(1)),
          .copies = snapshots_folder(data_dir)};
}

Processing::Processing(const ProcessingOptions& options, const Others& others,
                       std::unique_ptr<checkpoint::ColdState> cold, pipeline::Restored restored)
    : capture_(others.capture),
      clock_(others.clock),
      log_(others.log),
      disorder_(options.engine.decode.watermark.disorder),
      onlookers_(others.clock),
      cold_(std::move(cold)),
      engine_(std::move(restored.engine)),
      sink_(others.store, durable_ordinal_),
      store_(others.store),
      reconciler_(options.reconciles ? std::make_unique<Reconciler>(others.store.open_reader(),
                                                                    others.clock, others.log)
                                     : nullptr),
      checkpoints_({.folder = options.snapshots_folder,
                    .every = options.checkpoint.every,
                    .keep = options.checkpoint.keep,
                    .begins_at = restored.begins_at,
                    .cold = cold_.get()},
                   others.disk, sink_.progress()) {}

Result<std::unique_ptr<Processing>> Processing::open(const ProcessingOptions& options,
                                                     const Others& others,
                                                     std::unique_ptr<checkpoint::ColdState> cold) {
  const auto& [disk, store, capture, clock, log, board] = others;
  const auto segments = journal::find_segments(disk, options.journal_folder);
  if (!segments) return tl::make_unexpected(segments.error());
  const feed::Recorder& recorder = capture.recorder();
  checkpoint::Situation situation{.journal_folder = options.journal_folder,
                                  .store_name = "store.duckdb",
                                  .journal = recorder.journal(),
                                  .first_ordinal = segments->front().header.first_ordinal,
                                  .end_ordinal = recorder.written_ordinal()};
  if (auto done = pipeline::look_at_store(situation, *store.open_reader()); !done) {
    return tl::make_unexpected(done.error());
  }
  auto restored = pipeline::restore_start(disk, options.snapshots_folder, situation, options.engine,
                                          cold.get());
  if (!restored) return tl::make_unexpected(restored.error());
  say_beginning(*restored, situation, log);
  if (situation.stored) restored->engine->discard_until(*situation.stored);
  const std::uint64_t replay_from = restored->replay_from;
  std::unique_ptr<Processing> out(
      new Processing(options, others, std::move(cold), std::move(*restored)));
  auto follower = pipeline::Follower::open(disk, options.journal_folder, replay_from, *out->engine_,
                                           out->sink_, options.follower);
  if (!follower) return tl::make_unexpected(follower.error());
  if (board != nullptr) out->onlookers_.show_to(*board);
  out->onlookers_.show_holes_to(capture.holes(), out->engine_->decoder().instruments().names());
  std::vector<std::string> venues;
  for (const feed::FeedStatus& feed : capture.feeds().status()) venues.push_back(feed.venue);
  out->onlookers_.measure(venues, out->engine_->decoder().instruments().names());
  out->engine_->show_to(out->onlookers_);
  out->follower_ = std::move(*follower);
  out->follower_->take_snapshots(out->checkpoints_);
  const auto snapshots = checkpoint::list_snapshots(disk, options.snapshots_folder);
  if (!snapshots) return tl::make_unexpected(snapshots.error());
  out->checkpoints_.show(*snapshots, situation.journal);
  capture.housekeeper().keep_from(out->snapshots().needed_from);
  return out;
}

void Processing::start() {
  sink_agent_ = std::make_unique<Agent>("sink", Rests(), [this] { return run_sink(); });
  checkpoint_agent_ = std::make_unique<Agent>("checkpoint", Rests{.last = kLookForSnapshot},
                                              [this] { return run_checkpoints(); });
  if (reconciler_ != nullptr) {
    reconcile_agent_ = std::make_unique<Agent>("reconcile", Rests{.last = kLookForDay},
                                               [this] { return run_reconciler(); });
  }
  engine_agent_ = std::make_unique<Agent>(
      "engine", Rests(), [this] { return run_engine(); }, capture_.written());
}

void Processing::fail(const char* part, const Error& error) {
  log_.error("processing ended", {{"part", part}, {"reason", error.text}});
  const std::lock_guard lock(failure_mutex_);
  if (!failure_) failure_ = error;
  has_failed_.store(true, std::memory_order_release);
}

std::optional<Error> Processing::failure() const {
  if (!has_failed_.load(std::memory_order_acquire)) return std::nullopt;
  const std::lock_guard lock(failure_mutex_);
  return failure_;
}

std::size_t Processing::run_engine() {
  if (has_failed_.load(std::memory_order_relaxed)) return 0;
  const bool was_draining = is_draining_.load(std::memory_order_acquire);
  const std::int64_t now = clock_.monotonic_ns();
  // Nothing is looked for on disk before the recorder says that it is there.
  const auto done = follower_->do_work(now, capture_.recorder().written_ordinal());
  if (!done) {
    fail("engine", done.error());
    return 0;
  }
  next_ordinal_.store(follower_->next_ordinal(), std::memory_order_relaxed);
  say_shortage();
  engine_time_ns_.store(engine_->engine_time().unix_ns(), std::memory_order_relaxed);
  onlookers_.on_turn(*engine_, now);
  if (*done == 0 && was_draining) {
    follower_->close(now);
    if (follower_->is_drained() && sink_.is_idle()) {
      is_drained_.store(true, std::memory_order_release);
    }
  }
  return *done;
}

// Once when it begins, and once when it is over.
void Processing::say_shortage() {
  const auto& shortage = follower_->shortage();
  if (shortage.has_value() == is_short_.load(std::memory_order_relaxed)) return;
  is_short_.store(shortage.has_value(), std::memory_order_relaxed);
  if (shortage) {
    log_.warn("processing waits until there is room; capture goes on",
              {{"reason", shortage->text}});
  } else {
    log_.info("processing goes on: there is room again");
  }
}

std::size_t Processing::run_sink() {
  if (has_failed_.load(std::memory_order_relaxed)) return 0;
  durable_ordinal_.store(capture_.recorder().durable_ordinal(), std::memory_order_release);
  const auto done = sink_.do_work(clock_.monotonic_ns());
  if (!done) {
    fail("sink", done.error());
    return 0;
  }
  if (reconciler_ != nullptr) return *done + reconciler_->record_in(store_);
  return *done;
}

std::size_t Processing::run_checkpoints() {
  const auto written = checkpoints_.do_work();
  if (!written) log_.warn("a snapshot was not written", {{"reason", written.error().text}});
  if (!written || !*written) return 0;
  const pipeline::CheckpointsProgress& progress = checkpoints_.progress();
  capture_.housekeeper().keep_from(progress.needed_from.load(std::memory_order_relaxed));
  log_.debug("a snapshot was written",
             {{"record", progress.replay_from.load() - 1}, {"bytes", progress.bytes.load()}});
  return 1;
}

void Processing::stop() {
  for (Agent* agent :
       {engine_agent_.get(), sink_agent_.get(), checkpoint_agent_.get(), reconcile_agent_.get()}) {
    if (agent != nullptr) agent->ask_to_stop();
  }
}

bool Processing::is_stopped() const {
  return (engine_agent_ == nullptr || engine_agent_->is_stopped()) &&
         (sink_agent_ == nullptr || sink_agent_->is_stopped()) &&
         (checkpoint_agent_ == nullptr || checkpoint_agent_->is_stopped()) &&
         is_reconciler_stopped();
}

// What it reads is told to end again and again, since the store may forget it between two steps.
bool Processing::is_reconciler_stopped() const {
  if (reconcile_agent_ == nullptr || reconcile_agent_->is_stopped()) return true;
  reconciler_->stop();
  return false;
}

}  // namespace tapeline::app::live
