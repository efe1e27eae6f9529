// SPDX-License-Identifier: Apache-2.0
#include "run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "checks.h"
#include "journal_view.h"

namespace tapeline::simulation {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Loss = journal::MemoryDisk::Loss;

namespace {

// The longest pause before a connection is tried, and the time that all of it takes after that.
constexpr Duration kPatience = std::chrono::minutes(2);

}  // namespace

Run::Run(const Plan& plan, Canary canary)
    : plan_(plan),
      machine_(plan, canary),
      schedule_(draws(plan.seed, Draw::kSchedule)),
      weather_(draws(plan.seed, Draw::kWeather)),
      disk_random_(draws(plan.seed, Draw::kDisk)),
      away_until_ns_(plan.venues.size()),
      shown_from_(plan.venues.size()) {
  constexpr std::array kBrought{
      FaultKind::kLineCut,         FaultKind::kConnectRefused,    FaultKind::kKilled,
      FaultKind::kRestarted,       FaultKind::kStarved,           FaultKind::kTimeJumped,
      FaultKind::kWallSetBack,     FaultKind::kPowerLostAll,      FaultKind::kPowerLostSome,
      FaultKind::kCrashBeforeStep, FaultKind::kCrashAfterStep,    FaultKind::kDiskFull,
      FaultKind::kSyncFailed,      FaultKind::kSyncSlow,          FaultKind::kStoreBusy,
      FaultKind::kAnswerLost,      FaultKind::kCrashBeforeCommit, FaultKind::kCrashAfterCommit};
  std::copy_if(kBrought.begin(), kBrought.end(), std::back_inserter(kinds_),
               [&](FaultKind kind) { return plan.allows(kind); });
  if (canary == Canary::kLyingSync) kinds_ = {FaultKind::kPowerLostAll};
  if (kinds_.empty()) kinds_.push_back(FaultKind::kPowerLostSome);
  machine_.disk.set_on_sync([this] {
    if (machine_.clocks.now_ns() >= slow_sync_until_ns_) return;
    machine_.coverage.hit(FaultKind::kSyncSlow);
    machine_.clocks.advance(milliseconds(weather_.between(1, 300)));
  });
}

void Run::go() {
  ++machine_.coverage.runs;
  const std::int64_t begin_ns = machine_.clocks.now_ns();
  if (start()) storm();
  if (failures_.empty()) calm();
  if (life_ != nullptr) end_life(Ending::kKilled, Loss::kAll);
  machine_.coverage.seconds +=
      static_cast<std::uint64_t>((machine_.clocks.now_ns() - begin_ns) / 1'000'000'000);
  note_venues(machine_.coverage);
  note_log();
  machine_.coverage.frames += frames_taken();
}

Duration Run::span(std::int64_t ms_min, std::int64_t ms_max) {
  return milliseconds(weather_.between(ms_min, ms_max));
}

std::uint64_t Run::frames_taken() const {
  std::uint64_t frames = 0;
  for (const LifeRecord& life : lives_) frames += life.taken.frames.size();
  return frames;
}

// Of the weather, and of the venues.
std::uint64_t Run::faults() const {
  Coverage coverage = machine_.coverage;
  note_venues(coverage);
  return coverage.faults();
}

void Run::storm() {
  const std::int64_t until_ns = machine_.clocks.now_ns() + Duration(seconds(10)).count();
  constexpr std::uint64_t kFaultsMin = 5;
  for (std::uint64_t steps = 0; failures_.empty(); ++steps) {
    if (steps % 64 == 0 && machine_.clocks.now_ns() >= until_ns &&
        frames_taken() >= plan_.frames_min && faults() >= kFaultsMin) {
      return;
    }
    if (steps > kStepsMax) {
      return fail("progress: the storm does not come to its frames: " +
                  (life_ != nullptr ? life_->state() : std::string("not running")));
    }
    step();
    if (failures_.empty() && weather_.below(plan_.steps_per_fault) == 0) bring_weather();
  }
}

// From here on nothing goes wrong any more, and everything has to become well by itself.
void Run::calm() {
  is_calm_ = true;
  pass_weather();
  machine_.set_disk_faults({});
  is_sync_failing_ = false;
  pending_crash_ = FaultKind::kEnd;
  note_what_is_shown();
  for (auto& venue : machine_.venues) {
    venue->change_faults({}, EventTime(machine_.clocks.now_ns()));
  }
  if (machine_.canary == Canary::kStuckVenue) {
    machine_.venues.front()->drop_all(EventTime(machine_.clocks.now_ns()));
  }
  if (!become_well()) return;
  if (plan_.ends_with_a_crash) {
    const bool has_power = schedule_.percent(50);
    end_life(has_power ? Ending::kKilled : Ending::kPowerLost, Loss::kAll);
    if (!start() || !become_well()) return;
  }
  const std::int64_t until_ns = machine_.clocks.now_ns() + Duration(seconds(2)).count();
  const auto is_mended = [&] {
    return machine_.clocks.now_ns() >= until_ns && life_->misses_nothing();
  };
  if (!turn_until(is_mended, std::chrono::minutes(3), "to go on, and mend every hole")) return;
  stop();
  if (failures_.empty() && lives_.back().ending != Ending::kStopped) {
    fail("progress: the last stop was not clean");
  }
}

void Run::note_what_is_shown() {
  for (std::size_t i = 0; i < plan_.venues.size(); ++i) {
    const sim::Truth& truth = machine_.venues[i]->truth();
    const std::uint64_t newest = plan_.venues[i].faults.history;
    for (std::size_t row = 0; row < truth.instruments().size(); ++row) {
      const sim::TradeHistory& history = truth.history(row);
      const bool is_short = newest != 0 && newest < history.size();
      shown_from_[i].push_back(is_short ? history.end_id() - newest : history.first_id());
    }
  }
}

bool Run::become_well() {
  return turn_until([this] { return life_->is_well(); }, kPatience, "to become well");
}

bool Run::turn_until(const std::function<bool()>& is_done, Duration within, const char* what) {
  const std::int64_t until_ns = machine_.clocks.now_ns() + within.count();
  for (std::uint64_t steps = 0; failures_.empty(); ++steps) {
    if (steps % 16 == 0 && life_ != nullptr && is_done()) return true;
    if (machine_.clocks.now_ns() > until_ns || steps > kStepsMax) {
      fail(fmt::format("progress: takes more than {} {}: {}", format_duration(within), what,
                       life_ != nullptr ? life_->state() : std::string("not running")));
      return false;
    }
    step();
  }
  return false;
}

// Some time passes and one part works.
void Run::step() {
  ++machine_.coverage.steps;
  pass_weather();
  std::int64_t us = schedule_.between(0, 3'000);
  const std::uint64_t kind = schedule_.below(100);
  if (kind >= 70) us = schedule_.between(2'000, 15'000);
  if (kind >= 95) us = schedule_.between(15'000, 120'000);
  try {
    take_turn(std::chrono::microseconds(us));
  } catch (const journal::Crash&) {
    crash();
  }
  look_after_failure();
}

void Run::take_turn(Duration time) {
  constexpr std::array<Part, 21> kTurns{
      Part::kNetwork,    Part::kNetwork,  Part::kNetwork,  Part::kNetwork,  Part::kNetwork,
      Part::kNetwork,    Part::kRecorder, Part::kRecorder, Part::kRecorder, Part::kRecorder,
      Part::kRecorder,   Part::kEngine,   Part::kEngine,   Part::kEngine,   Part::kEngine,
      Part::kSink,       Part::kSink,     Part::kSink,     Part::kSink,     Part::kCheckpoints,
      Part::kHousekeeper};
  machine_.clocks.advance(time);
  const Part part = kTurns[schedule_.below(kTurns.size())];
  if (machine_.clocks.now_ns() < starved_until_ns_[static_cast<std::size_t>(part)]) return;
  life_->turn(part);
}

// What ends the program for good makes it stop, and somebody starts it again.
void Run::look_after_failure() {
  if (life_ == nullptr || !life_->failure()) return;
  const std::string why = life_->failure()->text;
  if (!is_sync_failing_) return fail("it ended by itself: " + why);
  machine_.coverage.hit(FaultKind::kSyncFailed);
  stop();
  if (failures_.empty()) start();
}

// In the middle of something.
void Run::crash() {
  ++machine_.coverage.crashes;
  if (pending_crash_ != FaultKind::kEnd) machine_.coverage.hit(pending_crash_);
  const bool has_power = disk_random_.percent(40);
  end_life(has_power ? Ending::kKilled : Ending::kPowerLost,
           disk_random_.percent(50) ? Loss::kAll : Loss::kSome);
  if (failures_.empty()) start();
}

bool Run::start() {
  machine_.clocks.advance(is_calm_ ? Duration(milliseconds(10)) : span(0, 4'000));
  constexpr int kTriesMax = 60;
  for (int i = 0; i < kTriesMax && failures_.empty(); ++i) {
    pass_weather();
    try {
      if (try_to_start()) return true;
    } catch (const journal::Crash&) {
      ++machine_.coverage.crashes;
      machine_.coverage.hit(pending_crash_);
      end_life(Ending::kPowerLost, disk_random_.percent(50) ? Loss::kAll : Loss::kSome);
    }
    machine_.clocks.advance(milliseconds(500));
  }
  if (failures_.empty()) fail("progress: it does not start, however often it is tried");
  return false;
}

bool Run::try_to_start() {
  if (!is_calm_ && plan_.allows(FaultKind::kCrashBeforeStep) && disk_random_.percent(20)) {
    bring_to_disk(FaultKind::kCrashBeforeStep);
  }
  lives_.emplace_back();
  ++machine_.coverage.starts;
  auto life = Life::open(plan_, machine_, lives_.back().taken);
  if (!life) {
    const bool is_excused = disk_full_until_ns_ != 0 || is_sync_failing_;
    if (!is_excused) fail("it does not start: " + life.error().text);
    end_life(Ending::kKilled, Loss::kAll);
    return false;
  }
  life_ = std::move(*life);
  lives_.back().first_connection = life_->capture().recorder().next_connection().value();
  return true;
}

// As somebody stops it who has patience.
void Run::stop() {
  const auto turns = [this](Duration /*time*/) {
    ++machine_.coverage.steps;
    pass_weather();
    take_turn(std::chrono::microseconds(schedule_.between(0, 20'000)));
  };
  try {
    const bool is_clean = life_->stop(turns) && !life_->failure();
    end_life(is_clean ? Ending::kStopped : Ending::kKilled, Loss::kAll);
  } catch (const journal::Crash&) {
    ++machine_.coverage.crashes;
    if (pending_crash_ != FaultKind::kEnd) machine_.coverage.hit(pending_crash_);
    end_life(Ending::kPowerLost, Loss::kSome);
  }
}

// The program is gone; what it said to be on disk has to be there.
void Run::end_life(Ending ending, Loss loss) {
  std::uint64_t kept = 0;
  std::uint32_t digest = 0;
  if (life_ != nullptr) {
    const feed::Recorder& recorder = life_->capture().recorder();
    kept = ending == Ending::kPowerLost ? recorder.durable_ordinal() : recorder.written_ordinal();
    digest = digest_below(machine_.disk, kept);
    note_life();
  }
  life_.reset();
  lives_.back().ending = ending;
  if (ending == Ending::kPowerLost) {
    machine_.coverage.hit(loss == Loss::kAll ? FaultKind::kPowerLostAll
                                             : FaultKind::kPowerLostSome);
    machine_.lose_power(loss, disk_random_.next());
  }
  machine_.set_disk_faults({});
  machine_.store_weather.next = StoreWeather::Next::kNothing;
  is_sync_failing_ = false;
  pending_crash_ = FaultKind::kEnd;
  if (digest_below(machine_.disk, kept) != digest) {
    fail(fmt::format("durable: of the {} records that were on disk for sure some are gone", kept));
  }
}

void Run::note_life() {
  check_conservation(*this, life_->processing().counters());
  Coverage& coverage = machine_.coverage;
  const TakenLog& taken = lives_.back().taken;
  coverage.hit(FaultKind::kConnectRefused, taken.refused);
  coverage.hit(FaultKind::kRingFull, taken.deferred);
  coverage.hit(FaultKind::kDiskFull,
               life_->capture().recorder().counters().total(metrics::Counter::kFeedDiskFull));
}

void Run::note_venues(Coverage& coverage) const {
  for (const auto& venue : machine_.venues) {
    sim::FrameCounts counts;
    for (const sim::ConnectionReport& report : venue->connections()) {
      counts.add(report.counts);
      if (report.is_silent) coverage.hit(FaultKind::kLineHalfOpen);
      if (report.end == "fault" || report.end == "asked") coverage.hit(FaultKind::kLineCut);
    }
    coverage.hit(FaultKind::kFrameLost, counts.lost);
    coverage.hit(FaultKind::kFrameRepeated, counts.repeated);
    coverage.hit(FaultKind::kFrameReordered, counts.reordered);
    coverage.hit(FaultKind::kFrameMalformed, counts.malformed);
    coverage.hit(FaultKind::kFrameDelayed, counts.delayed);
    coverage.hit(FaultKind::kLineSlow, counts.stalls);
    coverage.hit(FaultKind::kRequestRefused, venue->rest_refused());
  }
}

// Errors are for what a person has to see to: none but those that the weather explains.
void Run::note_log() {
  for (const MemoryLog::Line& line : machine_.log.lines()) {
    if (line.level != LogLevel::kError) continue;
    const bool is_excused = line.text.starts_with("did not stop in time") ||
                            line.text.starts_with("the journal could not be closed");
    if (!is_excused) fail("log: " + line.text);
  }
}

}  // namespace tapeline::simulation
