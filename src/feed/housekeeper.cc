// SPDX-License-Identifier: Apache-2.0
#include "feed/housekeeper.h"

#include <algorithm>

#include "journal/retention.h"
#include "journal/sealer.h"

namespace tapeline::feed {

Housekeeper::Housekeeper(const HousekeeperOptions& options, journal::Disk& disk, const Clock& clock)
    : options_(options),
      disk_(disk),
      clock_(clock),
      sealed_(counters_.cell(metrics::Counter::kFeedSegmentsSealed, {})),
      removed_(counters_.cell(metrics::Counter::kFeedSegmentsRemoved, {})) {}

void Housekeeper::keep_from(std::uint64_t ordinal) {
  // One thread says it after the other, and a late one must not lower it.
  std::uint64_t before = keep_from_.load(std::memory_order_relaxed);
  while (before < ordinal &&
         !keep_from_.compare_exchange_weak(before, ordinal, std::memory_order_relaxed)) {
  }
}

std::size_t Housekeeper::do_work() {
  const std::int64_t now = clock_.monotonic_ns();
  const bool is_due = !worked_ns_ || now - *worked_ns_ >= options_.every.count();
  if (!is_due || stop_.load(std::memory_order_relaxed)) return 0;
  worked_ns_ = now;
  // Room first: sealing needs some.
  const auto removed = retain();
  auto sealed = removed && options_.seal ? seal() : Result<std::size_t>(0);
  const std::lock_guard lock(error_mutex_);
  last_error_.reset();
  if (!removed) last_error_ = removed.error();
  if (!sealed) last_error_ = sealed.error();
  return removed.value_or(0) + sealed.value_or(0);
}

Result<std::size_t> Housekeeper::retain() {
  journal::RetainOptions wanted;
  wanted.keep_from = keep_from_.load(std::memory_order_relaxed);
  if (options_.age_max) wanted.older_than = clock_.wall() - *options_.age_max;
  wanted.bytes_max = options_.bytes_max;
  auto done = journal::retain(disk_, options_.folder, wanted);
  if (!done) return tl::make_unexpected(done.error());
  std::size_t segments = done->segments;
  const auto free = disk_.free_bytes(options_.folder);
  if (free && *free < options_.reserve_bytes) {
    const std::uint64_t missing = options_.reserve_bytes - *free;
    wanted.bytes_max = done->kept_bytes > missing ? done->kept_bytes - missing : 0;
    done = journal::retain(disk_, options_.folder, wanted);
    if (!done) return tl::make_unexpected(done.error());
    segments += done->segments;
  }
  removed_.add(segments);
  return segments;
}

Result<std::size_t> Housekeeper::seal() {
  const auto go_on = [this](std::uint64_t /*done*/, std::uint64_t /*total*/) {
    return !stop_.load(std::memory_order_relaxed);
  };
  const auto report = journal::seal(disk_, options_.folder, {}, go_on);
  if (!report) return tl::make_unexpected(report.error());
  sealed_.add(report->segments);
  return report->segments;
}

std::optional<Error> Housekeeper::last_error() const {
  const std::lock_guard lock(error_mutex_);
  return last_error_;
}

}  // namespace tapeline::feed
