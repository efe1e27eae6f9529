// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/conditions.h"

namespace tapeline::replay {

enum class InputFormat : std::uint8_t { kDetect, kJournal, kCryptofeed, kRaw, kTradesCsv };

enum class Emit : std::uint8_t { kBars, kTrades, kQuotes, kGaps, kCoverage };

enum class Format : std::uint8_t { kCsv, kJsonLines };

// RFC 3339 with nine digits, or nanoseconds since 1970.
enum class TimeFormat : std::uint8_t { kRfc3339, kUnixNs };

enum class Revisions : std::uint8_t { kLast, kAll };

// How many frames may be rejected before a replay counts as failed: a share or a number.
struct RejectsLimit {
  double percent = 1.0;
  std::optional<std::uint64_t> count;  // when given, instead of the share
};

// What one replay reads, how it decides, and what it shows.
struct Options {
  std::vector<std::string> inputs;  // paths; "-" is standard input; a data folder for kJournal
  InputFormat input_format = InputFormat::kDetect;
  TimeUnit time_unit = TimeUnit::kNone;  // of integer times in a CSV file
  std::string venue;                     // may be empty for a CSV with a venue column
  std::string engine_version;            // of this program, for the record
  std::string instruments_file;          // the venue's own instrument list, for canonical symbols

  std::vector<std::string> instruments;  // patterns; empty means all
  std::optional<EventTime> from;         // included
  std::optional<EventTime> to;           // not included

  Duration disorder = std::chrono::seconds(2);
  Duration idle_timeout = std::chrono::seconds(10);
  ConditionRules conditions;
  std::optional<Duration> lateness;  // none: what the input says; unlimited for foreign files
  unsigned shards = 1;
  std::size_t batch_bytes = std::size_t{1} << 20;  // of one read; never changes a result

  bool reparse = false;  // of a journal: what was recorded unparsed is read by today's parsers

  std::optional<double> speed;    // so many times as fast as received; none: as fast as it goes
  std::optional<RecvTime> as_of;  // as if the input had ended then

  Emit emit = Emit::kBars;
  std::vector<Duration> intervals{std::chrono::minutes(1)};
  Revisions revisions = Revisions::kLast;
  Format format = Format::kCsv;
  TimeFormat time_format = TimeFormat::kRfc3339;
  std::string output;        // a path; empty or "-" means standard output
  std::string rejects_file;  // likewise; empty: counted only
  RejectsLimit rejects_limit;
};

}  // namespace tapeline::replay
