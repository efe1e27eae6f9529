// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.h"
#include "base/time.h"
#include "journal/writer.h"
#include "model/conditions.h"
#include "replay/options.h"

namespace tapeline::app::config {

struct Feed {
  std::string venue;
  std::vector<std::string> symbols;
  std::vector<std::string> channels{"trades", "quotes"};
  bool are_channels_named = false;  // else these, as far as the venue has them
  std::string endpoint;             // empty: the venue's own
  std::string rest_endpoint;        // likewise
  std::string ca_file;              // empty: the authorities of the system
  std::string proxy;                // empty: none
  unsigned lines = 1;               // connections for the same streams
  Secret token;
  std::string token_file;  // where the token came from, if it did
  bool backfill = true;
  // So often the venue's instrument list is asked for anew; empty: at a start alone.
  std::optional<Duration> instruments = std::chrono::hours(24);
  // So often the venue is asked for its own candles, where it has any; empty: never.
  std::optional<Duration> candles = std::chrono::hours(24);
  // How far back it is asked for them at a start; empty: as far as one `candles`.
  std::optional<Duration> history;
};

struct Stream {
  // Of a run; a replay makes those that it is asked for.
  std::vector<Duration> intervals{std::chrono::seconds(1), std::chrono::minutes(1),
                                  std::chrono::minutes(5), std::chrono::minutes(15),
                                  std::chrono::hours(1),   std::chrono::days(1)};
  Duration disorder = replay::Options{}.disorder;
  Duration lateness = std::chrono::hours(24);  // of live feeds; foreign files have no limit
  Duration idle_timeout = replay::Options{}.idle_timeout;
  ConditionRules conditions = replay::Options{}.conditions;
  std::optional<unsigned> shards = replay::Options{}.shards;  // empty: as the machine has cores
};

struct Retain {
  std::optional<Duration> age;         // empty: whatever their age
  std::optional<std::uint64_t> bytes;  // empty: however many
};

struct Journal {
  journal::SyncPolicy fsync = journal::WriterOptions{}.sync;
  std::uint64_t segment_bytes = journal::WriterOptions{}.segment_bytes;
  Retain retain;
  std::optional<std::uint64_t> reserve_bytes;  // empty: values::reserve_or_share
};

struct Checkpoint {
  Duration every = std::chrono::seconds(30);
  unsigned keep = 3;
};

enum class StoreKind : std::uint8_t { kDuckdb };

struct Store {
  StoreKind kind = StoreKind::kDuckdb;
};

struct Serve {
  std::string listen = "127.0.0.1:8080";
};

// What is in force: the defaults, changed by the file, the environment and the command line.
struct Config {
  std::string data_dir = "~/.local/share/tapeline";
  std::vector<Feed> feeds;
  Journal journal;
  Stream stream;
  Checkpoint checkpoint;
  Store store;
  Serve serve;
};

}  // namespace tapeline::app::config
