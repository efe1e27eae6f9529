// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "sim/market/truth.h"

// The truth as text: the columns that `tapeline replay` writes of trades and bars, as far as the
// truth has them. Decimals are exact; in JSON lines they are strings.
namespace tapeline::sim {

enum class TextFormat : std::uint8_t { kCsv, kJsonLines };

class TruthText {
 public:
  // `venue` names the instruments' venue: coinbase:BTC-USD.
  TruthText(std::string_view venue, const Instrument& instrument, TextFormat format);

  // instrument,trade_id,ts_event,price,size,side
  static std::string_view trades_header();
  void append(std::string& out, std::uint64_t id, const TruthTrade& trade);

  // instrument,interval,start,open,high,low,close,volume,buy_volume,notional,vwap,trades,first_id,
  // last_id
  static std::string_view bars_header();
  void append(std::string& out, Duration interval, const TruthBar& bar);

 private:
  void begin(std::string& out);
  void text(std::string& out, std::string_view name, std::string_view value);
  void number(std::string& out, std::string_view name, std::uint64_t value);
  void decimal(std::string& out, std::string_view name, Int128 units, int places);
  void end(std::string& out) const;
  void name_field(std::string& out, std::string_view name);

  std::string instrument_;
  int price_places_ = 0;
  int size_places_ = 0;
  TextFormat format_ = TextFormat::kCsv;
  bool is_first_ = true;
  std::string scratch_;
};

}  // namespace tapeline::sim
