// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "journal/writer.h"
#include "replay/options.h"

namespace tapeline::app::config {

struct Feed {
  std::string venue;
  std::vector<std::string> symbols;
  std::vector<std::string> channels;
};

struct Stream {
  std::vector<Duration> intervals = replay::Options{}.intervals;
  Duration disorder = replay::Options{}.disorder;
  Duration lateness = std::chrono::hours(24);  // of live feeds; foreign files have no limit
  Duration idle_timeout = replay::Options{}.idle_timeout;
  std::optional<unsigned> shards = replay::Options{}.shards;  // empty: as the machine has cores
};

struct Journal {
  journal::SyncPolicy fsync = journal::WriterOptions{}.sync;
  std::uint64_t segment_bytes = journal::WriterOptions{}.segment_bytes;
};

// What is in force: the defaults, changed by the file, the environment and the command line.
struct Config {
  std::string data_dir = "~/.local/share/tapeline";
  std::vector<Feed> feeds;
  Journal journal;
  Stream stream;
};

}  // namespace tapeline::app::config
