// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "reference/fields_reference.h"
#include "reference/json_reference.h"
#include "reference/venue_reference.h"
#include "venue/kraken/kind.h"

namespace tapeline::reference {
namespace {

using venue::Control;
using venue::ControlReason;
using venue::Item;
using venue::Reject;
using venue::WireQuote;
using venue::WireTrade;
using venue::kraken::Kind;

constexpr std::array<std::string_view, 7> kNames{"channel", "type",  "data", "method",
                                                 "success", "error", "Error"};
constexpr std::array<std::string_view, 10> kRowNames{
    "symbol", "side", "price", "qty", "trade_id", "timestamp", "bid", "bid_qty", "ask", "ask_qty"};

bool is_string(const Json* value) { return value != nullptr && value->kind == JsonKind::kString; }

std::string_view text_of(const Json* value) {
  return is_string(value) ? std::string_view(value->text) : std::string_view();
}

bool is_given(const Json* value) {
  return value != nullptr && value->kind != JsonKind::kNull &&
         !(value->kind == JsonKind::kString && value->text.empty());
}

Item trade_of(const Json& row, bool is_snapshot) {
  WireTrade trade;
  const std::string_view side = text_of(row.find("side"));
  if (!read_symbol(row.find("symbol"), trade.symbol) || !read_id(row.find("trade_id"), trade.id) ||
      !read_decimal(row.find("price"), trade.price) || !read_decimal(row.find("qty"), trade.size) ||
      !read_rfc3339(row.find("timestamp"), trade.ts_event) || (side != "buy" && side != "sell")) {
    return Reject{};
  }
  trade.side = side == "buy" ? Side::kBuy : Side::kSell;
  if (is_snapshot) trade.flags = Flags(Flag::kSnapshot);
  return trade;
}

Item quote_of(const Json& row) {
  const Control no_market{ControlReason::kUnparsed, Channel::kQuotes, {}};
  const Json* time = row.find("timestamp");
  if (!is_given(row.find("bid")) || !is_given(row.find("ask"))) return no_market;
  WireQuote quote;
  quote.has_bid_size = is_given(row.find("bid_qty"));
  quote.has_ask_size = is_given(row.find("ask_qty"));
  quote.has_event_time = quote.has_id = is_given(time);
  if (!read_symbol(row.find("symbol"), quote.symbol) ||
      !read_decimal(row.find("bid"), quote.bid_price) ||
      !read_decimal(row.find("ask"), quote.ask_price) ||
      (quote.has_bid_size && !read_decimal(row.find("bid_qty"), quote.bid_size)) ||
      (quote.has_ask_size && !read_decimal(row.find("ask_qty"), quote.ask_size)) ||
      (quote.has_event_time && !read_rfc3339(time, quote.ts_event))) {
    return Reject{};
  }
  quote.id = quote.has_id ? static_cast<std::uint64_t>(quote.ts_event.unix_ns()) : 0;
  const bool has_market = quote.bid_price != Decimal{} && quote.ask_price != Decimal{};
  return has_market ? Item(quote) : Item(no_market);
}

Item answer_of(const Json& frame, std::string& text) {
  const Json* method = frame.find("method");
  const Json* error = frame.find("error") != nullptr ? frame.find("error") : frame.find("Error");
  const Json* success = frame.find("success");
  if (method == nullptr && error == nullptr) return Reject{};
  if (has_repeated(frame, kNames) || (frame.find("error") && frame.find("Error"))) return Reject{};
  if (method != nullptr && !is_string(method)) return Reject{};
  if (text_of(method) == "pong") {
    return Control{ControlReason::kHeartbeat, Channel::kHeartbeat, {}};
  }
  text = cut_text(std::string(text_of(error)));
  if ((success != nullptr && success->kind == JsonKind::kTrue) ||
      venue::kraken::is_harmless(text_of(error))) {
    return Control{ControlReason::kAck, Channel::kOther, {}};
  }
  const bool is_refused = success != nullptr && success->kind == JsonKind::kFalse;
  if (!is_refused && text.empty()) return Reject{};
  return Control{ControlReason::kVenueError, Channel::kOther, text};
}

std::vector<Item> items_of(const Json& frame, std::string& text) {
  const Json* channel = frame.find("channel");
  if (channel == nullptr) return {answer_of(frame, text)};
  if (!is_string(channel)) return {Reject{}};
  const Kind kind = venue::kraken::kind_of(channel->text);
  if (kind == Kind::kUnparsed) return {Control{ControlReason::kUnparsed, Channel::kOther, {}}};
  if (kind == Kind::kUnknown) return {Control{ControlReason::kUnknownKind, Channel::kOther, {}}};
  if (has_repeated(frame, kNames) || (frame.find("error") && frame.find("Error"))) {
    return {Reject{}};
  }
  if (kind == Kind::kHeartbeat) {
    return {Control{ControlReason::kHeartbeat, Channel::kHeartbeat, {}}};
  }
  const std::string_view type = text_of(frame.find("type"));
  const Json* data = frame.find("data");
  if ((type != "snapshot" && type != "update") || data == nullptr ||
      data->kind != JsonKind::kArray) {
    return {Reject{}};
  }
  if (data->elements.empty()) {
    return {Control{
        ControlReason::kUnparsed, kind == Kind::kTrade ? Channel::kTrades : Channel::kQuotes, {}}};
  }
  std::vector<Item> items;
  for (const Json& row : data->elements) {
    if (row.kind != JsonKind::kObject || has_repeated(row, kRowNames)) {
      items.emplace_back(Reject{});
    } else {
      items.push_back(kind == Kind::kTrade ? trade_of(row, type == "snapshot") : quote_of(row));
    }
  }
  return items;
}

}  // namespace

Expected read_kraken(std::string_view frame) {
  Expected expected;
  const auto json = read_json(frame);
  if (!json) return expected;
  std::string text;
  expected.is_json = true;
  expected.depth = json->depth;
  for (const Item& item : items_of(*json, text)) append_item(expected.items, item, false);
  return expected;
}

}  // namespace tapeline::reference
