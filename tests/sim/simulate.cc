// SPDX-License-Identifier: Apache-2.0
#include "simulate.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/time.h"
#include "checks.h"
#include "journal_view.h"
#include "plan.h"
#include "run.h"

namespace tapeline::simulation {

std::string Report::text() const {
  std::string out;
  for (const std::string& failure : failures) out += "  " + failure + "\n";
  return out;
}

namespace {

std::string trace_of(Run& run) {
  std::string text;
  for (const MemoryLog::Line& line : run.machine().log.lines()) text += "  " + line.text + "\n";
  constexpr std::size_t kRecordsShown = 30;
  const auto journal = read_all(run.machine().disk);
  if (!journal) return text + journal.error().text + "\n";
  const std::size_t first = journal->size() - std::min(journal->size(), kRecordsShown);
  for (std::size_t i = first; i < journal->size(); ++i) {
    const HeldRecord& record = (*journal)[i];
    text +=
        fmt::format("  {} {} {} on {}: {}\n", record.ordinal, format_rfc3339(record.ts_recv),
                    journal::name_of(record.type), record.connection, record.bytes.substr(0, 60));
  }
  return text;
}

}  // namespace

Report simulate(std::uint64_t seed, Canary canary) {
  const Plan plan = Plan::of(seed);
  Run run(plan, canary);
  run.go();
  Report report;
  report.digest = check_outcome(run);
  report.failures = run.failures();
  report.coverage = run.machine().coverage;
  if (!report.failures.empty()) report.trace = trace_of(run);
  return report;
}

}  // namespace tapeline::simulation
