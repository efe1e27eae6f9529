// SPDX-License-Identifier: Apache-2.0
#include "app/live/reconciler.h"

#include <sys/resource.h>

#include <utility>

namespace tapeline::app::live {
namespace {

constexpr int kNiceOfReconciler = 10;

// The last moment at which days were due.
RecvTime due_at(RecvTime now) {
  const std::int64_t day = store::kReconciledDay.count();
  const std::int64_t since_ns = (now - Reconciler::kAfter).unix_ns();
  return RecvTime(since_ns - since_ns % day) + Reconciler::kAfter;
}

ReconciledSum sum_of(const store::Reconciliation& found) {
  ReconciledSum sum{.made_at = found.made_at};
  for (const store::ReconciledDay& day : found.days) {
    sum.compared += day.equal + day.different;
    sum.different += day.different;
    sum.uncompared += day.gap + day.unknown + day.no_bar + day.no_candle + day.unanswered;
  }
  return sum;
}

}  // namespace

Reconciler::Reconciler(std::unique_ptr<store::Reader> reader, const Clock& clock, Log& log)
    : reader_(std::move(reader)), clock_(clock), log_(log) {}

std::size_t Reconciler::run() {
  const bool is_waiting = has_found_.load(std::memory_order_acquire);
  if (is_stopped_.load() || is_waiting || clock_.monotonic_ns() < not_before_ns_.load()) return 0;
  const RecvTime now = clock_.wall();
  const RecvTime due = due_at(now);
  if (due.unix_ns() <= done_until_ns_.load()) return 0;
  if (!is_begun_) {
    begin(due);
  } else {
    compare(now, due);
  }
  return 1;
}

// What the last run recorded need not be done again.
void Reconciler::begin(RecvTime due) {
  // As Serving does: capture and storing come first.
  static_cast<void>(::setpriority(PRIO_PROCESS, 0, kNiceOfReconciler));
  const auto position = reader_->position();
  if (!position || !*position) {  // nothing is stored yet, and nothing can be found
    not_before_ns_ = clock_.monotonic_ns() + Duration(std::chrono::seconds(1)).count();
    return;
  }
  const EventTime last_day(due.unix_ns() - kAfter.count() - store::kReconciledDay.count());
  auto kept = store::recorded(*reader_, {.from = last_day - (kDays - 1) * store::kReconciledDay},
                              [this] { return is_stopped_.load(); });
  if (!kept) return put_off(kept.error());
  is_begun_ = true;
  not_before_ns_ = clock_.monotonic_ns() + kStart.count();
  if (kept->made_at >= due) done_until_ns_ = due.unix_ns();
  const std::lock_guard lock(mutex_);
  last_ = sum_of(*kept);
}

void Reconciler::compare(RecvTime now, RecvTime due) {
  const EventTime to(due.unix_ns() - kAfter.count());
  auto found = store::reconcile(*reader_, {.from = to - kDays * store::kReconciledDay, .to = to},
                                [this] { return is_stopped_.load(); });
  if (!found) return put_off(found.error());
  found->made_at = now;
  if (found->days.empty()) {  // no venue has said anything
    done_until_ns_ = due.unix_ns();
    return;
  }
  due_ns_ = due.unix_ns();
  {
    const std::lock_guard lock(mutex_);
    found_ = std::move(*found);
  }
  has_found_.store(true, std::memory_order_release);
}

void Reconciler::put_off(const Error& error) {
  not_before_ns_ = clock_.monotonic_ns() + kAgain.count();
  if (is_stopped_.load()) return;
  log_.warn("bars were not held against the venues' candles; it is tried again",
            {{"reason", error.text}, {"after", format_duration(kAgain)}});
}

std::size_t Reconciler::record_in(store::Writer& store) {
  if (!has_found_.load(std::memory_order_acquire)) return 0;
  store::Reconciliation found;
  {
    const std::lock_guard lock(mutex_);
    found = std::move(found_);
  }
  if (const auto done = store.record(found); !done) {
    put_off(done.error());
  } else {
    const ReconciledSum sum = sum_of(found);
    if (sum.different > 0) {
      log_.warn(
          "bars that claim to be right differ from the venues' own candles: "
          "`tapeline audit --reconcile` names them",
          {{"minutes", sum.different}, {"compared", sum.compared}});
    } else {
      log_.info("bars were held against the venues' own candles: none differs",
                {{"compared", sum.compared}, {"uncompared", sum.uncompared}});
    }
    done_until_ns_ = due_ns_;
    const std::lock_guard lock(mutex_);
    last_ = sum;
  }
  has_found_.store(false, std::memory_order_release);
  return 1;
}

void Reconciler::stop() {
  is_stopped_ = true;
  reader_->stop();
}

ReconciledSum Reconciler::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

}  // namespace tapeline::app::live
