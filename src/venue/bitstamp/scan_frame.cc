// SPDX-License-Identifier: Apache-2.0
#include "venue/bitstamp/scan_frame.h"

#include <cstdint>

#include "venue/bitstamp/kind.h"
#include "venue/scan.h"

namespace tapeline::venue::bitstamp {
namespace {

// Digits between quotes, as far as their closing one.
bool scan_time(Scan& scan, EventTime& out) { return scan.epoch(out) && scan.literal("\""); }

bool scan_trade(Scan& scan, Items& items) {
  WireTrade trade;
  std::uint64_t id = 0;
  std::uint64_t ignored = 0;
  Decimal rounded;
  EventTime whole;
  if (!scan.number(id) || !scan.literal(",\"timestamp\":\"") || !scan_time(scan, whole) ||
      !scan.literal(",\"amount\":") || !scan.bare_decimal(rounded) ||
      !scan.literal(",\"amount_str\":\"") || !scan.decimal(trade.size) ||
      !scan.literal("\",\"price\":") || !scan.bare_decimal(rounded) ||
      !scan.literal(",\"price_str\":\"") || !scan.decimal(trade.price) ||
      !scan.literal("\",\"type\":")) {
    return false;
  }
  const bool is_sold = scan.literal("1");
  if (!is_sold && !scan.literal("0")) return false;
  if (!scan.literal(",\"microtimestamp\":\"") || !scan_time(scan, trade.ts_event) ||
      !scan.literal(",\"buy_order_id\":") || !scan.number(ignored) ||
      !scan.literal(",\"sell_order_id\":") || !scan.number(ignored) ||
      !scan.literal("},\"channel\":\"live_trades_") || !scan.symbol(trade.symbol) ||
      !scan.literal("\",\"event\":\"trade\"}") || !scan.is_at_end() ||
      trade.symbol.find('_') != std::string_view::npos) {
    return false;
  }
  trade.side = is_sold ? Side::kSell : Side::kBuy;
  trade.id = TradeId(id);
  items.emplace_back(trade);
  return true;
}

}  // namespace

bool scan_frame(std::string_view frame, Items& items) {
  Scan scan(frame);
  if (!scan.literal("{\"data\":{")) return false;
  if (scan.literal("\"id\":")) return scan_trade(scan, items);
  // A book, which may be long: its end says what it is.
  if (!frame.ends_with(",\"event\":\"data\"}")) return false;
  items.emplace_back(control_of(Kind::kUnparsed));
  return true;
}

}  // namespace tapeline::venue::bitstamp
