// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/ids.h"
#include "base/int128.h"
#include "base/sum.h"
#include "base/time.h"
#include "model/conditions.h"
#include "model/coverage.h"
#include "model/trade.h"

namespace tapeline {

// What decides which of two trades came first: time, then the venue's own order, then id.
struct OrderKey {
  EventTime ts_event;
  std::uint64_t order = 0;
  TradeId id;

  static OrderKey of(const Trade& trade) { return {trade.ts_event, trade.order, trade.id}; }
  friend auto operator<=>(const OrderKey&, const OrderKey&) = default;
};

// The mergeable state of a bar: everything that its columns are computed from. Merging is
// associative and commutative and exact, so any grouping of the same trades gives the same bar.
// The prices and their ends are of those trades alone that count for the most, as far as the bar
// has any: one that counts for more puts aside what lesser ones had set.
// Prices and sizes stand at scale 18, the notional at scale 36.
struct BarPartial {
  struct End {
    OrderKey key;
    std::uint64_t fill = 0;

    void save(ByteWriter& out, EventTime start) const;
    void load(ByteReader& in, EventTime start);
  };

  // What every trade touches stands together.
  std::uint64_t trades = 0;       // fills
  bool size_missing = false;      // of a trade: no volume, no notional
  bool side_unknown = false;      // of a trade: no buy volume
  bool backfilled = false;        // a trade came from the venue's history
  bool coarse = false;            // a trade's time is too coarse to order by
  bool uncounted = false;         // a trade's id is not one of a contiguous sequence
  Counts counts = Counts::kNone;  // of its trades, the most; of an empty one none
  Int128 high = 0;
  Int128 low = 0;
  Int128 close = 0;
  Sum volume;
  Sum buy_volume;
  Sum notional;
  End close_end;  // the last of these trades: its key and its last fill
  End open_end;   // the first of them: its key and its first fill
  Int128 open = 0;

  [[nodiscard]] bool empty() const { return trades == 0; }
  // Else no trade of it may set a price.
  [[nodiscard]] bool has_prices() const { return counts >= Counts::kFallback; }
  // A trade that counts for anything.
  void add(const Trade& trade);
  void merge(const BarPartial& other);
  // Notes what a trade lacks.
  void mark(const Trade& trade);

  // Not of an empty one; `start` is that of its bar.
  void save(ByteWriter& out, EventTime start) const;
  void load(ByteReader& in, EventTime start);

  static constexpr int kSizeScale = 18;
  static constexpr int kNotionalScale = 36;

 private:
  void merge_prices(const BarPartial& other);
};

enum class BarState : std::uint8_t { kProvisional, kFinal };

// Why a bar was revised; the greater is the stronger.
enum class Cause : std::uint8_t { kNone, kConfirmed, kGap, kLateTrade, kBackfill };

// One revision of a bar, as it leaves the engine.
struct BarRevision {
  InstrumentId instrument;
  Duration interval{};
  EventTime start;
  BarPartial partial;
  BarState state = BarState::kFinal;
  Quality quality = Quality::kUnknown;
  std::uint32_t revision = 0;
  Cause cause = Cause::kNone;
  Position position;          // the tick it left at
  std::uint32_t ordinal = 0;  // among the outputs of that tick
};

// Here and not in the .cc: it runs once per trade.
inline void BarPartial::add(const Trade& trade) {
  const Int128 price = trade.price.at_scale_18();
  if (counts != trade.counts) [[unlikely]] {
    if (counts < trade.counts) {
      counts = trade.counts;
      open_end = {OrderKey::of(trade), trade.first_fill};
      close_end = {open_end.key, trade.last_fill};
      open = high = low = close = price;
    }
  } else {
    high = std::max(high, price);
    low = std::min(low, price);
    // Nearly every trade is the newest of its bar: one comparison, usually decided by the time.
    if (trade.ts_event > close_end.key.ts_event || close_end.key < OrderKey::of(trade)) {
      close_end.key.ts_event = trade.ts_event;
      close_end.key.order = trade.order;
      close_end.key.id = trade.id;
      close_end.fill = trade.last_fill;
      close = price;
    } else if (OrderKey::of(trade) < open_end.key) {
      open_end = {OrderKey::of(trade), trade.first_fill};
      open = price;
    }
  }
  trades += trade.fills();
  const Int128 size = trade.size.at_scale_18();
  volume.add(size);
  if (trade.side == Side::kBuy) buy_volume.add(size);
  notional.add_product(trade.price, trade.size);
  if (!trade.is_plain()) [[unlikely]]
    mark(trade);
}

const char* name_of(BarState state);
const char* name_of(Cause cause);

}  // namespace tapeline
