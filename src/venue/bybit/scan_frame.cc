// SPDX-License-Identifier: Apache-2.0
#include "venue/bybit/scan_frame.h"

#include <cstdint>

#include "venue/bybit/kind.h"
#include "venue/scan.h"

namespace tapeline::venue::bybit {
namespace {

bool scan_truth(Scan& scan) { return scan.literal("true") || scan.literal("false"); }

// The id of a spot trade is a number, that of others 36 characters.
bool scan_id(Scan& scan, TradeId& out) {
  std::string_view text;
  if (!scan.symbol(text)) return false;
  const auto id = TradeId::parse(text);
  if (id) out = *id;
  return id.has_value();
}

// {"T":1672304486865,"s":"BTCUSDT","S":"Buy","v":"0.001","p":"16578.50","L":"PlusTick",
// "i":"20f43950-d8dd-5b31-9112-a178eb6023af","BT":false,"seq":1783284617}
bool scan_trade(Scan& scan, WireTrade& trade) {
  std::string_view tick;
  if (!scan.literal("{\"T\":") || !scan.epoch(trade.ts_event) || !scan.literal(",\"s\":\"") ||
      !scan.symbol(trade.symbol) || !scan.literal("\",\"S\":\"")) {
    return false;
  }
  const bool is_buy = scan.literal("Buy");
  trade.side = is_buy ? Side::kBuy : Side::kSell;
  if ((!is_buy && !scan.literal("Sell")) || !scan.literal("\",\"v\":\"") ||
      !scan.decimal(trade.size) || !scan.literal("\",\"p\":\"") || !scan.decimal(trade.price) ||
      !scan.literal("\"")) {
    return false;
  }
  if (scan.literal(",\"L\":\"") && !(scan.word(tick) && scan.literal("\""))) return false;
  if (!scan.literal(",\"i\":\"") || !scan_id(scan, trade.id) || !scan.literal("\",\"BT\":") ||
      !scan_truth(scan)) {
    return false;
  }
  if (scan.literal(",\"RPI\":") && !scan_truth(scan)) return false;
  if (scan.literal(",\"seq\":") && !scan.number(trade.order)) return false;
  return scan.literal("}");
}

bool scan_trades(Scan& scan, Items& items) {
  const std::size_t first = items.size();
  bool is_good = true;
  do {
    is_good =
        scan_trade(scan, std::get<WireTrade>(items.emplace_back(std::in_place_type<WireTrade>)));
  } while (is_good && scan.literal(","));
  if (is_good && scan.literal("]}") && scan.is_at_end()) return true;
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(first), items.end());
  return false;
}

}  // namespace

bool scan_frame(std::string_view frame, Items& items) {
  Scan scan(frame);
  std::string_view topic;
  std::uint64_t sent = 0;
  if (!scan.literal("{\"topic\":\"") || !scan.word(topic)) return false;
  const Kind kind = kind_of(topic);
  if (kind == Kind::kTrade) {
    // The time that it was sent at stands before or behind the type.
    const bool is_front = scan.literal("\",\"type\":\"snapshot\",\"ts\":") && scan.number(sent) &&
                          scan.literal(",\"data\":[");
    if (is_front) return scan_trades(scan, items);
    Scan other(frame);
    return other.literal("{\"topic\":\"") && other.word(topic) && other.literal("\",\"ts\":") &&
           other.number(sent) && other.literal(",\"type\":\"snapshot\",\"data\":[") &&
           scan_trades(other, items);
  }
  if (!scan.literal("\",")) return false;
  items.emplace_back(control_of(kind));
  return true;
}

}  // namespace tapeline::venue::bybit
