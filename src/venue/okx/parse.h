// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "venue/field.h"
#include "venue/json.h"
#include "venue/okx/kind.h"
#include "venue/rows_parser.h"

namespace tapeline::venue::okx {

// The fields of a frame that are read.
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

// Those of a row of its data.
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

class FrameParser final : public RowsParser<Key, RowKey> {
 public:
  void parse(std::string_view frame, Items& items) override;

 private:
  json::Step on_field(std::string_view name, json::ondemand::value& value, Items& items) override;
  [[nodiscard]] RowKey key_of_row(std::string_view name) const override;
  [[nodiscard]] bool is_kind_known() const override { return has_rows(pushed_); }
  [[nodiscard]] Channel channel() const override { return channel_of(pushed_); }
  void add_row(Items& items) override;
  [[nodiscard]] Item judge_whole(json::Step step) override;

  json::Step on_arg(json::ondemand::value& value);
  bool read_trade(FieldReader& fields, WireTrade& trade) const;
  bool read_fills(FieldReader& fields, WireTrade& trade) const;
  bool read_quote(FieldReader& fields, WireQuote& quote) const;
  [[nodiscard]] Item judge_event();
  [[nodiscard]] Control read_error();

  Kind pushed_ = Kind::kNone;  // by the arg's channel
  std::string error_text_;
};

}  // namespace tapeline::venue::okx
