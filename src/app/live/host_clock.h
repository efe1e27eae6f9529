// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"

namespace tapeline::app::live {

// What the kernel says of the clock of this machine.
struct HostClock {
  bool is_synchronised = false;
  Duration offset{};     // that the kernel still corrects
  Duration error{};      // as estimated
  Duration error_max{};  // at most, as far as the kernel knows
};

// Reads and never sets. Nothing where the system does not tell, as in some containers.
std::optional<HostClock> read_host_clock();
std::string text_of(const std::optional<HostClock>& clock);

}  // namespace tapeline::app::live
