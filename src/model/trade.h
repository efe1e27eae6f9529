// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/decimal.h"
#include "base/ids.h"
#include "base/time.h"
#include "model/conditions.h"
#include "model/trade_id.h"

namespace tapeline {

// The aggressor's side: who took.
enum class Side : std::uint8_t { kUnknown, kBuy, kSell };

// What kind of stream an item belongs to; each has its own ledger per instrument.
enum class Channel : std::uint8_t {
  kTrades,
  kAggTrades,
  kQuotes,
  kHeartbeat,
  kOther,
  kCandles,
  kEnd
};

// What a reader of a trade or a quote has to know about it. A set of bits.
enum class Flag : std::uint8_t {
  kSnapshot = 1,      // shown again at subscription
  kBackfill = 2,      // came from the venue's history
  kSyntheticId = 4,   // the venue gave no id
  kCoarseTime = 8,    // the venue's time is too coarse to order by
  kNoEventTime = 16,  // ts_event is ts_recv: the venue gave none
  kNoSize = 32,       // the venue gave no size
};

class Flags {
 public:
  constexpr Flags() = default;
  constexpr explicit Flags(Flag flag) : bits_(static_cast<std::uint8_t>(flag)) {}

  [[nodiscard]] constexpr bool has(Flag flag) const {
    return (bits_ & static_cast<std::uint8_t>(flag)) != 0;
  }
  constexpr void set(Flag flag) {
    bits_ = static_cast<std::uint8_t>(bits_ | static_cast<std::uint8_t>(flag));
  }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  // As they are stored; bits that are no Flag stay.
  [[nodiscard]] constexpr std::uint8_t bits() const { return bits_; }
  static constexpr Flags of_bits(std::uint8_t bits) {
    Flags flags;
    flags.bits_ = bits;
    return flags;
  }
  friend constexpr bool operator==(Flags, Flags) = default;

 private:
  std::uint8_t bits_ = 0;
};

// One execution, or several that the venue reports as one (an aggregated trade: `fills` > 1).
struct Trade {
  InstrumentId instrument;
  Channel channel = Channel::kTrades;
  Side side = Side::kUnknown;
  Flags flags;
  Counts counts = Counts::kAll;  // for what, in the bars that it feeds
  bool feeds_bars = false;       // exactly one trade channel of an instrument does
  bool idle_known = true;        // ts_recv is a real clock, so silence means something
  bool contiguous = false;       // the fill ids count without holes, by the venue's table
  EventTime ts_event;
  RecvTime ts_recv;
  std::uint64_t order = 0;  // the venue's own order within one ts_event, else 0
  Decimal price;
  Decimal size;           // zero when absent (Flag::kNoSize)
  Conditions conditions;  // the venue's codes
  TradeId id;
  // Fill ids, both ends included; where ids are contiguous the next trade starts behind the last.
  std::uint64_t first_fill = 0;
  std::uint64_t last_fill = 0;

  [[nodiscard]] std::uint64_t fills() const { return last_fill - first_fill + 1; }
  // Without anything that a bar has to know beside the numbers; nearly every trade is.
  [[nodiscard]] bool is_plain() const {
    return flags.empty() && side != Side::kUnknown && contiguous;
  }
};

// Best bid and offer. A size that the venue does not give is absent, not zero.
struct Quote {
  InstrumentId instrument;
  Flags flags;
  bool has_bid_size = false;
  bool has_ask_size = false;
  EventTime ts_event;
  RecvTime ts_recv;
  Decimal bid_price;
  Decimal bid_size;
  Decimal ask_price;
  Decimal ask_size;
};

// What a venue's heartbeat says: up to `time` no trade came with an id above `last_id`.
struct Heartbeat {
  InstrumentId instrument;
  Channel channel = Channel::kTrades;
  bool feeds_bars = false;
  std::uint64_t last_id = 0;
  EventTime time;
};

// A trade too late to be admitted: its id is known, its bar lacks it.
struct LateTrade {
  InstrumentId instrument;
  Channel channel = Channel::kTrades;
  bool feeds_bars = false;
  TradeId id;  // of an aggregated trade its first fill
  std::uint64_t last_fill = 0;
  EventTime ts_event;
};

// What a venue's history was asked for and has told all of: what is not here of these ids, it no
// longer holds.
struct SettledIds {
  InstrumentId instrument;
  Channel channel = Channel::kTrades;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

// Moves engine time; windows close and revisions leave only here. Goes to every shard.
struct Tick {
  EngineTime engine_time;
  Position position;
};

// The id under which a late trade is known: the first of its fills where they are contiguous. Any
// other id is kept apart from these, so that nobody takes it for a fill.
TradeId late_id(const Trade& trade);

const char* name_of(Side side);
const char* name_of(Channel channel);
void append_flags(std::string& out, Flags flags);

}  // namespace tapeline
