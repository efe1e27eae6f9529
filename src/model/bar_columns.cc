// SPDX-License-Identifier: Apache-2.0
#include "model/bar_columns.h"

namespace tapeline {
namespace {

TradeId id_of(const BarPartial::End& end) {
  return end.key.id.is_number() ? TradeId(end.fill) : end.key.id;
}

}  // namespace

BarColumns columns_of(const BarPartial& bar, std::uint32_t& unshown) {
  const auto price = [&bar](Int128 value) {
    return bar.has_prices() ? std::optional(value) : std::nullopt;
  };
  BarColumns columns{.open = price(bar.open),
                     .high = price(bar.high),
                     .low = price(bar.low),
                     .close = price(bar.close),
                     .volume = {},
                     .buy_volume = {},
                     .notional = {},
                     .vwap = {},
                     .trades = bar.trades,
                     .first_id = id_of(bar.open_end),
                     .last_id = id_of(bar.close_end)};
  if (bar.size_missing) return columns;
  const auto shown = [&unshown](std::optional<Int128> value) {
    if (!value) ++unshown;
    return value;
  };
  columns.volume = shown(bar.volume.as_column(BarPartial::kSizeScale));
  if (!bar.side_unknown) {
    columns.buy_volume = shown(bar.buy_volume.as_column(BarPartial::kSizeScale));
  }
  columns.notional = shown(bar.notional.as_column(BarPartial::kNotionalScale));
  if (columns.notional && !bar.volume.is_zero()) {
    columns.vwap = shown(
        bar.notional.divided_by(BarPartial::kNotionalScale, bar.volume, BarPartial::kSizeScale));
  }
  return columns;
}

}  // namespace tapeline
