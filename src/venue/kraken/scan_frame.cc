// SPDX-License-Identifier: Apache-2.0
#include "venue/kraken/scan_frame.h"

#include <cstdint>

#include "venue/kraken/kind.h"
#include "venue/scan.h"

namespace tapeline::venue::kraken {
namespace {

bool scan_side(Scan& scan, Side& side) {
  const bool is_buy = scan.literal("buy\"");
  side = is_buy ? Side::kBuy : Side::kSell;
  return is_buy || scan.literal("sell\"");
}

// {"symbol":"BTC/USD","side":"buy","price":68500.0,"qty":0.01044926,"ord_type":"limit",
// "trade_id":70635299,"timestamp":"2024-05-27T12:43:11.798009Z"}
bool scan_trade(Scan& scan, WireTrade& trade) {
  std::string_view order_type;
  std::uint64_t id = 0;
  if (!scan.literal("{\"symbol\":\"") || !scan.symbol(trade.symbol) ||
      !scan.literal("\",\"side\":\"") || !scan_side(scan, trade.side) ||
      !scan.literal(",\"price\":") || !scan.bare_decimal(trade.price) ||
      !scan.literal(",\"qty\":") || !scan.bare_decimal(trade.size) ||
      !scan.literal(",\"ord_type\":\"") || !scan.word(order_type) ||
      !scan.literal("\",\"trade_id\":") || !scan.number(id) || !scan.literal(",\"timestamp\":\"") ||
      !scan.time(trade.ts_event) || !scan.literal("\"}")) {
    return false;
  }
  trade.id = TradeId(id);
  return true;
}

// From the type to the frame's end.
bool scan_trades(Scan& scan, Items& items) {
  const bool is_snapshot = scan.literal("snapshot\",\"data\":[");
  if (!is_snapshot && !scan.literal("update\",\"data\":[")) return false;
  const std::size_t first = items.size();
  bool is_good = true;
  do {
    auto& trade = std::get<WireTrade>(items.emplace_back(std::in_place_type<WireTrade>));
    if (is_snapshot) trade.flags.set(Flag::kSnapshot);
    is_good = scan_trade(scan, trade);
  } while (is_good && scan.literal(","));
  if (is_good && scan.literal("]}") && scan.is_at_end()) return true;
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(first), items.end());
  return false;
}

}  // namespace

bool scan_frame(std::string_view frame, Items& items) {
  Scan scan(frame);
  std::string_view channel;
  if (!scan.literal("{\"channel\":\"") || !scan.word(channel)) return false;
  const Kind kind = kind_of(channel);
  switch (kind) {
    case Kind::kTrade:
      return scan.literal("\",\"type\":\"") && scan_trades(scan, items);
    case Kind::kHeartbeat:
      if (!scan.literal("\"}") || !scan.is_at_end()) return false;
      break;
    case Kind::kUnparsed:
    case Kind::kUnknown:
      if (!scan.literal("\",")) return false;
      break;
    case Kind::kTicker:
    case Kind::kNone:
      return false;
  }
  items.emplace_back(control_of(kind));
  return true;
}

}  // namespace tapeline::venue::kraken
