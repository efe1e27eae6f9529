// SPDX-License-Identifier: Apache-2.0
#include "venue/binance/scan_frame.h"

#include <cstdint>

#include "venue/binance/kind.h"
#include "venue/scan.h"

namespace tapeline::venue::binance {
namespace {

// What both kinds of trade share.
struct TradeText {
  std::string_view symbol;
  std::uint64_t id = 0;
  Decimal price;
  Decimal size;
  EventTime time;
  bool buyer_is_maker = false;
};

bool scan_truth(Scan& scan, bool& out) {
  out = scan.literal("true");
  return out || scan.literal("false");
}

bool scan_price_and_size(Scan& scan, TradeText& trade) {
  return scan.literal(",\"p\":\"") && scan.decimal(trade.price) && scan.literal("\",\"q\":\"") &&
         scan.decimal(trade.size);
}

// From T to the payload's end. M says nothing.
bool scan_time_and_maker(Scan& scan, TradeText& trade) {
  bool ignored = false;
  return scan.literal(",\"T\":") && scan.epoch(trade.time) && scan.literal(",\"m\":") &&
         scan_truth(scan, trade.buyer_is_maker) && scan.literal(",\"M\":") &&
         scan_truth(scan, ignored) && scan.literal("}");
}

// The order ids that the venue wrote until 2024, and older recordings hold.
bool scan_order_ids(Scan& scan) {
  std::uint64_t ignored = 0;
  if (!scan.literal("\",\"b\":")) return scan.literal("\"");
  return scan.number(ignored) && scan.literal(",\"a\":") && scan.number(ignored);
}

bool is_whole(Scan& scan, bool is_combined) {
  return (!is_combined || scan.literal("}")) && scan.is_at_end();
}

WireTrade& add_trade(const TradeText& text, Items& items) {
  auto& trade = std::get<WireTrade>(items.emplace_back(std::in_place_type<WireTrade>));
  trade.symbol = text.symbol;
  trade.side = text.buyer_is_maker ? Side::kSell : Side::kBuy;
  trade.ts_event = text.time;
  trade.price = text.price;
  trade.size = text.size;
  trade.id = TradeId(text.id);
  return trade;
}

bool scan_trade(Scan& scan, bool is_combined, Items& items) {
  TradeText trade;
  std::uint64_t sent = 0;
  if (!scan.number(sent) || !scan.literal(",\"s\":\"") || !scan.symbol(trade.symbol) ||
      !scan.literal("\",\"t\":") || !scan.number(trade.id) || !scan_price_and_size(scan, trade) ||
      !scan_order_ids(scan) || !scan_time_and_maker(scan, trade) || !is_whole(scan, is_combined)) {
    return false;
  }
  add_trade(trade, items);
  return true;
}

bool scan_aggregated(Scan& scan, bool is_combined, Items& items) {
  TradeText trade;
  std::uint64_t sent = 0;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (!scan.number(sent) || !scan.literal(",\"s\":\"") || !scan.symbol(trade.symbol) ||
      !scan.literal("\",\"a\":") || !scan.number(trade.id) || !scan_price_and_size(scan, trade) ||
      !scan.literal("\",\"f\":") || !scan.number(first) || !scan.literal(",\"l\":") ||
      !scan.number(last) || !scan_time_and_maker(scan, trade) || !is_whole(scan, is_combined)) {
    return false;
  }
  if (last < first) return false;
  WireTrade& added = add_trade(trade, items);
  added.channel = Channel::kAggTrades;
  added.has_fills = true;
  added.first_fill = first;
  added.last_fill = last;
  return true;
}

bool scan_quote(Scan& scan, bool is_combined, Items& items) {
  WireQuote text;
  if (!scan.number(text.id) || !scan.literal(",\"s\":\"") || !scan.symbol(text.symbol) ||
      !scan.literal("\",\"b\":\"") || !scan.decimal(text.bid_price) ||
      !scan.literal("\",\"B\":\"") || !scan.decimal(text.bid_size) ||
      !scan.literal("\",\"a\":\"") || !scan.decimal(text.ask_price) ||
      !scan.literal("\",\"A\":\"") || !scan.decimal(text.ask_size) || !scan.literal("\"}") ||
      !is_whole(scan, is_combined)) {
    return false;
  }
  text.has_event_time = false;
  text.has_bid_size = true;
  text.has_ask_size = true;
  items.emplace_back(text);
  return true;
}

// The payload of which nothing but the kind is of interest: it may be a whole book.
bool scan_unparsed(Scan& scan, bool is_combined, Items& items) {
  Kind kind = Kind::kUnparsed;
  std::string_view event;
  if (scan.literal("{\"e\":\"")) {
    if (!scan.word(event) || !scan.literal("\",")) return false;
    kind = kind_of(event);
    if (kind != Kind::kUnparsed && kind != Kind::kUnknown) return false;
  } else if (!scan.literal("{\"lastUpdateId\":") && !(is_combined && scan.literal("["))) {
    return false;
  }
  items.emplace_back(control_of(kind));
  return true;
}

}  // namespace

bool scan_frame(std::string_view frame, Items& items) {
  Scan scan(frame);
  std::string_view stream;
  const bool is_combined = scan.literal("{\"stream\":\"");
  if (is_combined && !(scan.word(stream) && scan.literal("\",\"data\":"))) return false;
  if (scan.literal("{\"e\":\"trade\",\"E\":")) return scan_trade(scan, is_combined, items);
  if (scan.literal("{\"e\":\"aggTrade\",\"E\":")) return scan_aggregated(scan, is_combined, items);
  if (scan.literal("{\"u\":")) return scan_quote(scan, is_combined, items);
  return scan_unparsed(scan, is_combined, items);
}

}  // namespace tapeline::venue::binance
