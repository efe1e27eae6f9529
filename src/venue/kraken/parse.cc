// SPDX-License-Identifier: Apache-2.0
#include "venue/kraken/parse.h"

#include "venue/kraken/scan_frame.h"

namespace tapeline::venue::kraken {
namespace {

Key key_of(std::string_view name) {
  if (name == "channel") return Key::kChannel;
  if (name == "type") return Key::kType;
  if (name == "data") return Key::kData;
  if (name == "method") return Key::kMethod;
  if (name == "success") return Key::kSuccess;
  return name == "error" || name == "Error" ? Key::kError : Key::kOther;
}

}  // namespace

RowKey FrameParser::key_of_row(std::string_view name) const {
  const auto is = [name](std::string_view known, RowKey key) {
    return name == known ? key : RowKey::kOther;
  };
  switch (name.size()) {
    case 3:
      switch (name[0]) {
        case 'q':
          return is("qty", RowKey::kQuantity);
        case 'b':
          return is("bid", RowKey::kBid);
        default:
          return is("ask", RowKey::kAsk);
      }
    case 4:
      return is("side", RowKey::kSide);
    case 5:
      return is("price", RowKey::kPrice);
    case 6:
      return is("symbol", RowKey::kSymbol);
    case 7:
      return name == "bid_qty" ? RowKey::kBidQuantity : is("ask_qty", RowKey::kAskQuantity);
    case 8:
      return is("trade_id", RowKey::kTradeId);
    case 9:
      return is("timestamp", RowKey::kTimestamp);
    default:
      return RowKey::kOther;
  }
}

void FrameParser::parse(std::string_view frame, Items& items) {
  if (scan_frame(frame, items)) return;
  kind_ = Kind::kNone;
  type_ = Type::kUnsaid;
  read_frame(frame, items);
}

json::Step FrameParser::on_field(std::string_view name, json::ondemand::value& value,
                                 Items& items) {
  const Key key = key_of(name);
  if (key == Key::kData && frame_.note(key)) return on_data(value, items);
  const bool is_new = key != Key::kOther && !frame_.has(key);
  const json::Step step = frame_.take(reader_, key, value);
  return step == json::Step::kNext && is_new ? judge(key) : step;
}

bool FrameParser::is_kind_known() const {
  return has_rows(kind_) && (type_ == Type::kSnapshot || type_ == Type::kUpdate);
}

json::Step FrameParser::judge(Key key) {
  std::string_view text;
  if (key == Key::kChannel) {
    kind_ = Kind::kNone;
    if (!reader_.string_of(frame_.at(key), text)) return json::Step::kStop;
    kind_ = kind_of(text);
    return is_read(kind_) ? json::Step::kNext : json::Step::kStop;
  }
  if (key == Key::kType) {
    if (!reader_.string_of(frame_.at(key), text)) text = {};
    type_ = text == "update" ? Type::kUpdate : text == "snapshot" ? Type::kSnapshot : Type::kOther;
  }
  return json::Step::kNext;
}

void FrameParser::add_row(Items& items) {
  FieldReader fields(reader_, channel_of(kind_));
  // Read where it stays: an Item is large, and moving it costs more than filling it.
  Item& item = items.emplace_back();
  bool is_good = false;
  if (row_.is_repeated()) {
    fields.refuse(RejectReason::kRepeatedKey, {});
  } else if (kind_ == Kind::kTrade) {
    is_good = read_trade(fields, item.emplace<WireTrade>());
  } else if (!row_.says(RowKey::kBid) || !row_.says(RowKey::kAsk)) {
    item = Control{ControlReason::kUnparsed, Channel::kQuotes, {}};
    return;
  } else {
    auto& quote = item.emplace<WireQuote>();
    is_good = read_quote(fields, quote);
    // Where nobody bids or asks, the price is 0, and the time that of a market that never was.
    if (is_good && (quote.bid_price.mantissa == 0 || quote.ask_price.mantissa == 0)) {
      item = Control{ControlReason::kUnparsed, Channel::kQuotes, {}};
    }
  }
  if (!is_good) item = fields.reject();
}

bool FrameParser::read_trade(FieldReader& fields, WireTrade& trade) const {
  std::string_view side;
  const bool is_read = fields.symbol(row_.at(RowKey::kSymbol), "symbol", trade.symbol) &&
                       fields.id(row_.at(RowKey::kTradeId), "trade_id", trade.id) &&
                       fields.price(row_.at(RowKey::kPrice), "price", trade.price) &&
                       fields.size(row_.at(RowKey::kQuantity), "qty", trade.size) &&
                       fields.rfc3339(row_.at(RowKey::kTimestamp), "timestamp", trade.ts_event) &&
                       fields.string(row_.at(RowKey::kSide), "side", side);
  if (!is_read) return false;
  if (side != "buy" && side != "sell") return fields.refuse(RejectReason::kBadField, "side");
  trade.side = side == "buy" ? Side::kBuy : Side::kSell;
  if (type_ == Type::kSnapshot) trade.flags.set(Flag::kSnapshot);
  return true;
}

bool FrameParser::read_quote(FieldReader& fields, WireQuote& quote) const {
  quote.has_bid_size = row_.says(RowKey::kBidQuantity);
  quote.has_ask_size = row_.says(RowKey::kAskQuantity);
  quote.has_event_time = quote.has_id = row_.says(RowKey::kTimestamp);
  const bool is_read = fields.symbol(row_.at(RowKey::kSymbol), "symbol", quote.symbol) &&
                       fields.price(row_.at(RowKey::kBid), "bid", quote.bid_price) &&
                       fields.price(row_.at(RowKey::kAsk), "ask", quote.ask_price) &&
                       (!quote.has_bid_size ||
                        fields.size(row_.at(RowKey::kBidQuantity), "bid_qty", quote.bid_size)) &&
                       (!quote.has_ask_size ||
                        fields.size(row_.at(RowKey::kAskQuantity), "ask_qty", quote.ask_size)) &&
                       (!quote.has_event_time ||
                        fields.rfc3339(row_.at(RowKey::kTimestamp), "timestamp", quote.ts_event));
  if (is_read && quote.has_id) quote.id = static_cast<std::uint64_t>(quote.ts_event.unix_ns());
  return is_read;
}

Item FrameParser::judge_whole(json::Step step) {
  const auto refused = [this](RejectReason reason, std::string_view detail = {}) {
    return Item(Reject{reason, channel_of(kind_), detail});
  };
  if (!is_read(kind_)) return control_of(kind_);
  if (step == json::Step::kBad) return refused(RejectReason::kBadJson);
  const bool is_answer = frame_.has(Key::kMethod) || frame_.has(Key::kError);
  const bool is_none = kind_ == Kind::kNone && (frame_.has(Key::kChannel) || !is_answer);
  if (is_none) return refused(RejectReason::kNoKind, "channel");
  if (frame_.is_repeated()) return refused(RejectReason::kRepeatedKey);
  if (kind_ == Kind::kNone) return read_answer();
  if (!has_rows(kind_)) return control_of(kind_);
  if (type_ == Type::kUnsaid) return refused(RejectReason::kMissingField, "type");
  if (type_ == Type::kOther) return refused(RejectReason::kBadField, "type");
  return judge_data();
}

// To a request; or, without a method, a complaint of no request.
Item FrameParser::read_answer() {
  std::string_view method;
  std::string_view error;
  if (frame_.has(Key::kMethod) && !reader_.string_of(frame_.at(Key::kMethod), method)) {
    return Reject{RejectReason::kBadField, Channel::kOther, "method"};
  }
  if (method == "pong") return control_of(Kind::kHeartbeat);
  if (!reader_.string_of(frame_.at(Key::kError), error)) error = {};
  const json::Kind success = frame_.at(Key::kSuccess).kind();
  if (success == json::Kind::kTrue || is_harmless(error)) {
    return Control{.reason = ControlReason::kAck};
  }
  if (success != json::Kind::kFalse && error.empty()) {
    return Reject{RejectReason::kMissingField, Channel::kOther, "success"};
  }
  return Control{ControlReason::kVenueError, Channel::kOther, cut_error_text(error)};
}

}  // namespace tapeline::venue::kraken
