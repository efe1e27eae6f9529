// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/coinbase_advanced_rest.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "sim/dialect/coinbase_advanced_text.h"

namespace tapeline::sim {
namespace {

constexpr std::string_view kAdvancedProducts = "/products";
constexpr std::uint64_t kAdvancedPageMax = 300;  // fewer than a client asks for
constexpr std::uint64_t kLatestSecond = 4'000'000'000;

Answer refused(int status, std::string_view message) {
  std::string body = R"({"error":")";
  append_json_text(body, message);
  return {.status = status, .body = body + "\"}"};
}

Answer products_page(const Truth& truth) {
  Answer answer;
  answer.body = R"({"products":[)";
  for (const Instrument& row : truth.instruments()) {
    if (answer.body.back() != '[') answer.body += ',';
    answer.body += R"({"product_id":")" + row.canonical() + R"(","status":"online"})";
  }
  answer.body += "]}";
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

}  // namespace

Answer answer_coinbase_advanced(const Request& request, const Truth& truth) {
  const Target target(request.target);
  std::string_view path = target.path();
  if (request.method != "GET" || !path.starts_with(kAdvancedProducts)) {
    return refused(404, "NOT_FOUND");
  }
  path.remove_prefix(kAdvancedProducts.size());
  if (path.empty()) return products_page(truth);
  const auto& rows = truth.instruments();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (path == "/" + rows[i].canonical() + "/ticker") {
      return ticker_page(target, rows[i], truth.history(i));
    }
  }
  return refused(404, "NOT_FOUND");
}

}  // namespace tapeline::sim
