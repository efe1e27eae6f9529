// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/binance_rest.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "sim/dialect/binance_text.h"
#include "sim/dialect/candle_page.h"

namespace tapeline::sim {
namespace {

constexpr std::string_view kTrades = "/api/v3/trades";
constexpr std::string_view kHistoricalTrades = "/api/v3/historicalTrades";
constexpr std::string_view kAggregates = "/api/v3/aggTrades";
constexpr std::uint64_t kMillisMax = 9'000'000'000'000;
constexpr std::uint64_t kLimitDefault = 500;
constexpr std::uint64_t kLimitMax = 1000;

Answer refusal_of(int code, std::string_view message) {
  Answer answer{.status = 400};
  answer.body = fmt::format(R"({{"code":{},"msg":")", code);
  append_json_text(answer.body, message);
  answer.body += "\"}";
  return answer;
}

// What a page of trades is asked for.
struct Page {
  std::size_t instrument = 0;
  std::uint64_t limit = kLimitDefault;
  std::optional<std::uint64_t> from{};
  std::optional<std::uint64_t> from_ms{};  // of aggregates
};

std::optional<std::size_t> find_symbol(std::string_view symbol, const Truth& truth) {
  const auto& rows = truth.instruments();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].base + rows[i].quote == symbol) return i;
  }
  return std::nullopt;
}

// Fills the page, or gives the refusal.
std::optional<Answer> read_page(const Target& target, const Truth& truth, Page& page) {
  const std::string_view path = target.path();
  const auto unknown = path == kAggregates
                           ? target.unknown({"symbol", "limit", "fromId", "startTime"})
                       : path == kTrades ? target.unknown({"symbol", "limit"})
                                         : target.unknown({"symbol", "limit", "fromId"});
  if (unknown) return refusal_of(-1101, fmt::format("Too many parameters: {}", *unknown));
  const auto symbol = target.find("symbol");
  if (!symbol) {
    return refusal_of(-1102,
                      "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.");
  }
  const auto instrument = find_symbol(*symbol, truth);
  if (!instrument) return refusal_of(-1121, "Invalid symbol.");
  page.instrument = *instrument;
  if (const auto text = target.find("limit")) {
    page.limit = parse_id(*text).value_or(0);
    if (page.limit == 0 || page.limit > kLimitMax) {
      return refusal_of(-1130, "Data sent for parameter 'limit' is not valid.");
    }
  }
  if (const auto text = target.find("fromId")) {
    page.from = parse_id(*text);
    if (!page.from) return refusal_of(-1130, "Data sent for parameter 'fromId' is not valid.");
  }
  if (const auto text = target.find("startTime")) {
    page.from_ms = parse_id(*text);
    const bool is_valid = page.from_ms && *page.from_ms <= kMillisMax && !page.from;
    if (!is_valid) return refusal_of(-1130, "Data sent for parameter 'startTime' is not valid.");
  }
  return std::nullopt;
}

void append_trade_row(std::string& out, const Instrument& row, std::uint64_t id,
                      const TruthTrade& trade) {
  std::string notional;
  append_exact(notional, static_cast<Int128>(trade.price) * trade.size,
               row.price_places + row.size_places);
  fmt::format_to(std::back_inserter(out),
                 R"({{"id":{},"price":"{}","qty":"{}","quoteQty":"{}","time":{},"isBuyerMaker":{},)"
                 R"("isBestMatch":true}})",
                 id, eight_places(trade.price, row.price_places),
                 eight_places(trade.size, row.size_places), notional, unix_ms(trade.ts_event),
                 !trade.taker_buys);
}

Answer trades_answer(const Truth& truth, const Page& page) {
  const TradeHistory& history = truth.history(page.instrument);
  const std::uint64_t newest = history.end_id() - std::min(page.limit, history.size());
  std::uint64_t id = std::max(page.from.value_or(newest), history.first_id());
  Answer answer{.body = "["};
  for (std::uint64_t left = page.limit; left > 0 && id < history.end_id(); --left, ++id) {
    if (answer.body.size() > 1) answer.body += ',';
    append_trade_row(answer.body, truth.instruments()[page.instrument], id, history.at(id));
  }
  answer.body += ']';
  return answer;
}

// Appends the aggregate that begins with the trade; gives the id behind it.
std::uint64_t append_aggregate_row(std::string& out, const Instrument& row,
                                   const TradeHistory& history, std::uint64_t first) {
  const TruthTrade& trade = history.at(first);
  std::int64_t size = 0;
  std::uint64_t end = first;
  for (; end < history.end_id() && history.at(end).aggregate_id == trade.aggregate_id; ++end) {
    size += history.at(end).size;
  }
  fmt::format_to(std::back_inserter(out),
                 R"({{"a":{},"p":"{}","q":"{}","f":{},"l":{},"T":{},"m":{},"M":true}})",
                 trade.aggregate_id, eight_places(trade.price, row.price_places),
                 eight_places(size, row.size_places), first, end - 1, unix_ms(trade.ts_event),
                 !trade.taker_buys);
  return end;
}

std::uint64_t last_aggregate(const TradeHistory& history) {
  return history.at(history.end_id() - 1).aggregate_id;
}

// The aggregate of the first trade at or after the time; the one behind the last where none is.
std::uint64_t first_aggregate_at(const TradeHistory& history, std::uint64_t ms) {
  constexpr std::int64_t kNsPerMs = 1'000'000;
  const std::uint64_t id = history.first_id_at(EventTime(static_cast<std::int64_t>(ms) * kNsPerMs));
  return id < history.end_id() ? history.at(id).aggregate_id : last_aggregate(history) + 1;
}

Answer aggregates_answer(const Truth& truth, const Page& page) {
  const TradeHistory& history = truth.history(page.instrument);
  Answer answer{.body = "["};
  if (!history.empty()) {
    const std::uint64_t end = last_aggregate(history) + 1;
    // The oldest may have lost trades to the bound of memory.
    const std::uint64_t oldest =
        history.at(history.first_id()).aggregate_id + (history.forgotten() > 0 ? 1 : 0);
    const std::uint64_t newest = end - std::min(page.limit, end - std::min(oldest, end));
    std::uint64_t from = std::max(page.from.value_or(newest), oldest);
    if (page.from_ms) from = std::max(oldest, first_aggregate_at(history, *page.from_ms));
    std::uint64_t id = history.first_id_of_aggregate(from);
    for (std::uint64_t left = page.limit; left > 0 && id < history.end_id(); --left) {
      if (answer.body.size() > 1) answer.body += ',';
      id = append_aggregate_row(answer.body, truth.instruments()[page.instrument], history, id);
    }
  }
  answer.body += ']';
  return answer;
}

// The oldest first.
Answer klines_answer(const Target& target, const Truth& truth) {
  if (const auto unknown =
          target.unknown({"symbol", "interval", "startTime", "endTime", "limit"})) {
    return refusal_of(-1101, fmt::format("Too many parameters: {}", *unknown));
  }
  const auto index = find_symbol(target.find("symbol").value_or(""), truth);
  if (!index) return refusal_of(-1121, "Invalid symbol.");
  if (target.find("interval") != "1m") return refusal_of(-1120, "Invalid interval.");
  const std::uint64_t limit = parse_id(target.find("limit").value_or("500")).value_or(0);
  if (limit == 0 || limit > kLimitMax) {
    return refusal_of(-1130, "Data sent for parameter 'limit' is not valid.");
  }
  constexpr Duration kMs = std::chrono::milliseconds(1);
  const Instrument& row = truth.instruments()[*index];
  const EventTime to = candle_time(target, "endTime", kMs, kEventTimeMax - kMs) + kMs;
  Answer answer{.body = "["};
  for (const TruthBar& bar :
       candles_of(truth.history(*index), {.from = candle_time(target, "startTime", kMs, {}),
                                         .to = to,
                                         .limit = static_cast<std::size_t>(limit)})) {
    const CandleText text(row, bar);
    fmt::format_to(std::back_inserter(answer.body),
                   R"({}[{},"{}","{}","{}","{}","{}",{},"{}",{},"0","0","0"])",
                   answer.body.size() > 1 ? "," : "", text.start_s * 1000, text.open, text.high,
                   text.low, text.close, text.volume, text.start_s * 1000 + 59'999, text.notional,
                   bar.trades);
  }
  answer.body += ']';
  return answer;
}

void append_symbol(std::string& out, const Instrument& row) {
  std::string price_step;
  std::string size_step;
  append_fixed(price_step, 1, row.price_places);
  append_fixed(size_step, 1, row.size_places);
  fmt::format_to(
      std::back_inserter(out),
      R"({{"symbol":"{0}{1}","status":"{4}","baseAsset":"{0}","baseAssetPrecision":8,)"
      R"("quoteAsset":"{1}","quotePrecision":8,"quoteAssetPrecision":8,"orderTypes":["LIMIT",)"
      R"("MARKET"],"isSpotTradingAllowed":true,"isMarginTradingAllowed":false,"filters":[)"
      R"({{"filterType":"PRICE_FILTER","minPrice":"{2}","maxPrice":"1000000.00000000",)"
      R"("tickSize":"{2}"}},{{"filterType":"LOT_SIZE","minQty":"{3}",)"
      R"("maxQty":"9000000.00000000","stepSize":"{3}"}}],"permissions":["SPOT"]}})",
      row.base, row.quote, price_step, size_step,
      row.listed == ListedAs::kHalted ? "HALT" : "TRADING");
}

Answer info_answer(const Target& target, const Truth& truth, EventTime now) {
  if (const auto unknown = target.unknown({"symbol"})) {
    return refusal_of(-1101, fmt::format("Too many parameters: {}", *unknown));
  }
  const auto symbol = target.find("symbol");
  if (symbol && !find_symbol(*symbol, truth)) return refusal_of(-1121, "Invalid symbol.");
  Answer answer;
  answer.body = fmt::format(
      R"({{"timezone":"UTC","serverTime":{},"rateLimits":[],"exchangeFilters":[],"symbols":[)",
      unix_ms(now));
  bool is_first = true;
  for (const Instrument& row : truth.instruments()) {
    if (row.listed == ListedAs::kUnlisted) continue;
    if (symbol && row.base + row.quote != *symbol) continue;
    if (!is_first) answer.body += ',';
    is_first = false;
    append_symbol(answer.body, row);
  }
  answer.body += "]}";
  return answer;
}

}  // namespace

Answer answer_binance(const Request& request, const Truth& truth, EventTime now) {
  const Target target(request.target);
  const std::string_view path = target.path();
  const bool is_aggregates = path == kAggregates;
  if (request.method == "GET" && path == "/api/v3/exchangeInfo") {
    return info_answer(target, truth, now);
  }
  if (request.method == "GET" && path == "/api/v3/klines") return klines_answer(target, truth);
  if (request.method != "GET" || (path != kTrades && !is_aggregates && path != kHistoricalTrades)) {
    return {.status = 404, .body = R"({"code":-1000,"msg":"Not found."})"};
  }
  Page page;
  if (auto refused_page = read_page(target, truth, page)) {
    return std::move(*refused_page);
  }
  return is_aggregates ? aggregates_answer(truth, page) : trades_answer(truth, page);
}

}  // namespace tapeline::sim
