// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "base/decimal.h"
#include "base/time.h"
#include "model/conditions.h"
#include "model/trade.h"
#include "model/trade_id.h"

namespace tapeline::venue {

// What one frame of a venue says, before identity, lateness and instruments are known. Texts are
// views into the frame and live as long as it does.

struct WireTrade {
  std::string_view symbol;  // as the venue writes it
  Channel channel = Channel::kTrades;
  Side side = Side::kUnknown;
  Flags flags;
  bool has_id = true;  // without one, decode makes a synthetic id
  // The venue counts fills apart from the trade's own id (aggregated trades).
  bool has_fills = false;
  EventTime ts_event;
  std::uint64_t order = 0;
  Decimal price;
  Decimal size;
  Conditions conditions;
  TradeId id;
  // Fill ids, both ends included, where it has them.
  std::uint64_t first_fill = 0;
  std::uint64_t last_fill = 0;
};

struct WireQuote {
  std::string_view symbol;
  bool has_id = true;  // without one, decode makes a synthetic id
  bool has_event_time = true;
  bool has_bid_size = false;
  bool has_ask_size = false;
  EventTime ts_event;
  // The venue's own counter, or a time that it never gives twice: quotes of one instrument do not
  // share it.
  std::uint64_t id = 0;
  Decimal bid_price;
  Decimal bid_size;
  Decimal ask_price;
  Decimal ask_size;
};

// Of the trade channel of `symbol`: no trade above `last_id` came before `time`.
struct WireHeartbeat {
  std::string_view symbol;
  std::uint64_t last_id = 0;  // 0: the venue does not say
  EventTime time;
};

enum class ControlReason : std::uint8_t {
  kAck,          // an answer to a subscription
  kHeartbeat,    // keeps the connection or the ledger alive
  kUnparsed,     // a channel that is known and not parsed here
  kUnknownKind,  // a kind of message that is not known: venues add them at any time
  kVenueError,   // the venue refuses something, with a text
  kUnselected,   // an instrument that nobody asked for
  kNoTrade,      // a price at which nobody traded
  kUnasked,      // of a history: not what was asked for
  kEnd,
};

struct Control {
  ControlReason reason = ControlReason::kAck;
  Channel channel = Channel::kOther;
  std::string_view text = {};  // of a venue error: what it said, at most 200 bytes
};

enum class RejectReason : std::uint8_t {
  kBadJson,  // no JSON, or cut, or with anything behind it
  kNoKind,   // JSON, but no frame of this venue
  kMissingField,
  kBadField,     // of the wrong type or outside its set of values
  kRepeatedKey,  // one key twice: nobody can say which is meant
  kBadPrice,
  kBadSize,
  kBadTime,
  kBadId,
  kBadSymbol,
  kBadRow,  // a line of a file that is not what the file's format says
  kLineTooLong,
  kTimeOutOfWindow,
  kNegativeSize,
  kFillsOverlap,  // an aggregated trade repeats a part of the fills already received
  kTooManyFills,
  kTooManyInstruments,
  kLedgerFull,
  kListShrunk,   // an instrument list has lost more than half of itself
  kOutsideWish,  // of a history: a trade of other ids or other times than those asked for
  kEnd,
};

struct Reject {
  RejectReason reason = RejectReason::kBadJson;
  Channel channel = Channel::kOther;
  std::string_view detail = {};  // a static text: the field's name
};

using Item = std::variant<WireTrade, WireQuote, WireHeartbeat, Control, Reject>;

// The items of one frame, in its order. Reused from frame to frame, so that it stops allocating.
using Items = std::vector<Item>;

const char* name_of(ControlReason reason);
const char* name_of(RejectReason reason);

}  // namespace tapeline::venue
