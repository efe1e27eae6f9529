// SPDX-License-Identifier: Apache-2.0
#include "replay/rows.h"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>
#include <optional>

#include "base/decimal.h"
#include "base/time.h"
#include "model/bar_columns.h"

namespace tapeline::replay {
namespace {

void append_number(std::string& out, std::uint64_t number) {
  const fmt::format_int text(number);
  out.append(text.data(), text.size());
}

void append_ids(std::string& out, std::string_view instrument, Channel channel, std::uint64_t first,
                std::uint64_t last) {
  out += instrument;
  out += ',';
  out += name_of(channel);
  out += ',';
  append_number(out, first);
  out += ',';
  append_number(out, last);
  out += ',';
}

// Empty where it is not known.
void append_recv(std::string& out, RecvTime ts_recv, TimeFormat format) {
  if (ts_recv != RecvTime()) append_time(out, ts_recv.unix_ns(), format);
}

void append_times(std::string& out, EventTime from, EventTime to, TimeFormat format) {
  append_time(out, from.unix_ns(), format);
  out += ',';
  append_time(out, to.unix_ns(), format);
}

// Of a bar, at scale 18; empty where there is none.
void append_column(std::string& out, std::optional<Int128> value) {
  if (value) append_scaled(out, *value, Decimal::kScaleMax);
  out += ',';
}

}  // namespace

void append_time(std::string& out, std::int64_t unix_ns, TimeFormat format) {
  if (format == TimeFormat::kRfc3339) {
    append_rfc3339(out, unix_ns);
    return;
  }
  const fmt::format_int text(unix_ns);
  out.append(text.data(), text.size());
}

void append_trade(std::string& out, std::string_view instrument, const Trade& trade,
                  TimeFormat times) {
  out += instrument;
  out += ',';
  trade.id.append_to(out);
  out += ',';
  append_time(out, trade.ts_event.unix_ns(), times);
  out += ',';
  append_recv(out, trade.ts_recv, times);
  out += ',';
  append_decimal(out, trade.price);
  out += ',';
  if (!trade.flags.has(Flag::kNoSize)) append_decimal(out, trade.size);
  out += ',';
  out += name_of(trade.side);
  out += ',';
  append_flags(out, trade.flags);
  out += ',';
  append_conditions(out, trade.conditions);
  out += ',';
  out += name_of(trade.counts);
}

void append_quote(std::string& out, std::string_view instrument, const Quote& quote,
                  TimeFormat times) {
  out += instrument;
  out += ',';
  append_time(out, quote.ts_event.unix_ns(), times);
  out += ',';
  append_recv(out, quote.ts_recv, times);
  out += ',';
  append_decimal(out, quote.bid_price);
  out += ',';
  if (quote.has_bid_size) append_decimal(out, quote.bid_size);
  out += ',';
  append_decimal(out, quote.ask_price);
  out += ',';
  if (quote.has_ask_size) append_decimal(out, quote.ask_size);
  out += ',';
  append_flags(out, quote.flags);
}

void append_bar(std::string& out, std::string_view instrument, const BarRevision& bar,
                TimeFormat times, metrics::Cell& unshown) {
  std::uint32_t sums_unshown = 0;
  const BarColumns columns = columns_of(bar.partial, sums_unshown);
  unshown.add(sums_unshown);
  out += instrument;
  out += ',';
  out += format_duration(bar.interval);
  out += ',';
  append_time(out, bar.start.unix_ns(), times);
  out += ',';
  for (const auto& value : {columns.open, columns.high, columns.low, columns.close, columns.volume,
                            columns.buy_volume, columns.notional, columns.vwap}) {
    append_column(out, value);
  }
  append_number(out, columns.trades);
  out += ',';
  columns.first_id.append_to(out);
  out += ',';
  columns.last_id.append_to(out);
  out += ',';
  fmt::format_to(std::back_inserter(out), "{},{},{},{}", name_of(bar.state), name_of(bar.quality),
                 bar.revision, name_of(bar.cause));
}

void append_gap(std::string& out, std::string_view instrument, Channel channel, const IdGap& gap,
                TimeFormat times) {
  append_ids(out, instrument, channel, gap.first, gap.last);
  append_times(out, gap.from_time, gap.to_time, times);
  out += ',';
  out += name_of(gap.cause);
  out += ',';
  out += name_of(gap.state);
}

void append_run(std::string& out, std::string_view instrument, Channel channel, const IdRun& run,
                TimeFormat times) {
  append_ids(out, instrument, channel, run.first, run.last);
  append_times(out, run.first_time, run.last_time, times);
}

void append_csv_text(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out.push_back('"');
  for (const char c : text) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
}

}  // namespace tapeline::replay
