// SPDX-License-Identifier: Apache-2.0
#include "venue/finnhub/scan_frame.h"

#include <cstddef>

#include "venue/finnhub/kind.h"
#include "venue/scan.h"

namespace tapeline::venue::finnhub {
namespace {

// ["1","8","24"], from behind its bracket.
bool scan_codes(Scan& scan, Conditions& conditions) {
  if (scan.literal("]")) return true;
  do {
    std::string_view code;
    if (!scan.literal("\"") || !scan.word(code) || !scan.literal("\"")) return false;
    conditions.add_text(code);
  } while (scan.literal(","));
  return scan.literal("]");
}

// What stands between a row's bracket and its price. Crypto and FX have no codes, or none given.
bool scan_conditions(Scan& scan, Conditions& conditions) {
  if (!scan.literal("\"c\":")) return true;
  const bool is_read = scan.literal("[") ? scan_codes(scan, conditions) : scan.literal("null");
  return is_read && scan.literal(",");
}

bool scan_row(Scan& scan, Items& items) {
  Decimal price;
  Decimal size;
  std::string_view symbol;
  EventTime time;
  Conditions conditions;
  if (!scan.literal("{") || !scan_conditions(scan, conditions) || !scan.literal("\"p\":") ||
      !scan.bare_decimal(price) || !scan.literal(",\"s\":\"") || !scan.symbol(symbol) ||
      !scan.literal("\",\"t\":") || !scan.epoch(time) || !scan.literal(",\"v\":") ||
      !scan.bare_decimal(size) || !scan.literal("}")) {
    return false;
  }
  if (size.mantissa == 0) {
    items.emplace_back(Control{.reason = ControlReason::kNoTrade, .channel = Channel::kTrades});
    return true;
  }
  auto& trade = std::get<WireTrade>(items.emplace_back(std::in_place_type<WireTrade>));
  trade.symbol = symbol;
  trade.has_id = false;
  trade.ts_event = time;
  trade.price = price;
  trade.size = size;
  trade.conditions = conditions;
  return true;
}

bool scan_rows(Scan& scan, Items& items) {
  do {
    if (!scan_row(scan, items)) return false;
  } while (scan.literal(","));
  return scan.literal("],\"type\":\"trade\"}") && scan.is_at_end();
}

}  // namespace

bool scan_frame(std::string_view frame, Items& items) {
  Scan scan(frame);
  if (scan.literal("{\"data\":[")) {
    const std::size_t before = items.size();
    if (scan_rows(scan, items)) return true;
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(before), items.end());
    return false;
  }
  if (!scan.literal("{\"type\":\"ping\"}") || !scan.is_at_end()) return false;
  items.emplace_back(control_of(Kind::kPing));
  return true;
}

}  // namespace tapeline::venue::finnhub
