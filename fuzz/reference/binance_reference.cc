// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "reference/fields_reference.h"
#include "reference/json_reference.h"
#include "reference/venue_reference.h"
#include "venue/binance/kind.h"

namespace tapeline::reference {
namespace {

using venue::Control;
using venue::ControlReason;
using venue::Item;
using venue::Reject;
using venue::WireQuote;
using venue::WireTrade;
using venue::binance::Kind;

constexpr std::array<std::string_view, 19> kPayloadNames{
    "e",      "s",    "t",   "a",    "p",
    "q",      "T",    "m",   "f",    "l",
    "u",      "b",    "B",   "A",    "lastUpdateId",
    "result", "code", "msg", "error"};

bool is_payload_name(std::string_view name) {
  return std::find(kPayloadNames.begin(), kPayloadNames.end(), name) != kPayloadNames.end();
}

bool is_container(const Json& value) {
  return value.kind == JsonKind::kObject || value.kind == JsonKind::kArray;
}

Item trade_of(const Json& payload, bool is_aggregated) {
  WireTrade trade;
  bool buyer_is_maker = false;
  if (!read_symbol(payload.find("s"), trade.symbol) ||
      !read_id(payload.find(is_aggregated ? "a" : "t"), trade.id) ||
      !read_decimal(payload.find("p"), trade.price) ||
      !read_decimal(payload.find("q"), trade.size) ||
      !read_epoch(payload.find("T"), trade.ts_event) ||
      !read_bool(payload.find("m"), buyer_is_maker)) {
    return Reject{};
  }
  trade.channel = is_aggregated ? Channel::kAggTrades : Channel::kTrades;
  trade.side = buyer_is_maker ? Side::kSell : Side::kBuy;
  if (!is_aggregated) return trade;
  trade.has_fills = true;
  if (!read_count(payload.find("f"), trade.first_fill) ||
      !read_count(payload.find("l"), trade.last_fill) || trade.last_fill < trade.first_fill) {
    return Reject{};
  }
  return trade;
}

Item quote_of(const Json& payload) {
  WireQuote quote;
  quote.has_bid_size = payload.find("B") != nullptr;
  quote.has_ask_size = payload.find("A") != nullptr;
  quote.has_event_time = payload.find("T") != nullptr;
  if (!read_symbol(payload.find("s"), quote.symbol) || !read_count(payload.find("u"), quote.id) ||
      !read_decimal(payload.find("b"), quote.bid_price) ||
      !read_decimal(payload.find("a"), quote.ask_price) ||
      (quote.has_bid_size && !read_decimal(payload.find("B"), quote.bid_size)) ||
      (quote.has_ask_size && !read_decimal(payload.find("A"), quote.ask_size)) ||
      (quote.has_event_time && !read_epoch(payload.find("T"), quote.ts_event))) {
    return Reject{};
  }
  return quote;
}

Item error_of(const Json& payload, std::string& text) {
  const Json* said = payload.find("error");
  if (said != nullptr && said->kind == JsonKind::kObject) said = said->find("msg");
  if (said == nullptr || said->kind != JsonKind::kString) said = payload.find("msg");
  if (said != nullptr && said->kind == JsonKind::kString) text = cut_text(said->text);
  return Control{ControlReason::kVenueError, Channel::kOther, text};
}

// The item that ends the reading of a payload at this field: the first `e` or `lastUpdateId`
// decides. Otherwise nothing, and `kind` when it is known now.
std::optional<Item> early_end(std::string_view name, const Json& value, Kind& kind) {
  if (kind != Kind::kNone) return std::nullopt;
  if (name == "lastUpdateId") return Control{ControlReason::kUnparsed, Channel::kOther, {}};
  if (name != "e") return std::nullopt;
  if (value.kind != JsonKind::kString) return Reject{};
  kind = venue::binance::kind_of(value.text);
  if (kind == Kind::kUnparsed) return Control{ControlReason::kUnparsed, Channel::kOther, {}};
  if (kind == Kind::kUnknown) return Control{ControlReason::kUnknownKind, Channel::kOther, {}};
  if (kind == Kind::kShutdown) {
    return Control{ControlReason::kVenueError, Channel::kOther, "serverShutdown"};
  }
  return std::nullopt;
}

Item payload_item(const Json& payload, Kind kind, std::string& text) {
  if (has_repeated(payload, kPayloadNames)) return Reject{};
  if (kind == Kind::kTrade || kind == Kind::kAggTrade) {
    return trade_of(payload, kind == Kind::kAggTrade);
  }
  if (kind == Kind::kBookTicker) return quote_of(payload);
  const auto has = [&payload](const char* name) { return payload.find(name) != nullptr; };
  if ((has("error") && payload.find("error")->kind != JsonKind::kNull) ||
      (has("code") && has("msg"))) {
    return error_of(payload, text);
  }
  if (has("result")) return Control{ControlReason::kAck, Channel::kOther, {}};
  if (has("u") && has("s") && has("b") && has("B") && has("a") && has("A")) {
    return quote_of(payload);
  }
  return Reject{};
}

Item item_of(const Json& frame, std::string& text) {
  if (frame.kind == JsonKind::kArray) {
    return Control{ControlReason::kUnparsed, Channel::kOther, {}};
  }
  const Json* data = nullptr;
  bool is_bare = false;  // the frame itself is the payload
  bool is_mixed = false;
  Kind kind = Kind::kNone;
  for (std::size_t i = 0; i < frame.names.size(); ++i) {
    const std::string& name = frame.names[i];
    const Json& value = frame.elements[i];
    const bool is_data = name == "data" && is_container(value);
    if (!is_data && !is_payload_name(name)) continue;
    if (data != nullptr || (is_data && is_bare)) {
      is_mixed = true;
    } else if (is_data) {
      data = &value;
      if (data->kind == JsonKind::kArray) {
        return Control{ControlReason::kUnparsed, Channel::kOther, {}};
      }
      for (std::size_t j = 0; j < data->names.size(); ++j) {
        if (auto item = early_end(data->names[j], data->elements[j], kind)) return *item;
      }
    } else {
      is_bare = true;
      if (auto item = early_end(name, value, kind)) return *item;
    }
  }
  if (is_mixed) return Reject{};
  return payload_item(data != nullptr ? *data : frame, kind, text);
}

}  // namespace

Expected read_binance(std::string_view frame) {
  Expected expected;
  const auto json = read_json(frame);
  if (!json) return expected;
  std::string text;
  expected.is_json = true;
  expected.depth = json->depth;
  append_item(expected.items, item_of(*json, text), false);
  return expected;
}

}  // namespace tapeline::reference
