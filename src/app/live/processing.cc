// SPDX-License-Identifier: Apache-2.0
#include "app/live/processing.h"

#include <fmt/format.h>

#include <utility>

#include "app/values/values.h"

namespace tapeline::app::live {

pipeline::EngineOptions engine_options(const config::Stream& stream) {
  return {
      .decode = {.watermark = {stream.disorder, stream.idle_timeout}, .lateness_from_epochs = true},
      .intervals = stream.intervals,
      .shards = values::shards_or_cores(stream.shards)};
}

Processing::Processing(const ProcessingOptions& options, store::Writer& store,
                       const feed::Recorder& recorder, const Clock& clock, Log& log)
    : recorder_(recorder),
      clock_(clock),
      log_(log),
      engine_(options.engine),
      sink_(store, durable_ordinal_) {}

Result<std::unique_ptr<Processing>> Processing::open(const ProcessingOptions& options,
                                                     journal::Disk& disk, store::Writer& store,
                                                     const feed::Recorder& recorder,
                                                     const Clock& clock, Log& log) {
  std::unique_ptr<Processing> out(new Processing(options, store, recorder, clock, log));
  if (const auto stored = store.position()) {
    if (stored->journal != recorder.journal()) {
      return tapeline::fail(
          Fault::kCaller,
          fmt::format("the store was made of journal {:016x}, but {} holds journal {:016x}; bring "
                      "the one that belongs to it, or move store.duckdb away to have it made anew",
                      stored->journal.value(), options.journal_folder, recorder.journal().value()));
    }
    if (stored->ordinal >= recorder.written_ordinal()) {
      return tapeline::fail(
          Fault::kTheirs,
          fmt::format("the store is ahead of its journal: it holds rows up to record {}, but the "
                      "journal in {} ends before record {}; bring the journal back, or move "
                      "store.duckdb away to have it made anew",
                      stored->ordinal, options.journal_folder, recorder.written_ordinal()));
    }
    out->engine_.discard_until(*stored);
  }
  auto follower = pipeline::Follower::open(disk, options.journal_folder, 0, out->engine_,
                                           out->sink_, options.follower);
  if (!follower) return tl::make_unexpected(follower.error());
  out->follower_ = std::move(*follower);
  return out;
}

void Processing::start() {
  sink_agent_ = std::make_unique<Agent>("sink", [this] { return run_sink(); });
  engine_agent_ = std::make_unique<Agent>("engine", [this] { return run_engine(); });
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
  const auto done = follower_->do_work(clock_.monotonic_ns());
  if (!done) {
    fail("engine", done.error());
    return 0;
  }
  next_ordinal_.store(follower_->next_ordinal(), std::memory_order_relaxed);
  if (*done == 0 && was_draining) {
    follower_->close();
    if (follower_->is_drained() && sink_.is_idle()) {
      is_drained_.store(true, std::memory_order_release);
    }
  }
  return *done;
}

std::size_t Processing::run_sink() {
  if (has_failed_.load(std::memory_order_relaxed)) return 0;
  durable_ordinal_.store(recorder_.durable_ordinal(), std::memory_order_release);
  const auto done = sink_.do_work(clock_.monotonic_ns());
  if (!done) {
    fail("sink", done.error());
    return 0;
  }
  return *done;
}

void Processing::stop() {
  for (Agent* agent : {engine_agent_.get(), sink_agent_.get()}) {
    if (agent != nullptr) agent->ask_to_stop();
  }
}

bool Processing::is_stopped() const {
  return (engine_agent_ == nullptr || engine_agent_->is_stopped()) &&
         (sink_agent_ == nullptr || sink_agent_->is_stopped());
}

}  // namespace tapeline::app::live
