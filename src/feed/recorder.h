// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "decode/epoch.h"
#include "feed/in_force.h"
#include "feed/record_ring.h"
#include "journal/disk.h"
#include "journal/writer.h"
#include "metrics/counters.h"
#include "metrics/histogram.h"

namespace tapeline::feed {

struct RecorderOptions {
  std::string folder{};  // of the journal
  journal::WriterOptions writer{};
  decode::Epoch epoch{};  // recorded first
  // Room that is left to the store and to snapshots. Capture stops when less than a quarter of it
  // is free, and goes on when half of it is again, which should be more than the ring holds; a
  // Housekeeper makes room before.
  std::uint64_t reserve_bytes = std::uint64_t{256} << 20;
  Duration look_at_disk_every = std::chrono::seconds(1);
};

enum class RecorderState : std::uint8_t {
  kRecording,
  kDiskFull,  // goes on by itself when there is room
  kFailed,    // for good: see failure()
  kClosed,
};
const char* name_of(RecorderState state);

// The agent that owns the journal's writer: takes records from the ring, writes a tick every 100 ms
// of the clock, commits by policy, and tells how far it is. What it cannot write stays in the ring.
// Each segment it begins starts with what is in force, so it can be read without those before it.
// do_work(), close() and failure() are for one thread; the rest for any.
class Recorder {
 public:
  static constexpr Duration kTick = std::chrono::milliseconds(100);
  // Where syncing is left to the system, it is asked for so often all the same: nothing is stored
  // before it is durable.
  static constexpr Duration kSyncLeftToSystem = std::chrono::seconds(5);

  // Opens or founds the journal and records the epoch. The ring, the disk and the clock outlive it.
  [[nodiscard]] static Result<std::unique_ptr<Recorder>> open(const RecorderOptions& options,
                                                              journal::Disk& disk, RecordRing& ring,
                                                              const Clock& clock);

  // Gives how many records it wrote. Does nothing any more once it failed.
  std::size_t do_work();
  // Writes what is in the ring and makes everything durable; nothing may follow.
  [[nodiscard]] Result<void> close();

  [[nodiscard]] RecorderState state() const { return state_.load(std::memory_order_acquire); }
  // Why it failed, where state() says so.
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

  [[nodiscard]] JournalId journal() const { return writer_->journal(); }
  // The first connection that the journal does not know of yet. Before anything is recorded.
  [[nodiscard]] ConnectionId next_connection() const {
    return ConnectionId(writer_->next_connection());
  }
  // Whether open() found nothing that was recorded before.
  [[nodiscard]] bool is_new() const { return is_new_; }
  // What open() cut off.
  [[nodiscard]] const std::optional<journal::TornTail>& torn_tail() const {
    return writer_->torn_tail();
  }
  // Records below it can be read by a follower.
  [[nodiscard]] std::uint64_t written_ordinal() const {
    return written_ordinal_.load(std::memory_order_acquire);
  }
  // Records below it survive a crash of the machine: a sink may speak of them.
  [[nodiscard]] std::uint64_t durable_ordinal() const {
    return durable_ordinal_.load(std::memory_order_acquire);
  }
  // How many of its turns ended with all that was in the ring written, and a tick behind it. Once
  // nobody offers anything more, two turns later that is so for good.
  [[nodiscard]] std::uint64_t rests() const { return rests_.load(std::memory_order_acquire); }
  [[nodiscard]] const metrics::Counters& counters() const { return counters_; }
  // From the receipt of a batch's oldest record until the batch was written. Any thread.
  [[nodiscard]] const metrics::Histogram& waits() const { return waits_; }

 private:
  Recorder(const RecorderOptions& options, journal::Disk& disk, RecordRing& ring,
           const Clock& clock);

  // False: the ring still holds something.
  [[nodiscard]] Result<bool> drain(std::size_t bytes_max);
  [[nodiscard]] Result<void> tick_before(RecvTime time);
  [[nodiscard]] Result<void> append(const journal::Record& record);
  [[nodiscard]] Result<void> begin_segment(RecvTime ts_recv);
  [[nodiscard]] Result<void> commit();
  void publish();
  void look_at_disk();
  // A full disk pauses, anything else ends it.
  void on_failure(const Error& error);
  void set_state(RecorderState state);

  RecorderOptions options_;
  journal::Disk& disk_;
  RecordRing& ring_;
  const Clock& clock_;
  metrics::Counters counters_;
  metrics::Cell& records_;
  metrics::Cell& ticks_;
  metrics::Cell& disk_full_;
  std::unique_ptr<journal::Writer> writer_;
  bool is_new_ = false;
  InForce in_force_;
  bool is_segment_begun_ = true;  // it has what is in force
  bool is_at_tick_ = false;       // the last record is one
  std::int64_t last_tick_ns_ = 0;
  std::int64_t looked_at_disk_ns_ = 0;
  std::int64_t synced_ns_ = 0;  // where it is left to the system
  RecvTime oldest_{};           // of what was appended since the last commit; 0: nothing
  metrics::Histogram waits_;
  std::optional<Error> failure_;
  std::atomic<RecorderState> state_{RecorderState::kRecording};
  std::atomic<std::uint64_t> written_ordinal_{0};
  std::atomic<std::uint64_t> durable_ordinal_{0};
  std::atomic<std::uint64_t> rests_{0};
};

}  // namespace tapeline::feed
