// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "venue/field.h"
#include "venue/field_set.h"
#include "venue/json.h"
#include "venue/twelvedata/kind.h"
#include "venue/venue.h"

namespace tapeline::venue::twelvedata {

// The fields of a frame that are read.
enum class Key : std::uint8_t {
  kEvent,
  kStatus,
  kCode,
  kMessage,
  kMessages,
  kSymbol,
  kTime,
  kPrice,
  kBid,
  kAsk,
  kOther
};
Key key_of(std::string_view name);

// Reads the frames of the price stream: a price is a trade without size and id; one with bid and
// ask a quote beside it. One thread.
class FrameParser final : public Parser {
 public:
  void parse(std::string_view frame, Items& items) override;

 private:
  json::Step on_field(std::string_view name, json::ondemand::value& value);
  void add_items(Items& items);
  void add_price(Items& items);
  bool read_trade(FieldReader& fields, WireTrade& trade) const;
  bool read_quote(FieldReader& fields, WireQuote& quote) const;
  bool read_time(FieldReader& fields, EventTime& out) const;
  [[nodiscard]] std::string_view error_text();

  json::Reader reader_;
  FieldSet<Key> fields_;
  json::Value first_message_;  // of `messages`
};

}  // namespace tapeline::venue::twelvedata
