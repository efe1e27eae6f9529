// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/coinbase_advanced_rest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>

#include "sim/dialect/candle_page.h"
#include "sim/dialect/coinbase_advanced_text.h"
#include "sim/dialect/frame_text.h"

namespace tapeline::sim {
namespace {

constexpr std::string_view kAdvancedApi = "/api/v3/brokerage/market";  // of the venue's own URLs
constexpr std::string_view kAdvancedProducts = "/products";
constexpr std::uint64_t kAdvancedPageMax = 300;  // fewer than a client asks for
constexpr std::uint64_t kLatestSecond = 4'000'000'000;

Answer refused(int status, std::string_view message) {
  std::string body = R"({"error":")";
  append_json_text(body, message);
  return {.status = status, .body = body + "\"}"};
}

void append_advanced_product(std::string& out, const Instrument& row) {
  FrameText text;
  text.put(R"({"product_id":")").put(row.canonical());
  text.put(R"(","base_increment":")").fixed(1, row.size_places);
  text.put(R"(","quote_increment":")").fixed(1, row.price_places);
  text.put(R"(","base_min_size":")").fixed(1, row.size_places);
  text.put(R"(","status":"online","trading_disabled":)");
  text.put(row.listed == ListedAs::kHalted ? "true" : "false").put(R"(,"product_type":"SPOT")");
  text.put(R"(,"quote_currency_id":")").put(row.quote);
  text.put(R"(","base_currency_id":")").put(row.base).put(R"(","alias":"","alias_to":[])");
  text.put(R"(,"price_increment":")").fixed(1, row.price_places).put("\"}");
  out += text.take();
}

// All of them are spot products.
Answer products_page(const Target& target, const Truth& truth) {
  const bool is_other = target.find("product_type").value_or("SPOT") != "SPOT";
  Answer answer;
  answer.body = R"({"products":[)";
  std::size_t products = 0;
  for (const Instrument& row : truth.instruments()) {
    if (is_other || row.listed == ListedAs::kUnlisted) continue;
    ++products;
    if (answer.body.back() != '[') answer.body += ',';
    append_advanced_product(answer.body, row);
  }
  answer.body += R"(],"num_products":)" + std::to_string(products) + "}";
  return answer;
}

EventTime second_of(const Target& target, std::string_view name, std::uint64_t otherwise) {
  const auto text = target.find(name);
  const auto seconds = text ? parse_id(*text).value_or(otherwise) : otherwise;
  return EventTime(static_cast<std::int64_t>(std::min(seconds, kLatestSecond)) * 1'000'000'000);
}

Answer ticker_page(const Target& target, const Instrument& instrument,
                   const TradeHistory& history) {
  const auto limit = target.find("limit");
  const auto count = limit ? parse_id(*limit) : std::nullopt;
  if (!count || *count == 0) return refused(400, "limit is required");
  const std::uint64_t begin = history.first_id_at(second_of(target, "start", 0));
  const std::uint64_t end = history.first_id_at(second_of(target, "end", kLatestSecond) +
                                                Duration(std::chrono::seconds(1)));
  std::uint64_t left = std::min(*count, kAdvancedPageMax);
  Answer answer;
  answer.body = R"({"trades":[)";
  for (std::uint64_t id = end; id > begin && left > 0; --left) {
    --id;
    if (answer.body.back() != '[') answer.body += ',';
    answer.body += advanced_trade(instrument, id, history.at(id)) +
                   R"(,"bid":"","ask":"","exchange":"coinbase"})";
  }
  answer.body += R"(],"best_bid":"","best_ask":""})";
  return answer;
}

// The newest first; both ends are included.
Answer advanced_candles(const Target& target, const Instrument& row, const TradeHistory& history) {
  constexpr std::size_t kCandlesMax = 350;
  if (target.find("granularity") != "ONE_MINUTE") return refused(400, "granularity is required");
  const auto bars = candles_of(
      history, {.from = second_of(target, "start", 0),
                .to = second_of(target, "end", kLatestSecond) + Duration(std::chrono::seconds(1)),
                .limit = kCandlesMax,
                .keeps_newest = true});
  Answer answer;
  answer.body = R"({"candles":[)";
  for (auto bar = bars.rbegin(); bar != bars.rend(); ++bar) {
    const CandleText text(row, *bar);
    fmt::format_to(std::back_inserter(answer.body),
                   R"({}{{"start":"{}","low":"{}","high":"{}","open":"{}","close":"{}",)"
                   R"("volume":"{}"}})",
                   answer.body.back() == '[' ? "" : ",", text.start_s, text.low, text.high,
                   text.open, text.close, text.volume);
  }
  answer.body += "]}";
  return answer;
}

}  // namespace

Answer answer_coinbase_advanced(const Request& request, const Truth& truth) {
  const Target target(request.target);
  std::string_view path = target.path();
  if (path.starts_with(kAdvancedApi)) path.remove_prefix(kAdvancedApi.size());
  if (request.method != "GET" || !path.starts_with(kAdvancedProducts)) {
    return refused(404, "NOT_FOUND");
  }
  path.remove_prefix(kAdvancedProducts.size());
  if (path.empty()) return products_page(target, truth);
  const auto& rows = truth.instruments();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (path == "/" + rows[i].canonical() + "/candles") {
      return advanced_candles(target, rows[i], truth.history(i));
    }
    if (path == "/" + rows[i].canonical() + "/ticker") {
      return ticker_page(target, rows[i], truth.history(i));
    }
  }
  return refused(404, "NOT_FOUND");
}

}  // namespace tapeline::sim
