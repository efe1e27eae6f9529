// SPDX-License-Identifier: Apache-2.0
#include "venue/binance/parse.h"

#include "venue/binance/scan_frame.h"

namespace tapeline::venue::binance {
namespace {

constexpr std::uint32_t bit(Key key) { return 1U << static_cast<unsigned>(key); }

constexpr std::uint32_t kQuoteShape = bit(Key::kUpdateId) | bit(Key::kSymbol) | bit(Key::kBid) |
                                      bit(Key::kBidSize) | bit(Key::kAskOrAggId) |
                                      bit(Key::kAskSize);

Key short_key_of(char name) {
  switch (name) {
    case 'e':
      return Key::kEvent;
    case 's':
      return Key::kSymbol;
    case 't':
      return Key::kTradeId;
    case 'a':
      return Key::kAskOrAggId;
    case 'p':
      return Key::kPrice;
    case 'q':
      return Key::kQuantity;
    case 'T':
      return Key::kTime;
    case 'm':
      return Key::kBuyerIsMaker;
    case 'f':
      return Key::kFirstFill;
    case 'l':
      return Key::kLastFill;
    case 'u':
      return Key::kUpdateId;
    case 'b':
      return Key::kBid;
    case 'B':
      return Key::kBidSize;
    case 'A':
      return Key::kAskSize;
    default:
      return Key::kOther;
  }
}

}  // namespace

Key key_of(std::string_view name) {
  const auto is = [name](std::string_view known, Key key) {
    return name == known ? key : Key::kOther;
  };
  switch (name.size()) {
    case 1:
      return short_key_of(name[0]);
    case 3:
      return is("msg", Key::kMessage);
    case 4:
      return name == "data" ? Key::kData : is("code", Key::kCode);
    case 5:
      return is("error", Key::kError);
    case 6:
      return is("result", Key::kResult);
    case 12:
      return is("lastUpdateId", Key::kLastUpdateId);
    default:
      return Key::kOther;
  }
}

void FrameParser::start() {
  seen_ = 0;
  is_combined_ = false;
  is_mixed_ = false;
  is_repeated_ = false;
  kind_ = Kind::kNone;
}

void FrameParser::parse(std::string_view frame, Items& items) {
  if (scan_frame(frame, items)) return;
  // An array holds the tickers of all symbols, which nothing here needs.
  if (json::first_mark(frame) == '[') {
    items.emplace_back(Control{.reason = ControlReason::kUnparsed});
    return;
  }
  if (!reader_.open(frame)) {
    items.emplace_back(Reject{});
    return;
  }
  start();
  const json::Step step = reader_.walk([this](std::string_view name, json::ondemand::value& value) {
    return on_field(Level::kFrame, name, value);
  });
  if (step == json::Step::kStop && kind_ != Kind::kNone) {
    add_control(items);
    return;
  }
  if (step == json::Step::kNext && kind_ == Kind::kNone) judge_by_shape();
  const Channel channel = channel_of(kind_);
  if (step == json::Step::kBad) {
    items.emplace_back(Reject{RejectReason::kBadJson, channel, {}});
  } else if (kind_ == Kind::kNone || is_mixed_) {
    items.emplace_back(Reject{RejectReason::kNoKind, channel, is_mixed_ ? "data" : "e"});
  } else if (is_repeated_) {
    items.emplace_back(Reject{RejectReason::kRepeatedKey, channel, {}});
  } else {
    add_item(items);
  }
}

json::Step FrameParser::on_field(Level level, std::string_view name, json::ondemand::value& value) {
  const Key key = key_of(name);
  if (key == Key::kOther) return reader_.skip(value);
  if (key == Key::kData) return level == Level::kFrame ? on_data(value) : reader_.skip(value);
  if (level == Level::kFrame && is_combined_) {
    is_mixed_ = true;
    return reader_.skip(value);
  }
  if (has(key)) {
    is_repeated_ = true;
    return reader_.skip(value);
  }
  seen_ |= bit(key);
  json::Value& out = values_[static_cast<std::size_t>(key)];
  const bool is_container = key == Key::kError && json::Reader::first_of(value) == '{';
  const json::Step step = is_container ? on_error(value) : reader_.take(value, out);
  return step == json::Step::kNext ? judge(key) : step;
}

json::Step FrameParser::on_data(json::ondemand::value& value) {
  const char first = json::Reader::first_of(value);
  if (first != '{' && first != '[') return reader_.skip(value);
  if (is_combined_ || seen_ != 0) {
    is_mixed_ = true;
    return reader_.skip(value);
  }
  is_combined_ = true;
  if (first == '[') {
    kind_ = Kind::kUnparsed;
    return json::Step::kStop;
  }
  return reader_.walk(value, [this](std::string_view name, json::ondemand::value& inner) {
    return on_field(Level::kPayload, name, inner);
  });
}

// `"error":{"code":..,"msg":".."}`: the text takes the place of the object.
json::Step FrameParser::on_error(json::ondemand::value& value) {
  json::Value text;
  const json::Step step =
      reader_.walk(value, [&](std::string_view name, json::ondemand::value& inner) {
        json::Value ignored;
        return reader_.take(inner, name == "msg" && text.is_absent() ? text : ignored);
      });
  const bool is_text = text.kind() == json::Kind::kString;
  values_[static_cast<std::size_t>(Key::kError)] = is_text ? text : json::Value("{");
  return step;
}

json::Step FrameParser::judge(Key key) {
  if (key == Key::kLastUpdateId && kind_ == Kind::kNone) {
    kind_ = Kind::kUnparsed;
    return json::Step::kStop;
  }
  if (key != Key::kEvent) return json::Step::kNext;
  std::string_view event;
  if (!reader_.string_of(at(key), event)) return json::Step::kStop;
  kind_ = kind_of(event);
  return is_parsed(kind_) ? json::Step::kNext : json::Step::kStop;
}

void FrameParser::judge_by_shape() {
  const auto is_said = [this](Key key) { return has(key) && at(key).kind() != json::Kind::kNull; };
  if (is_said(Key::kError) || (has(Key::kCode) && has(Key::kMessage))) {
    kind_ = Kind::kError;
  } else if (has(Key::kResult)) {
    kind_ = Kind::kAck;
  } else if ((seen_ & kQuoteShape) == kQuoteShape) {
    kind_ = Kind::kBookTicker;
  }
}

bool FrameParser::has(Key key) const { return (seen_ & bit(key)) != 0; }

const json::Value& FrameParser::at(Key key) const {
  static constexpr json::Value kAbsent;
  return has(key) ? values_[static_cast<std::size_t>(key)] : kAbsent;
}

void FrameParser::add_control(Items& items) {
  switch (kind_) {
    case Kind::kShutdown:
      items.emplace_back(Control{ControlReason::kVenueError, Channel::kOther, "serverShutdown"});
      break;
    case Kind::kError:
      items.emplace_back(Control{ControlReason::kVenueError, Channel::kOther, error_text()});
      break;
    case Kind::kAck:
      items.emplace_back(Control{.reason = ControlReason::kAck});
      break;
    default:
      items.emplace_back(control_of(kind_));
      break;
  }
}

std::string_view FrameParser::error_text() {
  std::string_view text;
  if (!reader_.string_of(at(Key::kError), text)) reader_.string_of(at(Key::kMessage), text);
  return cut_error_text(text);
}

void FrameParser::add_item(Items& items) {
  FieldReader fields(reader_, channel_of(kind_));
  if (kind_ == Kind::kTrade || kind_ == Kind::kAggTrade) {
    // Read where it stays: an Item is large, and moving it costs more than filling it.
    Item& item = items.emplace_back(std::in_place_type<WireTrade>);
    if (!read_trade(fields, std::get<WireTrade>(item))) item = fields.reject();
  } else if (kind_ == Kind::kBookTicker) {
    Item& item = items.emplace_back(std::in_place_type<WireQuote>);
    if (!read_quote(fields, std::get<WireQuote>(item))) item = fields.reject();
  } else {
    add_control(items);
  }
}

bool FrameParser::read_trade(FieldReader& fields, WireTrade& trade) const {
  const bool is_aggregated = kind_ == Kind::kAggTrade;
  bool buyer_is_maker = false;
  const bool is_read = fields.symbol(at(Key::kSymbol), "s", trade.symbol) &&
                       (is_aggregated ? fields.id(at(Key::kAskOrAggId), "a", trade.id)
                                      : fields.id(at(Key::kTradeId), "t", trade.id)) &&
                       fields.price(at(Key::kPrice), "p", trade.price) &&
                       fields.size(at(Key::kQuantity), "q", trade.size) &&
                       fields.epoch(at(Key::kTime), "T", trade.ts_event) &&
                       fields.truth(at(Key::kBuyerIsMaker), "m", buyer_is_maker);
  if (!is_read) return false;
  trade.channel = channel_of(kind_);
  trade.side = buyer_is_maker ? Side::kSell : Side::kBuy;
  return !is_aggregated || read_fills(fields, trade);
}

bool FrameParser::read_fills(FieldReader& fields, WireTrade& trade) const {
  trade.has_fills = true;
  if (!fields.count(at(Key::kFirstFill), "f", trade.first_fill) ||
      !fields.count(at(Key::kLastFill), "l", trade.last_fill)) {
    return false;
  }
  return trade.last_fill >= trade.first_fill || fields.refuse(RejectReason::kBadId, "l");
}

bool FrameParser::read_quote(FieldReader& fields, WireQuote& quote) const {
  quote.has_bid_size = has(Key::kBidSize);
  quote.has_ask_size = has(Key::kAskSize);
  quote.has_event_time = has(Key::kTime);
  return fields.symbol(at(Key::kSymbol), "s", quote.symbol) &&
         fields.count(at(Key::kUpdateId), "u", quote.id) &&
         fields.price(at(Key::kBid), "b", quote.bid_price) &&
         fields.price(at(Key::kAskOrAggId), "a", quote.ask_price) &&
         (!quote.has_bid_size || fields.size(at(Key::kBidSize), "B", quote.bid_size)) &&
         (!quote.has_ask_size || fields.size(at(Key::kAskSize), "A", quote.ask_size)) &&
         (!quote.has_event_time || fields.epoch(at(Key::kTime), "T", quote.ts_event));
}

}  // namespace tapeline::venue::binance
