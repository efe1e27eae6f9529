// SPDX-License-Identifier: Apache-2.0
#include "app/live/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "app/environment.h"
#include "app/live/processing.h"
#include "app/live/unheard.h"
#include "app/live/windows_file.h"
#include "app/values/text.h"
#include "journal/posix_disk.h"
#include "replay/journal_records.h"

namespace tapeline::app::live {
namespace {

using values::grouped;

constexpr std::string_view kInstrumentOption = "--instrument";

std::optional<EventTime> time_of(std::string_view text) {
  const auto unix_ns = parse_rfc3339(text);
  return unix_ns ? std::optional(EventTime(*unix_ns)) : std::nullopt;
}

std::string verify_text(const pipeline::VerifyReport& report) {
  std::string text;
  for (const auto& [instrument, digest] : report.digests) {
    text += fmt::format("{:<28} {:>14} rows  digest {:08x}\n",
                        instrument.empty() ? "(no instrument)" : instrument, grouped(digest.rows),
                        digest.crc);
  }
  for (const pipeline::Difference& difference : report.shown) {
    text += fmt::format("differs in {}:\n  stored:   {}\n  replayed: {}\n", difference.table,
                        difference.stored.empty() ? "(nothing)" : difference.stored,
                        difference.replayed.empty() ? "(nothing)" : difference.replayed);
  }
  return text;
}

// From where on the rows were compared, where that is not all of them.
std::string beginning_text(const pipeline::VerifyReport& report) {
  std::string text;
  for (const std::string& reason : report.passed_over) {
    text += fmt::format("verify: a snapshot is passed over: {}\n", reason);
  }
  if (!report.since) return text;
  return text + fmt::format(
                    "verify: verifiable since {}: the journal before record {} is gone, and "
                    "rows from there are not compared\n",
                    format_rfc3339(report.since->unix_ns()), report.first_ordinal);
}

}  // namespace

bool is_chosen(const std::vector<std::string>& patterns, std::string_view name) {
  return patterns.empty() || std::any_of(patterns.begin(), patterns.end(),
                                         [&](const auto& p) { return matches_pattern(p, name); });
}

std::optional<Answer> unknown_instruments(store::Reader& store, std::string_view option,
                                          const std::vector<std::string>& patterns) {
  if (patterns.empty()) return std::nullopt;
  // Reads the names.
  if (const auto position = store.position(); !position) return failed(position.error());
  std::string known;
  std::string unknown;
  std::vector<bool> is_met(patterns.size());
  for (std::uint32_t id = 0; id < store.names().size(); ++id) {
    const std::string_view name = store.names().name(InstrumentId(id));
    known += (known.empty() ? "" : ", ") + std::string(name);
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      if (matches_pattern(patterns[i], name)) is_met[i] = true;
    }
  }
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    if (!is_met[i]) unknown += (unknown.empty() ? "" : ", ") + values::quoted(patterns[i]);
  }
  if (unknown.empty()) return std::nullopt;
  return failed({Fault::kCaller, Retry::kNever,
                 fmt::format("{}: {}: the store has no such instrument; it has {}", option, unknown,
                             known.empty() ? "none yet" : known)});
}

namespace {

// The part of the time that is asked for.
struct Span {
  std::optional<EventTime> from{};
  std::optional<EventTime> to{};

  [[nodiscard]] bool is_all() const { return !from && !to; }
  [[nodiscard]] bool touches(EventTime first, EventTime last) const {
    return (!from || last >= *from) && (!to || first < *to);
  }
};

Span span_of(const Question& question) {
  return {time_of(question.argument("from")), time_of(question.argument("to"))};
}

// Of one ledger, or of all.
struct Counts {
  std::uint64_t missing = 0;
  std::uint64_t unrecoverable = 0;  // of these
  std::uint64_t repaired = 0;
  std::uint64_t holes = 0;

  void add(const Counts& other) {
    missing += other.missing;
    unrecoverable += other.unrecoverable;
    repaired += other.repaired;
    holes += other.holes;
  }
};

// A line of the audit. How many ids of a run are from a part of its time is not known: of a part,
// the columns that would say so are empty.
std::string audit_line(std::string_view name, const store::LedgerRow& row, const Span& span,
                       const Counts& counts) {
  const std::string head = fmt::format("{},{},", name, name_of(row.channel));
  if (!span.is_all()) {
    return fmt::format("{},{},,{},,,,{}\n", head, counts.missing, counts.holes,
                       counts.unrecoverable);
  }
  std::uint64_t received = 0;
  for (const IdRun& run : row.runs) received += run.last - run.first + 1;
  return fmt::format(
      "{}{},{},{:.6f},{},{},{},{},{}\n", head, received, counts.missing,
      100.0 * static_cast<double>(received) / static_cast<double>(received + counts.missing),
      counts.holes, row.runs.front().first, row.runs.back().last, counts.repaired,
      counts.unrecoverable);
}

// Of what was fed, what the venue's instrument list no longer has, or not as something to trade.
Result<std::string> untraded_lines(store::Reader& store, const std::vector<std::string>& patterns) {
  std::map<std::string, std::pair<ListingStatus, RecvTime>, std::less<>> last;
  for (std::uint32_t id = 0; id < store.names().size(); ++id) {
    const std::string_view name = store.names().name(InstrumentId(id));
    if (is_chosen(patterns, name)) last.emplace(name, std::pair(ListingStatus(), RecvTime()));
  }
  const auto read = store.listings({}, [&](const store::ListingRow& row) {
    const auto at = last.find(row.venue + ":" + row.listing.canonical);
    if (at != last.end()) at->second = {row.listing.status, row.valid_from};
    return true;
  });
  if (!read) return tl::make_unexpected(read.error());
  std::string lines;
  for (const auto& [name, its] : last) {
    const auto& [status, since] = its;
    if (status == ListingStatus::kUnknown || status == ListingStatus::kTrading) continue;
    lines += fmt::format("listing {}: {} since {}\n", name, name_of(status),
                         format_rfc3339(since.unix_ns()));
  }
  return lines;
}

}  // namespace

Answer failed(const Error& error) {
  return {.status = error.fault == Fault::kCaller ? kExitWrongUse : kExitFailed,
          .err = "tapeline: " + error.text + '\n'};
}

Answer answer_verify(const DataFolder& folder, const Question& question,
                     const pipeline::OnRecords& on_records) {
  if (auto unknown =
          unknown_instruments(folder.store, kInstrumentOption, question.all("instrument"))) {
    return *unknown;
  }
  const Span span = span_of(question);
  const auto stream = windows_of(folder.data_dir, folder.stream);
  if (!stream) return failed(stream.error());
  journal::PosixDisk disk;
  const auto cold = checkpoint::make_rocks_cold_state(proof_folders(folder.data_dir));
  const auto report = pipeline::verify(disk, replay::journal_folder(folder.data_dir), folder.store,
                                       {.engine = engine_options(*stream),
                                        .snapshots_folder = snapshots_folder(folder.data_dir),
                                        .cold = cold.get(),
                                        .instruments = question.all("instrument"),
                                        .from = span.from,
                                        .to = span.to},
                                       on_records);
  if (!report) return failed(report.error());
  Answer answer;
  answer.out = verify_text(*report);
  if (report->is_stopped) {
    answer.status = kExitInterrupted;
    answer.err = "tapeline: interrupted: nothing is proven\n";
  } else if (!report->to) {
    answer.err = "verify: the store is empty: nothing to compare\n";
  } else if (report->is_equal() && report->rows == 0 && !span.is_all()) {
    return failed(
        {Fault::kCaller, Retry::kNever,
         "verify: nothing from --from to --to is stored: nothing is proven of that time"});
  } else if (report->is_equal()) {
    answer.err = fmt::format("verify: equal: {} rows, replayed from {} records up to record {}\n",
                             grouped(report->rows), grouped(report->records), report->to->ordinal);
  } else {
    answer.status = kExitFound;
    answer.err =
        fmt::format("verify: {} of {} rows differ, up to record {}\n", grouped(report->differences),
                    grouped(report->rows), report->to->ordinal);
  }
  answer.err = beginning_text(*report) + answer.err;
  return answer;
}

Answer answer_audit(const DataFolder& folder, const Question& question,
                    const pipeline::OnRecords& on_records) {
  const std::vector<std::string> patterns = question.all("instrument");
  if (auto unknown = unknown_instruments(folder.store, kInstrumentOption, patterns))
    return *unknown;
  const Span span = span_of(question);
  Answer answer;
  bool is_known = false;
  Counts all;
  answer.out =
      "instrument,channel,received,missing,coverage_percent,holes,first_id,last_id,repaired,"
      "unrecoverable\n";
  const auto done = folder.store.ledgers({}, [&](const store::LedgerRow& row) {
    const std::string_view name = folder.store.names().name(row.instrument);
    if (!is_chosen(patterns, name) || row.runs.empty()) return true;
    const bool is_touched = std::any_of(row.runs.begin(), row.runs.end(), [&](const IdRun& run) {
      return span.touches(run.time_min, run.time_max);
    });
    Counts counts;
    if (span.is_all()) {
      for (const IdRun& run : row.runs) counts.repaired += run.repaired;
    }
    std::string list;
    for (const IdGap& gap : row.gaps) {
      const auto [first, last] = std::minmax(gap.from_time, gap.to_time);
      if (!span.touches(first, last)) continue;
      const std::uint64_t ids = gap.last - gap.first + 1;
      const bool is_lost = gap.state == GapState::kUnrecoverable;
      counts.missing += ids;
      if (is_lost) counts.unrecoverable += ids;
      ++counts.holes;
      list += fmt::format(
          "hole {} {} ids {}..{} between {} and {} ({}{})\n", name, name_of(row.channel), gap.first,
          gap.last, format_rfc3339(gap.from_time.unix_ns()), format_rfc3339(gap.to_time.unix_ns()),
          name_of(gap.cause), is_lost ? ", unrecoverable" : "");
    }
    if (!is_touched && counts.holes == 0) return true;
    is_known = true;
    answer.out += audit_line(name, row, span, counts);
    answer.err += list;
    all.add(counts);
    return true;
  });
  if (!done) return failed(done.error());
  const auto unheard = unheard_lines(folder, question, on_records);
  if (!unheard) return failed(unheard.error());
  if (!*unheard) {
    return {.status = kExitInterrupted, .err = "tapeline: interrupted: nothing is audited\n"};
  }
  if (!is_known && (*unheard)->empty() && !span.is_all()) {
    return failed({Fault::kCaller, Retry::kNever,
                   "audit: nothing from --from to --to is stored: nothing is known of that time"});
  }
  answer.err += **unheard;
  const auto untraded = untraded_lines(folder.store, patterns);
  if (!untraded) return failed(untraded.error());
  answer.err += *untraded;
  answer.err += fmt::format(
      "audit: {} ids are missing in {} holes, {} of them for good{}\n", grouped(all.missing),
      grouped(all.holes), grouped(all.unrecoverable),
      span.is_all() ? fmt::format("; {} were repaired", grouped(all.repaired)) : std::string());
  if (all.holes > 0) answer.status = kExitFound;
  add_recorded(answer, folder, question);
  return answer;
}

Answer answer_question(const DataFolder& folder, const Question& question,
                       const pipeline::OnRecords& on_records) {
  if (question.what == "verify") return answer_verify(folder, question, on_records);
  if (question.what == "explain") return answer_explain(folder, question);
  if (question.what == "audit") return answer_audit(folder, question, on_records);
  if (question.what == "reconcile") {
    return answer_reconcile(folder, question, [&] { return !on_records(0, 0); });
  }
  return {.status = kExitWrongUse,
          .err = fmt::format("tapeline: {}: this version answers no such question\n",
                             values::quoted(question.what))};
}

}  // namespace tapeline::app::live
