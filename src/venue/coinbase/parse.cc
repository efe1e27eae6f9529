// SPDX-License-Identifier: Apache-2.0
#include "venue/coinbase/parse.h"

#include "venue/coinbase/scan_frame.h"

namespace tapeline::venue::coinbase {
namespace {

constexpr std::uint32_t bit(Key key) { return 1U << static_cast<unsigned>(key); }

Reject reject(RejectReason reason, Kind kind, std::string_view detail = {}) {
  return Reject{reason, channel_of(kind), detail};
}

}  // namespace

Key key_of(std::string_view name) {
  const auto is = [name](std::string_view known, Key key) {
    return name == known ? key : Key::kOther;
  };
  switch (name.size()) {
    case 4:
      switch (name[0]) {
        case 's':
          return name == "side" ? Key::kSide : is("size", Key::kSize);
        default:
          return name == "type" ? Key::kType : is("time", Key::kTime);
      }
    case 5:
      return is("price", Key::kPrice);
    case 6:
      return is("reason", Key::kReason);
    case 7:
      return is("message", Key::kMessage);
    case 8:
      switch (name[0]) {
        case 't':
          return is("trade_id", Key::kTradeId);
        case 's':
          return is("sequence", Key::kSequence);
        default:
          return name == "best_bid" ? Key::kBestBid : is("best_ask", Key::kBestAsk);
      }
    case 10:
      return is("product_id", Key::kProductId);
    case 13:
      if (name[0] == 'l') return is("last_trade_id", Key::kLastTradeId);
      return name == "best_bid_size" ? Key::kBestBidSize : is("best_ask_size", Key::kBestAskSize);
    default:
      return Key::kOther;
  }
}

void FrameParser::parse(std::string_view frame, Items& items) {
  if (scan_frame(frame, items)) return;
  if (!reader_.open(frame)) {
    items.emplace_back(no_object(frame));
    return;
  }
  const json::Step step = read_fields();
  if (has_kind_ && !is_parsed(kind_)) {
    items.emplace_back(control_of(kind_));
  } else if (step == json::Step::kBad) {
    items.emplace_back(reject(RejectReason::kBadJson, kind_));
  } else if (!has_kind_) {
    items.emplace_back(reject(RejectReason::kNoKind, kind_, "type"));
  } else if (is_repeated_) {
    items.emplace_back(reject(RejectReason::kRepeatedKey, kind_));
  } else {
    add_item(items);
  }
}

json::Step FrameParser::read_fields() {
  seen_ = 0;
  is_repeated_ = false;
  has_kind_ = false;
  kind_ = Kind::kUnknown;
  return reader_.walk([this](std::string_view name, json::ondemand::value& value) {
    return on_field(name, value);
  });
}

json::Step FrameParser::on_field(std::string_view name, json::ondemand::value& value) {
  const Key key = key_of(name);
  if (key == Key::kOther) return reader_.skip(value);
  if ((seen_ & bit(key)) != 0) {
    is_repeated_ = true;
    return reader_.skip(value);
  }
  seen_ |= bit(key);
  json::Value& out = values_[static_cast<std::size_t>(key)];
  const json::Step step = reader_.take(value, out);
  if (key != Key::kType || step != json::Step::kNext) return step;
  std::string_view type;
  if (!reader_.string_of(out, type)) return json::Step::kStop;
  has_kind_ = true;
  kind_ = kind_of(type);
  return is_parsed(kind_) ? json::Step::kNext : json::Step::kStop;
}

const json::Value& FrameParser::at(Key key) const {
  static constexpr json::Value kAbsent;
  return (seen_ & bit(key)) != 0 ? values_[static_cast<std::size_t>(key)] : kAbsent;
}

void FrameParser::add_item(Items& items) {
  FieldReader fields(reader_, channel_of(kind_));
  // Each message is read where it stays: an Item is large, and moving it costs more than filling
  // it.
  Item& item = items.emplace_back();
  bool is_good = true;
  switch (kind_) {
    case Kind::kMatch:
    case Kind::kLastMatch:
      is_good = read_trade(fields, item.emplace<WireTrade>());
      break;
    case Kind::kTicker:
      if (is_price(Key::kBestBid) && is_price(Key::kBestAsk)) {
        is_good = read_quote(fields, item.emplace<WireQuote>());
      } else {
        item = Control{ControlReason::kUnparsed, Channel::kQuotes, {}};
      }
      break;
    case Kind::kHeartbeat:
      is_good = read_heartbeat(fields, item.emplace<WireHeartbeat>());
      break;
    case Kind::kError:
      item = read_error();
      break;
    case Kind::kSubscriptions:
    case Kind::kUnparsed:
    case Kind::kUnknown:
      item = Control{.reason = ControlReason::kAck};
      break;
  }
  if (!is_good) item = fields.reject();
}

bool read_side(FieldReader& fields, const json::Value& value, Side& out) {
  std::string_view side;
  if (!fields.string(value, "side", side)) return false;
  if (side == "buy") {
    out = Side::kSell;
  } else if (side == "sell") {
    out = Side::kBuy;
  } else {
    return fields.refuse(RejectReason::kBadField, "side");
  }
  return true;
}

bool FrameParser::read_trade(FieldReader& fields, WireTrade& trade) const {
  const bool is_read = fields.symbol(at(Key::kProductId), "product_id", trade.symbol) &&
                       fields.id(at(Key::kTradeId), "trade_id", trade.id) &&
                       fields.price(at(Key::kPrice), "price", trade.price) &&
                       fields.size(at(Key::kSize), "size", trade.size) &&
                       fields.rfc3339(at(Key::kTime), "time", trade.ts_event) &&
                       read_side(fields, at(Key::kSide), trade.side);
  if (!is_read) return false;
  if (kind_ == Kind::kLastMatch) trade.flags.set(Flag::kSnapshot);
  return true;
}

// Before an auction opens, and where nobody asks or bids, the venue leaves prices out or empty.
bool FrameParser::is_price(Key key) const {
  const json::Value& value = at(key);
  return !value.is_absent() && value.kind() != json::Kind::kNull && value.text() != "\"\"";
}

bool FrameParser::read_quote(FieldReader& fields, WireQuote& quote) const {
  quote.has_bid_size = is_price(Key::kBestBidSize);
  quote.has_ask_size = is_price(Key::kBestAskSize);
  quote.has_event_time = !at(Key::kTime).is_absent();
  return fields.symbol(at(Key::kProductId), "product_id", quote.symbol) &&
         fields.count(at(Key::kSequence), "sequence", quote.id) &&
         fields.price(at(Key::kBestBid), "best_bid", quote.bid_price) &&
         fields.price(at(Key::kBestAsk), "best_ask", quote.ask_price) &&
         (!quote.has_bid_size ||
          fields.size(at(Key::kBestBidSize), "best_bid_size", quote.bid_size)) &&
         (!quote.has_ask_size ||
          fields.size(at(Key::kBestAskSize), "best_ask_size", quote.ask_size)) &&
         (!quote.has_event_time || fields.rfc3339(at(Key::kTime), "time", quote.ts_event));
}

bool FrameParser::read_heartbeat(FieldReader& fields, WireHeartbeat& heartbeat) const {
  return fields.symbol(at(Key::kProductId), "product_id", heartbeat.symbol) &&
         fields.count(at(Key::kLastTradeId), "last_trade_id", heartbeat.last_id) &&
         fields.rfc3339(at(Key::kTime), "time", heartbeat.time);
}

Control FrameParser::read_error() {
  error_text_.clear();
  for (const Key key : {Key::kMessage, Key::kReason}) {
    std::string_view text;
    if (!reader_.string_of(at(key), text) || text.empty()) continue;
    if (!error_text_.empty()) error_text_ += ": ";
    error_text_ += text;
  }
  return Control{ControlReason::kVenueError, Channel::kOther, cut_error_text(error_text_)};
}

}  // namespace tapeline::venue::coinbase
