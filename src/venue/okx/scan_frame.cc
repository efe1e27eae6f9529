// SPDX-License-Identifier: Apache-2.0
#include "venue/okx/scan_frame.h"

#include <cstdint>

#include "venue/okx/kind.h"
#include "venue/scan.h"

namespace tapeline::venue::okx {
namespace {

// "count":"3","source":"0","seqId":1234 - or none of them, as the venue wrote once.
bool scan_fills(Scan& scan, std::uint64_t id, WireTrade& trade) {
  std::uint64_t count = 0;
  std::uint64_t ignored = 0;
  if (!scan.literal(",\"count\":\"")) return true;
  if (!scan.number(count) || !scan.literal("\"") || count == 0 || count > id) return false;
  if (scan.literal(",\"source\":\"") && !(scan.number(ignored) && scan.literal("\""))) return false;
  if (scan.literal(",\"seqId\":") && !scan.number(ignored)) return false;
  trade.has_fills = true;
  trade.last_fill = id;
  trade.first_fill = id - (count - 1);
  return true;
}

// {"instId":"BTC-USDT","tradeId":"130639474","px":"42219.9","sz":"0.12060306","side":"buy",
// "ts":"1630048897897","count":"3"}
bool scan_trade(Scan& scan, WireTrade& trade) {
  std::uint64_t id = 0;
  if (!scan.literal("{\"instId\":\"") || !scan.symbol(trade.symbol) ||
      !scan.literal("\",\"tradeId\":\"") || !scan.number(id) || !scan.literal("\",\"px\":\"") ||
      !scan.decimal(trade.price) || !scan.literal("\",\"sz\":\"") || !scan.decimal(trade.size) ||
      !scan.literal("\",\"side\":\"")) {
    return false;
  }
  const bool is_buy = scan.literal("buy");
  if ((!is_buy && !scan.literal("sell")) || !scan.literal("\",\"ts\":\"") ||
      !scan.epoch(trade.ts_event) || !scan.literal("\"") || !scan_fills(scan, id, trade)) {
    return false;
  }
  trade.side = is_buy ? Side::kBuy : Side::kSell;
  trade.id = TradeId(id);
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
  std::string_view channel;
  std::string_view instrument;
  if (!scan.literal("{\"arg\":{\"channel\":\"") || !scan.word(channel) ||
      !scan.literal("\",\"instId\":\"") || !scan.symbol(instrument) || !scan.literal("\"},\"")) {
    return false;
  }
  const Kind kind = kind_of_channel(channel);
  if (kind == Kind::kTrades) return scan.literal("data\":[") && scan_trades(scan, items);
  if (kind == Kind::kTickers) return false;
  if (!scan.literal("action\":") && !scan.literal("data\":")) return false;
  items.emplace_back(control_of(kind));
  return true;
}

}  // namespace tapeline::venue::okx
