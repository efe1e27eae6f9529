// SPDX-License-Identifier: Apache-2.0
#include "venue/bybit/parse.h"

#include "venue/bybit/scan_frame.h"

namespace tapeline::venue::bybit {
namespace {

Key key_of(std::string_view name) {
  if (name == "topic") return Key::kTopic;
  if (name == "data") return Key::kData;
  if (name == "op") return Key::kOp;
  if (name == "success") return Key::kSuccess;
  return name == "ret_msg" ? Key::kMessage : Key::kOther;
}

}  // namespace

RowKey FrameParser::key_of_row(std::string_view name) const {
  if (name == "seq") return RowKey::kSequence;
  if (name.size() != 1) return RowKey::kOther;
  switch (name[0]) {
    case 'T':
      return RowKey::kTime;
    case 's':
      return RowKey::kSymbol;
    case 'S':
      return RowKey::kSide;
    case 'v':
      return RowKey::kSize;
    case 'p':
      return RowKey::kPrice;
    case 'i':
      return RowKey::kId;
    default:
      return RowKey::kOther;
  }
}

void FrameParser::parse(std::string_view frame, Items& items) {
  if (scan_frame(frame, items)) return;
  kind_ = Kind::kNone;
  read_frame(frame, items);
}

json::Step FrameParser::on_field(std::string_view name, json::ondemand::value& value,
                                 Items& items) {
  const Key key = key_of(name);
  if (key == Key::kTopic && !frame_.has(key)) return on_topic(value);
  if (key == Key::kData && frame_.note(key)) return on_data(value, items);
  return frame_.take(reader_, key, value);
}

json::Step FrameParser::on_topic(json::ondemand::value& value) {
  const json::Step step = frame_.take(reader_, Key::kTopic, value);
  if (step != json::Step::kNext) return step;
  std::string_view topic;
  if (!reader_.string_of(frame_.at(Key::kTopic), topic)) return json::Step::kStop;
  kind_ = kind_of(topic);
  return kind_ == Kind::kTrade ? json::Step::kNext : json::Step::kStop;
}

void FrameParser::add_row(Items& items) {
  FieldReader fields(reader_, Channel::kTrades);
  // Read where it stays: an Item is large, and moving it costs more than filling it.
  Item& item = items.emplace_back(std::in_place_type<WireTrade>);
  const bool is_good = row_.is_repeated() ? fields.refuse(RejectReason::kRepeatedKey, {})
                                          : read_trade(fields, std::get<WireTrade>(item));
  if (!is_good) item = fields.reject();
}

bool FrameParser::read_trade(FieldReader& fields, WireTrade& trade) const {
  std::string_view side;
  const bool is_read = fields.symbol(row_.at(RowKey::kSymbol), "s", trade.symbol) &&
                       fields.id(row_.at(RowKey::kId), "i", trade.id) &&
                       fields.price(row_.at(RowKey::kPrice), "p", trade.price) &&
                       fields.size(row_.at(RowKey::kSize), "v", trade.size) &&
                       fields.epoch(row_.at(RowKey::kTime), "T", trade.ts_event) &&
                       fields.string(row_.at(RowKey::kSide), "S", side) &&
                       (!row_.has(RowKey::kSequence) ||
                        fields.count(row_.at(RowKey::kSequence), "seq", trade.order));
  if (!is_read) return false;
  if (side != "Buy" && side != "Sell") return fields.refuse(RejectReason::kBadField, "S");
  trade.side = side == "Buy" ? Side::kBuy : Side::kSell;
  return true;
}

Item FrameParser::judge_whole(json::Step step) {
  const auto refused = [this](RejectReason reason, std::string_view detail = {}) {
    return Item(Reject{reason, channel_of(kind_), detail});
  };
  if (kind_ == Kind::kUnparsed || kind_ == Kind::kUnknown) return control_of(kind_);
  if (step == json::Step::kBad) return refused(RejectReason::kBadJson);
  if (kind_ == Kind::kNone) return read_answer();
  if (frame_.is_repeated()) return refused(RejectReason::kRepeatedKey);
  return judge_data();
}

Item FrameParser::read_answer() {
  const json::Kind success = frame_.at(Key::kSuccess).kind();
  std::string_view op;
  std::string_view message;
  if (!reader_.string_of(frame_.at(Key::kOp), op)) op = {};
  const bool is_answer = success == json::Kind::kTrue || success == json::Kind::kFalse;
  if (frame_.has(Key::kTopic) || (!is_answer && op != "pong")) {
    return Reject{RejectReason::kNoKind, Channel::kOther, "topic"};
  }
  if (frame_.is_repeated()) return Reject{RejectReason::kRepeatedKey, Channel::kOther, {}};
  if (!reader_.string_of(frame_.at(Key::kMessage), message)) message = {};
  if (op == "pong" || op == "ping") {
    return Control{ControlReason::kHeartbeat, Channel::kHeartbeat, {}};
  }
  if (success == json::Kind::kTrue || is_harmless(message)) {
    return Control{.reason = ControlReason::kAck};
  }
  return Control{ControlReason::kVenueError, Channel::kOther, cut_error_text(message)};
}

}  // namespace tapeline::venue::bybit
