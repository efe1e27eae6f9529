// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/time.h"
#include "journal/disk.h"
#include "metrics/counters.h"

namespace tapeline::feed {

struct HousekeeperOptions {
  std::string folder{};  // of the journal
  bool seal = true;
  std::optional<Duration> age_max{};         // of what is kept; none: whatever its age
  std::optional<std::uint64_t> bytes_max{};  // on disk; none: as much as there is
  // When less is free, the oldest segments go, whatever their age, as far as nobody needs them.
  std::uint64_t reserve_bytes = std::uint64_t{256} << 20;
  Duration every = std::chrono::seconds(10);
};

// The agent that seals finished segments of a journal and removes its oldest ones, beside the
// recorder and on another thread: sealing one takes a second. do_work() is for one thread, the rest
// for any.
class Housekeeper {
 public:
  // Nobody needs any record.
  static constexpr std::uint64_t kNobody = UINT64_MAX;

  // The disk and the clock outlive it.
  Housekeeper(const HousekeeperOptions& options, journal::Disk& disk, const Clock& clock);

  // Gives how many segments it sealed or removed.
  std::size_t do_work();
  // do_work() ends soon: what is not finished stays as it was.
  void stop() { stop_.store(true, std::memory_order_relaxed); }

  // Somebody needs the records from this ordinal on; until the first call, all of them. It only
  // rises.
  void keep_from(std::uint64_t ordinal);

  // What went wrong the last time, if something did: a damaged segment, for one.
  [[nodiscard]] std::optional<Error> last_error() const;
  [[nodiscard]] const metrics::Counters& counters() const { return counters_; }

 private:
  [[nodiscard]] Result<std::size_t> retain();
  [[nodiscard]] Result<std::size_t> seal();

  HousekeeperOptions options_;
  journal::Disk& disk_;
  const Clock& clock_;
  metrics::Counters counters_;
  metrics::Cell& sealed_;
  metrics::Cell& removed_;
  std::optional<std::int64_t> worked_ns_;
  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> keep_from_{0};
  mutable std::mutex error_mutex_;  // guards last_error_
  std::optional<Error> last_error_;
};

}  // namespace tapeline::feed
