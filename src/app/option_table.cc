// SPDX-License-Identifier: Apache-2.0
#include "app/option_table.h"

#include <array>
#include <utility>

#include "app/values/text.h"
#include "app/values/values.h"

namespace tapeline::app {
namespace {

using replay::Emit;
using replay::InputFormat;
using replay::Options;
using replay::Revisions;

template <typename T>
using Row = std::pair<std::string_view, T>;

constexpr std::array<Row<InputFormat>, 3> kInputFormats{{{"cryptofeed", InputFormat::kCryptofeed},
                                                         {"raw", InputFormat::kRaw},
                                                         {"trades-csv", InputFormat::kTradesCsv}}};
constexpr std::array<Row<Emit>, 5> kEmits{{{"bars", Emit::kBars},
                                           {"trades", Emit::kTrades},
                                           {"quotes", Emit::kQuotes},
                                           {"gaps", Emit::kGaps},
                                           {"coverage", Emit::kCoverage}}};
constexpr std::array<Row<Revisions>, 2> kRevisions{
    {{"last", Revisions::kLast}, {"all", Revisions::kAll}}};
constexpr std::array<Row<TimeUnit>, 4> kTimeUnits{{{"s", TimeUnit::kSeconds},
                                                   {"ms", TimeUnit::kMillis},
                                                   {"us", TimeUnit::kMicros},
                                                   {"ns", TimeUnit::kNanos}}};
constexpr std::array<Row<bool>, 1> kFormats{{{"csv", true}}};

// Puts a value in its place, or returns the mistake.
template <typename T, typename To>
std::string store(values::Value<T> value, To& to) {
  if (!value) return std::move(value.error());
  to = std::move(*value);
  return {};
}

std::string store_path(std::string_view text, std::string& to) {
  if (text.empty()) return "needs a path";
  to = text;
  return {};
}

std::string take_instruments(std::string_view text, OptionContext context) {
  for (const std::string_view pattern : values::split_commas(text)) {
    auto instrument = values::read_instrument(pattern, context.venues);
    if (!instrument) return std::move(instrument.error());
    context.options.instruments.push_back(std::move(*instrument));
  }
  return {};
}

std::string take_intervals(std::string_view text, OptionContext context) {
  auto& intervals = context.options.intervals;
  for (const std::string_view part : values::split_commas(text)) {
    const auto interval = values::read_duration(part, values::kIntervalRange);
    if (!interval) return interval.error();
    intervals.push_back(*interval);
  }
  return store(values::normalise_intervals(intervals), intervals);
}

std::string take_shards(std::string_view text, OptionContext context) {
  const auto shards = values::read_shards(text);
  if (!shards) return shards.error();
  context.options.shards = values::shards_or_cores(*shards);
  return {};
}

std::string take_from(std::string_view text, OptionContext context) {
  return store(values::read_time(text), context.options.from);
}
std::string take_to(std::string_view text, OptionContext context) {
  return store(values::read_time(text), context.options.to);
}

constexpr std::array kRows{
    OptionRow{.name = "--input-format",
              .short_name = "",
              .placeholder = "FORMAT",
              .help = "cryptofeed, raw or trades-csv (default: found out from the input)",
              .take =
                  [](std::string_view t, OptionContext c) {
                    return store(values::read_word(t, kInputFormats), c.options.input_format);
                  }},
    OptionRow{.name = "--venue",
              .short_name = "",
              .placeholder = "VENUE",
              .help = "who sent it; needed unless a CSV has a venue column",
              .take =
                  [](std::string_view t, OptionContext c) {
                    return store(values::read_venue(t, c.venues), c.options.venue);
                  }},
    OptionRow{.name = "--instrument",
              .short_name = "-i",
              .placeholder = "PATTERN",
              .help = "only these: VENUE:SYMBOL with * for any text; repeatable, comma lists",
              .times = Times::kRepeatable,
              .take = take_instruments},
    OptionRow{.name = "--from",
              .short_name = "",
              .placeholder = "TIME",
              .help = "only from this time on, RFC 3339",
              .take = take_from},
    OptionRow{.name = "--to",
              .short_name = "",
              .placeholder = "TIME",
              .help = "only before this time, RFC 3339",
              .take = take_to},
    OptionRow{.name = "--emit",
              .short_name = "",
              .placeholder = "WHAT",
              .help = "bars, trades, quotes, gaps or coverage (default: bars)",
              .take =
                  [](std::string_view t, OptionContext c) {
                    return store(values::read_word(t, kEmits), c.options.emit);
                  }},
    OptionRow{.name = "--interval",
              .short_name = "",
              .placeholder = "DURATION",
              .help = "length of the bars, 1ms to 7d; repeatable, comma lists, at most 16 "
                      "(default: 1m)",
              .times = Times::kRepeatable,
              .clear = [](Options& options) { options.intervals.clear(); },
              .take = take_intervals},
    OptionRow{.name = "--revisions",
              .short_name = "",
              .placeholder = "WHICH",
              .help = "of a bar: last or all (default: last)",
              .take =
                  [](std::string_view t, OptionContext c) {
                    return store(values::read_word(t, kRevisions), c.options.revisions);
                  }},
    OptionRow{.name = "--disorder",
              .short_name = "",
              .placeholder = "DURATION",
              .help = "how far trades may be out of order before they count as behind, 0s to 7d "
                      "(default: 2s)",
              .take =
                  [](std::string_view t, OptionContext c) {
                    return store(values::read_duration(t, values::kDisorderRange),
                                 c.options.disorder);
                  }},
    OptionRow{.name = "--lateness",
              .short_name = "",
              .placeholder = "DURATION",
              .help = "how far behind a trade still revises its bars, 0s to 36500d "
                      "(default: without limit)",
              .take =
                  [](std::string_view t, OptionContext c) {
                    return store(values::read_duration(t, values::kLatenessRange),
                                 c.options.lateness);
                  }},
    OptionRow{.name = "--idle-timeout",
              .short_name = "",
              .placeholder = "DURATION",
              .help = "after which silence the bars of an instrument close, 1ms to 365d "
                      "(default: 10s)",
              .take =
                  [](std::string_view t, OptionContext c) {
                    return store(values::read_duration(t, values::kIdleTimeoutRange),
                                 c.options.idle_timeout);
                  }},
    OptionRow{.name = "--shards",
              .short_name = "",
              .placeholder = "N",
              .help = "threads that compute, 1 to 64, or auto; never changes a result (default: 1)",
              .take = take_shards},
    OptionRow{.name = "--time-unit",
              .short_name = "",
              .placeholder = "UNIT",
              .help = "of integer times in a CSV: s, ms, us or ns",
              .take =
                  [](std::string_view t, OptionContext c) {
                    return store(values::read_word(t, kTimeUnits), c.options.time_unit);
                  }},
    OptionRow{.name = "--instruments",
              .short_name = "",
              .placeholder = "FILE",
              .help = "the venue's own instrument list, for canonical symbols",
              .take = [](std::string_view t,
                         OptionContext c) { return store_path(t, c.options.instruments_file); }},
    OptionRow{.name = "--rejects",
              .short_name = "",
              .placeholder = "FILE",
              .help = "where refused items go, with line and reason",
              .take = [](std::string_view t,
                         OptionContext c) { return store_path(t, c.options.rejects_file); }},
    OptionRow{.name = "--max-rejects",
              .short_name = "",
              .placeholder = "LIMIT",
              .help = "more rejected frames than this, a share or a number, exit 3 (default: 1%)",
              .take =
                  [](std::string_view t, OptionContext c) {
                    return store(values::read_rejects_limit(t), c.options.rejects_limit);
                  }},
    OptionRow{.name = "--output",
              .short_name = "",
              .placeholder = "FILE",
              .help = "where the data goes (default: standard output)",
              .take = [](std::string_view t,
                         OptionContext c) { return store_path(t, c.options.output); }},
    OptionRow{.name = "--format",
              .short_name = "",
              .placeholder = "FORMAT",
              .help = "of the data: csv",
              .take =
                  [](std::string_view t, OptionContext /*context*/) {
                    const auto known = values::read_word(t, kFormats);
                    return known ? std::string() : known.error();
                  }},
    OptionRow{.name = "--batch",
              .short_name = "",
              .placeholder = "SIZE",
              .help = "bytes of one read, 4KiB to 64MiB; never changes a result (default: 1MiB)",
              .take =
                  [](std::string_view t, OptionContext c) {
                    return store(values::read_batch_bytes(t), c.options.batch_bytes);
                  }},
};

}  // namespace

std::span<const OptionRow> replay_option_table() { return kRows; }

}  // namespace tapeline::app
