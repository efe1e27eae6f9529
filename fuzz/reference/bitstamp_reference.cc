// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <map>

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

constexpr std::array<std::string_view, 3> kFrameNames{"event", "channel", "data"};
constexpr std::array<std::string_view, 9> kDataNames{"id",         "price_str",      "amount_str",
                                                     "price",      "amount",         "type",
                                                     "order_type", "microtimestamp", "message"};

bool read_time(const Json* value, EventTime& out) {
  std::uint64_t count = 0;
  if (!read_count(value, count)) return false;
  Json number;
  number.kind = JsonKind::kNumber;
  number.text = std::to_string(count);
  return read_epoch(&number, out);
}

const Json* either(const Json& data, const char* first, const char* second) {
  const Json* value = data.find(first);
  return value != nullptr ? value : data.find(second);
}

Item trade_of(const Json& frame, std::string& symbol) {
  static const Json kNothing;
  constexpr std::string_view kPrefix = "live_trades_";
  const Json* data = frame.find("data");
  if (data == nullptr || data->kind != JsonKind::kObject) data = &kNothing;
  const Json* channel = frame.find("channel");
  if (channel == nullptr || channel->kind != JsonKind::kString ||
      !channel->text.starts_with(kPrefix)) {
    return Reject{};
  }
  symbol = channel->text.substr(kPrefix.size());
  Json name;
  name.kind = JsonKind::kString;
  name.text = symbol;
  std::string_view ignored;
  std::uint64_t type = 0;
  WireTrade trade;
  if (symbol.find('_') != std::string::npos || !read_symbol(&name, ignored) ||
      !read_id(data->find("id"), trade.id) ||
      !read_decimal(either(*data, "price_str", "price"), trade.price) ||
      !read_decimal(either(*data, "amount_str", "amount"), trade.size) ||
      !read_time(data->find("microtimestamp"), trade.ts_event) ||
      !read_count(either(*data, "type", "order_type"), type) || type > 1) {
    return Reject{};
  }
  trade.symbol = symbol;
  trade.side = type == 0 ? Side::kBuy : Side::kSell;
  return trade;
}

Item error_of(const Json& frame, std::string& text) {
  const Json* data = frame.find("data");
  const Json* message = data == nullptr ? nullptr : data->find("message");
  if (message != nullptr && message->kind == JsonKind::kString) text = cut_text(message->text);
  return Control{ControlReason::kVenueError, Channel::kOther, text};
}

Item item_of(const Json& frame, std::string& text) {
  static const std::map<std::string, Control> kPlain{
      {"data", {ControlReason::kUnparsed, Channel::kOther, {}}},
      {"order_created", {ControlReason::kUnparsed, Channel::kOther, {}}},
      {"order_changed", {ControlReason::kUnparsed, Channel::kOther, {}}},
      {"order_deleted", {ControlReason::kUnparsed, Channel::kOther, {}}}};
  static const std::map<std::string, Control> kWhole{
      {"bts:heartbeat", {ControlReason::kHeartbeat, Channel::kHeartbeat, {}}},
      {"bts:subscription_succeeded", {ControlReason::kAck, Channel::kOther, {}}},
      {"bts:unsubscription_succeeded", {ControlReason::kAck, Channel::kOther, {}}},
      {"bts:request_reconnect",
       {ControlReason::kVenueError, Channel::kOther, "bts:request_reconnect"}}};
  const Json* event = frame.find("event");
  if (event == nullptr || event->kind != JsonKind::kString) return Reject{};
  if (const auto plain = kPlain.find(event->text); plain != kPlain.end()) return plain->second;
  const auto whole = kWhole.find(event->text);
  const bool is_known =
      whole != kWhole.end() || event->text == "trade" || event->text == "bts:error";
  if (!is_known) return Control{ControlReason::kUnknownKind, Channel::kOther, {}};
  if (has_repeated(frame, kFrameNames)) return Reject{};
  const Json* data = frame.find("data");
  if (data != nullptr && has_repeated(*data, kDataNames)) return Reject{};
  if (whole != kWhole.end()) return whole->second;
  return event->text == "trade" ? trade_of(frame, text) : error_of(frame, text);
}

// What ends so is taken for a book, without a look at what stands before.
bool is_book(std::string_view frame) {
  return frame.starts_with("{\"data\":{") && !frame.starts_with("{\"data\":{\"id\":") &&
         frame.ends_with(",\"event\":\"data\"}");
}

}  // namespace

Expected read_bitstamp(std::string_view frame) {
  Expected expected;
  const auto json = read_json(frame);
  if (!json) return expected;
  std::string text;
  expected.is_json = true;
  expected.depth = json->depth;
  const Item item = is_book(frame) ? Control{ControlReason::kUnparsed, Channel::kOther, {}}
                                   : item_of(*json, text);
  append_item(expected.items, item, false);
  return expected;
}

}  // namespace tapeline::reference
