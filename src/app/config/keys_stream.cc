// SPDX-License-Identifier: Apache-2.0
#include "app/config/keys.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <utility>

namespace tapeline::app::config {
namespace {

std::string show_durations(const std::vector<Duration>& durations) {
  std::vector<std::string> texts;
  texts.reserve(durations.size());
  for (const Duration duration : durations) texts.push_back(format_duration(duration));
  return show_texts(texts);
}

// Of a word of ours for what a venue's codes mean.
template <Condition kCondition>
constexpr Key condition_key(std::string_view path, std::string_view help) {
  return Key{.path = path,
             .type = "a word",
             .allowed = "all, fallback, volume, none",
             .help = help,
             .take =
                 [](std::string_view t, Place p) {
                   constexpr std::array<std::pair<std::string_view, Counts>, 4> kWords{
                       {{"all", Counts::kAll},
                        {"fallback", Counts::kFallback},
                        {"volume", Counts::kVolume},
                        {"none", Counts::kNone}}};
                   return store(values::read_word(t, kWords),
                                p.config.stream.conditions.of(kCondition));
                 },
             .show = [](const Config& c, std::size_t) -> std::string {
               return tapeline::name_of(c.stream.conditions.of(kCondition));
             }};
}

// A wrong range in the texts below fails the test that compares them with values.h.
constexpr std::array kStreamKeys{
    Key{.path = "stream",
        .shape = Shape::kGroup,
        .type = "a group of keys",
        .allowed = "intervals, disorder, lateness, idle_timeout, shards, conditions",
        .help = "windows and event time"},
    Key{.path = "stream.intervals",
        .shape = Shape::kList,
        .type = "a list of durations",
        .allowed = "1ms to 7d, at most 16 different",
        .help = "the lengths of the bars",
        .items_max = kItemsMax,
        .clear = [](Place p) { p.config.stream.intervals.clear(); },
        .take =
            [](std::string_view t, Place p) {
              return store(values::read_duration(t, values::kIntervalRange),
                           p.config.stream.intervals.emplace_back());
            },
        .finish = [](Place p) -> std::string {
          auto& intervals = p.config.stream.intervals;
          if (intervals.empty()) return "must not be empty";
          return store(values::normalise_intervals(intervals), intervals);
        },
        .show = [](const Config& c, std::size_t) { return show_durations(c.stream.intervals); }},
    Key{.path = "stream.disorder",
        .type = "a duration",
        .allowed = "0s to 7d",
        .help = "how far trades may be out of order before they count as behind",
        .take =
            [](std::string_view t, Place p) {
              return store(values::read_duration(t, values::kDisorderRange),
                           p.config.stream.disorder);
            },
        .show = [](const Config& c, std::size_t) { return format_duration(c.stream.disorder); }},
    Key{.path = "stream.lateness",
        .type = "a duration",
        .allowed = "0s to 36500d",
        .help = "how far behind a trade still revises its bars; not for foreign files",
        .take =
            [](std::string_view t, Place p) {
              return store(values::read_duration(t, values::kLatenessRange),
                           p.config.stream.lateness);
            },
        .show = [](const Config& c, std::size_t) { return format_duration(c.stream.lateness); }},
    Key{.path = "stream.idle_timeout",
        .type = "a duration",
        .allowed = "1ms to 365d",
        .help = "after which silence the bars of an instrument close",
        .take =
            [](std::string_view t, Place p) {
              return store(values::read_duration(t, values::kIdleTimeoutRange),
                           p.config.stream.idle_timeout);
            },
        .show = [](const Config& c,
                   std::size_t) { return format_duration(c.stream.idle_timeout); }},
    Key{.path = "stream.shards",
        .type = "a number of shards",
        .allowed = "1 to 64, or auto",
        .help = "threads that compute; never changes a result",
        .take = [](std::string_view t,
                   Place p) { return store(values::read_shards(t), p.config.stream.shards); },
        .show =
            [](const Config& c, std::size_t) {
              return c.stream.shards ? std::to_string(*c.stream.shards) : std::string("auto");
            }},
    Key{.path = "stream.conditions",
        .shape = Shape::kGroup,
        .type = "a group of keys",
        .allowed = "regular, intermarket_sweep, odd_lot, extended_hours, unknown",
        .help = "what trades of stocks count for in bars, by their condition codes; of several "
                "codes the least"},
    condition_key<Condition::kRegular>("stream.conditions.regular", "regular trades"),
    condition_key<Condition::kIntermarketSweep>("stream.conditions.intermarket_sweep",
                                                "intermarket sweep orders"),
    condition_key<Condition::kOddLot>("stream.conditions.odd_lot",
                                      "trades of less than a round lot"),
    condition_key<Condition::kExtendedHours>(
        "stream.conditions.extended_hours",
        "trades outside regular hours; fallback: prices only where a bar has no other"),
    condition_key<Condition::kUnknown>("stream.conditions.unknown",
                                       "trades with a code whose meaning is not known"),
};

}  // namespace

std::span<const Key> stream_keys() { return kStreamKeys; }

}  // namespace tapeline::app::config
