// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "journal/record.h"

namespace tapeline::pipeline {

// A record with its own bytes and the room that parsers look ahead into.
class OwnedRecord {
 public:
  explicit OwnedRecord(const journal::Record& record);

  // The bytes are this one's.
  [[nodiscard]] journal::Record record() const;
  [[nodiscard]] bool is_tick() const { return record_.type == journal::RecordType::kTick; }

 private:
  journal::Record record_;
  std::string padded_;
  std::size_t size_ = 0;
};

struct RandomJournal {
  std::uint64_t seed = 0;
  std::size_t frames = 500;
  bool is_inferred = false;  // nobody saw when the rows of the CSV file came
};

// A journal of everything that decode and bars remember something of: two venues, one of them on
// two lines, and a file of rows with texts for ids; holes, repetitions, contradictions, disorder
// and trades that are too late, aggregated trades beside single ones, quotes, heartbeats, an
// instrument list, epochs that change the lateness, broken frames, silence. It begins with an epoch
// and ends with ticks that close every window by silence. The same for the same options.
std::vector<OwnedRecord> random_journal(const RandomJournal& options);

}  // namespace tapeline::pipeline
