// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "venue/field.h"
#include "venue/field_set.h"
#include "venue/json.h"
#include "venue/okx/kind.h"
#include "venue/venue.h"

namespace tapeline::venue::okx {

// The fields of a frame that are read. One of them twice in a frame, and it is refused.
enum class Key : std::uint8_t {
  kArg,
  kChannel,  // of the arg
  kData,
  kAction,
  kEvent,
  kCode,
  kMessage,  // msg
  kOther,
};
Key key_of(std::string_view name);

// Those of a row of its data. One of them twice in a row, and that row is refused.
enum class RowKey : std::uint8_t {
  kInstrument,  // instId
  kTradeId,
  kPrice,  // px
  kSize,   // sz
  kSide,
  kTime,   // ts
  kCount,  // of the fills that the trade stands for, the last of which gives it its id
  kBid,
  kBidSize,
  kAsk,
  kAskSize,
  kOther,
};
RowKey row_key_of(std::string_view name);

class FrameParser final : public Parser {
 public:
  void parse(std::string_view frame, Items& items) override;

 private:
  // Walks the frame's fields. Rows are read once the kind is known, and only noted where they come
  // before it.
  json::Step read_fields(Items& items);
  json::Step on_field(std::string_view name, json::ondemand::value& value, Items& items);
  json::Step on_arg(json::ondemand::value& value);
  json::Step on_data(json::ondemand::value& value, Items& items);
  json::Step read_row(json::ondemand::value& value, Items& items);
  void add_row(Items& items);
  bool read_trade(FieldReader& fields, WireTrade& trade) const;
  bool read_fills(FieldReader& fields, WireTrade& trade) const;
  bool read_quote(FieldReader& fields, WireQuote& quote) const;

  // What a frame comes to of which no row was read.
  [[nodiscard]] Item judge_whole(json::Step step);
  [[nodiscard]] Item judge_event();
  [[nodiscard]] Control read_error();

  json::Reader reader_;
  FieldSet<Key> frame_;
  FieldSet<RowKey> row_;
  Kind pushed_ = Kind::kNone;  // by the arg's channel
  bool is_data_ahead_ = false;
  bool is_data_array_ = false;
  std::string error_text_;
};

}  // namespace tapeline::venue::okx
