// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "canary.h"
#include "coverage.h"
#include "life.h"
#include "machine.h"
#include "plan.h"
#include "sim/market/random.h"
#include "tap.h"

namespace tapeline::simulation {

// How a life ended, and with that what may be lost of it.
enum class Ending : std::uint8_t {
  kStopped,    // nothing
  kKilled,     // what was not written
  kPowerLost,  // what was not synced
};

// What is known of one life of the program.
struct LifeRecord {
  TakenLog taken{};
  std::uint32_t first_connection = 0;
  Ending ending = Ending::kKilled;
};

// One run: weather of faults over many lives of the program, then calm, then a stop. One thread,
// and the same for the same plan.
class Run {
 public:
  explicit Run(const Plan& plan, Canary canary = Canary::kNone);

  // All of it. What went wrong is in failures().
  void go();

  [[nodiscard]] const std::vector<std::string>& failures() const { return failures_; }
  void fail(std::string what) { failures_.push_back(std::move(what)); }

  [[nodiscard]] const Plan& plan() const { return plan_; }
  [[nodiscard]] Machine& machine() { return machine_; }
  [[nodiscard]] const std::deque<LifeRecord>& lives() const { return lives_; }
  // The first id that the venue's REST history showed of its instrument while faults lasted, to
  // their end.
  [[nodiscard]] std::uint64_t shown_from(std::size_t venue, std::size_t instrument) const {
    return shown_from_[venue][instrument];
  }

 private:
  static constexpr std::uint64_t kStepsMax = 400'000;

  void storm();
  void calm();
  void note_what_is_shown();
  bool become_well();
  // Runs turns until it returns true; false when the run has failed, or that took too long.
  bool turn_until(const std::function<bool()>& is_done, Duration within, const char* what);

  bool start();
  bool try_to_start();
  void stop();
  void end_life(Ending ending, journal::MemoryDisk::Loss loss);
  void crash();
  void step();
  void take_turn(Duration time);
  void look_after_failure();

  void bring_weather();
  void bring(FaultKind kind);
  void bring_to_disk(FaultKind kind);
  void pass_weather();
  void note_life();
  void note_venues(Coverage& coverage) const;
  void note_log();
  [[nodiscard]] std::uint64_t frames_taken() const;
  [[nodiscard]] std::uint64_t faults() const;
  [[nodiscard]] Duration span(std::int64_t ms_min, std::int64_t ms_max);

  const Plan& plan_;
  Machine machine_;
  sim::Random schedule_;
  sim::Random weather_;
  sim::Random disk_random_;
  std::vector<FaultKind> kinds_;  // what the weather may bring
  std::array<std::int64_t, kParts> starved_until_ns_{};
  std::vector<std::int64_t> away_until_ns_;  // by venue
  std::int64_t disk_full_until_ns_ = 0;
  std::int64_t slow_sync_until_ns_ = 0;
  bool is_sync_failing_ = false;
  bool is_calm_ = false;
  FaultKind pending_crash_ = FaultKind::kEnd;  // of a step of the disk

  std::vector<std::vector<std::uint64_t>> shown_from_;  // by venue and instrument
  std::deque<LifeRecord> lives_;
  std::unique_ptr<Life> life_;
  std::vector<std::string> failures_;
};

}  // namespace tapeline::simulation
