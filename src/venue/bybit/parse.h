// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "venue/bybit/kind.h"
#include "venue/field.h"
#include "venue/field_set.h"
#include "venue/json.h"
#include "venue/venue.h"

namespace tapeline::venue::bybit {

// The fields of a frame that are read. One of them twice in a frame, and it is refused.
enum class Key : std::uint8_t {
  kTopic,
  kData,
  kOp,
  kSuccess,
  kMessage,  // ret_msg
  kOther,
};
Key key_of(std::string_view name);

// Those of a row of its data, whose names differ by case alone. One of them twice in a row, and
// that row is refused.
enum class RowKey : std::uint8_t {
  kTime,    // T
  kSymbol,  // s
  kSide,    // S
  kSize,    // v
  kPrice,   // p
  kId,      // i
  kSequence,
  kOther,
};
RowKey row_key_of(std::string_view name);

class FrameParser final : public Parser {
 public:
  void parse(std::string_view frame, Items& items) override;

 private:
  // Walks the frame's fields; kStop when its topic is not parsed. Rows are read once the topic is
  // known, and only noted where they come before it.
  json::Step read_fields(Items& items);
  json::Step on_field(std::string_view name, json::ondemand::value& value, Items& items);
  json::Step on_topic(json::ondemand::value& value);
  json::Step on_data(json::ondemand::value& value, Items& items);
  json::Step read_row(json::ondemand::value& value, Items& items);
  void add_row(Items& items);
  bool read_trade(FieldReader& fields, WireTrade& trade) const;

  // What a frame comes to of which no row was read.
  [[nodiscard]] Item judge_whole(json::Step step);
  [[nodiscard]] Item read_answer();

  json::Reader reader_;
  FieldSet<Key> frame_;
  FieldSet<RowKey> row_;
  Kind kind_ = Kind::kNone;
  bool is_data_ahead_ = false;
  bool is_data_array_ = false;
};

}  // namespace tapeline::venue::bybit
