// SPDX-License-Identifier: Apache-2.0
#include "venue/coinbase/scan_frame.h"

#include <cstdint>

#include "venue/coinbase/kind.h"
#include "venue/scan.h"

namespace tapeline::venue::coinbase {
namespace {

// From the value of `trade_id` on.
bool scan_trade(Scan& scan, Items& items) {
  constexpr std::size_t kOrderIdSize = 36;
  std::uint64_t id = 0;
  std::uint64_t sequence = 0;
  if (!scan.number(id) || !scan.literal(",\"maker_order_id\":\"") ||
      !scan.plain_text<kOrderIdSize>() || !scan.literal("\",\"taker_order_id\":\"") ||
      !scan.plain_text<kOrderIdSize>() || !scan.literal("\",\"side\":\"")) {
    return false;
  }
  // The maker's side; the aggressor's is the other one.
  const bool maker_sells = scan.literal("sell\",\"size\":\"");
  if (!maker_sells && !scan.literal("buy\",\"size\":\"")) return false;

  Decimal size;
  Decimal price;
  std::string_view symbol;
  EventTime time;
  if (!scan.decimal(size) || !scan.literal("\",\"price\":\"") || !scan.decimal(price) ||
      !scan.literal("\",\"product_id\":\"") || !scan.symbol(symbol) ||
      !scan.literal("\",\"sequence\":") || !scan.number(sequence) ||
      !scan.literal(",\"time\":\"") || !scan.time(time) || !scan.literal("\"}") ||
      !scan.is_at_end()) {
    return false;
  }

  auto& trade = std::get<WireTrade>(items.emplace_back(std::in_place_type<WireTrade>));
  trade.symbol = symbol;
  trade.side = maker_sells ? Side::kBuy : Side::kSell;
  trade.ts_event = time;
  trade.price = price;
  trade.size = size;
  trade.id = TradeId(id);
  return true;
}

// The value of `type`, of a message whose other fields nobody reads: they may be a whole book.
bool scan_unparsed(Scan& scan, Items& items) {
  std::string_view type;
  if (!scan.word(type) || !scan.literal("\",")) return false;
  const Kind kind = kind_of(type);
  if (is_parsed(kind)) return false;
  items.emplace_back(control_of(kind));
  return true;
}

}  // namespace

bool scan_frame(std::string_view frame, Items& items) {
  Scan scan(frame);
  if (scan.literal("{\"type\":\"match\",\"trade_id\":")) return scan_trade(scan, items);
  if (scan.literal("{\"type\":\"last_match\",\"trade_id\":")) {
    if (!scan_trade(scan, items)) return false;
    std::get<WireTrade>(items.back()).flags.set(Flag::kSnapshot);
    return true;
  }
  return scan.literal("{\"type\":\"") && scan_unparsed(scan, items);
}

}  // namespace tapeline::venue::coinbase
