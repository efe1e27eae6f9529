// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

#include "base/clock.h"
#include "base/log.h"
#include "store/reader.h"
#include "store/reconcile.h"
#include "store/writer.h"

namespace tapeline::app::live {

// What was found the last time, all instruments together.
struct ReconciledSum {
  RecvTime made_at;  // 0: never
  std::uint64_t compared = 0;
  std::uint64_t different = 0;
  std::uint64_t uncompared = 0;

  friend bool operator==(const ReconciledSum&, const ReconciledSum&) = default;
};

// Holds bars against the venues' own candles once a day of UTC: it reads on a thread of its own,
// and the store's only writer records what was found.
class Reconciler {
 public:
  // A day is looked at when it is over for so long, by when its candles have come; and once more a
  // day later, when what came late has.
  static constexpr Duration kAfter = std::chrono::hours(1);
  static constexpr int kDays = 2;
  // A start waits until the venues have told what was missed.
  static constexpr Duration kStart = std::chrono::minutes(5);
  // Something that could not be read or recorded is tried again.
  static constexpr Duration kAgain = std::chrono::minutes(1);

  // The reader is its own; the others outlive it.
  Reconciler(std::unique_ptr<store::Reader> reader, const Clock& clock, Log& log);

  // Its thread: looks at the clock, and compares when a day is due.
  std::size_t run();
  // The sink's thread: records what was found. A failure is tried again by run().
  std::size_t record_in(store::Writer& store);
  // Any thread: what it reads now ends soon, and nothing more is begun. To be called again until
  // its thread has ended.
  void stop();

  [[nodiscard]] ReconciledSum last() const;

 private:
  void begin(RecvTime due);
  void compare(RecvTime now, RecvTime due);
  void put_off(const Error& error);

  std::unique_ptr<store::Reader> reader_;
  const Clock& clock_;
  Log& log_;
  std::atomic<bool> is_stopped_{false};
  std::atomic<bool> has_found_{false};
  std::atomic<std::int64_t> not_before_ns_{INT64_MIN};
  std::atomic<std::int64_t> done_until_ns_{0};  // what was due until then has been recorded
  bool is_begun_ = false;
  std::int64_t due_ns_ = 0;  // of found_

  mutable std::mutex mutex_;  // guards what follows
  store::Reconciliation found_;
  ReconciledSum last_;
};

}  // namespace tapeline::app::live
