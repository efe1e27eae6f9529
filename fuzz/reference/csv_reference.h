// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "decode/csv_row.h"

namespace tapeline::reference {

// What a CSV row says, read slowly and obviously: the oracle of csv_fuzz. Owns its texts.
struct CsvAnswer {
  std::optional<venue::RejectReason> reason;  // empty: the row is good, and the rest holds
  std::string detail;
  std::string symbol;
  std::string venue;
  bool has_id = false;
  bool has_size = false;
  TradeId id;
  EventTime ts_event;
  std::optional<RecvTime> ts_recv;
  Decimal price;
  Decimal size;
  Side side = Side::kUnknown;
};

CsvAnswer read_row(std::string_view row, const decode::CsvLayout& layout);

}  // namespace tapeline::reference
