// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "reference/fields_reference.h"
#include "reference/json_reference.h"
#include "reference/venue_reference.h"

namespace tapeline::reference {
namespace {

using venue::Control;
using venue::ControlReason;
using venue::Item;
using venue::Reject;
using venue::WireQuote;
using venue::WireTrade;

constexpr std::array<std::string_view, 10> kFieldNames{
    "event", "status", "code", "message", "messages", "symbol", "timestamp", "price", "bid", "ask"};

bool read_seconds(const Json* value, EventTime& out) {
  std::uint64_t seconds = 0;
  constexpr std::uint64_t kMax = INT64_MAX / 1'000'000'000;
  if (value == nullptr || value->kind != JsonKind::kNumber || !read_count(value, seconds) ||
      seconds > kMax) {
    return false;
  }
  out = EventTime(static_cast<std::int64_t>(seconds) * 1'000'000'000);
  return true;
}

bool is_text(const Json* value) { return value != nullptr && value->kind == JsonKind::kString; }

bool is_given(const Json* value) {
  return value != nullptr && value->kind != JsonKind::kNull &&
         !(value->kind == JsonKind::kString && value->text.empty());
}

Item trade_of(const Json& frame) {
  WireTrade trade;
  trade.has_id = false;
  trade.flags.set(Flag::kCoarseTime);
  trade.flags.set(Flag::kNoSize);
  const bool is_read = read_symbol(frame.find("symbol"), trade.symbol) &&
                       read_decimal(frame.find("price"), trade.price) &&
                       read_seconds(frame.find("timestamp"), trade.ts_event);
  return is_read ? Item(trade) : Item(Reject{});
}

Item quote_of(const Json& frame) {
  WireQuote quote;
  quote.has_id = false;
  const bool is_read = read_symbol(frame.find("symbol"), quote.symbol) &&
                       read_decimal(frame.find("bid"), quote.bid_price) &&
                       read_decimal(frame.find("ask"), quote.ask_price) &&
                       read_seconds(frame.find("timestamp"), quote.ts_event);
  return is_read ? Item(quote) : Item(Reject{});
}

std::string error_text(const Json& frame) {
  const Json* message = frame.find("message");
  if (is_text(message)) return cut_text(message->text);
  const Json* messages = frame.find("messages");
  const bool has_first = messages != nullptr && messages->kind == JsonKind::kArray &&
                         !messages->elements.empty() && is_text(&messages->elements[0]);
  return has_first ? cut_text(messages->elements[0].text) : "";
}

void append_items(std::string& out, const Json& frame) {
  if (has_repeated(frame, kFieldNames)) return append_item(out, Reject{}, false);
  const Json* event = frame.find("event");
  const std::string text = error_text(frame);
  Control control{ControlReason::kUnknownKind, Channel::kOther, {}};
  const Control error{ControlReason::kVenueError, Channel::kOther, text};
  if (event == nullptr && frame.find("code") != nullptr) return append_item(out, error, false);
  if (!is_text(event)) return append_item(out, Reject{}, false);
  const std::string& kind = event->text;
  if (kind == "price") {
    append_item(out, trade_of(frame), false);
    if (is_given(frame.find("bid")) && is_given(frame.find("ask"))) {
      append_item(out, quote_of(frame), false);
    }
    return;
  }
  if (kind == "heartbeat") control = {ControlReason::kHeartbeat, Channel::kHeartbeat, {}};
  if (kind == "subscribe-status" || kind == "unsubscribe-status" || kind == "reset-status") {
    const Json* status = frame.find("status");
    control.reason = ControlReason::kAck;
    if (is_text(status) && status->text == "error") control = error;
  }
  append_item(out, control, false);
}

}  // namespace

Expected read_twelvedata(std::string_view frame) {
  Expected expected;
  const auto json = read_json(frame);
  if (!json) return expected;
  expected.is_json = true;
  expected.depth = json->depth;
  if (json->kind == JsonKind::kObject) {
    append_items(expected.items, *json);
  } else {
    append_item(expected.items, Reject{}, false);
  }
  return expected;
}

}  // namespace tapeline::reference
