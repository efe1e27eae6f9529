// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/int128.h"
#include "base/time.h"
#include "sim/market/fill.h"
#include "sim/market/instrument.h"

namespace tapeline::sim {

// One trade as it is remembered; its id follows from where it stands.
struct TruthTrade {
  EventTime ts_event;
  std::int64_t price = 0;
  std::int64_t size = 0;
  std::uint64_t aggregate_id = 0;
  bool taker_buys = false;
};

// What a trade counts for in the bars of a venue that tells its conditions: the volume alone; also
// the prices, where no other sets them; or everything.
enum class CountsFor : std::uint8_t { kVolume, kFallback, kAll };

// Of a venue that tells the conditions of its trades: which they are, and what follows for bars.
struct TradeConditions {
  std::string (*codes)(const TruthTrade& trade) = nullptr;  // "1 12": as they are to be stored
  CountsFor (*counts_for)(const TruthTrade& trade) = nullptr;
};

// A bar over [start, start + interval), exact, in the instrument's units; the notional in units of
// 10^-(price places + size places).
struct TruthBar {
  EventTime start;
  // Of its trades, the most; the prices and ids are of those that count for that much.
  CountsFor counts = CountsFor::kAll;
  std::int64_t open = 0;
  std::int64_t high = 0;
  std::int64_t low = 0;
  std::int64_t close = 0;
  Int128 volume = 0;
  Int128 buy_volume = 0;
  Int128 notional = 0;
  std::uint64_t trades = 0;
  std::uint64_t first_id = 0;
  std::uint64_t last_id = 0;

  [[nodiscard]] bool has_prices() const { return counts != CountsFor::kVolume; }
};

// Every trade of one instrument, in the order of their ids, which is that of their times.
class TradeHistory {
 public:
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::size_t size() const { return trades_.size() - hidden_ - unshown_; }
  // Of the trades that are remembered: ids [first_id(), end_id()).
  [[nodiscard]] std::uint64_t first_id() const { return first_id_ + hidden_; }
  [[nodiscard]] std::uint64_t end_id() const { return first_id_ + trades_.size() - unshown_; }
  [[nodiscard]] const TruthTrade& at(std::uint64_t id) const {
    return trades_[static_cast<std::size_t>(id - first_id_)];
  }
  [[nodiscard]] std::uint64_t forgotten() const { return forgotten_ + hidden_; }
  // Null: the venue tells none, and every trade counts for everything.
  [[nodiscard]] const TradeConditions* conditions() const { return conditions_; }
  // The newest fill, with all that it says; only when there has been one.
  [[nodiscard]] const Fill& last() const { return last_; }

  // The id of the first trade at or after `time`, of the first of the aggregate or of one after it.
  [[nodiscard]] std::uint64_t first_id_at(EventTime time) const;
  [[nodiscard]] std::uint64_t first_id_of_aggregate(std::uint64_t aggregate_id) const;

  // The bars whose start lies in [from, to). The one that lost trades to the bound of memory, and
  // those before it, are left out.
  [[nodiscard]] std::vector<TruthBar> bars(Duration interval, EventTime from, EventTime to) const;
  // The same of those trades alone whose ids `holds` picks: what somebody would have made of it who
  // saw no others.
  [[nodiscard]] std::vector<TruthBar> bars(
      Duration interval, EventTime from, EventTime to,
      const std::function<bool(std::uint64_t id)>& holds) const;

 private:
  friend class Truth;
  friend class PartialHistory;

  void add(const Fill& fill, std::size_t trades_max);

  const TradeConditions* conditions_ = nullptr;
  std::deque<TruthTrade> trades_;
  std::uint64_t first_id_ = 0;
  std::uint64_t forgotten_ = 0;
  std::size_t hidden_ = 0;                     // the oldest, while a PartialHistory lives
  std::size_t unshown_ = 0;                    // likewise the newest
  EventTime forgotten_until_ = kEventTimeMin;  // the time of the last one forgotten
  Fill last_;
};

// What really happened: the venue's own memory, from which its history and the truth that tests
// compare with are answered. It uses no code of the pipeline. Memory is bounded: each instrument
// keeps its newest trades_max / instruments trades (40 bytes each), and counts what it forgot.
class Truth {
 public:
  static constexpr std::size_t kTradesMaxDefault = 8'000'000;

  explicit Truth(std::vector<Instrument> instruments, std::size_t trades_max = kTradesMaxDefault,
                 const TradeConditions* conditions = nullptr);

  void add(const Fill& fill) { histories_[fill.instrument].add(fill, trades_max_); }

  // From now on the list says so of it.
  void list(std::size_t instrument, ListedAs listed) { instruments_[instrument].listed = listed; }
  [[nodiscard]] const std::vector<Instrument>& instruments() const { return instruments_; }
  [[nodiscard]] const TradeHistory& history(std::size_t instrument) const {
    return histories_[instrument];
  }

 private:
  std::vector<Instrument> instruments_;
  std::vector<TradeHistory> histories_;
  friend class PartialHistory;

  std::size_t trades_max_ = 0;  // of one instrument
};

// While it lives, a truth shows of each instrument no more than that: as a venue whose history does
// not reach further back, and is behind its stream.
class PartialHistory {
 public:
  struct Bounds {
    std::uint64_t newest = 0;  // so many trades; 0: all of them
    EventTime until{};         // of those that are not younger than this
  };
  PartialHistory(Truth& truth, const Bounds& bounds);
  ~PartialHistory();
  PartialHistory(const PartialHistory&) = delete;
  PartialHistory& operator=(const PartialHistory&) = delete;

 private:
  Truth& truth_;
};

static_assert(sizeof(TruthTrade) == 40);

}  // namespace tapeline::sim
