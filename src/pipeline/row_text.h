// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "model/instrument.h"
#include "store/rows.h"

namespace tapeline::pipeline {

// A row as one line of `name=value` words, with everything that a store keeps of it: two rows are
// equal when their texts are. For comparing, and for people to see what differs.
std::string text_of(const store::TradeRow& row, const InstrumentNames& names);
std::string text_of(const store::QuoteRow& row, const InstrumentNames& names);
std::string text_of(const store::BarRow& row, const InstrumentNames& names);
std::string text_of(const store::LateRow& row, const InstrumentNames& names);
std::string text_of(const store::CandleRow& row, const InstrumentNames& names);
std::string text_of(const store::RejectedRow& row, const InstrumentNames& names);
std::string text_of(const store::ListingRow& row, const InstrumentNames& names);
std::string text_of(const store::LedgerRow& row, const InstrumentNames& names);

// The instrument that a row speaks of; nothing of a rejected item.
template <typename Row>
std::string_view instrument_of(const Row& row, const InstrumentNames& names) {
  if constexpr (requires { row.trade; }) {
    return names.name(row.trade.instrument);
  } else if constexpr (requires { row.quote; }) {
    return names.name(row.quote.instrument);
  } else if constexpr (requires { row.late; }) {
    return names.name(row.late.instrument);
  } else if constexpr (requires { row.candle; }) {
    return names.name(row.candle.instrument);
  } else if constexpr (requires { row.instrument; }) {
    return names.name(row.instrument);
  } else {
    return {};
  }
}

}  // namespace tapeline::pipeline
