// SPDX-License-Identifier: Apache-2.0
#include "venue/bitstamp/parse.h"

#include <utility>

#include "venue/bitstamp/scan_frame.h"

namespace tapeline::venue::bitstamp {
namespace {

Key key_of_data(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Key>, 9> kDataKeys{{
      {"id", Key::kId},
      {"price_str", Key::kPriceText},
      {"amount_str", Key::kAmountText},
      {"price", Key::kPrice},
      {"amount", Key::kAmount},
      {"type", Key::kType},
      {"order_type", Key::kOrderType},
      {"microtimestamp", Key::kMicros},
      {"message", Key::kMessage},
  }};
  for (const auto& [known, key] : kDataKeys) {
    if (name == known) return key;
  }
  return Key::kOther;
}

}  // namespace

void FrameParser::parse(std::string_view frame, Items& items) {
  if (scan_frame(frame, items)) return;
  if (!reader_.open(frame)) {
    items.emplace_back(no_object(frame));
    return;
  }
  values_.fill({});
  has_data_ = is_repeated_ = has_kind_ = false;
  kind_ = Kind::kUnknown;
  const json::Step step = reader_.walk([this](std::string_view name, json::ondemand::value& value) {
    return on_field(name, value);
  });
  const Channel channel = channel_of(kind_);
  if (has_kind_ && !is_parsed(kind_)) {
    items.emplace_back(control_of(kind_));
  } else if (step == json::Step::kBad) {
    items.emplace_back(Reject{RejectReason::kBadJson, channel, {}});
  } else if (!has_kind_) {
    items.emplace_back(Reject{RejectReason::kNoKind, channel, "event"});
  } else if (is_repeated_) {
    items.emplace_back(Reject{RejectReason::kRepeatedKey, channel, {}});
  } else {
    add_item(items);
  }
}

json::Step FrameParser::on_field(std::string_view name, json::ondemand::value& value) {
  if (name == "event") return on_event(value);
  if (name == "channel") return take(Key::kChannel, value);
  return name == "data" ? on_data(value) : reader_.skip(value);
}

json::Step FrameParser::on_event(json::ondemand::value& value) {
  const json::Step step = take(Key::kEvent, value);
  if (step != json::Step::kNext || has_kind_) return step;
  std::string_view event;
  if (!reader_.string_of(at(Key::kEvent), event)) return json::Step::kStop;
  has_kind_ = true;
  kind_ = kind_of(event);
  return is_parsed(kind_) ? json::Step::kNext : json::Step::kStop;
}

// Mostly it comes before the event: what it means is known only later.
json::Step FrameParser::on_data(json::ondemand::value& value) {
  is_repeated_ = is_repeated_ || has_data_;
  has_data_ = true;
  if (json::Reader::first_of(value) != '{') return reader_.skip(value);
  return reader_.walk(value, [this](std::string_view name, json::ondemand::value& inner) {
    const Key key = key_of_data(name);
    return key == Key::kOther ? reader_.skip(inner) : take(key, inner);
  });
}

json::Step FrameParser::take(Key key, json::ondemand::value& value) {
  json::Value& out = values_[static_cast<std::size_t>(key)];
  if (out.is_absent()) return reader_.take(value, out);
  is_repeated_ = true;
  return reader_.skip(value);
}

const json::Value& FrameParser::at(Key key) const { return values_[static_cast<std::size_t>(key)]; }

const json::Value& FrameParser::at_or(Key key, Key otherwise) const {
  return at(key).is_absent() ? at(otherwise) : at(key);
}

void FrameParser::add_item(Items& items) {
  if (kind_ != Kind::kTrade) {
    Control control = control_of(kind_);
    std::string_view text;
    if (kind_ == Kind::kError && reader_.string_of(at(Key::kMessage), text)) {
      control.text = cut_error_text(text);
    }
    items.emplace_back(control);
    return;
  }
  FieldReader fields(reader_, Channel::kTrades);
  // Read where it stays: an Item is large, and moving it costs more than filling it.
  Item& item = items.emplace_back(std::in_place_type<WireTrade>);
  if (!read_trade(fields, std::get<WireTrade>(item))) item = fields.reject();
}

// The texts of price and amount, since the numbers beside them lose digits.
bool FrameParser::read_trade(FieldReader& fields, WireTrade& trade) const {
  return read_symbol(fields, trade) && fields.id(at(Key::kId), "id", trade.id) &&
         fields.price(at_or(Key::kPriceText, Key::kPrice), "price_str", trade.price) &&
         fields.size(at_or(Key::kAmountText, Key::kAmount), "amount_str", trade.size) &&
         read_micros(fields, at(Key::kMicros), "microtimestamp", trade.ts_event) &&
         read_side(fields, trade);
}

bool FrameParser::read_symbol(FieldReader& fields, WireTrade& trade) const {
  std::string_view name;
  if (!fields.string(at(Key::kChannel), "channel", name)) return false;
  const ChannelName parts = split_channel(name);
  trade.symbol = parts.symbol;
  if (parts.channel == kTradesChannel && is_symbol(parts.symbol)) return true;
  return fields.refuse(RejectReason::kBadSymbol, "channel");
}

// The taker's: 0 buys, 1 sells.
bool FrameParser::read_side(FieldReader& fields, WireTrade& trade) const {
  std::uint64_t type = 0;
  if (!fields.count(at_or(Key::kType, Key::kOrderType), "type", type)) return false;
  if (type > 1) return fields.refuse(RejectReason::kBadField, "type");
  trade.side = type == 0 ? Side::kBuy : Side::kSell;
  return true;
}

bool read_micros(FieldReader& fields, const json::Value& value, std::string_view name,
                 EventTime& out) {
  std::uint64_t count = 0;
  if (!fields.count(value, name, count)) return false;
  const auto unix_ns = epoch_ns(count);
  if (!unix_ns) return fields.refuse(RejectReason::kBadTime, name);
  out = EventTime(*unix_ns);
  return true;
}

}  // namespace tapeline::venue::bitstamp
