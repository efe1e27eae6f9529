// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/commands.h"
#include "app/live/data_dir.h"
#include "app/live/store_beside.h"
#include "app/progress.h"
#include "app/values/table.h"
#include "app/values/text.h"
#include "journal/check.h"
#include "journal/posix_disk.h"
#include "journal/reader.h"
#include "journal/sealer.h"
#include "journal/segment_reader.h"
#include "replay/import.h"
#include "replay/journal_records.h"
#include "replay/json_lines.h"
#include "replay/own_files.h"
#include "replay/rows.h"
#include "replay/text_output.h"

namespace tapeline::app {
namespace {

using journal::Record;
using replay::journal_folder;
using values::grouped;

Result<std::string> data_dir_of(const Invocation& invocation) {
  return data_dir_path(invocation.checked.config.data_dir, invocation.env.variable("HOME"));
}

Result<std::string> folder_of(const Invocation& invocation) {
  return data_dir_of(invocation).map(journal_folder);
}

ProgressLine progress_of(const Invocation& invocation) {
  const bool is_shown = invocation.env.err_is_terminal && !invocation.line.quiet;
  return {is_shown ? &invocation.env.err : nullptr, invocation.env.clock};
}

void say_torn_tail(const journal::TornTail& tail, std::string_view what, const Environment& env) {
  env.err << fmt::format("note: {}; {}\n", journal::describe(tail), what);
}

std::string time_text(RecvTime time, replay::TimeFormat format) {
  std::string text;
  if (time.unix_ns() != 0) replay::append_time(text, time.unix_ns(), format);
  return text;
}

// What `journal ls` says of a segment.
struct Extent {
  std::optional<std::uint64_t> records;  // none: the segment is damaged
  RecvTime first_recv;                   // of the first record that has a time
};

// Where the number of records is not known from the next segment, all of them are read.
Result<Extent> extent_of(journal::Disk& disk, const std::vector<journal::Segment>& segments,
                         std::size_t index) {
  const bool is_last = index + 1 == segments.size();
  Extent extent;
  auto reader = journal::SegmentReader::open(disk, segments[index], journal::Reader::kChunkBytes);
  if (!reader) return tl::make_unexpected(reader.error());
  Record record;
  for (;;) {
    const auto status = reader->next(record);
    if (!status) return tl::make_unexpected(status.error());
    if (*status == journal::SegmentStatus::kBroken && is_last) {
      const auto place = journal::judge_broken_place(*reader);
      if (!place) return tl::make_unexpected(place.error());
      if (*place == journal::BrokenPlace::kMended) continue;
      if (*place == journal::BrokenPlace::kDamaged) return extent;
    }
    if (*status != journal::SegmentStatus::kRecord) break;
    if (extent.first_recv.unix_ns() == 0) extent.first_recv = record.ts_recv;
    if (!is_last && extent.first_recv.unix_ns() != 0) break;
  }
  const std::uint64_t end =
      is_last ? reader->next_ordinal() : segments[index + 1].header.first_ordinal;
  extent.records = end - segments[index].header.first_ordinal;
  return extent;
}

bool is_selected(const Record& record, const Selection& selection) {
  const auto& types = selection.types;
  return (types.empty() || std::find(types.begin(), types.end(), record.type) != types.end()) &&
         (!selection.from || record.ts_recv >= *selection.from) &&
         (!selection.to || record.ts_recv < *selection.to);
}

void append_record(std::string& out, const Record& record, replay::TimeFormat times) {
  fmt::format_to(std::back_inserter(out), "{},{},{},{},", record.position.ordinal,
                 name_of(record.type), record.connection.value(), time_text(record.ts_recv, times));
  if (record.line != 0) fmt::format_to(std::back_inserter(out), "{}", record.line);
  out.push_back(',');
  replay::append_csv_text(out, record.bytes);
}

Result<void> cat(journal::Reader& reader, const Settings& settings, replay::TextOutput& out,
                 const std::atomic<bool>& stop) {
  const Selection& selection = settings.cat;
  out.line() += "position,type,connection,ts_recv,line,content";
  out.end_line();
  Record record;
  for (std::uint64_t left = selection.limit; left > 0 && !stop.load(std::memory_order_relaxed);) {
    const auto more = reader.next(record);
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) break;
    if (!is_selected(record, selection)) continue;
    append_record(out.line(), record, settings.replay.time_format);
    out.end_line();
    --left;
  }
  return {};
}

std::string damage_line(const journal::Damage& damage) {
  if (damage.costs_no_records) return damage.what + "\n";
  std::string lost = "nobody knows how many records";
  if (damage.records) {
    lost =
        fmt::format("{} {}", grouped(*damage.records), *damage.records == 1 ? "record" : "records");
  }
  return fmt::format("{}: {} from position {} on cannot be read\n", damage.what, lost,
                     damage.first_ordinal);
}

std::string what_was_appended(const replay::ImportSummary& summary) {
  const auto counted = [](std::uint64_t n) {
    return fmt::format("{} {}", grouped(n), n == 1 ? "record" : "records");
  };
  if (summary.records == 0 && summary.not_synced == 0U) return "nothing was appended";
  std::string text = fmt::format("{} appended from position {} on", counted(summary.records),
                                 summary.first.ordinal);
  if (!summary.not_synced) return text + ", and perhaps more";
  if (*summary.not_synced > 0) {
    text += fmt::format(", and {} more, not synced", *summary.not_synced);
  }
  return text;
}

int report_import(const replay::ImportSummary& summary, const std::string& folder,
                  const Invocation& invocation) {
  const Environment& env = invocation.env;
  if (summary.torn_tail) say_torn_tail(*summary.torn_tail, "they are cut off", env);
  const bool is_nothing = summary.records == 0 && summary.not_synced == 0U;
  if (!invocation.line.quiet) env.err << folder << ": " << what_was_appended(summary) << '\n';
  if (summary.venue_question && !invocation.line.quiet) {
    env.err << fmt::format(
        "note: {} What was appended stays: for another venue, import it again "
        "into another --data-dir\n",
        *summary.venue_question);
  }
  if (!summary.damage && !summary.interrupted) return kExitDone;
  if (!is_nothing) {
    env.err << "note: what was appended stays; importing the same input again would add it "
               "twice\n";
  }
  if (summary.damage) return say_failure(*summary.damage, env);
  env.err << "tapeline: interrupted\n";
  return kExitInterrupted;
}

}  // namespace

int run_journal_import(const Invocation& invocation) {
  const auto& [line, checked, settings, env, log] = invocation;
  std::vector<std::string> mistakes = check_inputs(line, false);
  for (std::string& mistake : check_reading(settings.replay, env.venues)) {
    mistakes.push_back(std::move(mistake));
  }
  if (!mistakes.empty()) return say_mistakes(mistakes, env);
  const auto data_dir = data_dir_of(invocation);
  if (!data_dir) return say_failure(data_dir.error(), env);
  const auto held = DataDir::open(*data_dir, Holds::kReal);
  if (!held) return say_failure(held.error(), env);
  replay::ImportOptions options;
  options.input = settings.replay;
  options.input.inputs = line.inputs;
  options.data_dir = held->path();
  options.writer.sync = checked.config.journal.fsync;
  options.writer.segment_bytes = checked.config.journal.segment_bytes;
  journal::PosixDisk disk;
  const auto store = live::open_store_beside(disk, options.data_dir);
  if (!store) return say_failure(store.error(), env);
  if (*store != nullptr) {
    const std::string folder = journal_folder(options.data_dir);
    if (auto done = live::require_journal_of(disk, **store, folder); !done) {
      return say_failure(done.error(), env);
    }
    options.writer.accepts = live::accepts_for(**store, disk, folder);
  }
  ProgressLine progress = progress_of(invocation);
  const auto summary = replay::import_journal(
      options, env.clock, [&](const replay::Progress& p) { progress.update(p); }, env.stop);
  progress.finish();
  if (!summary) return say_failure(summary.error(), env);
  return report_import(*summary, journal_folder(options.data_dir), invocation);
}

int run_journal_ls(const Invocation& invocation) {
  const Environment& env = invocation.env;
  const auto folder = folder_of(invocation);
  if (!folder) return say_failure(folder.error(), env);
  journal::PosixDisk disk;
  const auto segments = journal::find_segments(disk, *folder);
  if (!segments) return say_failure(segments.error(), env);
  const replay::TimeFormat times = invocation.settings.replay.time_format;
  values::Table table{{"segment", "position", "records", "bytes", "received"}, {}};
  for (std::size_t i = 0; i < segments->size(); ++i) {
    const journal::Segment& segment = (*segments)[i];
    const auto extent = extent_of(disk, *segments, i);
    if (!extent) return say_failure(extent.error(), env);
    if (!extent->records) {
      env.err << fmt::format("note: {}: is damaged; tapeline journal check says where\n",
                             segment.path);
    }
    table.rows.push_back({segment.path.substr(segment.path.rfind('/') + 1),
                          std::to_string(segment.header.first_ordinal),
                          extent->records ? std::to_string(*extent->records) : "",
                          std::to_string(segment.disk_bytes),
                          time_text(extent->first_recv, times)});
  }
  switch (invocation.settings.listing) {
    case Listing::kTable:
      env.out << values::aligned(table);
      break;
    case Listing::kCsv:
      env.out << values::csv(table);
      break;
    case Listing::kJsonLines: {
      std::string text;
      const replay::JsonLines json(values::csv_row(table.header));
      for (const auto& row : table.rows) {
        json.append(text, values::csv_row(row));
        text.push_back('\n');
      }
      env.out << text;
      break;
    }
  }
  return kExitDone;
}

int run_journal_cat(const Invocation& invocation) {
  const auto& [line, checked, settings, env, log] = invocation;
  const auto data_dir = data_dir_of(invocation);
  if (!data_dir) return say_failure(data_dir.error(), env);
  journal::PosixDisk disk;
  auto reader = journal::Reader::open(disk, journal_folder(*data_dir), settings.cat.first);
  if (!reader) return say_failure(reader.error(), env);
  if (const auto done = replay::check_output(settings.replay.output, *data_dir); !done) {
    return say_failure(done.error(), env);
  }
  auto out = replay::TextOutput::open(settings.replay.output, settings.replay.format);
  if (!out) return say_failure(out.error(), env);
  const auto done = cat(**reader, settings, **out, env.stop);
  // What could be read is written, whatever broke off behind it.
  const auto written = (*out)->finish();
  if (!done) return say_failure(done.error(), env);
  if (!written) return say_failure(written.error(), env);
  if (const auto& tail = (*reader)->torn_tail(); tail && !line.quiet) {
    say_torn_tail(*tail, "the next writer cuts them off", env);
  }
  return env.stop.load() ? kExitInterrupted : kExitDone;
}

int run_journal_seal(const Invocation& invocation) {
  const Environment& env = invocation.env;
  const auto folder = folder_of(invocation);
  if (!folder) return say_failure(folder.error(), env);
  journal::PosixDisk disk;
  ProgressLine progress = progress_of(invocation);
  const auto report =
      journal::seal(disk, *folder, {}, [&](std::uint64_t done, std::uint64_t total) {
        progress.update({.bytes_done = done, .bytes_total = total, .frames = 0});
        return !env.stop.load(std::memory_order_relaxed);
      });
  progress.finish();
  if (!report) return say_failure(report.error(), env);
  if (!invocation.line.quiet && report->segments == 0 && !report->is_stopped) {
    env.err << fmt::format("{}: nothing to seal: what another segment follows is sealed already\n",
                           *folder);
  } else if (!invocation.line.quiet) {
    env.err << fmt::format("{}: {} {} sealed, {} became {}\n", *folder, report->segments,
                           report->segments == 1 ? "segment" : "segments",
                           values::format_bytes(report->plain_bytes),
                           values::format_bytes(report->disk_bytes));
  }
  if (!report->is_stopped) return kExitDone;
  env.err << "tapeline: interrupted; what was sealed stays so\n";
  return kExitInterrupted;
}

int run_journal_check(const Invocation& invocation) {
  const Environment& env = invocation.env;
  const auto folder = folder_of(invocation);
  if (!folder) return say_failure(folder.error(), env);
  journal::PosixDisk disk;
  ProgressLine progress = progress_of(invocation);
  const auto on_bytes = [&](std::uint64_t done, std::uint64_t total) {
    progress.update({.bytes_done = done, .bytes_total = total, .frames = 0});
    return !env.stop.load(std::memory_order_relaxed);
  };
  const auto report = journal::check(disk, *folder, on_bytes);
  progress.finish();
  if (!report) return say_failure(report.error(), env);
  for (const journal::Damage& damage : report->damage) env.out << damage_line(damage);
  const bool is_stopped = env.stop.load();
  env.out << fmt::format("{}: {} {}, {} records, {}: {}\n", *folder, report->segments,
                         report->segments == 1 ? "segment" : "segments", grouped(report->records),
                         values::format_bytes(report->bytes),
                         !report->damage.empty() ? "damaged"
                         : is_stopped            ? "whole as far as it was read"
                                                 : "whole");
  if (report->torn_tail && !invocation.line.quiet) {
    say_torn_tail(*report->torn_tail, "the next writer cuts them off", env);
  }
  const bool is_cut_unseen = !report->closed && !report->torn_tail && report->damage.empty();
  if (is_cut_unseen && !is_stopped && !invocation.line.quiet) {
    env.err << "note: the journal was not closed: it is being written, or a crash or a cut ended "
               "it; records that stood at its very end would not be missed\n";
  }
  if (is_stopped) return kExitInterrupted;
  return report->damage.empty() ? kExitDone : kExitFound;
}

}  // namespace tapeline::app
