// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/okx_rest.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "sim/dialect/candle_page.h"
#include "sim/market/text.h"

namespace tapeline::sim {
namespace {

constexpr std::uint64_t kOkxRowsMax = 100;

Answer okx_refusal(int status, int code, std::string_view message) {
  Answer answer{.status = status};
  answer.body = fmt::format(R"({{"code":"{}","msg":")", code);
  append_json_text(answer.body, message);
  answer.body += R"(","data":[]})";
  return answer;
}

Answer instruments_answer(const Target& target, const Truth& truth) {
  if (target.find("instType") != "SPOT") {
    return okx_refusal(400, 51000, "Parameter instType  error");
  }
  Answer answer{.body = R"({"code":"0","msg":"","data":[)"};
  for (const Instrument& row : truth.instruments()) {
    if (row.listed == ListedAs::kUnlisted) continue;
    std::string price_step;
    std::string size_step;
    append_fixed(price_step, 1, row.price_places);
    append_fixed(size_step, 1, row.size_places);
    fmt::format_to(std::back_inserter(answer.body),
                   R"({}{{"instType":"SPOT","instId":"{}","baseCcy":"{}","quoteCcy":"{}",)"
                   R"("tickSz":"{}","lotSz":"{}","minSz":"{}","state":"{}"}})",
                   answer.body.back() == '[' ? "" : ",", row.canonical(), row.base, row.quote,
                   price_step, size_step, size_step,
                   row.listed == ListedAs::kHalted ? "suspend" : "live");
  }
  answer.body += "]}";
  return answer;
}

void append_okx_row(std::string& out, const Instrument& row, std::uint64_t id,
                    const TruthTrade& trade) {
  fmt::format_to(std::back_inserter(out), R"({{"instId":"{}","side":"{}","sz":")", row.canonical(),
                 trade.taker_buys ? "buy" : "sell");
  append_exact(out, trade.size, row.size_places);
  out += R"(","px":")";
  append_exact(out, trade.price, row.price_places);
  fmt::format_to(std::back_inserter(out), R"(","tradeId":"{}","ts":"{}"}})", id,
                 trade.ts_event.unix_ns() / 1'000'000);
}

Answer history_answer(const Target& target, const Instrument& row, const TradeHistory& history) {
  if (target.find("type").value_or("1") != "1") {
    return okx_refusal(400, 51000, "Parameter type  error");
  }
  const auto after = target.find("after");
  const auto below = after ? parse_id(*after) : std::numeric_limits<std::uint64_t>::max();
  const auto limit = parse_id(target.find("limit").value_or("100"));
  if (!below || !limit || *limit == 0 || *limit > kOkxRowsMax) {
    return okx_refusal(400, 51000, "Parameter after or limit  error");
  }
  Answer answer{.body = R"({"code":"0","msg":"","data":[)"};
  std::uint64_t id = std::min(history.end_id(), *below);
  for (std::uint64_t left = *limit; left > 0 && id > history.first_id(); --left) {
    --id;
    if (answer.body.back() != '[') answer.body += ',';
    append_okx_row(answer.body, row, id, history.at(id));
  }
  answer.body += "]}";
  return answer;
}

// The newest first; neither end is included.
Answer candles_answer(const Target& target, const Instrument& row, const TradeHistory& history) {
  constexpr Duration kMs = std::chrono::milliseconds(1);
  const auto limit = parse_id(target.find("limit").value_or("100"));
  if (target.find("bar").value_or("1m") != "1m" || !limit || *limit == 0 || *limit > kOkxRowsMax) {
    return okx_refusal(400, 51000, "Parameter bar or limit  error");
  }
  const auto bars =
      candles_of(history, {.from = candle_time(target, "before", kMs, {}) + Duration(1),
                           .to = candle_time(target, "after", kMs, kEventTimeMax),
                           .limit = static_cast<std::size_t>(*limit),
                           .keeps_newest = true});
  Answer answer{.body = R"({"code":"0","msg":"","data":[)"};
  for (auto bar = bars.rbegin(); bar != bars.rend(); ++bar) {
    const CandleText text(row, *bar);
    fmt::format_to(
        std::back_inserter(answer.body), R"({}["{}","{}","{}","{}","{}","{}","{}","{}","{}"])",
        answer.body.back() == '[' ? "" : ",", text.start_s * 1000, text.open, text.high, text.low,
        text.close, text.volume, text.notional, text.notional, bar == bars.rbegin() ? 0 : 1);
  }
  answer.body += "]}";
  return answer;
}

}  // namespace

Answer answer_okx(const Request& request, const Truth& truth) {
  const Target target(request.target);
  if (request.method == "GET" && target.path() == "/api/v5/public/instruments") {
    return instruments_answer(target, truth);
  }
  const bool is_candles = target.path() == "/api/v5/market/history-candles";
  const bool is_known = is_candles || target.path() == "/api/v5/market/history-trades";
  if (request.method != "GET" || !is_known) {
    return okx_refusal(404, 50404, "Requested resource does not exist");
  }
  const auto& rows = truth.instruments();
  const std::string_view name = target.find("instId").value_or("");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].canonical() != name) continue;
    return is_candles ? candles_answer(target, rows[i], truth.history(i))
                      : history_answer(target, rows[i], truth.history(i));
  }
  return okx_refusal(400, 51001, "Instrument ID or Spread ID doesn't exist.");
}

}  // namespace tapeline::sim
