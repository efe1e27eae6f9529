// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "ledger/recent_ids.h"
#include "model/coverage.h"
#include "model/trade.h"

namespace tapeline::ledger {

// What the ledger knows of a trade before it is judged by time.
enum class Standing : std::uint8_t {
  kNew,
  kDuplicate,    // held already, or known to be late
  kConflicting,  // held already, and the content differs: the first wins
  kOverlap,      // an aggregated trade of which a part is held
  kFull,         // no room for another separate run of ids
};

// Every trade id of one (instrument, channel): received, missing, late. Decides identity; the
// order of arrival, a second line and back-fill need no special case. One thread.
class ChannelLedger {
 public:
  // Ids that are not contiguous are remembered for this many trades.
  static constexpr std::size_t kIdHorizon = 262'144;

  [[nodiscard]] Standing standing(const Trade& trade) const {
    if (!trade.contiguous) return standing_of_other(trade);
    if (trade.first_fill > coverage_.newest_id() && !coverage_.empty()) {
      return late_or_new(trade);
    }
    return standing_of_held(trade);
  }

  // Admits a trade whose standing is kNew.
  void admit(const Trade& trade) {
    if (trade.contiguous) {
      coverage_.add(trade.first_fill, trade.last_fill, trade.ts_event,
                    trade.flags.has(Flag::kBackfill));
      if (coverage_.newest_id() - trade.last_fill < kContents) {
        content_[trade.last_fill % kContents] = content_hash(trade);
      }
    } else {
      others_.add(trade.id);
    }
  }

  // Whether there is no room for another late id.
  [[nodiscard]] bool late_full() const { return coverage_.late_full(); }

  // Remembers that a trade came too late: a repetition of it is a duplicate.
  void refuse_late(const Trade& trade) {
    coverage_.add_late(late_id(trade), trade.last_fill, trade.ts_event);
  }

  // A trade that came too late is asked for again, and admitted this time. False when it is none.
  bool take_late(const Trade& trade) { return coverage_.take_late(late_id(trade)).has_value(); }

  bool settle(const SettledIds& ids) { return coverage_.settle({ids.first, ids.last}); }

  void confirm(const Heartbeat& heartbeat) { coverage_.confirm(heartbeat.last_id, heartbeat.time); }

  [[nodiscard]] const Coverage& coverage() const { return coverage_; }

  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  static constexpr std::size_t kContents = 256;

  [[nodiscard]] Standing late_or_new(const Trade& trade) const {
    if (coverage_.is_late(late_id(trade))) return Standing::kDuplicate;
    return coverage_.full() && starts_run(trade) ? Standing::kFull : Standing::kNew;
  }
  [[nodiscard]] bool starts_run(const Trade& trade) const;
  [[nodiscard]] Standing standing_of_held(const Trade& trade) const;
  [[nodiscard]] Standing standing_of_other(const Trade& trade) const;
  static std::uint32_t content_hash(const Trade& trade);

  Coverage coverage_;
  RecentIds others_{kIdHorizon};
  // Content of the newest ids, to tell a repetition from a contradiction.
  std::array<std::uint32_t, kContents> content_{};
};

}  // namespace tapeline::ledger
