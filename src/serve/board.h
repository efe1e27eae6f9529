// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/spsc_ring.h"
#include "base/time.h"
#include "metrics/counters.h"
#include "model/bar.h"
#include "model/coverage.h"
#include "model/instrument.h"
#include "model/trade.h"

namespace tapeline::serve {

struct TradeNews {
  Trade trade;
  Position position;
};

struct BarNews {
  BarRevision bar;
  RecvTime waits_since;  // the receipt of the oldest trade that it shows first; 0: not known
};

// What the ledger of one (instrument, channel) holds: its newest runs and holes, and all counts.
struct LedgerNews {
  InstrumentId instrument;
  Channel channel = Channel::kTrades;
  std::vector<IdRun> runs;
  std::vector<IdGap> gaps;
  std::uint64_t runs_in_all = 0;
  std::uint64_t gaps_in_all = 0;
  std::uint64_t received = 0;  // ids
  std::uint64_t repaired = 0;  // of those received: by back-fill
  std::uint64_t missing = 0;
  std::uint64_t unrecoverable = 0;  // of those missing: the venue no longer has them
  EventTime from_time;              // of the first id
  EventTime to_time;                // of the last
};

// What became of the items of one venue and channel.
struct ItemsNews {
  static constexpr std::size_t kKinds = 7;  // as metrics::Counter begins: received, delivered, ...

  std::string venue;
  std::string channel;
  std::array<std::uint64_t, kKinds> counts{};
};

// Whether it came as it happened, and is not out of what the venue tells of the past.
inline bool is_heard(const Trade& trade) {
  return !trade.flags.has(Flag::kSnapshot) && !trade.flags.has(Flag::kBackfill);
}

// Trades that found no room in the ring: how many, and the newest of them.
struct LeftOut {
  InstrumentId instrument;
  std::uint64_t trades = 0;
  std::uint64_t heard = 0;  // of these
  TradeNews newest;
};

// What changed since the last hand-over: of each bar and ledger how it stands now.
struct News {
  std::vector<std::string> names;  // further instruments, in the order of their ids
  std::vector<BarNews> bars;
  std::vector<LedgerNews> ledgers;
  std::vector<LeftOut> left_out;
  std::vector<ItemsNews> items;         // all of them, or none where nothing was counted
  std::vector<InstrumentId> lost_bars;  // whose revisions found no room: the store has them
  std::uint64_t trades = 0;             // in the ring, further ones, that the bars here show
  Position position;                    // of the last trade or revision

  [[nodiscard]] bool empty() const {
    return names.empty() && bars.empty() && ledgers.empty() && left_out.empty() && items.empty() &&
           lost_bars.empty() && trades == 0;
  }
  // Keeps the memory.
  void clear();
};

// Joins the engine's thread, which shows what it makes, and the thread that serves. The engine
// never waits: trades go into a ring, and those that find no room are counted; everything else is
// conflated until the other side has taken what was handed over before. So whatever the serving
// side does, it sees of each bar and ledger the newest state, and misses no trade unheard.
class Board {
 public:
  static constexpr std::size_t kTradesMax = std::size_t{1} << 14;
  static constexpr std::size_t kBarsMax = std::size_t{1} << 15;  // that wait
  static constexpr std::size_t kRunsMax = 1000;                  // of a ledger, as of its holes
  static constexpr Duration kItemsEvery = std::chrono::milliseconds(100);

  // Trades received before `since` are history: nobody waits for them.
  explicit Board(RecvTime since) : since_(since), trades_(kTradesMax), news_(1) {}

  // The engine's side.
  void on_trade(const Trade& trade, Position position);
  void on_bar(const BarRevision& bar);
  void on_ledger(InstrumentId instrument, Channel channel, const Coverage& coverage,
                 const Coverage::Totals& totals);
  // Between two records, after some were read: what the counters say adds up there.
  void on_turn(const InstrumentNames& names, const metrics::Counters& counters,
               std::int64_t monotonic_ns);
  // Gives what has changed, when the other side has taken what it was given before.
  void hand_over();

  // The other side: the oldest trade or news, or null; each lives until it is popped.
  [[nodiscard]] TradeNews* trade() { return trades_.front(); }
  void pop_trade() { trades_.pop(); }
  [[nodiscard]] News* news() { return news_.front(); }
  void pop_news();

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  // The bars of one (instrument, interval) that wait, the newest first.
  struct Chain {
    Duration interval{};
    std::uint32_t last = kNone;
    std::uint64_t handover = 0;  // that `last` belongs to
  };
  // Which of what waits.
  struct Entry {
    std::uint64_t handover = 0;
    std::size_t index = 0;
  };
  struct PerInstrument {
    RecvTime waits_since;  // no look has shown it yet
    RecvTime shown_since;  // of the last look
    std::vector<Chain> chains;
    Entry left_out;
    std::uint64_t lost_at = 0;       // the hand-over that says so
    std::array<Entry, 2> ledgers{};  // by trade channel
  };

  PerInstrument& state_of(InstrumentId instrument);
  Chain& chain_of(PerInstrument& state, Duration interval);
  // The one that waits of the same bar; kNone where there is none near.
  [[nodiscard]] std::uint32_t find(const Chain& chain, EventTime start) const;
  void copy_items(const metrics::Counters& counters);

  RecvTime since_;
  std::vector<PerInstrument> instruments_;
  News waiting_;
  std::vector<std::uint32_t> before_;  // by bar that waits: the one of the same chain before it
  std::uint64_t handover_ = 1;
  std::size_t named_ = 0;
  std::int64_t items_ns_ = 0;

  SpscRing<TradeNews> trades_;
  SpscRing<News> news_;
};

}  // namespace tapeline::serve
