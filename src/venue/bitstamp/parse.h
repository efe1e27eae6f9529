// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "venue/bitstamp/kind.h"
#include "venue/field.h"
#include "venue/json.h"
#include "venue/venue.h"

namespace tapeline::venue::bitstamp {

// The fields that are read: of a frame, and of its `data`.
enum class Key : std::uint8_t {
  kEvent,
  kChannel,
  kId,
  kPriceText,
  kAmountText,
  kPrice,
  kAmount,
  kType,
  kOrderType,
  kMicros,
  kMessage,
  kOther
};

// Reads the frames of WebSocket v2, one item each. One thread.
class FrameParser final : public Parser {
 public:
  void parse(std::string_view frame, Items& items) override;

 private:
  static constexpr std::size_t kKeys = static_cast<std::size_t>(Key::kOther);

  json::Step on_field(std::string_view name, json::ondemand::value& value);
  json::Step on_event(json::ondemand::value& value);
  json::Step on_data(json::ondemand::value& value);
  json::Step take(Key key, json::ondemand::value& value);
  [[nodiscard]] const json::Value& at(Key key) const;
  // The text of a number where the venue gives one, or else the number.
  [[nodiscard]] const json::Value& at_or(Key key, Key otherwise) const;
  void add_item(Items& items);
  bool read_trade(FieldReader& fields, WireTrade& trade) const;
  bool read_symbol(FieldReader& fields, WireTrade& trade) const;
  bool read_side(FieldReader& fields, WireTrade& trade) const;

  json::Reader reader_;
  std::array<json::Value, kKeys> values_;
  bool has_data_ = false;
  bool is_repeated_ = false;
  bool has_kind_ = false;
  Kind kind_ = Kind::kUnknown;
};

// Microseconds as digits, with quotes or without; milliseconds in the oldest frames.
bool read_micros(FieldReader& fields, const json::Value& value, std::string_view name,
                 EventTime& out);

}  // namespace tapeline::venue::bitstamp
