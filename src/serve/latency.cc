// SPDX-License-Identifier: Apache-2.0
#include "serve/latency.h"

#include <fmt/format.h>

#include <array>

namespace tapeline::serve {
namespace {

struct Stage {
  std::string_view name;
  const metrics::Histogram* Latency::*waits;
  std::string_view metric;
  std::string_view help;
};

constexpr std::array kStages{
    Stage{"receipt_to_journal_ms", &Latency::to_journal, "tapeline_journal_write_latency_seconds",
          "From the receipt of a batch's oldest record until the batch is in the journal."},
    Stage{"receipt_to_engine_ms", &Latency::to_engine, "tapeline_engine_read_latency_seconds",
          "From the receipt of a turn's oldest trade until the engine has read it."},
    Stage{"receipt_to_bar_ms", &Latency::to_bar, "tapeline_engine_bar_latency_seconds",
          "From the receipt of a trade until its bar is there."},
    Stage{"receipt_to_push_ms", &Latency::to_push, "tapeline_serve_push_latency_seconds",
          "From the receipt of a trade until its bar is with the clients' sockets."},
};

struct Quantile {
  std::string_view name;
  unsigned per_mille;
};

constexpr std::array kQuantiles{
    Quantile{"p50", 500},
    Quantile{"p90", 900},
    Quantile{"p99", 990},
    Quantile{"p999", 999},
};

void write_clock(JsonWriter& json, const std::optional<metrics::ClockOffset::Reading>& clock) {
  json.key("clock");
  if (!clock) return json.null();
  json.open_object();
  json.key("offset_ms");
  json.milliseconds(clock->offset);
  json.key("drift_ppm");
  if (clock->drift) {
    json.raw(fmt::format("{:.3f}", *clock->drift * 1e6));
  } else {
    json.null();
  }
  json.number("windows", clock->windows);
  json.text_or_null("warning", clock_warning(*clock));
  json.close_object();
}

}  // namespace

std::string clock_warning(const metrics::ClockOffset::Reading& clock) {
  if (clock.offset < -kClockOffsetMax) {
    return fmt::format(
        "its times are more than {} ahead of this machine's clock: one of the two clocks is wrong, "
        "and which one cannot be told from here",
        format_duration(kClockOffsetMax));
  }
  if (clock.offset > kClockOffsetMax) {
    return fmt::format(
        "its quickest trades are here more than {} after their time: one of the two clocks is "
        "wrong, or the way is that long, and which of it cannot be told from here",
        format_duration(kClockOffsetMax));
  }
  return {};
}

void write_waits(JsonWriter& json, std::string_view name, const metrics::Histogram* waits) {
  json.key(name);
  const std::uint64_t count = waits != nullptr ? waits->count() : 0;
  if (count == 0) return json.null();
  json.open_object();
  for (const Quantile& quantile : kQuantiles) {
    json.key(quantile.name);
    json.milliseconds(waits->quantile(quantile.per_mille));
  }
  json.key("max");
  json.milliseconds(waits->longest());
  json.number("count", count);
  json.close_object();
}

void write_latency(JsonWriter& json, const Latency& latency) {
  json.open_object();
  json.key("venues");
  json.open_array();
  for (const Latency::Venue& venue : latency.venues) {
    json.open_object();
    json.text("venue", venue.venue);
    write_waits(json, "venue_to_receipt_ms", venue.to_receipt);
    write_clock(json, venue.clock);
    write_waits(json, "disorder_ms", venue.disorder);
    json.close_object();
  }
  json.close_array();
  for (const Stage& stage : kStages) write_waits(json, stage.name, latency.*stage.waits);
  json.key("host_clock");
  if (latency.host) {
    json.open_object();
    json.boolean("synchronised", latency.host->is_synchronised);
    json.key("offset_ms");
    json.milliseconds(latency.host->offset);
    json.key("error_max_ms");
    json.milliseconds(latency.host->error_max);
    json.close_object();
  } else {
    json.null();
  }
  json.close_object();
}

void add_latency(metrics::Exposition& page, const Latency& latency) {
  constexpr std::string_view kVenue = "tapeline_feed_venue_latency_seconds";
  page.histogram(kVenue,
                 "From a trade's event time to its receipt, by the venue's clock and ours.");
  for (const Latency::Venue& venue : latency.venues) {
    page.samples(kVenue, {{"venue", venue.venue}}, *venue.to_receipt);
  }
  constexpr std::string_view kDisorder = "tapeline_decode_disorder_seconds";
  page.histogram(kDisorder,
                 "By how much a trade's event time is behind the newest of its instrument.");
  for (const Latency::Venue& venue : latency.venues) {
    page.samples(kDisorder, {{"venue", venue.venue}}, *venue.disorder);
  }
  constexpr std::string_view kOffset = "tapeline_feed_clock_offset_seconds";
  page.gauge(kOffset,
             "Receipt less event time of the quickest trades of the last minute; negative: the "
             "venue's clock is ahead.");
  for (const Latency::Venue& venue : latency.venues) {
    if (venue.clock) page.sample_seconds(kOffset, {{"venue", venue.venue}}, venue.clock->offset);
  }
  constexpr std::string_view kDrift = "tapeline_feed_clock_drift_ratio";
  page.gauge(kDrift, "Seconds a second by which that offset has grown over ten minutes.");
  for (const Latency::Venue& venue : latency.venues) {
    if (!venue.clock || !venue.clock->drift) continue;
    page.sample_ratio(kDrift, {{"venue", venue.venue}}, *venue.clock->drift);
  }
  for (const Stage& stage : kStages) {
    if (latency.*stage.waits == nullptr) continue;
    page.histogram(stage.metric, stage.help);
    page.samples(stage.metric, {}, *(latency.*stage.waits));
  }
  if (!latency.host) return;
  constexpr std::string_view kIs = "tapeline_app_host_clock_synchronised";
  page.gauge(kIs, "Whether the kernel says that this machine's clock is synchronised.");
  page.sample(kIs, {}, latency.host->is_synchronised ? 1 : 0);
  constexpr std::string_view kError = "tapeline_app_host_clock_error_max_seconds";
  page.gauge(kError, "How far off this machine's clock is at most, as far as the kernel knows.");
  page.sample_seconds(kError, {}, latency.host->error_max);
}

}  // namespace tapeline::serve
