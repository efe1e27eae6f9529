// SPDX-License-Identifier: Apache-2.0
// What goes wrong in a run, and when it is over.
#include <algorithm>

#include "run.h"

namespace tapeline::simulation {

using std::chrono::milliseconds;
using Loss = journal::MemoryDisk::Loss;

void Run::bring_weather() { bring(kinds_[weather_.below(kinds_.size())]); }

void Run::bring(FaultKind kind) {
  const std::int64_t now_ns = machine_.clocks.now_ns();
  StoreWeather& store = machine_.store_weather;
  switch (kind) {
    case FaultKind::kLineCut:
      machine_.venues[weather_.below(plan_.venues.size())]->drop_all(EventTime(now_ns));
      break;
    case FaultKind::kConnectRefused: {
      const std::size_t venue = weather_.below(plan_.venues.size());
      machine_.is_away[venue] = true;
      away_until_ns_[venue] = now_ns + span(500, 8'000).count();
      break;
    }
    case FaultKind::kStarved:
      machine_.coverage.hit(kind);
      starved_until_ns_[weather_.below(kParts)] = now_ns + span(100, 4'000).count();
      break;
    case FaultKind::kTimeJumped:
      machine_.coverage.hit(kind);
      machine_.clocks.advance(span(500, 15'000));
      break;
    case FaultKind::kWallSetBack: {
      const Duration offset = milliseconds(weather_.between(-5'000, 2'000));
      if (offset < machine_.clocks.wall_offset()) machine_.coverage.hit(kind);
      machine_.clocks.set_wall(offset);
      break;
    }
    case FaultKind::kStoreBusy:
      store.busy_until_ns = now_ns + span(100, 3'000).count();
      break;
    case FaultKind::kAnswerLost:
      store.next = StoreWeather::Next::kAnswerLost;
      break;
    case FaultKind::kCrashBeforeCommit:
      store.next = StoreWeather::Next::kCrashBefore;
      break;
    case FaultKind::kCrashAfterCommit:
      store.next = StoreWeather::Next::kCrashAfter;
      break;
    case FaultKind::kKilled:
      machine_.coverage.hit(kind);
      ++machine_.coverage.crashes;
      end_life(Ending::kKilled, Loss::kAll);
      if (failures_.empty()) start();
      break;
    case FaultKind::kRestarted:
      machine_.coverage.hit(kind);
      stop();
      if (failures_.empty()) start();
      break;
    case FaultKind::kPowerLostAll:
    case FaultKind::kPowerLostSome:
      ++machine_.coverage.crashes;
      end_life(Ending::kPowerLost, kind == FaultKind::kPowerLostAll ? Loss::kAll : Loss::kSome);
      if (failures_.empty()) start();
      break;
    default:
      bring_to_disk(kind);
  }
}

void Run::bring_to_disk(FaultKind kind) {
  const std::int64_t now_ns = machine_.clocks.now_ns();
  switch (kind) {
    case FaultKind::kCrashBeforeStep:
    case FaultKind::kCrashAfterStep:
      pending_crash_ =
          disk_random_.percent(50) ? FaultKind::kCrashBeforeStep : FaultKind::kCrashAfterStep;
      machine_.set_disk_faults({.crash_at = disk_random_.below(25),
                                .kind = pending_crash_ == FaultKind::kCrashBeforeStep
                                            ? journal::CrashKind::kBefore
                                            : journal::CrashKind::kAfter});
      is_sync_failing_ = false;
      break;
    case FaultKind::kDiskFull: {
      machine_.disk.set_capacity(UINT64_MAX);
      const std::uint64_t used = UINT64_MAX - machine_.disk.free_bytes(kJournal).value();
      machine_.disk.set_capacity(used + disk_random_.below(200'000));
      disk_full_until_ns_ = now_ns + span(500, 5'000).count();
      break;
    }
    case FaultKind::kSyncFailed:
      machine_.set_disk_faults({.sync_fails_at = disk_random_.below(12)});
      pending_crash_ = FaultKind::kEnd;
      is_sync_failing_ = true;
      break;
    case FaultKind::kSyncSlow:
      slow_sync_until_ns_ = now_ns + span(200, 4'000).count();
      break;
    default:
      break;
  }
}

// Ends what is over; all of it in the calm.
void Run::pass_weather() {
  const std::int64_t now_ns = is_calm_ ? INT64_MAX : machine_.clocks.now_ns();
  for (std::size_t i = 0; i < plan_.venues.size(); ++i) {
    const bool is_stuck = machine_.canary == Canary::kStuckVenue && is_calm_ && i == 0;
    machine_.is_away[i] = is_stuck || (machine_.is_away[i] && now_ns < away_until_ns_[i]);
  }
  if (disk_full_until_ns_ != 0 && now_ns >= disk_full_until_ns_) {
    disk_full_until_ns_ = 0;
    machine_.disk.set_capacity(UINT64_MAX);
  }
  if (!is_calm_) return;
  starved_until_ns_ = {};
  slow_sync_until_ns_ = 0;
  machine_.store_weather = {};
}

}  // namespace tapeline::simulation
