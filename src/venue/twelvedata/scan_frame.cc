// SPDX-License-Identifier: Apache-2.0
#include "venue/twelvedata/scan_frame.h"

#include <cstddef>

#include "venue/scan.h"

namespace tapeline::venue::twelvedata {
namespace {

constexpr std::size_t kNameBytesMax = 100;

// `,"KEY":"any text"`, where it stands: names of exchanges and currencies, which hold blanks.
template <std::size_t N>
bool scan_name(Scan& scan, const char (&key)[N]) {
  if (!scan.literal(key)) return true;
  for (std::size_t i = 0; i < kNameBytesMax; ++i) {
    if (scan.literal("\"")) return true;
    if (!scan.plain_text<1>()) return false;
  }
  return false;
}

bool scan_names(Scan& scan) {
  return scan_name(scan, ",\"currency\":\"") && scan_name(scan, ",\"currency_base\":\"") &&
         scan_name(scan, ",\"currency_quote\":\"") && scan_name(scan, ",\"exchange\":\"") &&
         scan_name(scan, ",\"mic_code\":\"") && scan_name(scan, ",\"type\":\"");
}

bool scan_volume(Scan& scan) {
  Decimal ignored;
  return !scan.literal(",\"day_volume\":") || scan.bare_decimal(ignored);
}

}  // namespace

bool scan_frame(std::string_view frame, Items& items) {
  Scan scan(frame);
  WireTrade trade;
  WireQuote quote;
  std::uint64_t seconds = 0;
  if (!scan.literal("{\"event\":\"price\",\"symbol\":\"") || !scan.symbol(trade.symbol) ||
      !scan.literal("\"") || !scan_names(scan) || !scan.literal(",\"timestamp\":") ||
      !scan.number(seconds) || seconds > kSecondsMax || !scan.literal(",\"price\":") ||
      !scan.bare_decimal(trade.price)) {
    return false;
  }
  const bool has_quote = scan.literal(",\"bid\":");
  if (has_quote && !(scan.bare_decimal(quote.bid_price) && scan.literal(",\"ask\":") &&
                     scan.bare_decimal(quote.ask_price))) {
    return false;
  }
  if (!scan_volume(scan) || !scan.literal("}") || !scan.is_at_end()) return false;
  trade.has_id = false;
  trade.flags.set(Flag::kCoarseTime);
  trade.flags.set(Flag::kNoSize);
  trade.ts_event = EventTime(static_cast<std::int64_t>(seconds) * 1'000'000'000);
  items.emplace_back(trade);
  if (!has_quote) return true;
  quote.symbol = trade.symbol;
  quote.has_id = false;
  quote.ts_event = trade.ts_event;
  items.emplace_back(quote);
  return true;
}

}  // namespace tapeline::venue::twelvedata
