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
#include "app/live/capture.h"
#include "app/live/onlookers.h"
#include "app/live/reconciler.h"
#include "base/clock.h"
#include "base/log.h"
#include "checkpoint/rocks_cold_state.h"
#include "journal/disk.h"
#include "pipeline/checkpoints.h"
#include "pipeline/engine.h"
#include "pipeline/follower.h"
#include "pipeline/restore.h"
#include "pipeline/sink.h"
#include "store/writer.h"

namespace tapeline::app::live {

// How the engine computes rows from a journal, by the configuration.
pipeline::EngineOptions engine_options(const config::Stream& stream);

// DATA_DIR/snapshots
std::string snapshots_folder(const std::string& data_dir);
// Of a run, and of a proof beside it.
checkpoint::RocksFolders state_folders(const std::string& data_dir);
std::string proofs_folder(const std::string& data_dir);
checkpoint::RocksFolders proof_folders(const std::string& data_dir);

struct ProcessingOptions {
  std::string journal_folder{};
  std::string snapshots_folder{};
  pipeline::EngineOptions engine{};
  config::Checkpoint checkpoint{};
  pipeline::FollowerOptions follower{};
  bool reconciles = false;  // bars with the venues' own candles, once a day
};

// The processing side of a live run: the engine follows the journal on one thread, the sink stores
// its batches on another, and a third writes snapshots of the engine's state and tells the
// housekeeper what of the journal they need. A fourth, where it is wanted, holds bars against the
// venues' own candles.
class Processing {
 public:
  // Whom it works with; all outlive it.
  struct Others {
    journal::Disk& disk;
    store::Writer& store;
    Capture& capture;
    const Clock& clock;
    Log& log;
    serve::Board* board = nullptr;  // what is made is shown there
  };

  // Begins at the newest snapshot that the store has come to, and says where. `cold` is for bars
  // that have long closed.
  [[nodiscard]] static Result<std::unique_ptr<Processing>> open(
      const ProcessingOptions& options, const Others& others,
      std::unique_ptr<checkpoint::ColdState> cold);

  void start();
  // What the threads that start() begins do over and over. A simulation, which has one thread,
  // takes these turns itself instead.
  std::size_t run_engine();
  std::size_t run_sink();
  std::size_t run_checkpoints();
  std::size_t run_reconciler() { return reconciler_->run(); }
  // Nothing but ticks comes to the journal from now on: what is left is stored, and a last snapshot
  // written; then is_drained().
  void drain() { is_draining_.store(true, std::memory_order_release); }
  [[nodiscard]] bool is_drained() const { return is_drained_.load(std::memory_order_acquire); }
  void stop();
  [[nodiscard]] bool is_stopped() const;

  // What ended it for good.
  [[nodiscard]] std::optional<Error> failure() const;
  [[nodiscard]] const pipeline::SinkProgress& progress() const { return sink_.progress(); }
  [[nodiscard]] const pipeline::CheckpointsProgress& snapshots() const {
    return checkpoints_.progress();
  }
  // Null where it does not.
  [[nodiscard]] const Reconciler* reconciler() const { return reconciler_.get(); }
  // From the receipt of a trade until its bar may be seen.
  [[nodiscard]] const metrics::Histogram& waits() const { return onlookers_.waits(); }
  [[nodiscard]] const Hops& hops() const { return *onlookers_.hops(); }
  // The bound that is in force.
  [[nodiscard]] Duration disorder() const { return disorder_; }
  [[nodiscard]] Holes holes() const { return onlookers_.holes(); }
  [[nodiscard]] const metrics::Counters& counters() const { return engine_->counters(); }
  // Whether the engine reads no more until the disk has room.
  [[nodiscard]] bool is_short() const { return is_short_.load(std::memory_order_relaxed); }
  // Of the last tick that the engine has read; 0 before the first.
  [[nodiscard]] RecvTime engine_time() const {
    return RecvTime(engine_time_ns_.load(std::memory_order_relaxed));
  }
  // Behind the last record that the engine has read.
  [[nodiscard]] std::uint64_t next_ordinal() const {
    return next_ordinal_.load(std::memory_order_relaxed);
  }

 private:
  Processing(const ProcessingOptions& options, const Others& others,
             std::unique_ptr<checkpoint::ColdState> cold, pipeline::Restored restored);

  void fail(const char* part, const Error& error);
  void say_shortage();
  [[nodiscard]] bool is_reconciler_stopped() const;

  Capture& capture_;
  const Clock& clock_;
  Log& log_;
  std::atomic<std::uint64_t> durable_ordinal_{0};  // as the recorder says it
  Duration disorder_;
  Onlookers onlookers_;
  std::unique_ptr<checkpoint::ColdState> cold_;
  std::unique_ptr<pipeline::Engine> engine_;
  pipeline::Sink sink_;
  store::Writer& store_;
  std::unique_ptr<Reconciler> reconciler_;
  pipeline::Checkpoints checkpoints_;
  std::unique_ptr<pipeline::Follower> follower_;

  std::atomic<bool> is_draining_{false};
  std::atomic<bool> is_drained_{false};
  std::atomic<bool> has_failed_{false};
  std::atomic<bool> is_short_{false};
  std::atomic<std::uint64_t> next_ordinal_{0};
  std::atomic<std::int64_t> engine_time_ns_{0};
  mutable std::mutex failure_mutex_;  // guards failure_
  std::optional<Error> failure_;

  std::unique_ptr<Agent> engine_agent_;
  std::unique_ptr<Agent> sink_agent_;
  std::unique_ptr<Agent> checkpoint_agent_;
  std::unique_ptr<Agent> reconcile_agent_;
};

}  // namespace tapeline::app::live
