// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "app/live/capture.h"
#include "app/live/processing.h"
#include "app/live/question.h"
#include "base/clock.h"

namespace tapeline::app::live {

// "repair": has every hole asked for again, late and unrecoverable ids too. The answer's `out` is
// the repair's number; who asks again, with that number, is told how far it is: "done" once the
// venues have answered and what came is stored, else a sentence. Nobody waits here, so that whoever
// does holds up nothing. One thread.
class Repairs {
 public:
  // Both outlive it; without processing nothing is repaired.
  Repairs(Capture& capture, const Processing* processing, const Clock& clock)
      : capture_(capture), processing_(processing), clock_(clock) {}

  [[nodiscard]] Answer answer(const Question& question);

 private:
  static constexpr std::size_t kKnownMax = 1000;  // the oldest are forgotten

  // What came of a repair is stored once the engine has passed the time of the last answer, and the
  // sink the record that the engine stood at then.
  struct Known {
    std::optional<RecvTime> answered{};
    std::optional<std::uint64_t> ordinal{};
  };

  [[nodiscard]] Answer begin();
  [[nodiscard]] Answer look_at(std::uint64_t number, Known& known);

  Capture& capture_;
  const Processing* processing_;
  const Clock& clock_;
  std::map<std::uint64_t, Known> known_;
};

}  // namespace tapeline::app::live
