// SPDX-License-Identifier: Apache-2.0
#include "coverage.h"

#include <fmt/format.h>

#include <numeric>
#include <utility>

namespace tapeline::simulation {

std::uint64_t Coverage::faults() const {
  return std::accumulate(hits.begin(), hits.end(), std::uint64_t{0});
}

void Coverage::add(const Coverage& other) {
  for (std::size_t i = 0; i < hits.size(); ++i) hits[i] += other.hits[i];
  runs += other.runs;
  steps += other.steps;
  frames += other.frames;
  crashes += other.crashes;
  starts += other.starts;
  records += other.records;
  rows += other.rows;
  bars_proven += other.bars_proven;
  bars_known += other.bars_known;
  late += other.late;
  segments += other.segments;
  sealed += other.sealed;
  removed += other.removed;
  seconds += other.seconds;
}

std::string Coverage::text() const {
  std::string out;
  const std::pair<const char*, std::uint64_t> totals[] = {
      {"runs", runs},
      {"steps", steps},
      {"simulated seconds", seconds},
      {"frames taken", frames},
      {"journal records", records},
      {"segments", segments},
      {"segments sealed", sealed},
      {"segments removed", removed},
      {"rows stored", rows},
      {"bars proven", bars_proven},
      {"bars that have to be known", bars_known},
      {"trades too late", late},
      {"starts", starts},
      {"crashes", crashes},
      {"faults", faults()},
  };
  for (const auto& [name, count] : totals) out += fmt::format("{:<34}{:>12}\n", name, count);
  for (const FaultRow& row : kFaults) {
    out += fmt::format("  {:<32}{:>12}\n", row.name, of(row.fault));
  }
  return out;
}

std::string Coverage::missed() const {
  std::string out;
  for (const FaultRow& row : kFaults) {
    if (of(row.fault) == 0) out += fmt::format("never hit: {}\n", row.name);
  }
  if (removed == 0) out += "never removed: a segment of the journal\n";
  if (bars_known == 0) out += "never known: a bar\n";
  return out;
}

}  // namespace tapeline::simulation
