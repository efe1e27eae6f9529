// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/kraken_rest.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "sim/dialect/candle_page.h"
#include "sim/dialect/kraken_text.h"
#include "sim/market/text.h"

namespace tapeline::sim {
namespace {

constexpr std::uint64_t kKrakenRowsMax = 1000;

Answer kraken_refusal(std::string_view error) {
  return {.body = fmt::format(R"({{"error":["{}"]}})", error)};
}

Answer pairs_answer(const Truth& truth) {
  Answer answer{.body = R"({"error":[],"result":{)"};
  bool is_first = true;
  for (const Instrument& row : truth.instruments()) {
    if (row.listed == ListedAs::kUnlisted) continue;
    fmt::format_to(std::back_inserter(answer.body),
                   R"({}"{}":{{"altname":"{}","wsname":"{}\/{}","aclass_base":"currency",)"
                   R"("base":"{}","aclass_quote":"currency","quote":"{}","pair_decimals":{},)"
                   R"("lot_decimals":{},"lot_multiplier":1,"status":"{}"}})",
                   is_first ? "" : ",", kraken_key(row), kraken_pair(row), kraken_asset(row.base),
                   kraken_asset(row.quote), row.base, row.quote, row.price_places, row.size_places,
                   row.listed == ListedAs::kHalted ? "cancel_only" : "online");
    is_first = false;
  }
  // One that is not streamed.
  if (!is_first) answer.body += ',';
  answer.body += R"("XXBTZUSD.d":{"altname":"XBTUSD.d","base":"XXBT","quote":"ZUSD"}}})";
  return answer;
}

// Trades of one time follow each other by a nanosecond.
std::uint64_t cursor_of(const TradeHistory& history, std::uint64_t id) {
  const EventTime time = history.at(id).ts_event;
  return static_cast<std::uint64_t>(time.unix_ns()) + (id - history.first_id_at(time));
}

// The id of the first trade behind the cursor.
std::uint64_t first_behind(const TradeHistory& history, std::uint64_t cursor) {
  const std::uint64_t time_us = cursor / 1'000 * 1'000;
  std::uint64_t id = history.first_id_at(EventTime(static_cast<std::int64_t>(time_us)));
  while (id < history.end_id() && cursor_of(history, id) <= cursor) ++id;
  return id;
}

// The time with the noise of a double.
void append_kraken_row(std::string& out, const Instrument& row, std::uint64_t id,
                       const TruthTrade& trade) {
  out += "[\"";
  append_fixed(out, trade.price, row.price_places);
  out += "\",\"";
  append_fixed(out, trade.size, row.size_places);
  fmt::format_to(std::back_inserter(out), R"(",{:.7f},"{}","{}","",{}])",
                 static_cast<double>(trade.ts_event.unix_ns()) / 1e9, trade.taker_buys ? "b" : "s",
                 trade.aggregate_id % 3 == 0 ? "l" : "m", id);
}

Answer trades_answer(const Target& target, const Instrument& row, const TradeHistory& history) {
  std::optional<std::uint64_t> since;
  std::optional<std::uint64_t> count = kKrakenRowsMax;
  if (const auto text = target.find("since")) {
    since = parse_id(*text);
    if (!since) return kraken_refusal("EGeneral:Invalid arguments:since");
  }
  if (const auto text = target.find("count")) count = parse_id(*text);
  if (!count || *count == 0 || *count > kKrakenRowsMax) {
    return kraken_refusal("EGeneral:Invalid arguments:count");
  }
  std::uint64_t id = since ? first_behind(history, *since)
                           : history.end_id() - std::min<std::uint64_t>(*count, history.size());
  std::uint64_t last = since.value_or(0);
  Answer answer{.body = fmt::format(R"({{"error":[],"result":{{"{}":[)", kraken_key(row))};
  for (std::uint64_t left = *count; left > 0 && id < history.end_id(); --left, ++id) {
    if (answer.body.back() != '[') answer.body += ',';
    append_kraken_row(answer.body, row, id, history.at(id));
    last = cursor_of(history, id);
  }
  fmt::format_to(std::back_inserter(answer.body), R"(],"last":"{}"}}}})", last);
  return answer;
}

// The newest ones behind `since`, the oldest of them first.
Answer ohlc_answer(const Target& target, const Instrument& row, const TradeHistory& history) {
  constexpr std::size_t kCandlesMax = 720;
  constexpr Duration kSecond = std::chrono::seconds(1);
  if (target.find("interval").value_or("1") != "1") {
    return kraken_refusal("EGeneral:Invalid arguments:interval");
  }
  const EventTime from = candle_time(target, "since", kSecond, {}) + Duration(1);
  Answer answer{.body = fmt::format(R"({{"error":[],"result":{{"{}":[)", kraken_key(row))};
  std::int64_t last = 0;
  for (const TruthBar& bar :
       candles_of(history, {.from = from, .limit = kCandlesMax, .keeps_newest = true})) {
    const CandleText text(row, bar);
    fmt::format_to(std::back_inserter(answer.body), R"({}[{},"{}","{}","{}","{}","0","{}",{}])",
                   answer.body.back() == '[' ? "" : ",", text.start_s, text.open, text.high,
                   text.low, text.close, text.volume, bar.trades);
    last = text.start_s;
  }
  fmt::format_to(std::back_inserter(answer.body), R"(],"last":{}}}}})", last);
  return answer;
}

}  // namespace

Answer answer_kraken(const Request& request, const Truth& truth) {
  const Target target(request.target);
  if (request.method == "GET" && target.path() == "/0/public/AssetPairs") {
    return pairs_answer(truth);
  }
  const bool is_ohlc = target.path() == "/0/public/OHLC";
  if (request.method != "GET" || (!is_ohlc && target.path() != "/0/public/Trades")) {
    return {.status = 404, .body = R"({"error":["EGeneral:Unknown method"]})"};
  }
  const auto unknown = is_ohlc ? target.unknown({"pair", "since", "interval"})
                               : target.unknown({"pair", "since", "count"});
  if (unknown) {
    return kraken_refusal(fmt::format("EGeneral:Invalid arguments:{}", *unknown));
  }
  const std::string pair = percent_decoded(target.find("pair").value_or(""));
  const auto& rows = truth.instruments();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (pair == kraken_pair(rows[i]) || pair == kraken_key(rows[i])) {
      return is_ohlc ? ohlc_answer(target, rows[i], truth.history(i))
                     : trades_answer(target, rows[i], truth.history(i));
    }
  }
  return kraken_refusal("EQuery:Unknown asset pair");
}

}  // namespace tapeline::sim
