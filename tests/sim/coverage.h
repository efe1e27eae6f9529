// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace tapeline::simulation {

// Every kind of fault that a run can meet. Each has one row in kFaults, in this order.
enum class FaultKind : std::uint8_t {
  kFrameLost,
  kFrameRepeated,
  kFrameReordered,
  kFrameMalformed,
  kFrameDelayed,
  kLineSlow,
  kLineCut,
  kLineHalfOpen,
  kConnectRefused,
  kRequestRefused,
  kRingFull,
  kKilled,
  kRestarted,
  kStarved,
  kTimeJumped,
  kWallSetBack,
  kPowerLostAll,
  kPowerLostSome,
  kCrashBeforeStep,
  kCrashAfterStep,
  kDiskFull,
  kSyncFailed,
  kSyncSlow,
  kStoreBusy,
  kAnswerLost,
  kCrashBeforeCommit,
  kCrashAfterCommit,
  kEnd,
};
inline constexpr std::size_t kFaultKinds = static_cast<std::size_t>(FaultKind::kEnd);

struct FaultRow {
  FaultKind fault;
  const char* name;
};

inline constexpr std::array kFaults{
    FaultRow{FaultKind::kFrameLost, "frame lost"},
    FaultRow{FaultKind::kFrameRepeated, "frame repeated"},
    FaultRow{FaultKind::kFrameReordered, "frame reordered"},
    FaultRow{FaultKind::kFrameMalformed, "frame malformed"},
    FaultRow{FaultKind::kFrameDelayed, "frame delayed"},
    FaultRow{FaultKind::kLineSlow, "connection slow for a while"},
    FaultRow{FaultKind::kLineCut, "connection cut"},
    FaultRow{FaultKind::kLineHalfOpen, "connection half-open"},
    FaultRow{FaultKind::kConnectRefused, "connection refused"},
    FaultRow{FaultKind::kRequestRefused, "REST request refused"},
    FaultRow{FaultKind::kRingFull, "ring full, sockets not read"},
    FaultRow{FaultKind::kKilled, "process killed"},
    FaultRow{FaultKind::kRestarted, "process stopped and started"},
    FaultRow{FaultKind::kStarved, "one thread starved"},
    FaultRow{FaultKind::kTimeJumped, "all of it suspended"},
    FaultRow{FaultKind::kWallSetBack, "wall clock set back"},
    FaultRow{FaultKind::kPowerLostAll, "power lost, all unsynced gone"},
    FaultRow{FaultKind::kPowerLostSome, "power lost, unsynced torn"},
    FaultRow{FaultKind::kCrashBeforeStep, "crash before a step of the disk"},
    FaultRow{FaultKind::kCrashAfterStep, "crash after a step of the disk"},
    FaultRow{FaultKind::kDiskFull, "disk full"},
    FaultRow{FaultKind::kSyncFailed, "sync failed"},
    FaultRow{FaultKind::kSyncSlow, "sync slow"},
    FaultRow{FaultKind::kStoreBusy, "store busy or full"},
    FaultRow{FaultKind::kAnswerLost, "store's answer lost"},
    FaultRow{FaultKind::kCrashBeforeCommit, "crash before a commit"},
    FaultRow{FaultKind::kCrashAfterCommit, "crash after a commit"},
};

constexpr bool faults_match_enum() {
  for (std::size_t i = 0; i < kFaults.size(); ++i) {
    if (static_cast<std::size_t>(kFaults[i].fault) != i) return false;
  }
  return kFaults.size() == kFaultKinds;
}
static_assert(faults_match_enum(), "one row per kind of fault, in enum order");

// What one run, or many, went through.
struct Coverage {
  std::array<std::uint64_t, kFaultKinds> hits{};
  std::uint64_t runs = 0;
  std::uint64_t steps = 0;
  std::uint64_t frames = 0;  // taken from a socket
  std::uint64_t crashes = 0;
  std::uint64_t starts = 0;
  std::uint64_t records = 0;
  std::uint64_t rows = 0;
  std::uint64_t bars_proven = 0;  // revisions said to be complete that the truth agrees with
  std::uint64_t bars_known = 0;   // whose ids reach past both ends, and which have to say so
  std::uint64_t late = 0;
  std::uint64_t segments = 0;
  std::uint64_t sealed = 0;   // of these
  std::uint64_t removed = 0;  // segments that retention took
  std::uint64_t seconds = 0;  // simulated

  void hit(FaultKind fault, std::uint64_t times = 1) {
    hits[static_cast<std::size_t>(fault)] += times;
  }
  [[nodiscard]] std::uint64_t of(FaultKind fault) const {
    return hits[static_cast<std::size_t>(fault)];
  }
  [[nodiscard]] std::uint64_t faults() const;
  void add(const Coverage& other);
  // A table for people.
  [[nodiscard]] std::string text() const;
  // The kinds that were never hit, and what else never happened, one a line.
  [[nodiscard]] std::string missed() const;
};

}  // namespace tapeline::simulation
