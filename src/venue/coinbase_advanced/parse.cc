// SPDX-License-Identifier: Apache-2.0
#include "venue/coinbase_advanced/parse.h"

#include <algorithm>
#include <utility>

#include "venue/coinbase_advanced/scan_frame.h"

namespace tapeline::venue::coinbase_advanced {
namespace {

FrameKey frame_key_of(std::string_view name) {
  if (name == "channel") return FrameKey::kChannel;
  if (name == "type") return FrameKey::kType;
  if (name == "timestamp") return FrameKey::kTimestamp;
  if (name == "events") return FrameKey::kEvents;
  return name == "message" ? FrameKey::kMessage : FrameKey::kOther;
}

EventKey event_key_of(std::string_view name) {
  if (name == "type") return EventKey::kType;
  if (name == "trades") return EventKey::kTrades;
  return name == "tickers" ? EventKey::kTickers : EventKey::kOther;
}

RowKey row_key_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, RowKey>, 10> kRowKeys{{
      {"product_id", RowKey::kProductId},
      {"trade_id", RowKey::kTradeId},
      {"price", RowKey::kPrice},
      {"size", RowKey::kSize},
      {"time", RowKey::kTime},
      {"side", RowKey::kSide},
      {"best_bid", RowKey::kBid},
      {"best_bid_quantity", RowKey::kBidSize},
      {"best_ask", RowKey::kAsk},
      {"best_ask_quantity", RowKey::kAskSize},
  }};
  for (const auto& [known, key] : kRowKeys) {
    if (name == known) return key;
  }
  return RowKey::kOther;
}

}  // namespace

void FrameParser::parse(std::string_view frame, Items& items) {
  if (scan_frame(frame, items)) return;
  if (!reader_.open(frame)) {
    items.emplace_back(no_object(frame));
    return;
  }
  frame_.clear();
  events_.clear();
  rows_.clear();
  has_kind_ = false;
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
    items.emplace_back(Reject{RejectReason::kNoKind, channel, "channel"});
  } else if (frame_.is_repeated()) {
    items.emplace_back(Reject{RejectReason::kRepeatedKey, channel, {}});
  } else {
    add_items(items);
  }
}

json::Step FrameParser::on_field(std::string_view name, json::ondemand::value& value) {
  const FrameKey key = frame_key_of(name);
  if (key == FrameKey::kChannel || key == FrameKey::kType) return on_kind(key, value);
  if (key != FrameKey::kEvents) return frame_.take(reader_, key, value);
  return frame_.note(key) ? on_events(value) : reader_.skip(value);
}

json::Step FrameParser::on_kind(FrameKey key, json::ondemand::value& value) {
  const bool is_first = !frame_.has(key);
  const json::Step step = frame_.take(reader_, key, value);
  if (step != json::Step::kNext || !is_first || has_kind_) return step;
  std::string_view text;
  if (!reader_.string_of(frame_.at(key), text)) return json::Step::kStop;
  has_kind_ = true;
  kind_ = key == FrameKey::kChannel ? kind_of_channel(text) : kind_of_type(text);
  return is_parsed(kind_) ? json::Step::kNext : json::Step::kStop;
}

json::Step FrameParser::on_events(json::ondemand::value& value) {
  if (json::Reader::first_of(value) != '[') return reader_.skip(value);
  return reader_.walk_array(value,
                            [this](json::ondemand::value& element) { return on_event(element); });
}

json::Step FrameParser::on_event(json::ondemand::value& value) {
  if (json::Reader::first_of(value) != '{') return reader_.skip(value);
  const std::size_t index = events_.size();
  events_.emplace_back();
  return reader_.walk(value, [this, index](std::string_view name, json::ondemand::value& inner) {
    Event& event = events_[index];
    const EventKey key = event_key_of(name);
    const bool is_list = key == EventKey::kTrades || key == EventKey::kTickers;
    if (!is_list || json::Reader::first_of(inner) != '[') return event.take(reader_, key, inner);
    if (!event.note(key)) return reader_.skip(inner);
    return reader_.walk_array(inner, [this, index, key](json::ondemand::value& row) {
      return on_row(index, key == EventKey::kTrades, row);
    });
  });
}

json::Step FrameParser::on_row(std::size_t event, bool is_trade, json::ondemand::value& value) {
  Row& row = rows_.emplace_back();
  row.event = event;
  row.is_trade = is_trade;
  row.is_object = json::Reader::first_of(value) == '{';
  if (!row.is_object) return reader_.skip(value);
  return reader_.walk(value, [this, &row](std::string_view name, json::ondemand::value& inner) {
    return row.fields.take(reader_, row_key_of(name), inner);
  });
}

void FrameParser::add_items(Items& items) {
  if (kind_ == Kind::kError) {
    std::string_view text;
    if (!reader_.string_of(frame_.at(FrameKey::kMessage), text)) text = {};
    items.emplace_back(Control{ControlReason::kVenueError, Channel::kOther, cut_error_text(text)});
  } else if (kind_ == Kind::kTrades || kind_ == Kind::kTicker) {
    add_rows(items);
  } else {
    items.emplace_back(control_of(kind_));
  }
}

void FrameParser::add_rows(Items& items) {
  const Channel channel = channel_of(kind_);
  const bool is_repeated = std::any_of(events_.begin(), events_.end(),
                                       [](const Event& event) { return event.is_repeated(); });
  const bool wants_trades = kind_ == Kind::kTrades;
  std::erase_if(rows_, [wants_trades](const Row& row) { return row.is_trade != wants_trades; });
  if (is_repeated) {
    items.emplace_back(Reject{RejectReason::kRepeatedKey, channel, {}});
  } else if (rows_.empty()) {
    items.emplace_back(Reject{RejectReason::kMissingField, channel, "events"});
  }
  if (is_repeated) return;
  for (std::size_t begin = 0, end = 0; begin < rows_.size(); begin = end) {
    while (end < rows_.size() && rows_[end].event == rows_[begin].event) ++end;
    for (std::size_t i = end; i > begin; --i) add_row(rows_[i - 1], items);
  }
}

void FrameParser::add_row(const Row& row, Items& items) {
  const Channel channel = channel_of(kind_);
  FieldReader fields(reader_, channel);
  Item& item = items.emplace_back();
  bool is_good = true;
  if (!row.is_object) {
    is_good = fields.refuse(RejectReason::kBadField, "events");
  } else if (row.fields.is_repeated()) {
    is_good = fields.refuse(RejectReason::kRepeatedKey, {});
  } else if (row.is_trade) {
    is_good = read_trade(fields, row, item.emplace<WireTrade>());
  } else if (!row.fields.says(RowKey::kBid) || !row.fields.says(RowKey::kAsk)) {
    item = Control{.reason = ControlReason::kUnparsed, .channel = channel};
  } else {
    is_good = read_quote(fields, row, item.emplace<WireQuote>());
  }
  if (!is_good) item = fields.reject();
}

bool FrameParser::read_trade(FieldReader& fields, const Row& row, WireTrade& trade) {
  if (is_snapshot(row.event)) trade.flags.set(Flag::kSnapshot);
  return fields.symbol(row.fields.at(RowKey::kProductId), "product_id", trade.symbol) &&
         fields.id(row.fields.at(RowKey::kTradeId), "trade_id", trade.id) &&
         fields.price(row.fields.at(RowKey::kPrice), "price", trade.price) &&
         fields.size(row.fields.at(RowKey::kSize), "size", trade.size) &&
         fields.rfc3339(row.fields.at(RowKey::kTime), "time", trade.ts_event) &&
         read_side(fields, row.fields.at(RowKey::kSide), trade.side);
}

// Tickers have no time and no counter of their own: the frame's time is theirs.
bool FrameParser::read_quote(FieldReader& fields, const Row& row, WireQuote& quote) {
  quote.has_id = false;
  quote.has_bid_size = row.fields.says(RowKey::kBidSize);
  quote.has_ask_size = row.fields.says(RowKey::kAskSize);
  return fields.symbol(row.fields.at(RowKey::kProductId), "product_id", quote.symbol) &&
         fields.price(row.fields.at(RowKey::kBid), "best_bid", quote.bid_price) &&
         fields.price(row.fields.at(RowKey::kAsk), "best_ask", quote.ask_price) &&
         (!quote.has_bid_size ||
          fields.size(row.fields.at(RowKey::kBidSize), "best_bid_quantity", quote.bid_size)) &&
         (!quote.has_ask_size ||
          fields.size(row.fields.at(RowKey::kAskSize), "best_ask_quantity", quote.ask_size)) &&
         fields.rfc3339(frame_.at(FrameKey::kTimestamp), "timestamp", quote.ts_event);
}

bool FrameParser::is_snapshot(std::size_t event) {
  std::string_view type;
  return reader_.string_of(events_[event].at(EventKey::kType), type) && type == "snapshot";
}

bool read_side(FieldReader& fields, const json::Value& value, Side& out) {
  std::string_view maker;
  if (!fields.string(value, "side", maker)) return false;
  if (maker != "BUY" && maker != "SELL") return fields.refuse(RejectReason::kBadField, "side");
  out = maker == "BUY" ? Side::kSell : Side::kBuy;
  return true;
}

}  // namespace tapeline::venue::coinbase_advanced
