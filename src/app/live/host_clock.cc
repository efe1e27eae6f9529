// SPDX-License-Identifier: Apache-2.0
#include "app/live/host_clock.h"

#include <fmt/format.h>
#include <sys/timex.h>

#include <chrono>

namespace tapeline::app::live {
namespace {

std::string precise_ms(Duration span) {
  return fmt::format("{:.3f} ms", std::chrono::duration<double, std::milli>(span).count());
}

}  // namespace

std::optional<HostClock> read_host_clock() {
  timex answer{};  // modes 0: nothing is set
  const int state = adjtimex(&answer);
  if (state < 0) return std::nullopt;
  const bool is_nano = (answer.status & STA_NANO) != 0;
  return HostClock{.is_synchronised = state != TIME_ERROR && (answer.status & STA_UNSYNC) == 0,
                   .offset = is_nano ? Duration(std::chrono::nanoseconds(answer.offset))
                                     : Duration(std::chrono::microseconds(answer.offset)),
                   .error = std::chrono::microseconds(answer.esterror),
                   .error_max = std::chrono::microseconds(answer.maxerror)};
}

std::string text_of(const std::optional<HostClock>& clock) {
  if (!clock) return "unknown: the system does not say whether its clock is synchronised";
  if (!clock->is_synchronised) {
    return "not synchronised: receive times and latencies are no better than this clock; "
           "start a time service (chrony, systemd-timesyncd)";
  }
  return fmt::format("synchronised, offset {}, error {} as estimated, {} at most",
                     precise_ms(clock->offset), precise_ms(clock->error),
                     precise_ms(clock->error_max));
}

}  // namespace tapeline::app::live
