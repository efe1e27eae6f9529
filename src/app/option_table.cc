// SPDX-License-Identifier: Apache-2.0
#include "app/option_table.h"

#include <array>
#include <utility>

#include "app/values/address.h"
#include "app/values/text.h"
#include "app/values/values.h"

namespace tapeline::app {
namespace {

using replay::Emit;
using replay::Format;
using replay::InputFormat;
using replay::Revisions;
using replay::TimeFormat;

template <typename T>
using Row = std::pair<std::string_view, T>;

constexpr std::array<Row<InputFormat>, 4> kInputFormats{{{"journal", InputFormat::kJournal},
                                                         {"cryptofeed", InputFormat::kCryptofeed},
                                                         {"raw", InputFormat::kRaw},
                                                         {"trades-csv", InputFormat::kTradesCsv}}};
constexpr std::array<Row<InputFormat>, 3> kForeignFormats{
    {{"cryptofeed", InputFormat::kCryptofeed},
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
constexpr std::array<Row<TimeFormat>, 2> kTimeFormats{
    {{"rfc3339", TimeFormat::kRfc3339}, {"unix_ns", TimeFormat::kUnixNs}}};
constexpr std::array<Row<Format>, 2> kFormats{
    {{"csv", Format::kCsv}, {"jsonl", Format::kJsonLines}}};
constexpr std::array<Row<Listing>, 3> kListings{
    {{"table", Listing::kTable}, {"csv", Listing::kCsv}, {"jsonl", Listing::kJsonLines}}};

constexpr std::array<Row<journal::RecordType>, journal::kRecordTypes> kTypes{
    {{"epoch", journal::RecordType::kEpoch},
     {"instruments", journal::RecordType::kInstruments},
     {"open", journal::RecordType::kOpen},
     {"close", journal::RecordType::kClose},
     {"sent", journal::RecordType::kSent},
     {"frame", journal::RecordType::kFrame},
     {"row", journal::RecordType::kRow},
     {"refused", journal::RecordType::kRefused},
     {"request", journal::RecordType::kRequest},
     {"answer", journal::RecordType::kAnswer},
     {"tick", journal::RecordType::kTick}}};

// Puts a value in its place, or returns the mistake.
template <typename T, typename To>
std::string store(values::Value<T> value, To& to) {
  if (!value) return std::move(value.error());
  to = std::move(*value);
  return {};
}

std::string store_recv(std::string_view text, OptionContext context, std::optional<RecvTime>& to) {
  const auto time = values::read_time(text, context.settings.replay.time_format);
  if (!time) return time.error();
  to = RecvTime(time->unix_ns());
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
    context.settings.replay.instruments.push_back(std::move(*instrument));
  }
  return {};
}

std::string take_intervals(std::string_view text, OptionContext context) {
  auto& intervals = context.settings.replay.intervals;
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
  context.settings.replay.shards = values::shards_or_cores(*shards);
  return {};
}

std::string take_from(std::string_view text, OptionContext context) {
  const replay::Options& options = context.settings.replay;
  return store(values::read_time(text, options.time_format), context.settings.replay.from);
}
std::string take_to(std::string_view text, OptionContext context) {
  const replay::Options& options = context.settings.replay;
  return store(values::read_time(text, options.time_format), context.settings.replay.to);
}

std::string take_types(std::string_view text, OptionContext context) {
  for (const std::string_view part : values::split_commas(text)) {
    journal::RecordType type{};
    if (std::string mistake = store(values::read_word(part, kTypes), type); !mistake.empty()) {
      return mistake;
    }
    context.settings.cat.types.push_back(type);
  }
  return {};
}

constexpr OptionRow kInputFormatRow{
    .name = "--input-format",
    .short_name = {},
    .placeholder = "FORMAT",
    .help = "journal, cryptofeed, raw or trades-csv (default: found out from the input)",
    .words = "journal cryptofeed raw trades-csv",
    .take = [](std::string_view t, OptionContext c) {
      return store(values::read_word(t, kInputFormats), c.settings.replay.input_format);
    }};

constexpr OptionRow kVenueRow{.name = "--venue",
                              .short_name = {},
                              .placeholder = "VENUE",
                              .help = "who sent it; needed unless a CSV has a venue column",
                              .take = [](std::string_view t, OptionContext c) {
                                return store(values::read_venue(t, c.venues),
                                             c.settings.replay.venue);
                              }};

constexpr OptionRow kInstrumentRow{
    .name = "--instrument",
    .short_name = "-i",
    .placeholder = "PATTERN",
    .help = "only these: VENUE:SYMBOL with * for any text; repeatable, comma lists",
    .times = Times::kRepeatable,
    .take = take_instruments};

// Stands before the options that take times, and is so taken before them.
constexpr OptionRow kTimeRow{
    .name = "--time",
    .short_name = {},
    .placeholder = "FORMAT",
    .help = "how times look, in options too: rfc3339 or unix_ns (default: rfc3339)",
    .words = "rfc3339 unix_ns",
    .take = [](std::string_view t, OptionContext c) {
      return store(values::read_word(t, kTimeFormats), c.settings.replay.time_format);
    }};

constexpr OptionRow kFromRow{.name = "--from",
                             .short_name = {},
                             .placeholder = "TIME",
                             .help = "only from this time on",
                             .take = take_from};

constexpr OptionRow kToRow{.name = "--to",
                           .short_name = {},
                           .placeholder = "TIME",
                           .help = "only before this time",
                           .take = take_to};

constexpr OptionRow kEmitRow{.name = "--emit",
                             .short_name = {},
                             .placeholder = "WHAT",
                             .help = "bars, trades, quotes, gaps or coverage (default: bars)",
                             .words = "bars trades quotes gaps coverage",
                             .take = [](std::string_view t, OptionContext c) {
                               return store(values::read_word(t, kEmits), c.settings.replay.emit);
                             }};

constexpr OptionRow kIntervalRow{
    .name = "--interval",
    .short_name = {},
    .placeholder = "DURATION",
    .help =
        "length of the bars, 1ms to 7d; repeatable, comma lists, at most 16 "
        "(default: 1m)",
    .times = Times::kRepeatable,
    .clear = [](Settings& settings) { settings.replay.intervals.clear(); },
    .take = take_intervals};

constexpr OptionRow kRevisionsRow{.name = "--revisions",
                                  .short_name = {},
                                  .placeholder = "WHICH",
                                  .help = "of a bar: last or all (default: last)",
                                  .words = "last all",
                                  .take = [](std::string_view t, OptionContext c) {
                                    return store(values::read_word(t, kRevisions),
                                                 c.settings.replay.revisions);
                                  }};

constexpr OptionRow kDisorderRow{
    .name = "--disorder",
    .short_name = {},
    .placeholder = "DURATION",
    .help =
        "how far trades may be out of order before they count as behind, 0s to 7d "
        "(default: 2s)",
    .take = [](std::string_view t, OptionContext c) {
      return store(values::read_duration(t, values::kDisorderRange), c.settings.replay.disorder);
    }};

constexpr OptionRow kLatenessRow{
    .name = "--lateness",
    .short_name = {},
    .placeholder = "DURATION",
    .help =
        "how far behind a trade still revises its bars, 0s to 36500d "
        "(default: what the journal says; without limit for recordings)",
    .take = [](std::string_view t, OptionContext c) {
      return store(values::read_duration(t, values::kLatenessRange), c.settings.replay.lateness);
    }};

constexpr OptionRow kIdleTimeoutRow{
    .name = "--idle-timeout",
    .short_name = {},
    .placeholder = "DURATION",
    .help =
        "after which silence the bars of an instrument close, 1ms to 365d "
        "(default: 10s)",
    .take = [](std::string_view t, OptionContext c) {
      return store(values::read_duration(t, values::kIdleTimeoutRange),
                   c.settings.replay.idle_timeout);
    }};

constexpr OptionRow kShardsRow{
    .name = "--shards",
    .short_name = {},
    .placeholder = "N",
    .help = "threads that compute, 1 to 64, or auto; never changes a result (default: 1)",
    .take = take_shards};

constexpr OptionRow kTimeUnitRow{.name = "--time-unit",
                                 .short_name = {},
                                 .placeholder = "UNIT",
                                 .help = "of integer times in a CSV: s, ms, us or ns",
                                 .words = "s ms us ns",
                                 .take = [](std::string_view t, OptionContext c) {
                                   return store(values::read_word(t, kTimeUnits),
                                                c.settings.replay.time_unit);
                                 }};

constexpr OptionRow kInstrumentsRow{
    .name = "--instruments",
    .short_name = {},
    .placeholder = "FILE",
    .help = "the venue's own instrument list, for canonical symbols",
    .take = [](std::string_view t, OptionContext c) {
      return store_path(t, c.settings.replay.instruments_file);
    }};

constexpr OptionRow kRejectsRow{
    .name = "--rejects",
    .short_name = {},
    .placeholder = "FILE",
    .help = "where refused items go, with line and reason; - is standard output",
    .take = [](std::string_view t, OptionContext c) {
      return store_path(t, c.settings.replay.rejects_file);
    }};

constexpr OptionRow kMaxRejectsRow{
    .name = "--max-rejects",
    .short_name = {},
    .placeholder = "LIMIT",
    .help = "more rejected frames than this, a share or a number, exit 3 (default: 1%)",
    .take = [](std::string_view t, OptionContext c) {
      return store(values::read_rejects_limit(t), c.settings.replay.rejects_limit);
    }};

constexpr OptionRow kOutputRow{.name = "--output",
                               .short_name = {},
                               .placeholder = "FILE",
                               .help = "where the data goes (default: -, standard output)",
                               .take = [](std::string_view t, OptionContext c) {
                                 return store_path(t, c.settings.replay.output);
                               }};

constexpr OptionRow kFormatRow{.name = "--format",
                               .short_name = {},
                               .placeholder = "FORMAT",
                               .help = "of the data: csv or jsonl, an object a line (default: csv)",
                               .words = "csv jsonl",
                               .take = [](std::string_view t, OptionContext c) {
                                 return store(values::read_word(t, kFormats),
                                              c.settings.replay.format);
                               }};

constexpr OptionRow kBatchRow{
    .name = "--batch",
    .short_name = {},
    .placeholder = "SIZE",
    .help = "bytes of one read, 4KiB to 64MiB; never changes a result (default: 1MiB)",
    .take = [](std::string_view t, OptionContext c) {
      return store(values::read_batch_bytes(t), c.settings.replay.batch_bytes);
    }};

constexpr OptionRow kSpeedRow{
    .name = "--speed",
    .short_name = {},
    .placeholder = "FACTOR",
    .help =
        "how fast: max, or so many times as fast as it was received, 0.001 to 1000000 "
        "(default: max)",
    .words = "max 1 10",
    .take = [](std::string_view t, OptionContext c) {
      return store(values::read_speed(t), c.settings.replay.speed);
    }};

constexpr OptionRow kReparseRow{
    .name = "--reparse",
    .short_name = {},
    .placeholder = {},
    .help = "of a journal: what was recorded unparsed (raw:NAME) is read by today's parsers",
    .take = [](std::string_view /*text*/, OptionContext c) {
      c.settings.replay.reparse = true;
      return std::string();
    }};

constexpr OptionRow kAsOfRow{
    .name = "--as-of",
    .short_name = {},
    .placeholder = "TIME",
    .help = "as if the input had ended then: only what was received before this time",
    .take = [](std::string_view t, OptionContext c) {
      return store_recv(t, c, c.settings.replay.as_of);
    }};

constexpr OptionRow kForeignFormatRow{
    .name = "--input-format",
    .short_name = {},
    .placeholder = "FORMAT",
    .help = "cryptofeed, raw or trades-csv (default: found out from the input)",
    .words = "cryptofeed raw trades-csv",
    .take = [](std::string_view t, OptionContext c) {
      return store(values::read_word(t, kForeignFormats), c.settings.replay.input_format);
    }};

constexpr OptionRow kShowRow{.name = "--show",
                             .short_name = {},
                             .placeholder = {},
                             .help = "print every value in force with where it came from",
                             .take = [](std::string_view /*text*/, OptionContext c) {
                               c.settings.show = true;
                               return std::string();
                             }};

constexpr OptionRow kConnectRow{
    .name = "--connect",
    .short_name = {},
    .placeholder = {},
    .help = "also try every venue, as far as its first answer, and the store: a line each",
    .take = [](std::string_view /*text*/, OptionContext c) {
      c.settings.connect = true;
      return std::string();
    }};

constexpr OptionRow kForceRow{.name = "--force",
                              .short_name = {},
                              .placeholder = {},
                              .help = "write a file that is there anew",
                              .take = [](std::string_view /*text*/, OptionContext c) {
                                c.settings.force = true;
                                return std::string();
                              }};

constexpr OptionRow kListingRow{.name = "--format",
                                .short_name = {},
                                .placeholder = "FORMAT",
                                .help = "table, csv or jsonl (default: table)",
                                .words = "table csv jsonl",
                                .take = [](std::string_view t, OptionContext c) {
                                  return store(values::read_word(t, kListings), c.settings.listing);
                                }};

constexpr OptionRow kPositionRow{.name = "--position",
                                 .short_name = {},
                                 .placeholder = "N",
                                 .help = "begin with the record of this position (default: 0)",
                                 .take = [](std::string_view t, OptionContext c) {
                                   return store(values::read_count(t), c.settings.cat.first);
                                 }};

constexpr OptionRow kLimitRow{.name = "--limit",
                              .short_name = "-n",
                              .placeholder = "N",
                              .help = "end after so many records",
                              .take = [](std::string_view t, OptionContext c) {
                                return store(values::read_count(t), c.settings.cat.limit);
                              }};

constexpr OptionRow kSqlLimitRow{
    .name = "--limit",
    .short_name = "-n",
    .placeholder = "N",
    .help = "at most so many rows (default: 1000 of a table, all of csv and jsonl)",
    .take = [](std::string_view t, OptionContext c) {
      return store(values::read_count(t), c.settings.sql.limit);
    }};

constexpr OptionRow kTimeoutRow{
    .name = "--timeout",
    .short_name = {},
    .placeholder = "DURATION",
    .help = "give up after so long (default: 1m beside a running process, else never)",
    .take = [](std::string_view t, OptionContext c) {
      return store(values::read_duration(t, values::kQueryTimeoutRange), c.settings.sql.timeout);
    }};

constexpr OptionRow kTypeRow{
    .name = "--type",
    .short_name = {},
    .placeholder = "TYPE",
    .help =
        "only these kinds of record: epoch, instruments, open, close, sent, frame, row, "
        "refused, request, answer, tick; repeatable, comma lists",
    .words = "epoch instruments open close sent frame row refused request answer tick",
    .times = Times::kRepeatable,
    .take = take_types};

constexpr OptionRow kReceivedFromRow{.name = "--from",
                                     .short_name = {},
                                     .placeholder = "TIME",
                                     .help = "only what was received from this time on",
                                     .take = [](std::string_view t, OptionContext c) {
                                       return store_recv(t, c, c.settings.cat.from);
                                     }};

constexpr OptionRow kReceivedToRow{.name = "--to",
                                   .short_name = {},
                                   .placeholder = "TIME",
                                   .help = "only what was received before this time",
                                   .take = [](std::string_view t, OptionContext c) {
                                     return store_recv(t, c, c.settings.cat.to);
                                   }};

constexpr OptionRow kDurationRow{.name = "--duration",
                                 .short_name = {},
                                 .placeholder = "DURATION",
                                 .help = "end by itself after so long (default: when stopped)",
                                 .take = [](std::string_view t, OptionContext c) {
                                   return store(values::read_duration(t, values::kRunRange),
                                                c.settings.duration);
                                 }};

constexpr OptionRow kHistoryRow{
    .name = "--history",
    .short_name = {},
    .placeholder = "DURATION",
    .help = "begin with the venues' candles of so long, and their newest trades; 1m to 30d",
    .take = [](std::string_view t, OptionContext c) {
      return store(values::read_duration(t, values::kHistoryRange), c.settings.history);
    }};

constexpr OptionRow kWatchIntervalRow{
    .name = "--interval",
    .short_name = {},
    .placeholder = "DURATION",
    .help = "of the bars, one that is made (default: 1m, or the next longer one that is made)",
    .take = [](std::string_view t, OptionContext c) {
      return store(values::read_duration(t, values::kIntervalRange), c.settings.watch.interval);
    }};

constexpr OptionRow kAddressRow{
    .name = "--address",
    .short_name = {},
    .placeholder = "HOST:PORT",
    .help = "of the page, as it was printed (default: the data folder's, else serve.listen)",
    .take = [](std::string_view t, OptionContext c) {
      constexpr std::string_view kHttp = "http://";
      if (t.starts_with(kHttp)) t.remove_prefix(kHttp.size());
      while (t.ends_with('/')) t.remove_suffix(1);
      return store(values::read_listen(t), c.settings.watch.address);
    }};

constexpr OptionRow kFramesRow{.name = "--frames",
                               .short_name = {},
                               .placeholder = {},
                               .help = "with the raw frames behind it",
                               .take = [](std::string_view /*text*/, OptionContext c) {
                                 c.settings.frames = true;
                                 return std::string();
                               }};

constexpr OptionRow kRepairRow{
    .name = "--repair",
    .short_name = {},
    .placeholder = {},
    .help = "first has the running process ask the venues for all that is missing",
    .take = [](std::string_view /*text*/, OptionContext c) {
      c.settings.repair = true;
      return std::string();
    }};

constexpr OptionRow kReconcileRow{
    .name = "--reconcile",
    .short_name = {},
    .placeholder = {},
    .help = "bars against the venues' own candles instead, minute by minute",
    .take = [](std::string_view /*text*/, OptionContext c) {
      c.settings.reconcile = true;
      return std::string();
    }};

constexpr std::array kReplayRows{
    kInputFormatRow, kVenueRow,    kInstrumentRow, kTimeRow,     kFromRow,        kToRow,
    kEmitRow,        kIntervalRow, kRevisionsRow,  kAsOfRow,     kDisorderRow,    kLatenessRow,
    kIdleTimeoutRow, kSpeedRow,    kShardsRow,     kTimeUnitRow, kInstrumentsRow, kRejectsRow,
    kMaxRejectsRow,  kOutputRow,   kFormatRow,     kBatchRow,    kReparseRow};
constexpr std::array kCheckRows{kConnectRow, kShowRow};
constexpr std::array kInitRows{kForceRow};
constexpr std::array kImportRows{kForeignFormatRow, kVenueRow, kTimeUnitRow, kInstrumentsRow,
                                 kBatchRow};
constexpr std::array kRunRows{kInstrumentRow, kHistoryRow, kDurationRow};
constexpr std::array kRowsRows{kInstrumentRow, kTimeRow, kFromRow, kToRow};
constexpr std::array kAuditRows{kInstrumentRow, kTimeRow,   kFromRow,
                                kToRow,         kRepairRow, kReconcileRow};
constexpr std::array kExplainRows{kFramesRow};
constexpr std::array kSqlRows{kListingRow, kSqlLimitRow, kTimeoutRow};
constexpr std::array kWatchRows{kInstrumentRow, kWatchIntervalRow, kAddressRow};
constexpr std::array kLsRows{kTimeRow, kListingRow};
constexpr std::array kCatRows{kTimeRow, kPositionRow, kReceivedFromRow, kReceivedToRow,
                              kTypeRow, kLimitRow,    kOutputRow,       kFormatRow};

}  // namespace

std::span<const OptionRow> replay_options() { return kReplayRows; }
std::span<const OptionRow> check_options() { return kCheckRows; }
std::span<const OptionRow> init_options() { return kInitRows; }
std::span<const OptionRow> import_options() { return kImportRows; }
std::span<const OptionRow> run_options() { return kRunRows; }
std::span<const OptionRow> rows_options() { return kRowsRows; }
std::span<const OptionRow> audit_options() { return kAuditRows; }
std::span<const OptionRow> explain_options() { return kExplainRows; }
std::span<const OptionRow> sql_options() { return kSqlRows; }
std::span<const OptionRow> watch_options() { return kWatchRows; }
std::span<const OptionRow> ls_options() { return kLsRows; }
std::span<const OptionRow> cat_options() { return kCatRows; }

}  // namespace tapeline::app
