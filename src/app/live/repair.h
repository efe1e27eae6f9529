// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "app/live/capture.h"
#include "app/live/processing.h"
#include "base/clock.h"
#include "base/result.h"

namespace tapeline::app::live {

// How somebody waits for a repair.
struct RepairWait {
  const Clock& clock;
  const std::function<void(Duration)>& sleep;
  const std::function<bool()>& is_stopped;
  Duration within = std::chrono::minutes(5);
};

// Has every hole asked for again, late and unrecoverable ids too, and returns when the venues have
// answered and what came is stored. An Error says why that cannot be, or not be waited for.
[[nodiscard]] Result<void> repair(Capture& capture, const Processing& processing,
                                  const RepairWait& wait);

}  // namespace tapeline::app::live
