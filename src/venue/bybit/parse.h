// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "venue/bybit/kind.h"
#include "venue/field.h"
#include "venue/json.h"
#include "venue/rows_parser.h"

namespace tapeline::venue::bybit {

// The fields of a frame that are read.
enum class Key : std::uint8_t {
  kTopic,
  kData,
  kOp,
  kSuccess,
  kMessage,  // ret_msg
  kOther,
};

// Those of a row of its data, whose names differ by case alone.
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

class FrameParser final : public RowsParser<Key, RowKey> {
 public:
  void parse(std::string_view frame, Items& items) override;

 private:
  json::Step on_field(std::string_view name, json::ondemand::value& value, Items& items) override;
  [[nodiscard]] RowKey key_of_row(std::string_view name) const override;
  [[nodiscard]] bool is_kind_known() const override { return kind_ == Kind::kTrade; }
  [[nodiscard]] Channel channel() const override { return Channel::kTrades; }
  void add_row(Items& items) override;
  [[nodiscard]] Item judge_whole(json::Step step) override;

  json::Step on_topic(json::ondemand::value& value);
  bool read_trade(FieldReader& fields, WireTrade& trade) const;
  [[nodiscard]] Item read_answer();

  Kind kind_ = Kind::kNone;
};

}  // namespace tapeline::venue::bybit
