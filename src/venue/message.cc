// SPDX-License-Identifier: Apache-2.0
#include "venue/message.h"

namespace tapeline::venue {

const char* name_of(ControlReason reason) {
  switch (reason) {
    case ControlReason::kAck:
      return "ack";
    case ControlReason::kHeartbeat:
      return "heartbeat";
    case ControlReason::kUnparsed:
      return "unparsed";
    case ControlReason::kUnknownKind:
      return "unknown_kind";
    case ControlReason::kVenueError:
      return "venue_error";
    case ControlReason::kUnselected:
      return "unselected";
    case ControlReason::kNoTrade:
      return "no_trade";
    case ControlReason::kUnasked:
      return "unasked";
    case ControlReason::kEnd:
      break;
  }
  return "";
}

const char* name_of(RejectReason reason) {
  switch (reason) {
    case RejectReason::kBadJson:
      return "bad_json";
    case RejectReason::kNoKind:
      return "no_kind";
    case RejectReason::kMissingField:
      return "missing_field";
    case RejectReason::kBadField:
      return "bad_field";
    case RejectReason::kRepeatedKey:
      return "repeated_key";
    case RejectReason::kBadPrice:
      return "bad_price";
    case RejectReason::kBadSize:
      return "bad_size";
    case RejectReason::kBadTime:
      return "bad_time";
    case RejectReason::kBadId:
      return "bad_id";
    case RejectReason::kBadSymbol:
      return "bad_symbol";
    case RejectReason::kBadRow:
      return "bad_row";
    case RejectReason::kLineTooLong:
      return "line_too_long";
    case RejectReason::kTimeOutOfWindow:
      return "time_out_of_window";
    case RejectReason::kNegativeSize:
      return "negative_size";
    case RejectReason::kFillsOverlap:
      return "fills_overlap";
    case RejectReason::kTooManyFills:
      return "too_many_fills";
    case RejectReason::kTooManyInstruments:
      return "too_many_instruments";
    case RejectReason::kLedgerFull:
      return "ledger_full";
    case RejectReason::kListShrunk:
      return "list_shrunk";
    case RejectReason::kOutsideWish:
      return "outside_wish";
    case RejectReason::kEnd:
      break;
  }
  return "";
}

}  // namespace tapeline::venue
