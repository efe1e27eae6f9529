// SPDX-License-Identifier: Apache-2.0
#include "pipeline/row_text.h"

#include <fmt/format.h>

#include <optional>

#include "base/decimal.h"
#include "base/time.h"

namespace tapeline::pipeline {
namespace {

// Builds the line: a word after the other.
class Words {
 public:
  Words& word(std::string_view name) {
    if (!text_.empty()) text_ += ' ';
    text_ += name;
    text_ += '=';
    return *this;
  }
  Words& add(std::string_view name, std::string_view value) {
    word(name).text_ += value;
    return *this;
  }
  Words& add(std::string_view name, std::uint64_t value) {
    word(name).text_ += fmt::format_int(value).str();
    return *this;
  }
  Words& add(std::string_view name, Decimal value) {
    append_decimal(word(name).text_, value);
    return *this;
  }
  Words& column(std::string_view name, std::optional<Int128> value) {
    word(name);
    if (value) append_scaled(text_, *value, Decimal::kScaleMax);
    return *this;
  }
  Words& add(std::string_view name, const TradeId& id) {
    id.append_to(word(name).text_);
    return *this;
  }
  Words& time(std::string_view name, std::int64_t unix_ns) {
    append_rfc3339(word(name).text_, unix_ns);
    return *this;
  }
  Words& flags(Flags flags) {
    append_flags(word("flags").text_, flags);
    return *this;
  }
  Words& conditions(Conditions conditions) {
    append_conditions(word("conditions").text_, conditions);
    return *this;
  }
  template <typename Row>
  Words& origin(const Row& row) {
    return add("record", row.position.ordinal).add("ordinal", row.ordinal);
  }

  [[nodiscard]] std::string text() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace

std::string text_of(const store::TradeRow& row, const InstrumentNames& names) {
  const Trade& trade = row.trade;
  return Words()
      .add("instrument", names.name(trade.instrument))
      .add("channel", name_of(trade.channel))
      .add("trade_id", trade.id)
      .time("ts_event", trade.ts_event.unix_ns())
      .time("ts_recv", trade.ts_recv.unix_ns())
      .add("price", trade.price)
      .add("size", trade.size)
      .add("side", name_of(trade.side))
      .add("first_fill", trade.first_fill)
      .add("last_fill", trade.last_fill)
      .flags(trade.flags)
      .conditions(trade.conditions)
      .add("counts", name_of(trade.counts))
      .origin(row)
      .text();
}

std::string text_of(const store::QuoteRow& row, const InstrumentNames& names) {
  const Quote& quote = row.quote;
  Words words;
  words.add("instrument", names.name(quote.instrument))
      .time("ts_event", quote.ts_event.unix_ns())
      .time("ts_recv", quote.ts_recv.unix_ns())
      .add("bid_price", quote.bid_price)
      .add("ask_price", quote.ask_price);
  if (quote.has_bid_size) words.add("bid_size", quote.bid_size);
  if (quote.has_ask_size) words.add("ask_size", quote.ask_size);
  return words.flags(quote.flags).origin(row).text();
}

std::string text_of(const store::BarRow& row, const InstrumentNames& names) {
  const BarColumns& bar = row.columns;
  return Words()
      .add("instrument", names.name(row.instrument))
      .add("interval", format_duration(row.interval))
      .time("start", row.start.unix_ns())
      .column("open", bar.open)
      .column("high", bar.high)
      .column("low", bar.low)
      .column("close", bar.close)
      .column("volume", bar.volume)
      .column("buy_volume", bar.buy_volume)
      .column("notional", bar.notional)
      .column("vwap", bar.vwap)
      .add("trades", bar.trades)
      .add("first_id", bar.first_id)
      .add("last_id", bar.last_id)
      .add("state", name_of(row.state))
      .add("quality", name_of(row.quality))
      .add("revision", std::uint64_t{row.revision})
      .add("cause", name_of(row.cause))
      .origin(row)
      .text();
}

std::string text_of(const store::LateRow& row, const InstrumentNames& names) {
  return Words()
      .add("instrument", names.name(row.late.instrument))
      .add("channel", name_of(row.late.channel))
      .add("trade_id", row.late.id)
      .time("ts_event", row.late.ts_event.unix_ns())
      .add("last_fill", row.late.last_fill)
      .origin(row)
      .text();
}

std::string text_of(const store::CandleRow& row, const InstrumentNames& names) {
  const VenueCandle& candle = row.candle;
  Words words;
  words.add("instrument", names.name(candle.instrument))
      .add("interval", format_duration(candle.interval))
      .time("start", candle.start.unix_ns())
      .time("ts_recv", candle.ts_recv.unix_ns())
      .add("open", candle.open)
      .add("high", candle.high)
      .add("low", candle.low)
      .add("close", candle.close)
      .add("volume", candle.volume);
  if (candle.trades) words.add("trades", *candle.trades);
  return words.origin(row).text();
}

std::string text_of(const store::RejectedRow& row, const InstrumentNames& /*names*/) {
  return Words()
      .add("connection", std::uint64_t{row.connection.value()})
      .time("ts_recv", row.ts_recv.unix_ns())
      .add("channel", name_of(row.channel))
      .add("reason", row.reason)
      .add("detail", row.detail)
      .origin(row)
      .text();
}

std::string text_of(const store::ListingRow& row, const InstrumentNames& /*names*/) {
  const Listing& its = row.listing;
  Words words;
  words.add("instrument", row.venue + ":" + its.canonical)
      .add("venue_symbol", its.symbol)
      .add("base", its.base)
      .add("quote", its.quote);
  if (its.tick_size) words.add("tick_size", *its.tick_size);
  if (its.lot_size) words.add("lot_size", *its.lot_size);
  if (its.min_size) words.add("min_size", *its.min_size);
  if (its.min_notional) words.add("min_notional", *its.min_notional);
  return words.add("status", name_of(its.status))
      .add("venue_status", its.venue_status)
      .time("valid_from", row.valid_from.unix_ns())
      .origin(row)
      .text();
}

std::string text_of(const store::LedgerRow& row, const InstrumentNames& names) {
  std::string text =
      fmt::format("instrument={} channel={}", names.name(row.instrument), name_of(row.channel));
  for (const IdRun& run : row.runs) {
    text += fmt::format(" run={}..{}@{}..{}", run.first, run.last,
                        format_rfc3339(run.first_time.unix_ns()),
                        format_rfc3339(run.last_time.unix_ns()));
    if (run.repaired > 0) text += fmt::format(" repaired={}", run.repaired);
  }
  for (const IdGap& gap : row.gaps) {
    text += fmt::format(
        " gap={}..{}@{}..{} {} {}", gap.first, gap.last, format_rfc3339(gap.from_time.unix_ns()),
        format_rfc3339(gap.to_time.unix_ns()), name_of(gap.cause), name_of(gap.state));
  }
  return text;
}

}  // namespace tapeline::pipeline
