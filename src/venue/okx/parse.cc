// SPDX-License-Identifier: Apache-2.0
#include "venue/okx/parse.h"

#include <fmt/format.h>

#include "venue/okx/scan_frame.h"

namespace tapeline::venue::okx {
namespace {

Key key_of(std::string_view name) {
  if (name == "arg") return Key::kArg;
  if (name == "data") return Key::kData;
  if (name == "action") return Key::kAction;
  if (name == "event") return Key::kEvent;
  if (name == "code") return Key::kCode;
  return name == "msg" ? Key::kMessage : Key::kOther;
}

}  // namespace

RowKey FrameParser::key_of_row(std::string_view name) const {
  const auto is = [name](std::string_view known, RowKey key) {
    return name == known ? key : RowKey::kOther;
  };
  switch (name.size()) {
    case 2:
      if (name == "px") return RowKey::kPrice;
      return name == "sz" ? RowKey::kSize : is("ts", RowKey::kTime);
    case 4:
      return is("side", RowKey::kSide);
    case 5:
      if (name == "askPx") return RowKey::kAsk;
      if (name == "askSz") return RowKey::kAskSize;
      if (name == "bidPx") return RowKey::kBid;
      return name == "bidSz" ? RowKey::kBidSize : is("count", RowKey::kCount);
    case 6:
      return is("instId", RowKey::kInstrument);
    case 7:
      return is("tradeId", RowKey::kTradeId);
    default:
      return RowKey::kOther;
  }
}

void FrameParser::parse(std::string_view frame, Items& items) {
  if (scan_frame(frame, items)) return;
  if (frame == kPong) {
    items.emplace_back(Control{ControlReason::kHeartbeat, Channel::kHeartbeat, {}});
    return;
  }
  pushed_ = Kind::kNone;
  read_frame(frame, items);
}

json::Step FrameParser::on_field(std::string_view name, json::ondemand::value& value,
                                 Items& items) {
  const Key key = key_of(name);
  if (key == Key::kArg && frame_.note(key)) return on_arg(value);
  if (key == Key::kData && frame_.note(key)) return on_data(value, items);
  return frame_.take(reader_, key, value);
}

json::Step FrameParser::on_arg(json::ondemand::value& value) {
  if (json::Reader::first_of(value) != '{') return reader_.skip(value);
  const json::Step step =
      reader_.walk(value, [this](std::string_view name, json::ondemand::value& inner) {
        return frame_.take(reader_, name == "channel" ? Key::kChannel : Key::kOther, inner);
      });
  std::string_view channel;
  if (reader_.string_of(frame_.at(Key::kChannel), channel)) pushed_ = kind_of_channel(channel);
  return step;
}

void FrameParser::add_row(Items& items) {
  FieldReader fields(reader_, channel_of(pushed_));
  // Read where it stays: an Item is large, and moving it costs more than filling it.
  Item& item = items.emplace_back();
  bool is_good = false;
  if (row_.is_repeated()) {
    fields.refuse(RejectReason::kRepeatedKey, {});
  } else if (pushed_ == Kind::kTrades) {
    is_good = read_trade(fields, item.emplace<WireTrade>());
  } else if (row_.says(RowKey::kBid) && row_.says(RowKey::kAsk)) {
    is_good = read_quote(fields, item.emplace<WireQuote>());
  } else {
    // Where nobody bids or asks, the price is empty.
    item = Control{ControlReason::kUnparsed, Channel::kQuotes, {}};
    return;
  }
  if (!is_good) item = fields.reject();
}

bool FrameParser::read_trade(FieldReader& fields, WireTrade& trade) const {
  std::string_view side;
  const bool is_read = fields.symbol(row_.at(RowKey::kInstrument), "instId", trade.symbol) &&
                       fields.id(row_.at(RowKey::kTradeId), "tradeId", trade.id) &&
                       fields.price(row_.at(RowKey::kPrice), "px", trade.price) &&
                       fields.size(row_.at(RowKey::kSize), "sz", trade.size) &&
                       fields.epoch_text(row_.at(RowKey::kTime), "ts", trade.ts_event) &&
                       fields.string(row_.at(RowKey::kSide), "side", side);
  if (!is_read) return false;
  if (side != "buy" && side != "sell") return fields.refuse(RejectReason::kBadField, "side");
  trade.side = side == "buy" ? Side::kBuy : Side::kSell;
  return !row_.has(RowKey::kCount) || read_fills(fields, trade);
}

bool FrameParser::read_fills(FieldReader& fields, WireTrade& trade) const {
  std::uint64_t count = 0;
  if (!fields.count(row_.at(RowKey::kCount), "count", count)) return false;
  if (!trade.id.is_number() || count == 0 || count > trade.id.number()) {
    return fields.refuse(RejectReason::kBadId, "count");
  }
  trade.has_fills = true;
  trade.last_fill = trade.id.number();
  trade.first_fill = trade.last_fill - (count - 1);
  return true;
}

bool FrameParser::read_quote(FieldReader& fields, WireQuote& quote) const {
  quote.has_bid_size = row_.says(RowKey::kBidSize);
  quote.has_ask_size = row_.says(RowKey::kAskSize);
  const bool is_read =
      fields.symbol(row_.at(RowKey::kInstrument), "instId", quote.symbol) &&
      fields.price(row_.at(RowKey::kBid), "bidPx", quote.bid_price) &&
      fields.price(row_.at(RowKey::kAsk), "askPx", quote.ask_price) &&
      (!quote.has_bid_size || fields.size(row_.at(RowKey::kBidSize), "bidSz", quote.bid_size)) &&
      (!quote.has_ask_size || fields.size(row_.at(RowKey::kAskSize), "askSz", quote.ask_size)) &&
      fields.epoch_text(row_.at(RowKey::kTime), "ts", quote.ts_event);
  if (is_read) quote.id = static_cast<std::uint64_t>(quote.ts_event.unix_ns());
  return is_read;
}

Item FrameParser::judge_whole(json::Step step) {
  const bool is_push = frame_.has(Key::kData) || frame_.has(Key::kAction);
  const Kind kind = is_push ? pushed_ : Kind::kNone;
  const auto refused = [kind](RejectReason reason, std::string_view detail = {}) {
    return Item(Reject{reason, channel_of(kind), detail});
  };
  if (step == json::Step::kBad) return refused(RejectReason::kBadJson);
  if (!is_push) return judge_event();
  if (kind == Kind::kNone) return refused(RejectReason::kNoKind, "arg");
  if (!has_rows(kind)) return control_of(kind);
  if (frame_.is_repeated()) return refused(RejectReason::kRepeatedKey);
  return judge_data();
}

Item FrameParser::judge_event() {
  std::string_view event;
  if (!reader_.string_of(frame_.at(Key::kEvent), event)) {
    return Reject{RejectReason::kNoKind, Channel::kOther, "event"};
  }
  if (frame_.is_repeated()) return Reject{RejectReason::kRepeatedKey, Channel::kOther, {}};
  const Kind kind = kind_of_event(event);
  return kind == Kind::kError || kind == Kind::kNotice ? read_error() : control_of(kind);
}

Control FrameParser::read_error() {
  std::string_view message;
  std::string_view code;
  if (!reader_.string_of(frame_.at(Key::kMessage), message)) message = {};
  if (!reader_.string_of(frame_.at(Key::kCode), code)) code = {};
  error_text_ = fmt::format("{} (code {})", message, code);
  return {ControlReason::kVenueError, Channel::kOther, cut_error_text(error_text_)};
}

}  // namespace tapeline::venue::okx
