// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "venue/coinbase_advanced/kind.h"
#include "venue/field.h"
#include "venue/field_set.h"
#include "venue/json.h"
#include "venue/venue.h"

namespace tapeline::venue::coinbase_advanced {

// The fields of a frame, of its events, and of the rows of these that are read.
enum class FrameKey : std::uint8_t { kChannel, kType, kTimestamp, kEvents, kMessage, kOther };
enum class EventKey : std::uint8_t { kType, kTrades, kTickers, kOther };
enum class RowKey : std::uint8_t {
  kProductId,
  kTradeId,
  kPrice,
  kSize,
  kTime,
  kSide,
  kBid,
  kBidSize,
  kAsk,
  kAskSize,
  kOther
};

// Reads the frames of the market data feed: one item for each trade or ticker. The trades of an
// event, which the venue lists with the newest first, come in the order of their making. One
// thread.
class FrameParser final : public Parser {
 public:
  void parse(std::string_view frame, Items& items) override;

 private:
  using Frame = FieldSet<FrameKey>;
  using Event = FieldSet<EventKey>;
  struct Row {
    FieldSet<RowKey> fields;
    std::size_t event = 0;
    bool is_trade = false;  // by the list it stands in
    bool is_object = false;
  };

  json::Step on_field(std::string_view name, json::ondemand::value& value);
  json::Step on_kind(FrameKey key, json::ondemand::value& value);
  json::Step on_events(json::ondemand::value& value);
  json::Step on_event(json::ondemand::value& value);
  json::Step on_row(std::size_t event, bool is_trade, json::ondemand::value& value);
  void add_items(Items& items);
  void add_rows(Items& items);
  void add_row(const Row& row, Items& items);
  bool read_trade(FieldReader& fields, const Row& row, WireTrade& trade);
  bool read_quote(FieldReader& fields, const Row& row, WireQuote& quote);
  [[nodiscard]] bool is_snapshot(std::size_t event);

  json::Reader reader_;
  Frame frame_;
  std::vector<Event> events_;
  std::vector<Row> rows_;
  bool has_kind_ = false;
  Kind kind_ = Kind::kUnknown;
};

// The taker's side of what names the maker's.
bool read_side(FieldReader& fields, const json::Value& value, Side& out);

}  // namespace tapeline::venue::coinbase_advanced
