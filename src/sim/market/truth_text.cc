// SPDX-License-Identifier: Apache-2.0
#include "sim/market/truth_text.h"

#include "sim/market/text.h"

namespace tapeline::sim {

TruthText::TruthText(std::string_view venue, const Instrument& instrument, TextFormat format)
    : instrument_(std::string(venue) + ":" + instrument.canonical()),
      price_places_(instrument.price_places),
      size_places_(instrument.size_places),
      format_(format) {}

std::string_view TruthText::trades_header() {
  return "instrument,trade_id,ts_event,price,size,side\n";
}

std::string_view TruthText::bars_header() {
  return "instrument,interval,start,open,high,low,close,volume,buy_volume,notional,vwap,trades,"
         "first_id,last_id\n";
}

void TruthText::append(std::string& out, std::uint64_t id, const TruthTrade& trade) {
  begin(out);
  text(out, "instrument", instrument_);
  number(out, "trade_id", id);
  scratch_.clear();
  append_utc(scratch_, trade.ts_event.unix_ns(), 9);
  text(out, "ts_event", scratch_);
  decimal(out, "price", trade.price, price_places_);
  decimal(out, "size", trade.size, size_places_);
  text(out, "side", trade.taker_buys ? "buy" : "sell");
  end(out);
}

void TruthText::append(std::string& out, Duration interval, const TruthBar& bar) {
  begin(out);
  text(out, "instrument", instrument_);
  text(out, "interval", format_duration(interval));
  scratch_.clear();
  append_utc(scratch_, bar.start.unix_ns(), 9);
  text(out, "start", scratch_);
  const auto price = [&](std::string_view name, std::int64_t value) {
    bar.has_prices() ? decimal(out, name, value, price_places_) : text(out, name, "");
  };
  price("open", bar.open);
  price("high", bar.high);
  price("low", bar.low);
  price("close", bar.close);
  decimal(out, "volume", bar.volume, size_places_);
  decimal(out, "buy_volume", bar.buy_volume, size_places_);
  decimal(out, "notional", bar.notional, price_places_ + size_places_);
  scratch_.clear();
  if (bar.volume > 0) {
    append_quotient(scratch_, {.numerator = bar.notional,
                               .numerator_places = price_places_ + size_places_,
                               .denominator = bar.volume,
                               .denominator_places = size_places_});
  }
  text(out, "vwap", scratch_);
  number(out, "trades", bar.trades);
  number(out, "first_id", bar.first_id);
  number(out, "last_id", bar.last_id);
  end(out);
}

void TruthText::begin(std::string& out) {
  is_first_ = true;
  if (format_ == TextFormat::kJsonLines) out.push_back('{');
}

void TruthText::end(std::string& out) const {
  out += format_ == TextFormat::kJsonLines ? "}\n" : "\n";
}

void TruthText::name_field(std::string& out, std::string_view name) {
  if (!is_first_) out.push_back(',');
  is_first_ = false;
  if (format_ == TextFormat::kCsv) return;
  out.push_back('"');
  out += name;
  out += "\":";
}

void TruthText::text(std::string& out, std::string_view name, std::string_view value) {
  name_field(out, name);
  const bool is_quoted = format_ == TextFormat::kJsonLines;
  if (is_quoted) out.push_back('"');
  out += value;
  if (is_quoted) out.push_back('"');
}

void TruthText::number(std::string& out, std::string_view name, std::uint64_t value) {
  name_field(out, name);
  append_exact(out, value, 0);
}

void TruthText::decimal(std::string& out, std::string_view name, Int128 units, int places) {
  scratch_.clear();
  append_exact(scratch_, units, places);
  text(out, name, scratch_);
}

}  // namespace tapeline::sim
