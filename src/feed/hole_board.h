// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "model/coverage.h"
#include "model/trade.h"

namespace tapeline::feed {

// Where a hole is: an instrument's name, as venue:SYMBOL, and a trade channel.
using StreamKey = std::pair<std::string, Channel>;

// Joins whoever keeps the ledger, which shows the holes as they are now, and the network's thread,
// where back-fill takes them. It is about what is, not about what happened: a hole that closes by
// itself is gone from here, and nothing has to be taken back. Any thread.
class HoleBoard {
 public:
  // Of a stream: those that are open and, where these leave room, the newest of the others. Where
  // more are open, the newest of them and some of the oldest, so that none waits for ever. What is
  // left out comes once others have closed; the ledger and the store hold it all the same.
  static constexpr std::size_t kHolesMax = 1000;
  static constexpr std::size_t kOldestMax = 100;

  // What the stream's ledger misses by now.
  void show(std::string_view instrument, Channel channel, const Coverage& coverage,
            const Coverage::Totals& totals);
  // The same, of which `left_out` that are open are not among these.
  void show(std::string_view instrument, Channel channel, std::vector<IdGap> gaps,
            std::size_t left_out = 0);

  // What was received before that engine time has been processed, and all that it lacks is shown.
  void note_time(EngineTime engine_time) {
    shown_until_ns_.store(engine_time.unix_ns(), std::memory_order_release);
  }
  [[nodiscard]] EngineTime shown_until() const {
    return EngineTime(shown_until_ns_.load(std::memory_order_acquire));
  }

  // What has changed since `version`, which moves on.
  struct Shown {
    StreamKey stream{};
    std::vector<IdGap> gaps{};
    std::size_t left_out = 0;  // open ones
  };
  [[nodiscard]] std::vector<Shown> changes_since(std::uint64_t& version) const;
  [[nodiscard]] bool has_changed_since(std::uint64_t version) const {
    return version_.load(std::memory_order_acquire) > version;
  }

  // Somebody wants every hole asked for again, whatever became of it. Gives the repair's number,
  // which is_repaired() is asked with.
  std::uint64_t ask_for_repair() { return repairs_.fetch_add(1) + 1; }
  [[nodiscard]] std::uint64_t repairs() const { return repairs_.load(); }

 private:
  struct Entry {
    std::uint64_t version = 0;
    std::vector<IdGap> gaps{};
    std::size_t left_out = 0;
  };

  std::atomic<std::uint64_t> version_{0};
  std::atomic<std::int64_t> shown_until_ns_{INT64_MIN};
  std::atomic<std::uint64_t> repairs_{0};
  mutable std::mutex mutex_;  // guards what follows
  std::map<StreamKey, Entry> streams_;
};

}  // namespace tapeline::feed
