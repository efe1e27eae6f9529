// SPDX-License-Identifier: Apache-2.0
#include "machine.h"

#include <utility>

namespace tapeline::simulation {
namespace {

constexpr RecvTime kBegin{1'700'000'000'000'000'000};

}  // namespace

std::string host_of(const std::string& venue) { return venue + ".test:443"; }

Machine::Machine(const Plan& plan, Canary broken)
    : canary(broken), clocks(kBegin), is_away(plan.venues.size()) {
  for (const sim::ExchangeOptions& venue : plan.venues) {
    venues.push_back(std::move(sim::Exchange::make(venue, EventTime(kBegin.unix_ns())).value()));
  }
  set_disk_faults({});
}

void Machine::set_disk_faults(journal::DiskFaults faults) {
  faults.drops_syncs = canary == Canary::kLyingSync;
  disk.set_faults(faults);
}

void Machine::lose_power(journal::MemoryDisk::Loss loss, std::uint64_t seed) {
  disk.lose_power(loss, seed);
  set_disk_faults({});
}

}  // namespace tapeline::simulation
