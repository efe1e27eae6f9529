// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "venue/field.h"
#include "venue/field_set.h"
#include "venue/json.h"
#include "venue/kraken/kind.h"
#include "venue/venue.h"

namespace tapeline::venue::kraken {

// The fields of a frame that are read. One of them twice in a frame, and it is refused.
enum class Key : std::uint8_t {
  kChannel,
  kType,
  kData,
  kMethod,
  kSuccess,
  kError,  // error, or Error
  kOther,
};
Key key_of(std::string_view name);

// Those of a row of its data. One of them twice in a row, and that row is refused.
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
RowKey row_key_of(std::string_view name);

class FrameParser final : public Parser {
 public:
  void parse(std::string_view frame, Items& items) override;

 private:
  enum class Type : std::uint8_t { kUnsaid, kSnapshot, kUpdate, kOther };

  // Walks the frame's fields; kStop when nothing but the kind is of interest. Rows are read once
  // kind and type are known, and only noted where they come before them.
  json::Step read_fields(Items& items);
  json::Step on_field(std::string_view name, json::ondemand::value& value, Items& items);
  json::Step judge(Key key);
  json::Step on_data(json::ondemand::value& value, Items& items);
  json::Step read_row(json::ondemand::value& value, Items& items);
  void add_row(Items& items);
  bool read_trade(FieldReader& fields, WireTrade& trade) const;
  bool read_quote(FieldReader& fields, WireQuote& quote) const;

  // What a frame comes to of which no row was read.
  [[nodiscard]] Item judge_whole(json::Step step);
  [[nodiscard]] Item read_answer();
  [[nodiscard]] bool is_ready() const {
    return has_rows(kind_) && (type_ == Type::kSnapshot || type_ == Type::kUpdate);
  }

  json::Reader reader_;
  FieldSet<Key> frame_;
  FieldSet<RowKey> row_;
  Kind kind_ = Kind::kNone;
  Type type_ = Type::kUnsaid;
  bool is_data_ahead_ = false;
  bool is_data_array_ = false;
};

}  // namespace tapeline::venue::kraken
