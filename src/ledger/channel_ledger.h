// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "ledger/recent_ids.h"
#include "model/coverage.h"
#include "model/id_spans.h"
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
  // More changed spans than this are said as the one that holds them all.
  static constexpr std::size_t kChangesMax = 256;

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
      const auto changed = coverage_.add(trade.first_fill, trade.last_fill, trade.ts_event,
                                         trade.flags.has(Flag::kBackfill));
      if (changed || coverage_.has_late_from(trade.first_fill)) {
        note_change({trade.first_fill, trade.last_fill});
      } else {
        longer_ = coverage_.newest_first();
      }
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
    note_late_change(trade);
  }

  // A trade that came too late is asked for again, and admitted this time. False when it is none.
  bool take_late(const Trade& trade) {
    const bool is_taken = coverage_.take_late(late_id(trade)).has_value();
    if (is_taken) note_late_change(trade);
    return is_taken;
  }

  bool settle(const SettledIds& ids) {
    const bool is_news = coverage_.settle({ids.first, ids.last});
    if (is_news) note_change({ids.first, ids.last});
    return is_news;
  }

  void confirm(const Heartbeat& heartbeat) {
    coverage_.confirm(heartbeat.last_id, heartbeat.time);
    if (heartbeat.last_id > coverage_.newest_id()) note_change({heartbeat.last_id, UINT64_MAX});
  }

  [[nodiscard]] const Coverage& coverage() const { return coverage_; }
  // Since the last call, ascending: runs and gaps that begin elsewhere are as they were. Where a
  // run begins at the only id of a span, it has become longer, and no gap began there before.
  [[nodiscard]] std::vector<IdSpan> take_changes();
  // What changed before it was saved is not known any more.
  void note_all_changed() { changes_.add(kAllIds); }

  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  static constexpr std::size_t kContents = 256;

  void note_change(IdSpan ids);
  void note_late_change(const Trade& trade);
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
  // The first id of the run that ids in order made longer; its beginning may be in changes_ too.
  std::optional<std::uint64_t> longer_;
  IdSpans changes_;
};

}  // namespace tapeline::ledger
