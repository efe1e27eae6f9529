// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/bybit_rest.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sim/dialect/candle_page.h"
#include "sim/market/text.h"

namespace tapeline::sim {
namespace {

constexpr std::uint64_t kBybitRowsMax = 60;

Answer bybit_refusal(int code, std::string_view message) {
  return {.body = fmt::format(R"({{"retCode":{},"retMsg":"{}","result":{{}},"retExtInfo":{{}}}})",
                              code, message)};
}

constexpr std::string_view kBybitFront =
    R"({"retCode":0,"retMsg":"OK","result":{"category":"spot","list":[)";

Answer list_answer(const Truth& truth) {
  Answer answer{.body = std::string(kBybitFront)};
  for (const Instrument& row : truth.instruments()) {
    if (row.listed == ListedAs::kUnlisted) continue;
    std::string price_step;
    std::string size_step;
    append_fixed(price_step, 1, row.price_places);
    append_fixed(size_step, 1, row.size_places);
    fmt::format_to(
        std::back_inserter(answer.body),
        R"({}{{"symbol":"{}{}","baseCoin":"{}","quoteCoin":"{}","status":"{}",)"
        R"("lotSizeFilter":{{"basePrecision":"{}"}},"priceFilter":{{"tickSize":"{}"}}}})",
        answer.body.back() == '[' ? "" : ",", row.base, row.quote, row.base, row.quote,
        row.listed == ListedAs::kHalted ? "Delivering" : "Trading", size_step, price_step);
  }
  answer.body += R"(]},"retExtInfo":{}})";
  return answer;
}

void append_bybit_row(std::string& out, const Instrument& row, std::uint64_t id,
                      const TruthTrade& trade) {
  fmt::format_to(std::back_inserter(out), R"({{"execId":"{}","symbol":"{}{}","price":")", id,
                 row.base, row.quote);
  append_fixed(out, trade.price, row.price_places);
  out += R"(","size":")";
  append_exact(out, trade.size, row.size_places);
  fmt::format_to(
      std::back_inserter(out), R"(","side":"{}","time":"{}","isBlockTrade":false,"seq":"{}"}})",
      trade.taker_buys ? "Buy" : "Sell", trade.ts_event.unix_ns() / 1'000'000, trade.aggregate_id);
}

Answer recent_answer(const Target& target, const Instrument& row, const TradeHistory& history) {
  const auto limit = parse_id(target.find("limit").value_or("60"));
  if (!limit || *limit == 0 || *limit > kBybitRowsMax) {
    return bybit_refusal(10001, "Illegal limit");
  }
  Answer answer{.body = std::string(kBybitFront)};
  std::uint64_t id = history.end_id();
  for (std::uint64_t left = *limit; left > 0 && id > history.first_id(); --left) {
    --id;
    if (answer.body.back() != '[') answer.body += ',';
    append_bybit_row(answer.body, row, id, history.at(id));
  }
  answer.body += R"(]},"retExtInfo":{}})";
  return answer;
}

// The newest first.
Answer kline_answer(const Target& target, const Instrument& row, const TradeHistory& history) {
  constexpr std::uint64_t kKlinesMax = 1000;
  constexpr Duration kMs = std::chrono::milliseconds(1);
  const auto limit = parse_id(target.find("limit").value_or("200"));
  if (target.find("interval") != "1" || !limit || *limit == 0 || *limit > kKlinesMax) {
    return bybit_refusal(10001, "Invalid period!");
  }
  const auto bars =
      candles_of(history, {.from = candle_time(target, "start", kMs, {}),
                           .to = candle_time(target, "end", kMs, kEventTimeMax - kMs) + kMs,
                           .limit = static_cast<std::size_t>(*limit),
                           .keeps_newest = true});
  Answer answer{.body = std::string(kBybitFront)};
  for (auto bar = bars.rbegin(); bar != bars.rend(); ++bar) {
    const CandleText text(row, *bar);
    fmt::format_to(std::back_inserter(answer.body), R"({}["{}","{}","{}","{}","{}","{}","{}"])",
                   answer.body.back() == '[' ? "" : ",", text.start_s * 1000, text.open, text.high,
                   text.low, text.close, text.volume, text.notional);
  }
  answer.body += R"(]},"retExtInfo":{}})";
  return answer;
}

}  // namespace

Answer answer_bybit(const Request& request, const Truth& truth) {
  const Target target(request.target);
  const bool is_list = target.path() == "/v5/market/instruments-info";
  const bool is_kline = target.path() == "/v5/market/kline";
  const bool is_known = is_list || is_kline || target.path() == "/v5/market/recent-trade";
  if (request.method != "GET" || !is_known) {
    return {.status = 404, .body = "404 page not found"};
  }
  if (target.find("category") != "spot") return bybit_refusal(10001, "Illegal category");
  if (is_list) return list_answer(truth);
  const auto& rows = truth.instruments();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (target.find("symbol") == rows[i].base + rows[i].quote) {
      return is_kline ? kline_answer(target, rows[i], truth.history(i))
                      : recent_answer(target, rows[i], truth.history(i));
    }
  }
  return bybit_refusal(10001, "Not supported symbols");
}

}  // namespace tapeline::sim
