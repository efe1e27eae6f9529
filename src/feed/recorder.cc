// SPDX-License-Identifier: Apache-2.0
#include "feed/recorder.h"

#include <algorithm>
#include <utility>

namespace tapeline::feed {
namespace {

// Taken from the ring before the next commit, at least.
constexpr std::size_t kDrainBytesMax = std::size_t{4} << 20;

metrics::Cell& recorder_cell(metrics::Counters& counters, metrics::Counter counter) {
  return counters.cell(counter, {});
}

}  // namespace

const char* name_of(RecorderState state) {
  switch (state) {
    case RecorderState::kRecording:
      return "recording";
    case RecorderState::kDiskFull:
      return "disk_full";
    case RecorderState::kFailed:
      return "failed";
    case RecorderState::kClosed:
      return "closed";
  }
  return "";
}

Recorder::Recorder(const RecorderOptions& options, journal::Disk& disk, RecordRing& ring,
                   const Clock& clock)
    : options_(options),
      disk_(disk),
      ring_(ring),
      clock_(clock),
      records_(recorder_cell(counters_, metrics::Counter::kFeedRecordsWritten)),
      ticks_(recorder_cell(counters_, metrics::Counter::kFeedTicksWritten)),
      disk_full_(recorder_cell(counters_, metrics::Counter::kFeedDiskFull)) {}

Result<std::unique_ptr<Recorder>> Recorder::open(const RecorderOptions& options,
                                                 journal::Disk& disk, RecordRing& ring,
                                                 const Clock& clock) {
  std::unique_ptr<Recorder> recorder(new Recorder(options, disk, ring, clock));
  journal::WriterOptions writing = options.writer;
  writing.segment_bytes = UINT64_MAX;  // append() says when another one begins
  auto writer = journal::Writer::open(disk, options.folder, writing);
  if (!writer) return tl::make_unexpected(writer.error());
  recorder->writer_ = std::move(*writer);
  recorder->is_new_ = recorder->writer_->next_ordinal() == 0;
  recorder->looked_at_disk_ns_ = clock.monotonic_ns();
  recorder->publish();
  // It waits in the writer's memory: a disk that is full by now is met by do_work().
  journal::Record record;
  const std::string epoch = decode::encode_epoch(options.epoch);
  record.type = journal::RecordType::kEpoch;
  record.ts_recv = clock.wall();
  record.bytes = epoch;
  if (auto done = recorder->append(record); !done) return tl::make_unexpected(done.error());
  recorder->records_.add();
  return recorder;
}

std::size_t Recorder::do_work() {
  const RecorderState before = state();
  if (before == RecorderState::kFailed || before == RecorderState::kClosed) return 0;
  look_at_disk();
  if (state() != RecorderState::kRecording) return 0;
  // Read before the ring: a tick of it comes only once nothing is there that was stamped until now.
  const RecvTime now = clock_.wall();
  const std::uint64_t first = writer_->next_ordinal();
  // Somebody set the clock back. Without ticks nothing would be stored until it has caught up.
  if (now.unix_ns() < last_tick_ns_) last_tick_ns_ = now.unix_ns() - kTick.count();
  const auto is_all = drain(kDrainBytesMax);
  auto done = is_all ? Result<void>() : tl::make_unexpected(is_all.error());
  if (done && *is_all) done = tick_before(now);
  if (done) done = commit();
  if (!done) on_failure(done.error());
  journal::Record waiting;
  if (done && is_at_tick_ && !ring_.front(waiting)) rests_.fetch_add(1, std::memory_order_release);
  return writer_->next_ordinal() - first;
}

Result<bool> Recorder::drain(std::size_t bytes_max) {
  journal::Record record;
  std::size_t bytes = 0;
  while (ring_.front(record)) {
    if (bytes >= bytes_max) return false;
    if (auto done = tick_before(record.ts_recv); !done) return tl::make_unexpected(done.error());
    if (auto done = append(record); !done) return tl::make_unexpected(done.error());
    records_.add();
    if (oldest_ == RecvTime()) oldest_ = record.ts_recv;
    bytes += record.bytes.size();
    ring_.pop();
  }
  return true;
}

// However far the time jumps, it is one tick. What was stamped before the last one needs none.
Result<void> Recorder::tick_before(RecvTime time) {
  const std::int64_t ns = time.unix_ns();
  if (ns <= last_tick_ns_ || ns - last_tick_ns_ < kTick.count()) return {};
  journal::Record record;
  record.type = journal::RecordType::kTick;
  record.ts_recv = RecvTime(ns - ns % kTick.count());
  if (auto done = append(record); !done) return done;
  last_tick_ns_ = record.ts_recv.unix_ns();
  ticks_.add();
  return {};
}

Result<void> Recorder::append(const journal::Record& record) {
  // What is repeated takes no more than half of a segment.
  const std::uint64_t bytes_max = std::max(options_.writer.segment_bytes, 2 * in_force_.bytes());
  if (writer_->segment_bytes() + journal::encoded_bytes(record) > bytes_max) {
    if (auto done = writer_->next_segment(); !done) return done;
    is_segment_begun_ = false;
  }
  if (!is_segment_begun_) {
    if (auto done = begin_segment(record.ts_recv); !done) return done;
  }
  const auto position = writer_->append(record);
  if (!position) return tl::make_unexpected(position.error());
  in_force_.pass(record);
  is_at_tick_ = record.type == journal::RecordType::kTick;
  return {};
}

// After a failure half-way it begins anew: to say it twice does no harm.
Result<void> Recorder::begin_segment(RecvTime ts_recv) {
  Result<void> done;
  in_force_.for_each(ts_recv, [&](const journal::Record& record) {
    if (!done) return;
    if (const auto position = writer_->append(record); !position) {
      done = tl::make_unexpected(position.error());
    }
  });
  is_segment_begun_ = done.has_value();
  return done;
}

Result<void> Recorder::commit() {
  const std::int64_t now = clock_.monotonic_ns();
  auto done = writer_->commit(now);
  const bool is_left_to_system = options_.writer.sync == journal::SyncPolicy::kOs;
  if (done && is_left_to_system && now - synced_ns_ >= kSyncLeftToSystem.count()) {
    synced_ns_ = now;
    done = writer_->sync();
  }
  if (!done) return done;
  publish();
  if (oldest_ != RecvTime()) waits_.add(clock_.wall() - oldest_);
  oldest_ = RecvTime();
  return {};
}

void Recorder::publish() {
  written_ordinal_.store(writer_->next_ordinal(), std::memory_order_release);
  durable_ordinal_.store(writer_->durable_ordinal(), std::memory_order_release);
}

void Recorder::look_at_disk() {
  const std::int64_t now = clock_.monotonic_ns();
  if (now - looked_at_disk_ns_ < options_.look_at_disk_every.count()) return;
  looked_at_disk_ns_ = now;
  const auto free = disk_.free_bytes(options_.folder);
  // Where nobody can say it, the writes will.
  if (state() == RecorderState::kRecording) {
    if (free && *free < options_.reserve_bytes / 4) {
      on_failure({Fault::kOurs, Retry::kAfterBackoff, options_.folder + ": little room is left"});
    }
    return;
  }
  if (free && *free < options_.reserve_bytes / 2) return;
  // What was refused is tried before anybody connects again.
  if (const auto done = commit(); !done) {
    if (done.error().retry == Retry::kNever) on_failure(done.error());
    return;
  }
  set_state(RecorderState::kRecording);
}

void Recorder::on_failure(const Error& error) {
  Result<void> synced;
  if (error.retry == Retry::kAfterBackoff) {
    // What was written before is made durable: nobody knows for how long nothing follows.
    synced = writer_->sync();
    durable_ordinal_.store(writer_->durable_ordinal(), std::memory_order_release);
    if (synced || synced.error().retry == Retry::kAfterBackoff) {
      disk_full_.add();
      set_state(RecorderState::kDiskFull);
      return;
    }
  }
  failure_ = synced ? error : synced.error();
  set_state(RecorderState::kFailed);
}

void Recorder::set_state(RecorderState state) {
  ring_.set_open(state == RecorderState::kRecording);
  state_.store(state, std::memory_order_release);
}

Result<void> Recorder::close() {
  if (failure_) return tl::make_unexpected(*failure_);
  const auto is_all = drain(SIZE_MAX);
  auto done = is_all ? tick_before(clock_.wall()) : tl::make_unexpected(is_all.error());
  if (done) done = writer_->close();
  if (!done) {
    failure_ = done.error();
    durable_ordinal_.store(writer_->durable_ordinal(), std::memory_order_release);
    set_state(RecorderState::kFailed);
    return done;
  }
  publish();
  set_state(RecorderState::kClosed);
  return {};
}

}  // namespace tapeline::feed
