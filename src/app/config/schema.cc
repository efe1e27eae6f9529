// SPDX-License-Identifier: Apache-2.0
#include "app/config/schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

#include "app/values/text.h"

namespace tapeline::app::config {
namespace {

constexpr std::size_t kTextSizeMax = 4096;
constexpr std::size_t kFeedsMax = 64;
constexpr std::size_t kItemsMax = 10'000;

constexpr std::array<std::pair<std::string_view, journal::SyncPolicy>, 3> kSyncs{
    {{"batch", journal::SyncPolicy::kBatch},
     {"always", journal::SyncPolicy::kAlways},
     {"os", journal::SyncPolicy::kOs}}};

template <typename T>
std::string store(values::Value<T> value, T& to) {
  if (!value) return std::move(value.error());
  to = std::move(*value);
  return {};
}

std::string store_text(std::string_view text, std::string& to) {
  if (text.empty()) return "must not be empty";
  if (text.size() > kTextSizeMax) return fmt::format("longer than {} bytes", kTextSizeMax);
  if (text.find('\0') != std::string_view::npos) return "must not hold a NUL byte";
  to = text;
  return {};
}

std::string add_channel(std::string_view text, std::vector<std::string>& to) {
  constexpr std::array<std::string_view, 2> kChannels{"trades", "quotes"};
  constexpr std::string_view kRaw = "raw:";
  const bool is_raw = text.starts_with(kRaw) && text.size() > kRaw.size();
  if (!is_raw && std::find(kChannels.begin(), kChannels.end(), text) == kChannels.end()) {
    return values::not_one_of(text,
                              std::array<std::string_view, 3>{"trades", "quotes", "raw:NAME"});
  }
  return store_text(text, to.emplace_back());
}

std::string show_texts(const std::vector<std::string>& texts) {
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

std::string show_durations(const std::vector<Duration>& durations) {
  std::vector<std::string> texts;
  texts.reserve(durations.size());
  for (const Duration duration : durations) texts.push_back(format_duration(duration));
  return show_texts(texts);
}

// A wrong range in the texts below fails the test that compares them with values.h.
constexpr std::array kSchema{
    Key{.path = "data_dir",
        .type = "a path",
        .allowed = "any text",
        .help = "the folder of journal and store",
        .take = [](std::string_view t, Place p) { return store_text(t, p.config.data_dir); },
        .show = [](const Config& c, std::size_t) { return c.data_dir; }},
    Key{.path = "feeds",
        .shape = Shape::kGroupList,
        .type = "a list of feeds",
        .allowed = "at most 64",
        .help = "the venues to listen to",
        .items_max = kFeedsMax},
    Key{.path = "feeds[].venue",
        .type = "a venue",
        .allowed = "a known venue",
        .help = "who sends",
        .take =
            [](std::string_view t, Place p) {
              return store(values::read_venue(t, p.venues), p.config.feeds[p.feed].venue);
            },
        .show = [](const Config& c, std::size_t feed) { return c.feeds[feed].venue; }},
    Key{.path = "feeds[].symbols",
        .shape = Shape::kList,
        .type = "a list of symbols",
        .allowed = "the venue's symbols, * stands for any text",
        .help = "the instruments to subscribe to",
        .items_max = kItemsMax,
        .clear = [](Place p) { p.config.feeds[p.feed].symbols.clear(); },
        .take =
            [](std::string_view t, Place p) {
              return store_text(t, p.config.feeds[p.feed].symbols.emplace_back());
            },
        .show = [](const Config& c,
                   std::size_t feed) { return show_texts(c.feeds[feed].symbols); }},
    Key{.path = "feeds[].channels",
        .shape = Shape::kList,
        .type = "a list of channels",
        .allowed = "trades, quotes, raw:NAME",
        .help = "what to subscribe to",
        .items_max = kItemsMax,
        .clear = [](Place p) { p.config.feeds[p.feed].channels.clear(); },
        .take = [](std::string_view t,
                   Place p) { return add_channel(t, p.config.feeds[p.feed].channels); },
        .show = [](const Config& c,
                   std::size_t feed) { return show_texts(c.feeds[feed].channels); }},
    Key{.path = "journal",
        .shape = Shape::kGroup,
        .type = "a group of keys",
        .allowed = "fsync, segment_bytes",
        .help = "what is recorded"},
    Key{.path = "journal.fsync",
        .type = "a word",
        .allowed = "batch, always, os",
        .help =
            "when records are made durable: some 50 ms later, at once, or when the system likes",
        .take = [](std::string_view t,
                   Place p) { return store(values::read_word(t, kSyncs), p.config.journal.fsync); },
        .show =
            [](const Config& c, std::size_t) {
              const auto* row = std::find_if(kSyncs.begin(), kSyncs.end(), [&](const auto& sync) {
                return sync.second == c.journal.fsync;
              });
              return std::string(row->first);
            }},
    Key{.path = "journal.segment_bytes",
        .type = "a size",
        .allowed = "1MiB to 4GiB",
        .help = "how large a file of the journal becomes",
        .take =
            [](std::string_view t, Place p) {
              return store(values::read_segment_bytes(t), p.config.journal.segment_bytes);
            },
        .show = [](const Config& c,
                   std::size_t) { return values::format_size(c.journal.segment_bytes); }},
    Key{.path = "stream",
        .shape = Shape::kGroup,
        .type = "a group of keys",
        .allowed = "intervals, disorder, lateness, idle_timeout, shards",
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
};

}  // namespace

std::span<const Key> schema() { return kSchema; }

const Key* find_key(std::string_view path) {
  const auto* found = std::find_if(kSchema.begin(), kSchema.end(),
                                   [&](const Key& key) { return key.path == path; });
  return found == kSchema.end() ? nullptr : found;
}

std::string_view name_of(const Key& key) {
  const std::size_t dot = key.path.rfind('.');
  return dot == std::string_view::npos ? key.path : key.path.substr(dot + 1);
}

std::string_view group_of(const Key& key) {
  const std::size_t dot = key.path.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : key.path.substr(0, dot);
}

std::vector<std::string_view> names_in(std::string_view group) {
  std::vector<std::string_view> names;
  for (const Key& key : kSchema) {
    if (group_of(key) == group) names.push_back(name_of(key));
  }
  return names;
}

}  // namespace tapeline::app::config
