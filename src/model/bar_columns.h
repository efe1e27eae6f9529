// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/int128.h"
#include "model/bar.h"
#include "model/trade_id.h"

namespace tapeline {

// What a bar shows, computed from its partial: the columns of every table of bars. Numbers stand at
// scale 18, as in a DECIMAL(38,18) column; empty means absent.
struct BarColumns {
  // None where no trade may set a price.
  std::optional<Int128> open;
  std::optional<Int128> high;
  std::optional<Int128> low;
  std::optional<Int128> close;
  std::optional<Int128> volume;      // none when a trade lacks its size
  std::optional<Int128> buy_volume;  // none when a trade lacks its size or its side
  std::optional<Int128> notional;
  std::optional<Int128> vwap;  // rounded half-even to 18 places; none at zero volume
  std::uint64_t trades = 0;    // fills
  // The end's fill where fills are counted, else the id as the venue wrote it.
  TradeId first_id;
  TradeId last_id;

  friend bool operator==(const BarColumns&, const BarColumns&) = default;
};

// `unshown` grows by the sums that are left empty because they do not fit their column.
BarColumns columns_of(const BarPartial& bar, std::uint32_t& unshown);

}  // namespace tapeline
