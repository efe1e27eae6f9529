// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "app/live/capture.h"
#include "app/live/processing.h"
#include "base/result.h"
#include "machine.h"
#include "tap.h"

namespace tapeline::simulation {

// The threads of a live run, each a part that takes its turn.
enum class Part : std::uint8_t {
  kNetwork,
  kRecorder,
  kEngine,
  kSink,
  kCheckpoints,
  kHousekeeper,
  kEnd
};
inline constexpr std::size_t kParts = static_cast<std::size_t>(Part::kEnd);

// One life of the program on the machine, from its start to a stop or a crash: what `tapeline run`
// has, but for the control socket, put together by the same code. Destroying it is the crash.
class Life {
 public:
  // The start of a live run, whatever the life before left behind.
  [[nodiscard]] static Result<std::unique_ptr<Life>> open(const Plan& plan, Machine& machine,
                                                          TakenLog& log);

  void turn(Part part);
  // Stops as a live run does: feeds, drain, threads, each with its deadline. `turns` lets time pass
  // and parts work. Whether all of it was in time.
  bool stop(const std::function<void(Duration)>& turns);

  // What ended it for good.
  [[nodiscard]] std::optional<Error> failure() const;
  // Whether every connection stands, and everything that was recorded is stored.
  [[nodiscard]] bool is_well() const;
  // Whether no id is missing that back-fill could still bring: what came too late, or what the
  // venue no longer has, it cannot, and of a venue's holes nobody waits for as many as it gave up.
  [[nodiscard]] bool misses_nothing() const;
  // What is not, for people.
  [[nodiscard]] std::string state() const;
  [[nodiscard]] app::live::Capture& capture() { return *capture_; }
  [[nodiscard]] const app::live::Processing& processing() const { return *processing_; }

 private:
  explicit Life(Machine& machine) : machine_(machine) {}

  Machine& machine_;
  std::unique_ptr<store::Writer> store_;
  std::unique_ptr<app::live::Capture> capture_;
  std::unique_ptr<app::live::Processing> processing_;
  TappedNetwork* network_ = nullptr;  // the capture's
};

}  // namespace tapeline::simulation
