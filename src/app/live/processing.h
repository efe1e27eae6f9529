// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "app/config/config.h"
#include "app/live/agent.h"
#include "base/clock.h"
#include "base/log.h"
#include "feed/housekeeper.h"
#include "feed/recorder.h"
#include "journal/disk.h"
#include "pipeline/engine.h"
#include "pipeline/follower.h"
#include "pipeline/sink.h"
#include "store/writer.h"

namespace tapeline::app::live {

// How the engine computes rows from a journal, by the configuration.
pipeline::EngineOptions engine_options(const config::Stream& stream);

struct ProcessingOptions {
  std::string journal_folder{};
  pipeline::EngineOptions engine{};
  pipeline::FollowerOptions follower{};
};

// The processing side of a live run: the engine follows the journal on one thread, and the sink
// stores its batches on another.
class Processing {
 public:
  // Begins where the store ends. `recorder` and the store, like all that is given, outlive it.
  [[nodiscard]] static Result<std::unique_ptr<Processing>> open(const ProcessingOptions& options,
                                                                journal::Disk& disk,
                                                                store::Writer& store,
                                                                const feed::Recorder& recorder,
                                                                const Clock& clock, Log& log);

  void start();
  // What the threads that start() begins do over and over. A simulation, which has one thread,
  // takes these turns itself instead.
  std::size_t run_engine();
  std::size_t run_sink();
  // From now on the journal does not grow: what is left is stored; then is_drained().
  void drain() { is_draining_.store(true, std::memory_order_release); }
  [[nodiscard]] bool is_drained() const { return is_drained_.load(std::memory_order_acquire); }
  void stop();
  [[nodiscard]] bool is_stopped() const;

  // What ended it for good.
  [[nodiscard]] std::optional<Error> failure() const;
  [[nodiscard]] const pipeline::SinkProgress& progress() const { return sink_.progress(); }
  [[nodiscard]] const metrics::Counters& counters() const { return engine_.counters(); }
  // Behind the last record that the engine has read.
  [[nodiscard]] std::uint64_t next_ordinal() const {
    return next_ordinal_.load(std::memory_order_relaxed);
  }

 private:
  Processing(const ProcessingOptions& options, store::Writer& store, const feed::Recorder& recorder,
             const Clock& clock, Log& log);

  void fail(const char* part, const Error& error);

  const feed::Recorder& recorder_;
  const Clock& clock_;
  Log& log_;
  std::atomic<std::uint64_t> durable_ordinal_{0};  // as the recorder says it
  pipeline::Engine engine_;
  pipeline::Sink sink_;
  std::unique_ptr<pipeline::Follower> follower_;

  std::atomic<bool> is_draining_{false};
  std::atomic<bool> is_drained_{false};
  std::atomic<bool> has_failed_{false};
  std::atomic<std::uint64_t> next_ordinal_{0};
  mutable std::mutex failure_mutex_;  // guards failure_
  std::optional<Error> failure_;

  std::unique_ptr<Agent> engine_agent_;
  std::unique_ptr<Agent> sink_agent_;
};

}  // namespace tapeline::app::live
