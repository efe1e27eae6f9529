// SPDX-License-Identifier: Apache-2.0
#include "venue/twelvedata/parse.h"

#include <array>
#include <utility>

#include "venue/twelvedata/scan_frame.h"

namespace tapeline::venue::twelvedata {

Key key_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Key>, 10> kNames{{
      {"event", Key::kEvent},
      {"status", Key::kStatus},
      {"code", Key::kCode},
      {"message", Key::kMessage},
      {"messages", Key::kMessages},
      {"symbol", Key::kSymbol},
      {"timestamp", Key::kTime},
      {"price", Key::kPrice},
      {"bid", Key::kBid},
      {"ask", Key::kAsk},
  }};
  for (const auto& [known, key] : kNames) {
    if (name == known) return key;
  }
  return Key::kOther;
}

void FrameParser::parse(std::string_view frame, Items& items) {
  if (scan_frame(frame, items)) return;
  if (!reader_.open(frame)) {
    items.emplace_back(no_object(frame));
    return;
  }
  fields_.clear();
  first_message_ = json::Value();
  const json::Step step = reader_.walk([this](std::string_view name, json::ondemand::value& value) {
    return on_field(name, value);
  });
  if (step == json::Step::kBad) {
    items.emplace_back(Reject{});
  } else if (fields_.is_repeated()) {
    items.emplace_back(Reject{RejectReason::kRepeatedKey, Channel::kOther, {}});
  } else {
    add_items(items);
  }
}

json::Step FrameParser::on_field(std::string_view name, json::ondemand::value& value) {
  const Key key = key_of(name);
  const bool is_list = key == Key::kMessages && json::Reader::first_of(value) == '[';
  if (!is_list) return fields_.take(reader_, key, value);
  if (!fields_.note(key)) return reader_.skip(value);
  return reader_.walk_array(value, [this](json::ondemand::value& element) {
    json::Value text;
    const json::Step step = reader_.take(element, text);
    if (first_message_.is_absent()) first_message_ = text;
    return step;
  });
}

// An error over HTTP's forms has a code and a message, and no event.
void FrameParser::add_items(Items& items) {
  std::string_view event;
  const bool has_event = reader_.string_of(fields_.at(Key::kEvent), event);
  const bool is_error = !fields_.has(Key::kEvent) && fields_.has(Key::kCode);
  const Kind kind = has_event ? kind_of(event) : is_error ? Kind::kError : Kind::kUnknown;
  if (!has_event && !is_error) {
    items.emplace_back(Reject{RejectReason::kNoKind, Channel::kOther, "event"});
    return;
  }
  Control control{.reason = ControlReason::kUnknownKind, .channel = channel_of(kind)};
  switch (kind) {
    case Kind::kPrice:
      return add_price(items);
    case Kind::kHeartbeat:
      control.reason = ControlReason::kHeartbeat;
      break;
    case Kind::kStatus: {
      std::string_view status;
      const bool is_said = reader_.string_of(fields_.at(Key::kStatus), status);
      const bool is_refused = is_said && status == "error";
      control.reason = is_refused ? ControlReason::kVenueError : ControlReason::kAck;
      if (is_refused) control.text = error_text();
      break;
    }
    case Kind::kError:
      control.reason = ControlReason::kVenueError;
      control.text = error_text();
      break;
    case Kind::kUnknown:
      break;
  }
  items.emplace_back(control);
}

std::string_view FrameParser::error_text() {
  std::string_view text;
  if (!reader_.string_of(fields_.at(Key::kMessage), text) &&
      !reader_.string_of(first_message_, text)) {
    return {};
  }
  return cut_error_text(text);
}

void FrameParser::add_price(Items& items) {
  FieldReader fields(reader_, Channel::kTrades);
  // Read where it stays: an Item is large, and moving it costs more than filling it.
  Item& trade = items.emplace_back(std::in_place_type<WireTrade>);
  if (!read_trade(fields, std::get<WireTrade>(trade))) trade = fields.reject();
  if (!fields_.says(Key::kBid) || !fields_.says(Key::kAsk)) return;
  FieldReader quote_fields(reader_, Channel::kQuotes);
  Item& quote = items.emplace_back(std::in_place_type<WireQuote>);
  if (!read_quote(quote_fields, std::get<WireQuote>(quote))) quote = quote_fields.reject();
}

bool FrameParser::read_trade(FieldReader& fields, WireTrade& trade) const {
  trade.has_id = false;
  trade.flags.set(Flag::kCoarseTime);
  trade.flags.set(Flag::kNoSize);
  return fields.symbol(fields_.at(Key::kSymbol), "symbol", trade.symbol) &&
         fields.price(fields_.at(Key::kPrice), "price", trade.price) &&
         read_time(fields, trade.ts_event);
}

bool FrameParser::read_quote(FieldReader& fields, WireQuote& quote) const {
  quote.has_id = false;
  return fields.symbol(fields_.at(Key::kSymbol), "symbol", quote.symbol) &&
         fields.price(fields_.at(Key::kBid), "bid", quote.bid_price) &&
         fields.price(fields_.at(Key::kAsk), "ask", quote.ask_price) &&
         read_time(fields, quote.ts_event);
}

bool FrameParser::read_time(FieldReader& fields, EventTime& out) const {
  const json::Value& value = fields_.at(Key::kTime);
  if (value.is_absent()) return fields.refuse(RejectReason::kMissingField, "timestamp");
  const auto seconds = parse_count(value.text());
  if (!seconds || *seconds > kSecondsMax) {
    return fields.refuse(RejectReason::kBadTime, "timestamp");
  }
  out = EventTime(static_cast<std::int64_t>(*seconds) * 1'000'000'000);
  return true;
}

}  // namespace tapeline::venue::twelvedata
