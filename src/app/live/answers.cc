// SPDX-License-Identifier: Apache-2.0
#include "app/live/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "app/environment.h"
#include "app/live/processing.h"
#include "app/live/windows_file.h"
#include "app/values/text.h"
#include "journal/posix_disk.h"
#include "replay/journal_records.h"

namespace tapeline::app::live {
namespace {

using values::grouped;

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

bool is_chosen(const std::vector<std::string>& patterns, std::string_view name) {
  return patterns.empty() || std::any_of(patterns.begin(), patterns.end(),
                                         [&](const auto& p) { return matches_pattern(p, name); });
}

}  // namespace

Answer failed(const Error& error) {
  return {.status = error.fault == Fault::kCaller ? kExitWrongUse : kExitFailed,
          .err = "tapeline: " + error.text + '\n'};
}

Answer answer_verify(const DataFolder& folder, const Question& question,
                     const pipeline::OnRecords& on_records) {
  const auto stream = windows_of(folder.data_dir, folder.stream);
  if (!stream) return failed(stream.error());
  journal::PosixDisk disk;
  const auto cold = checkpoint::make_rocks_cold_state(proof_folders(folder.data_dir));
  const auto report = pipeline::verify(disk, replay::journal_folder(folder.data_dir), folder.store,
                                       {.engine = engine_options(*stream),
                                        .snapshots_folder = snapshots_folder(folder.data_dir),
                                        .cold = cold.get(),
                                        .instruments = question.all("instrument"),
                                        .from = time_of(question.argument("from")),
                                        .to = time_of(question.argument("to"))},
                                       on_records);
  if (!report) return failed(report.error());
  Answer answer;
  answer.out = verify_text(*report);
  if (report->is_stopped) {
    answer.status = kExitInterrupted;
    answer.err = "tapeline: interrupted: nothing is proven\n";
  } else if (!report->to) {
    answer.err = "verify: the store is empty: nothing to compare\n";
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

Answer answer_audit(const DataFolder& folder, const Question& question) {
  const std::vector<std::string> patterns = question.all("instrument");
  const auto from = time_of(question.argument("from"));
  const auto to = time_of(question.argument("to"));
  Answer answer;
  std::uint64_t missing = 0;
  std::uint64_t holes = 0;
  std::uint64_t lost = 0;
  std::uint64_t mended = 0;
  answer.out =
      "instrument,channel,received,missing,coverage_percent,holes,first_id,last_id,repaired,"
      "unrecoverable\n";
  const auto done = folder.store.ledgers({}, [&](const store::LedgerRow& row) {
    const std::string_view name = folder.store.names().name(row.instrument);
    if (!is_chosen(patterns, name) || row.runs.empty()) return true;
    std::uint64_t received = 0;
    std::uint64_t repaired = 0;
    for (const IdRun& run : row.runs) {
      received += run.last - run.first + 1;
      repaired += run.repaired;
    }
    std::uint64_t gone = 0;
    std::uint64_t unrecoverable = 0;
    std::uint64_t open = 0;
    std::string list;
    for (const IdGap& gap : row.gaps) {
      if ((from && gap.to_time < *from) || (to && gap.from_time >= *to)) continue;
      gone += gap.last - gap.first + 1;
      ++open;
      const bool is_lost = gap.state == GapState::kUnrecoverable;
      if (is_lost) unrecoverable += gap.last - gap.first + 1;
      list += fmt::format(
          "hole {} {} ids {}..{} between {} and {} ({}{})\n", name, name_of(row.channel), gap.first,
          gap.last, format_rfc3339(gap.from_time.unix_ns()), format_rfc3339(gap.to_time.unix_ns()),
          name_of(gap.cause), is_lost ? ", unrecoverable" : "");
    }
    answer.out += fmt::format(
        "{},{},{},{},{:.6f},{},{},{},{},{}\n", name, name_of(row.channel), received, gone,
        100.0 * static_cast<double>(received) / static_cast<double>(received + gone), open,
        row.runs.front().first, row.runs.back().last, repaired, unrecoverable);
    answer.err += list;
    missing += gone;
    holes += open;
    lost += unrecoverable;
    mended += repaired;
    return true;
  });
  if (!done) return failed(done.error());
  answer.err +=
      fmt::format("audit: {} ids are missing in {} holes, {} of them for good; {} were repaired\n",
                  grouped(missing), grouped(holes), grouped(lost), grouped(mended));
  if (holes > 0) answer.status = kExitFound;
  return answer;
}

Answer answer_question(const DataFolder& folder, const Question& question,
                       const pipeline::OnRecords& on_records) {
  if (question.what == "verify") return answer_verify(folder, question, on_records);
  if (question.what == "explain") return answer_explain(folder, question);
  if (question.what == "audit") return answer_audit(folder, question);
  return {.status = kExitWrongUse,
          .err = fmt::format("tapeline: {}: this version answers no such question\n",
                             values::quoted(question.what))};
}

}  // namespace tapeline::app::live
