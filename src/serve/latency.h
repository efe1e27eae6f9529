// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "metrics/clock_offset.h"
#include "metrics/exposition.h"
#include "metrics/histogram.h"
#include "serve/json_writer.h"

namespace tapeline::serve {

// How long things take on their way from the venues to the pages, as far as this process measures
// it. The histograms outlive whoever asks.
struct Latency {
  struct Venue {
    std::string venue{};
    const metrics::Histogram* to_receipt = nullptr;  // by the venue's clock and ours
    std::optional<metrics::ClockOffset::Reading> clock{};
    const metrics::Histogram* disorder = nullptr;  // of event times, as they come
  };
  // As the kernel says.
  struct HostClock {
    bool is_synchronised = false;
    Duration offset{};
    Duration error_max{};
  };

  std::vector<Venue> venues{};
  // From receipt on.
  const metrics::Histogram* to_journal = nullptr;
  const metrics::Histogram* to_engine = nullptr;
  const metrics::Histogram* to_bar = nullptr;
  const metrics::Histogram* to_push = nullptr;
  std::optional<HostClock> host{};
};

// Beyond it a venue's clock is warned of. A way of our own continent takes less, and bars of a
// second begin to hold what others count to their neighbours.
inline constexpr Duration kClockOffsetMax = std::chrono::milliseconds(250);

// A sentence about a clock that is beyond it; empty: it is not. Only what is negative is the two
// clocks' alone, since a way takes no less than nothing; whose it is nobody here can know.
std::string clock_warning(const metrics::ClockOffset::Reading& clock);

// `"name":{"p50":..,"p90":..,"p99":..,"p999":..,"max":..,"count":..}` in milliseconds, or null
// where there is none.
void write_waits(JsonWriter& json, std::string_view name, const metrics::Histogram* waits);
// The object of /latency.
void write_latency(JsonWriter& json, const Latency& latency);
void add_latency(metrics::Exposition& page, const Latency& latency);

}  // namespace tapeline::serve
