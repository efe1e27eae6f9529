// SPDX-License-Identifier: Apache-2.0
#include "simulate.h"

#include "checks.h"
#include "plan.h"
#include "run.h"

namespace tapeline::simulation {

std::string Report::text() const {
  std::string out;
  for (const std::string& failure : failures) out += "  " + failure + "\n";
  return out;
}

Report simulate(std::uint64_t seed, Canary canary) {
  const Plan plan = Plan::of(seed);
  Run run(plan, canary);
  run.go();
  Report report;
  report.digest = check_outcome(run);
  report.failures = run.failures();
  report.coverage = run.machine().coverage;
  return report;
}

}  // namespace tapeline::simulation
