// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "reference/fields_reference.h"
#include "reference/json_reference.h"
#include "reference/venue_reference.h"
#include "venue/bybit/kind.h"

namespace tapeline::reference {
namespace {

using venue::Control;
using venue::ControlReason;
using venue::Item;
using venue::Reject;
using venue::WireTrade;
using venue::bybit::Kind;

constexpr std::array<std::string_view, 5> kNames{"topic", "data", "op", "success", "ret_msg"};
constexpr std::array<std::string_view, 7> kRowNames{"T", "s", "S", "v", "p", "i", "seq"};

bool is_string(const Json* value) { return value != nullptr && value->kind == JsonKind::kString; }

std::string text_of(const Json* value) { return is_string(value) ? value->text : std::string(); }

Item trade_of(const Json& row) {
  WireTrade trade;
  const std::string side = text_of(row.find("S"));
  const Json* sequence = row.find("seq");
  if (!read_symbol(row.find("s"), trade.symbol) || !read_id(row.find("i"), trade.id) ||
      !read_decimal(row.find("p"), trade.price) || !read_decimal(row.find("v"), trade.size) ||
      !read_epoch(row.find("T"), trade.ts_event) ||
      (sequence != nullptr && !read_count(sequence, trade.order)) ||
      (side != "Buy" && side != "Sell")) {
    return Reject{};
  }
  trade.side = side == "Buy" ? Side::kBuy : Side::kSell;
  return trade;
}

Item answer_of(const Json& frame, std::string& text) {
  const Json* success = frame.find("success");
  const std::string op = text_of(frame.find("op"));
  bool is_granted = false;
  const bool is_answer = read_bool(success, is_granted);
  if ((!is_answer && op != "pong") || has_repeated(frame, kNames)) return Reject{};
  if (op == "ping" || op == "pong") {
    return Control{ControlReason::kHeartbeat, Channel::kHeartbeat, {}};
  }
  const std::string message = text_of(frame.find("ret_msg"));
  if (is_granted || venue::bybit::is_harmless(message)) {
    return Control{ControlReason::kAck, Channel::kOther, {}};
  }
  text = cut_text(message);
  return Control{ControlReason::kVenueError, Channel::kOther, text};
}

std::vector<Item> items_of(const Json& frame, std::string& text) {
  const Json* topic = frame.find("topic");
  if (topic == nullptr) return {answer_of(frame, text)};
  if (!is_string(topic)) return {Reject{}};
  const Kind kind = venue::bybit::kind_of(topic->text);
  if (kind != Kind::kTrade) return {venue::bybit::control_of(kind)};
  const Json* data = frame.find("data");
  if (has_repeated(frame, kNames) || data == nullptr || data->kind != JsonKind::kArray) {
    return {Reject{}};
  }
  if (data->elements.empty()) return {Control{ControlReason::kUnparsed, Channel::kTrades, {}}};
  std::vector<Item> items;
  for (const Json& row : data->elements) {
    const bool is_row = row.kind == JsonKind::kObject && !has_repeated(row, kRowNames);
    items.push_back(is_row ? trade_of(row) : Item(Reject{}));
  }
  return items;
}

}  // namespace

Expected read_bybit(std::string_view frame) {
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
