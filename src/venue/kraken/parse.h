// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "venue/field.h"
#include "venue/json.h"
#include "venue/kraken/kind.h"
#include "venue/rows_parser.h"

namespace tapeline::venue::kraken {

// The fields of a frame that are read.
enum class Key : std::uint8_t {
  kChannel,
  kType,
  kData,
  kMethod,
  kSuccess,
  kError,  // error, or Error
  kOther,
};

// Those of a row of its data.
enum class RowKey : std::uint8_t {
  kSymbol,
  kSide,
  kPrice,
  kQuantity,
  kTradeId,
  kTimestamp,
  kBid,
  kBidQuantity,
  kAsk,
  kAskQuantity,
  kOther,
};

class FrameParser final : public RowsParser<Key, RowKey> {
 public:
  void parse(std::string_view frame, Items& items) override;

 private:
  enum class Type : std::uint8_t { kUnsaid, kSnapshot, kUpdate, kOther };

  json::Step on_field(std::string_view name, json::ondemand::value& value, Items& items) override;
  [[nodiscard]] RowKey key_of_row(std::string_view name) const override;
  [[nodiscard]] bool is_kind_known() const override;
  [[nodiscard]] Channel channel() const override { return channel_of(kind_); }
  void add_row(Items& items) override;
  [[nodiscard]] Item judge_whole(json::Step step) override;

  json::Step judge(Key key);
  bool read_trade(FieldReader& fields, WireTrade& trade) const;
  bool read_quote(FieldReader& fields, WireQuote& quote) const;
  [[nodiscard]] Item read_answer();

  Kind kind_ = Kind::kNone;
  Type type_ = Type::kUnsaid;
};

}  // namespace tapeline::venue::kraken
