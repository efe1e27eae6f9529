// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "venue/field.h"
#include "venue/finnhub/kind.h"
#include "venue/json.h"
#include "venue/venue.h"

namespace tapeline::venue::finnhub {

// Reads the frames of the WebSocket feed: one item for each trade of a frame, in its order. One
// thread.
class FrameParser final : public Parser {
 public:
  void parse(std::string_view frame, Items& items) override;

 private:
  enum Field : std::uint8_t { kSymbol, kPrice, kTime, kSize, kFields };

  // A row of `data`, until the frame's end says whether they are trades.
  struct Row {
    std::array<json::Value, kFields> values;
    Conditions conditions;
    bool has_conditions = false;
    bool is_object = false;
    bool is_repeated = false;
  };

  json::Step read_fields();
  json::Step on_field(std::string_view name, json::ondemand::value& value);
  json::Step on_type(json::ondemand::value& value);
  json::Step on_data(json::ondemand::value& value);
  json::Step on_row(json::ondemand::value& value);
  json::Step on_conditions(json::ondemand::value& value, Row& row);
  static std::uint8_t field_of(std::string_view name);
  void add_items(Items& items);
  void add_trade(const Row& row, Items& items);
  static bool read_trade(FieldReader& fields, const Row& row, WireTrade& trade);

  json::Reader reader_;
  std::vector<Row> rows_;
  json::Value message_;
  bool has_kind_ = false;
  bool has_data_ = false;
  bool has_list_ = false;  // the data is a list
  bool is_repeated_ = false;
  Kind kind_ = Kind::kUnknown;
};

}  // namespace tapeline::venue::finnhub
