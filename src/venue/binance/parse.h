// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "venue/binance/kind.h"
#include "venue/field.h"
#include "venue/json.h"
#include "venue/venue.h"

namespace tapeline::venue::binance {

// The fields that are read from any payload. One of them twice in a payload, and it is refused.
// Their names differ by case alone.
enum class Key : std::uint8_t {
  kEvent,         // e
  kSymbol,        // s
  kTradeId,       // t
  kAskOrAggId,    // a: the ask of a quote, the id of an aggregated trade
  kPrice,         // p
  kQuantity,      // q
  kTime,          // T
  kBuyerIsMaker,  // m
  kFirstFill,     // f
  kLastFill,      // l
  kUpdateId,      // u
  kBid,           // b
  kBidSize,       // B
  kAskSize,       // A
  kLastUpdateId,
  kResult,
  kCode,
  kMessage,  // msg
  kError,
  kData,   // of the frame: the payload of a combined stream
  kOther,  // all that nothing here reads
};

Key key_of(std::string_view name);

class FrameParser final : public Parser {
 public:
  void parse(std::string_view frame, Items& items) override;

 private:
  enum class Level : std::uint8_t { kFrame, kPayload };

  void start();
  json::Step on_field(Level level, std::string_view name, json::ondemand::value& value);
  json::Step on_data(json::ondemand::value& value);
  json::Step on_error(json::ondemand::value& value);
  // What follows from the field just read; kStop when the kind is one that is not parsed.
  json::Step judge(Key key);
  void judge_by_shape();

  void add_item(Items& items);
  void add_control(Items& items);
  bool read_trade(FieldReader& fields, WireTrade& trade) const;
  bool read_fills(FieldReader& fields, WireTrade& trade) const;
  bool read_quote(FieldReader& fields, WireQuote& quote) const;
  std::string_view error_text();

  [[nodiscard]] bool has(Key key) const;
  [[nodiscard]] const json::Value& at(Key key) const;

  json::Reader reader_;
  std::array<json::Value, static_cast<std::size_t>(Key::kOther)> values_;
  std::uint32_t seen_ = 0;
  bool is_combined_ = false;
  bool is_mixed_ = false;  // fields of a payload beside `data`
  bool is_repeated_ = false;
  Kind kind_ = Kind::kNone;
};

}  // namespace tapeline::venue::binance
