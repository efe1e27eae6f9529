// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include "reference/fields_reference.h"
#include "reference/json_reference.h"
#include "reference/venue_reference.h"

namespace tapeline::reference {
namespace {

using venue::Control;
using venue::ControlReason;
using venue::Item;
using venue::Reject;
using venue::WireTrade;

constexpr std::array<std::string_view, 3> kFrameNames{"type", "data", "msg"};
constexpr std::array<std::string_view, 5> kRowNames{"s", "p", "t", "v", "c"};

Conditions conditions_of(const Json* codes) {
  Conditions conditions;
  if (codes == nullptr || codes->kind == JsonKind::kNull) return conditions;
  if (codes->kind != JsonKind::kArray) {
    conditions.add_other();
    return conditions;
  }
  for (const Json& code : codes->elements) {
    const bool is_text = code.kind == JsonKind::kString || code.kind == JsonKind::kNumber;
    unsigned number = 0;
    while (number < 63 && std::to_string(number) != code.text) ++number;
    if (is_text && number < 63) {
      conditions.add(number);
    } else {
      conditions.add_other();
    }
  }
  return conditions;
}

Item trade_of(const Json& row) {
  WireTrade trade;
  trade.has_id = false;
  if (row.kind != JsonKind::kObject || has_repeated(row, kRowNames) ||
      !read_symbol(row.find("s"), trade.symbol) || !read_decimal(row.find("p"), trade.price) ||
      !read_epoch(row.find("t"), trade.ts_event) || !read_decimal(row.find("v"), trade.size)) {
    return Reject{};
  }
  if (trade.size == Decimal{}) return Control{ControlReason::kNoTrade, Channel::kTrades, {}};
  trade.conditions = conditions_of(row.find("c"));
  return trade;
}

void append_trades(std::string& out, const Json& frame) {
  const Json* data = frame.find("data");
  if (data == nullptr || data->kind != JsonKind::kArray) {
    append_item(out, Reject{}, false);
  } else if (data->elements.empty()) {
    append_item(out, Control{ControlReason::kNoTrade, Channel::kTrades, {}}, false);
  } else {
    for (const Json& row : data->elements) append_item(out, trade_of(row), false);
  }
}

void append_error(std::string& out, const Json& frame) {
  const Json* message = frame.find("msg");
  const bool is_text = message != nullptr && message->kind == JsonKind::kString;
  const std::string text = is_text ? cut_text(message->text) : "";
  append_item(out, Control{ControlReason::kVenueError, Channel::kOther, text}, false);
}

void append_items(std::string& out, const Json& frame) {
  const Json* type = frame.find("type");
  if (type == nullptr || type->kind != JsonKind::kString) return append_item(out, Reject{}, false);
  const std::string& kind = type->text;
  if (kind == "news" || kind == "pr") {
    append_item(out, Control{ControlReason::kUnparsed, Channel::kOther, {}}, false);
  } else if (kind != "trade" && kind != "error" && kind != "ping") {
    append_item(out, Control{ControlReason::kUnknownKind, Channel::kOther, {}}, false);
  } else if (has_repeated(frame, kFrameNames)) {
    append_item(out, Reject{}, false);
  } else if (kind == "trade") {
    append_trades(out, frame);
  } else if (kind == "ping") {
    append_item(out, Control{ControlReason::kHeartbeat, Channel::kHeartbeat, {}}, false);
  } else {
    append_error(out, frame);
  }
}

}  // namespace

Expected read_finnhub(std::string_view frame) {
  Expected expected;
  const auto json = read_json(frame);
  if (!json) return expected;
  expected.is_json = true;
  expected.depth = json->depth;
  // A document that is no object has no type.
  append_items(expected.items, *json);
  return expected;
}

}  // namespace tapeline::reference
