// SPDX-License-Identifier: Apache-2.0
#include "venue/coinbase_advanced/scan_frame.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "venue/coinbase_advanced/kind.h"
#include "venue/scan.h"

namespace tapeline::venue::coinbase_advanced {
namespace {

// A time with as many digits as it needs, up to its closing quote.
bool scan_time(Scan& scan, EventTime& out) {
  std::string_view text;
  if (!scan.word(text)) return false;
  const auto unix_ns = parse_rfc3339(text);
  if (!unix_ns) return false;
  out = EventTime(*unix_ns);
  return scan.literal("\"");
}

bool scan_row(Scan& scan, bool is_snapshot, Items& items) {
  std::uint64_t id = 0;
  Decimal price;
  Decimal size;
  std::string_view symbol;
  EventTime time;
  if (!scan.literal("{\"product_id\":\"") || !scan.symbol(symbol) ||
      !scan.literal("\",\"trade_id\":\"") || !scan.number(id) || !scan.literal("\",\"price\":\"") ||
      !scan.decimal(price) || !scan.literal("\",\"size\":\"") || !scan.decimal(size) ||
      !scan.literal("\",\"time\":\"") || !scan_time(scan, time) || !scan.literal(",\"side\":\"")) {
    return false;
  }
  // The venue names the maker's side; the aggressor's is the other one.
  const bool maker_sells = scan.literal("SELL\"}");
  if (!maker_sells && !scan.literal("BUY\"}")) return false;
  auto& trade = std::get<WireTrade>(items.emplace_back(std::in_place_type<WireTrade>));
  trade.symbol = symbol;
  trade.side = maker_sells ? Side::kBuy : Side::kSell;
  if (is_snapshot) trade.flags.set(Flag::kSnapshot);
  trade.ts_event = time;
  trade.price = price;
  trade.size = size;
  trade.id = TradeId(id);
  return true;
}

bool scan_event(Scan& scan, Items& items) {
  const bool is_snapshot = scan.literal("{\"type\":\"snapshot\"");
  if (!is_snapshot && !scan.literal("{\"type\":\"update\"")) return false;
  if (!scan.literal(",\"trades\":[")) return false;
  const std::size_t before = items.size();
  do {
    if (!scan_row(scan, is_snapshot, items)) return false;
  } while (scan.literal(","));
  std::reverse(items.begin() + static_cast<std::ptrdiff_t>(before), items.end());
  return scan.literal("]}");
}

bool scan_trades(Scan& scan, Items& items) {
  EventTime sent;
  std::uint64_t sequence = 0;
  scan.literal("\"client_id\":\"\",");
  if (!scan.literal("\"timestamp\":\"") || !scan_time(scan, sent) ||
      !scan.literal(",\"sequence_num\":") || !scan.number(sequence) ||
      !scan.literal(",\"events\":[")) {
    return false;
  }
  do {
    if (!scan_event(scan, items)) return false;
  } while (scan.literal(","));
  return scan.literal("]}") && scan.is_at_end();
}

}  // namespace

bool scan_frame(std::string_view frame, Items& items) {
  Scan scan(frame);
  if (scan.literal("{\"channel\":\"market_trades\",")) {
    const std::size_t before = items.size();
    if (scan_trades(scan, items)) return true;
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(before), items.end());
    return false;
  }
  // The channel of a message whose other fields nobody reads: they may be a whole book.
  std::string_view channel;
  if (!scan.literal("{\"channel\":\"") || !scan.word(channel) || !scan.literal("\",")) return false;
  const Kind kind = kind_of_channel(channel);
  if (is_parsed(kind)) return false;
  items.emplace_back(control_of(kind));
  return true;
}

}  // namespace tapeline::venue::coinbase_advanced
