// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "journal/disk.h"
#include "journal/reader.h"
#include "pipeline/batch.h"
#include "pipeline/checkpoints.h"
#include "pipeline/engine.h"
#include "pipeline/sink.h"

namespace tapeline::pipeline {

struct FollowerOptions {
  std::size_t records_per_round = 4096;
  std::size_t batch_rows = kLargeBatchRows;             // closes a batch, at least
  Duration batch_age = std::chrono::milliseconds(100);  // so does its age ...
  Duration filling_age = std::chrono::seconds(1);       // ... or this one, when it fills that fast
  // Records between two ticks, up to which every turn that comes to the end shows what is open;
  // then it rests from that for a microsecond for each one more.
  std::size_t few_per_tick = 1000;
};

// The agent that reads a journal as it grows, runs its records through the engine, and offers the
// batches to the sink. While the sink has no room it does not read: the journal is the buffer. One
// thread.
class Follower {
 public:
  // Begins at the record with that ordinal. Everything given outlives it.
  [[nodiscard]] static Result<std::unique_ptr<Follower>> open(journal::Disk& disk,
                                                              const std::string& folder,
                                                              std::uint64_t from, Engine& engine,
                                                              Sink& sink,
                                                              const FollowerOptions& options = {});

  // Whoever does not know how far the journal goes.
  static constexpr std::uint64_t kUnknownEnd = UINT64_MAX;

  // How many records were read; 0 when there is nothing to do by now. Nobody has written a record
  // at or behind `end` yet, so none is looked for. An Error is final: the journal is damaged, or
  // holds what this program cannot read.
  [[nodiscard]] Result<std::size_t> do_work(std::int64_t monotonic_ns,
                                            std::uint64_t end = kUnknownEnd);

  // Why it reads no more for now, though the engine has not failed: it asks again in each round.
  [[nodiscard]] const std::optional<Error>& shortage() const { return shortage_; }

  // Behind the last record read.
  [[nodiscard]] std::uint64_t next_ordinal() const { return next_ordinal_; }
  // From now on takes snapshots when they are due. They outlive it.
  void take_snapshots(Checkpoints& checkpoints) { checkpoints_ = &checkpoints; }
  // Closes the open batch, whatever its age, when the last record was a tick; at the journal's end
  // with a last snapshot, the first time that none waits.
  void close(std::int64_t monotonic_ns);
  // Offers what waits; whether all records were read, every closed batch has been offered, and
  // every snapshot written.
  [[nodiscard]] bool is_drained();

 private:
  Follower(std::unique_ptr<journal::Reader> reader, std::uint64_t from, Engine& engine, Sink& sink,
           const FollowerOptions& options);

  [[nodiscard]] bool offer_closed();
  [[nodiscard]] Result<bool> read_one(std::uint64_t end);
  [[nodiscard]] bool is_due(std::int64_t age_ns) const;
  void close_when_due(std::int64_t monotonic_ns);
  void close_batch();
  void look_when_due(std::int64_t monotonic_ns);

  FollowerOptions options_;
  std::unique_ptr<journal::Reader> reader_;
  Engine& engine_;
  Sink& sink_;
  Checkpoints* checkpoints_ = nullptr;
  std::uint64_t next_ordinal_;
  std::optional<Error> shortage_;
  std::unique_ptr<Batch> refused_;  // waits for room in the sink
  std::int64_t opened_ns_ = 0;      // when the open batch got its first row
  bool has_rows_ = false;
  std::int64_t looked_ns_ = 0;  // when open bars were shown last
  bool has_unshown_ = false;    // records since then
  std::size_t since_tick_ = 0;  // records
  std::size_t per_tick_ = 0;    // between the last two ticks
  bool is_at_end_ = false;      // of what was in the journal when it was looked at last
  bool is_closing_ = false;     // no snapshot is due any more but the last
  bool has_last_snapshot_ = false;
};

}  // namespace tapeline::pipeline
