// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/memory_log.h"
#include "canary.h"
#include "checkpoint/memory_cold_state.h"
#include "clocks.h"
#include "coverage.h"
#include "faulty_store.h"
#include "journal/memory_disk.h"
#include "plan.h"
#include "sim/exchange.h"
#include "store/memory_store.h"

namespace tapeline::simulation {

inline constexpr const char* kJournal = "data/journal";
inline constexpr const char* kSnapshots = "data/snapshots";
// "kraken.test:443" of the venue.
std::string host_of(const std::string& venue);

// What outlives the program: disk, store, clocks, and the venues at the other end of the network.
struct Machine {
  Machine(const Plan& plan, Canary broken);

  // Faults of the disk from its next step on; the canary's lie stays.
  void set_disk_faults(journal::DiskFaults faults);
  void lose_power(journal::MemoryDisk::Loss loss, std::uint64_t seed);

  Canary canary;
  Clocks clocks;
  journal::MemoryDisk disk;
  checkpoint::MemoryColdState::Copies cold_copies;  // beside the snapshots
  store::MemoryStore store;
  StoreWeather store_weather;
  std::vector<std::unique_ptr<sim::Exchange>> venues;  // of the plan, as the next
  std::vector<bool> is_away;
  MemoryLog log;
  Coverage coverage;
};

}  // namespace tapeline::simulation
