// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/bitstamp_rest.h"

#include <fmt/format.h>

#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "sim/dialect/bitstamp_text.h"
#include "sim/dialect/candle_page.h"
#include "sim/dialect/frame_text.h"

namespace tapeline::sim {
namespace {

constexpr std::string_view kTransactions = "/transactions/";
constexpr std::string_view kOhlc = "/ohlc/";

Answer not_found() { return {.status = 404, .body = R"({"code":"404","reason":"Not found"})"}; }

std::optional<Duration> span_of(std::string_view text) {
  if (text == "minute") return std::chrono::minutes(1);
  if (text == "hour") return std::chrono::hours(1);
  if (text == "day") return std::chrono::hours(24);
  return std::nullopt;
}

Answer pairs_page(const Truth& truth) {
  Answer answer;
  answer.body = "[";
  for (const Instrument& row : truth.instruments()) {
    if (row.listed == ListedAs::kUnlisted) continue;
    if (answer.body.size() > 1) answer.body += ',';
    answer.body +=
        R"({"name":")" + row.base + "/" + row.quote + R"(","url_symbol":")" + bitstamp_symbol(row) +
        R"(","base_decimals":)" + std::to_string(row.size_places) + R"(,"counter_decimals":)" +
        std::to_string(row.price_places) + R"(,"minimum_order":"10.0 )" + row.quote +
        R"(","trading":")" + (row.listed == ListedAs::kHalted ? "Disabled" : "Enabled") + "\"}";
  }
  answer.body += ']';
  return answer;
}

Answer trades_page(const Truth& truth, std::size_t index, EventTime from) {
  const Instrument& instrument = truth.instruments()[index];
  const TradeHistory& history = truth.history(index);
  FrameText text;
  text.put("[");
  const std::uint64_t begin = history.first_id_at(from);
  for (std::uint64_t id = history.end_id(); id > begin;) {
    const TruthTrade& trade = history.at(--id);
    if (id + 1 < history.end_id()) text.put(",");
    text.put(R"({"date":")");
    text.number(static_cast<std::uint64_t>(trade.ts_event.unix_ns() / 1'000'000'000));
    text.put(R"(","tid":")").number(bitstamp_id(static_cast<std::uint32_t>(index), id));
    text.put(R"(","price":")").fixed(trade.price, instrument.price_places);
    text.put(R"(","amount":")").fixed(trade.size, instrument.size_places);
    text.put(R"(","type":")").put(trade.taker_buys ? R"(0"})" : R"(1"})");
  }
  text.put("]");
  return {.body = text.take()};
}

// The oldest first; both ends are included.
Answer ohlc_page(const Target& target, const Truth& truth, std::size_t index) {
  constexpr Duration kSecond = std::chrono::seconds(1);
  const auto limit = parse_id(target.find("limit").value_or(""));
  if (target.find("step") != "60" || !limit || *limit == 0 || *limit > 1000) {
    return {.status = 400, .body = R"({"code":"400","reason":"Invalid step or limit"})"};
  }
  const Instrument& row = truth.instruments()[index];
  Answer answer{.body = fmt::format(R"({{"data":{{"pair":"{}/{}","ohlc":[)", row.base, row.quote)};
  for (const TruthBar& bar :
       candles_of(truth.history(index),
                  {.from = candle_time(target, "start", kSecond, {}),
                  .to = candle_time(target, "end", kSecond, kEventTimeMax - kSecond) + kSecond,
                  .limit = static_cast<std::size_t>(*limit)})) {
    const CandleText text(row, bar);
    fmt::format_to(std::back_inserter(answer.body),
                   R"({}{{"close":"{}","high":"{}","low":"{}","open":"{}","timestamp":"{}",)"
                   R"("volume":"{}"}})",
                   answer.body.back() == '[' ? "" : ",", text.close, text.high, text.low, text.open,
                   text.start_s, text.volume);
  }
  answer.body += "]}}";
  return answer;
}

}  // namespace

Answer answer_bitstamp(const Request& request, const Truth& truth, EventTime now) {
  const Target target(request.target);
  std::string_view path = target.path();
  if (request.method != "GET") return not_found();
  if (path == "/trading-pairs-info/") return pairs_page(truth);
  const bool is_ohlc = path.starts_with(kOhlc);
  if ((!is_ohlc && !path.starts_with(kTransactions)) || !path.ends_with('/')) return not_found();
  path.remove_prefix(is_ohlc ? kOhlc.size() : kTransactions.size());
  const std::size_t index = find_bitstamp(truth, path.substr(0, path.size() - 1));
  if (index == truth.instruments().size()) return not_found();
  if (is_ohlc) return ohlc_page(target, truth, index);
  const auto span = span_of(target.find("time").value_or("hour"));
  if (!span) return {.status = 400, .body = R"({"code":"400","reason":"Invalid time"})"};
  return trades_page(truth, index, now - *span);
}

}  // namespace tapeline::sim
