// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "venue/coinbase/kind.h"
#include "venue/field.h"
#include "venue/json.h"
#include "venue/venue.h"

namespace tapeline::venue::coinbase {

// The fields that are read from any message. One of them twice in a message, and it is refused.
enum class Key : std::uint8_t {
  kType,
  kTradeId,
  kSide,
  kSize,
  kPrice,
  kProductId,
  kTime,
  kSequence,
  kBestBid,
  kBestAsk,
  kBestBidSize,
  kBestAskSize,
  kLastTradeId,
  kMessage,
  kReason,
  kOther,  // all that nothing here reads
};

Key key_of(std::string_view name);

// The venue names the maker's side; the aggressor's, which it gives, is the other one.
bool read_side(FieldReader& fields, const json::Value& value, Side& out);

class FrameParser final : public Parser {
 public:
  void parse(std::string_view frame, Items& items) override;

 private:
  // Walks the frame's fields; kStop when its kind is one that is not parsed.
  json::Step read_fields();
  json::Step on_field(std::string_view name, json::ondemand::value& value);
  void add_item(Items& items);
  [[nodiscard]] const json::Value& at(Key key) const;

  bool read_trade(FieldReader& fields, WireTrade& trade) const;
  bool read_quote(FieldReader& fields, WireQuote& quote) const;
  bool read_heartbeat(FieldReader& fields, WireHeartbeat& heartbeat) const;
  Control read_error();
  [[nodiscard]] bool is_price(Key key) const;

  json::Reader reader_;
  std::array<json::Value, static_cast<std::size_t>(Key::kOther)> values_;
  std::uint32_t seen_ = 0;
  bool is_repeated_ = false;
  bool has_kind_ = false;
  Kind kind_ = Kind::kUnknown;
  std::string error_text_;
};

}  // namespace tapeline::venue::coinbase
