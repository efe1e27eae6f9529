// SPDX-License-Identifier: Apache-2.0
#include "sim/stats.h"

#include <fmt/format.h>

#include <iterator>

#include "sim/exchange.h"
#include "sim/market/text.h"

namespace tapeline::sim {
namespace {

std::string utc(EventTime time) {
  std::string text;
  append_utc(text, time.unix_ns(), 9);
  return text;
}

std::string json_text(std::string_view text) {
  std::string quoted = "\"";
  append_json_text(quoted, text);
  return quoted += '"';
}

void append_counts(std::string& out, const FrameCounts& counts) {
  fmt::format_to(
      std::back_inserter(out),
      R"({{"produced":{},"sent":{},"lost":{},"repeated":{},"silenced":{},"discarded":{},)"
      R"("reordered":{},"malformed":{},"delayed":{},"stalls":{},"silent_channels":{},)"
      R"("control":{}}})",
      counts.produced, counts.sent, counts.lost, counts.repeated, counts.silenced, counts.discarded,
      counts.reordered, counts.malformed, counts.delayed, counts.stalls, counts.silent_channels,
      counts.control);
}

void append_runs(std::string& out, const IdRanges& ids) {
  out += '[';
  bool is_first = true;
  for (const auto& [first, last] : ids.runs()) {
    fmt::format_to(std::back_inserter(out), "{}[{},{}]", is_first ? "" : ",", first, last);
    is_first = false;
  }
  out += ']';
}

std::string instrument_name(const Exchange& exchange, std::size_t index) {
  return exchange.options().venue + ":" + exchange.truth().instruments()[index].canonical();
}

void append_instrument(std::string& out, const Exchange& exchange, std::uint32_t index) {
  const TradeHistory& history = exchange.truth().history(index);
  fmt::format_to(std::back_inserter(out),
                 R"({{"instrument":"{}","trades":{},"forgotten":{},"first_id":{},"last_id":{},)"
                 R"("unseen":{{)",
                 instrument_name(exchange, index), history.size() + history.forgotten(),
                 history.forgotten(), history.first_id(), history.last().id);
  bool is_first = true;
  for (const Stream stream : {Stream::kTrades, Stream::kAggregates}) {
    const auto shown = exchange.shown().find({index, stream});
    if (shown == exchange.shown().end()) continue;
    fmt::format_to(std::back_inserter(out), R"({}"{}":)", is_first ? "" : ",", name_of(stream));
    is_first = false;
    append_runs(out, shown->second.holes());
  }
  out += "}}";
}

void append_lost(std::string& out, const Exchange& exchange, const StreamIds& lost) {
  bool is_first = true;
  for (const auto& [where, ids] : lost) {
    fmt::format_to(std::back_inserter(out),
                   R"({}{{"instrument":"{}","stream":"{}","is_complete":{},"ids":)",
                   is_first ? "" : ",", instrument_name(exchange, where.first),
                   name_of(where.second), ids.is_complete());
    is_first = false;
    append_runs(out, ids);
    out += '}';
  }
}

void append_connection(std::string& out, const Exchange& exchange, const ConnectionReport& report) {
  fmt::format_to(
      std::back_inserter(out),
      R"({{"id":{},"target":{},"opened":"{}","closed":{},"end":"{}","silent":{},"frames":)",
      report.id, json_text(report.target), utc(report.opened),
      report.closed ? json_text(utc(*report.closed)) : "null", report.end, report.is_silent);
  append_counts(out, report.counts);
  out += R"(,"lost":[)";
  append_lost(out, exchange, report.lost);
  out += "]}";
}

}  // namespace

std::string stats_json(const Exchange& exchange) {
  const auto connections = exchange.connections();
  FrameCounts total;
  for (const ConnectionReport& report : connections) total.add(report.counts);
  std::string out = fmt::format(
      R"({{"venue":"{}","seed":{},"faults":"{}","opened":"{}","now":"{}",)"
      R"("connections_forgotten":{},"turned_away":{},)"
      R"("rest":{{"answered":{},"refused":{}}},"frames":)",
      exchange.options().venue, exchange.options().seed, format_faults(exchange.options().faults),
      utc(exchange.opened()), utc(exchange.now()), exchange.connections_forgotten(),
      exchange.turned_away(), exchange.rest_answered(), exchange.rest_refused());
  append_counts(out, total);
  out += R"(,"instruments":[)";
  for (std::uint32_t i = 0; i < exchange.truth().instruments().size(); ++i) {
    if (i > 0) out += ',';
    append_instrument(out, exchange, i);
  }
  out += R"(],"connections":[)";
  for (const ConnectionReport& report : connections) {
    if (&report != &connections.front()) out += ',';
    append_connection(out, exchange, report);
  }
  return out += "]}";
}

}  // namespace tapeline::sim
