// SPDX-License-Identifier: Apache-2.0
#include "venue/finnhub/parse.h"

#include "venue/finnhub/scan_frame.h"

namespace tapeline::venue::finnhub {

void FrameParser::parse(std::string_view frame, Items& items) {
  if (scan_frame(frame, items)) return;
  if (!reader_.open(frame)) {
    items.emplace_back(no_object(frame));
    return;
  }
  const json::Step step = read_fields();
  const Channel channel = channel_of(kind_);
  if (has_kind_ && !is_parsed(kind_)) {
    items.emplace_back(control_of(kind_));
  } else if (step == json::Step::kBad) {
    items.emplace_back(Reject{RejectReason::kBadJson, channel, {}});
  } else if (!has_kind_) {
    items.emplace_back(Reject{RejectReason::kNoKind, channel, "type"});
  } else if (is_repeated_) {
    items.emplace_back(Reject{RejectReason::kRepeatedKey, channel, {}});
  } else {
    add_items(items);
  }
}

json::Step FrameParser::read_fields() {
  rows_.clear();
  message_ = json::Value();
  has_kind_ = has_data_ = has_list_ = is_repeated_ = false;
  kind_ = Kind::kUnknown;
  return reader_.walk([this](std::string_view name, json::ondemand::value& value) {
    return on_field(name, value);
  });
}

json::Step FrameParser::on_field(std::string_view name, json::ondemand::value& value) {
  if (name == "type") return on_type(value);
  if (name == "data") return on_data(value);
  if (name != "msg") return reader_.skip(value);
  is_repeated_ = is_repeated_ || !message_.is_absent();
  return reader_.take(value, message_);
}

json::Step FrameParser::on_type(json::ondemand::value& value) {
  if (has_kind_) is_repeated_ = true;
  json::Value text;
  const json::Step step = reader_.take(value, text);
  if (step != json::Step::kNext || has_kind_) return step;
  std::string_view type;
  if (!reader_.string_of(text, type)) return json::Step::kStop;
  has_kind_ = true;
  kind_ = kind_of(type);
  return is_parsed(kind_) ? json::Step::kNext : json::Step::kStop;
}

// Mostly it comes before the type: what it means is known only later.
json::Step FrameParser::on_data(json::ondemand::value& value) {
  is_repeated_ = is_repeated_ || has_data_;
  has_data_ = true;
  if (json::Reader::first_of(value) != '[') return reader_.skip(value);
  has_list_ = true;
  return reader_.walk_array(value,
                            [this](json::ondemand::value& element) { return on_row(element); });
}

json::Step FrameParser::on_row(json::ondemand::value& value) {
  Row& row = rows_.emplace_back();
  row.is_object = json::Reader::first_of(value) == '{';
  if (!row.is_object) return reader_.skip(value);
  return reader_.walk(value, [this, &row](std::string_view name, json::ondemand::value& inner) {
    if (name == "c") return on_conditions(inner, row);
    const std::uint8_t field = field_of(name);
    if (field == kFields) return reader_.skip(inner);
    row.is_repeated = row.is_repeated || !row.values[field].is_absent();
    return reader_.take(inner, row.values[field]);
  });
}

// A list of texts or numbers, or null. Whatever else stands there is marked, and spoils no trade.
json::Step FrameParser::on_conditions(json::ondemand::value& value, Row& row) {
  row.is_repeated = row.is_repeated || row.has_conditions;
  row.has_conditions = true;
  const auto add = [&](json::ondemand::value& code) {
    json::Value taken;
    const json::Step step = reader_.take(code, taken);
    if (step != json::Step::kNext) return step;
    std::string_view text = taken.text();
    if (taken.kind() == json::Kind::kString && !reader_.string_of(taken, text)) text = {};
    row.conditions.add_text(text);
    return json::Step::kNext;
  };
  const char first = json::Reader::first_of(value);
  if (first == '[') return reader_.walk_array(value, add);
  if (first != 'n') row.conditions.add_other();
  return reader_.skip(value);
}

std::uint8_t FrameParser::field_of(std::string_view name) {
  if (name.size() != 1) return kFields;
  switch (name[0]) {
    case 's':
      return kSymbol;
    case 'p':
      return kPrice;
    case 't':
      return kTime;
    case 'v':
      return kSize;
    default:
      return kFields;
  }
}

void FrameParser::add_items(Items& items) {
  if (kind_ == Kind::kError) {
    std::string_view text;
    if (!reader_.string_of(message_, text)) text = {};
    items.emplace_back(Control{ControlReason::kVenueError, Channel::kOther, cut_error_text(text)});
  } else if (kind_ == Kind::kPing) {
    items.emplace_back(control_of(kind_));
  } else if (!has_list_) {
    const RejectReason reason = has_data_ ? RejectReason::kBadField : RejectReason::kMissingField;
    items.emplace_back(Reject{reason, Channel::kTrades, "data"});
  } else if (rows_.empty()) {
    items.emplace_back(Control{.reason = ControlReason::kNoTrade, .channel = Channel::kTrades});
  } else {
    for (const Row& row : rows_) add_trade(row, items);
  }
}

void FrameParser::add_trade(const Row& row, Items& items) {
  if (!row.is_object || row.is_repeated) {
    const bool is_repeated = row.is_repeated;
    items.emplace_back(Reject{is_repeated ? RejectReason::kRepeatedKey : RejectReason::kBadField,
                              Channel::kTrades, is_repeated ? "" : "data"});
    return;
  }
  FieldReader fields(reader_, Channel::kTrades);
  // Read where it stays: an Item is large, and moving it costs more than filling it.
  Item& item = items.emplace_back(std::in_place_type<WireTrade>);
  auto& trade = std::get<WireTrade>(item);
  if (!read_trade(fields, row, trade)) {
    item = fields.reject();
  } else if (trade.size.mantissa == 0) {
    item = Control{.reason = ControlReason::kNoTrade, .channel = Channel::kTrades};
  }
}

bool FrameParser::read_trade(FieldReader& fields, const Row& row, WireTrade& trade) {
  trade.has_id = false;
  trade.conditions = row.conditions;
  return fields.symbol(row.values[kSymbol], "s", trade.symbol) &&
         fields.price(row.values[kPrice], "p", trade.price) &&
         fields.epoch(row.values[kTime], "t", trade.ts_event) &&
         fields.size(row.values[kSize], "v", trade.size);
}

}  // namespace tapeline::venue::finnhub
