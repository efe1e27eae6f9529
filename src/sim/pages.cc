// SPDX-License-Identifier: Apache-2.0
#include "sim/pages.h"

#include <fmt/format.h>

#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "sim/exchange.h"
#include "sim/market/truth_text.h"
#include "sim/stats.h"

namespace tapeline::sim {
namespace {

Answer text_answer(int status, std::string text) {
  return {.status = status, .content_type = "text/plain", .body = std::move(text)};
}

// What a page of the truth is asked for.
struct Query {
  std::vector<std::size_t> instruments;
  EventTime from = kEventTimeMin;
  EventTime to = kEventTimeMax;
  Duration interval = std::chrono::minutes(1);
  TextFormat format = TextFormat::kCsv;
};

Result<EventTime> read_time(std::string_view text, EventTime otherwise) {
  if (text.empty()) return otherwise;
  if (const auto ns = parse_id(text); ns && *ns <= INT64_MAX) {
    return EventTime(static_cast<std::int64_t>(*ns));
  }
  if (const auto ns = parse_rfc3339(text)) return EventTime(*ns);
  return fail(Fault::kCaller,
              fmt::format("\"{}\" is no time (allowed: 2021-04-17T16:43:37Z, or nanoseconds since "
                          "1970)",
                          text));
}

// An instrument as coinbase:BTC-USD or BTC-USD; nothing stands for all.
Result<std::vector<std::size_t>> read_instruments(std::string_view text, const Exchange& exchange) {
  const auto& rows = exchange.truth().instruments();
  const std::string prefix = exchange.options().venue + ":";
  if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (text.empty() || rows[i].canonical() == text) found.push_back(i);
  }
  if (found.empty()) {
    return fail(Fault::kCaller, fmt::format("\"{}\" is no instrument of this venue", text));
  }
  return found;
}

Result<Query> read_query(const Target& target, const Exchange& exchange) {
  if (const auto unknown = target.unknown({"instrument", "from", "to", "interval", "format"})) {
    return fail(Fault::kCaller,
                fmt::format("\"{}\" is no parameter (allowed: instrument, from, to, interval, "
                            "format)",
                            *unknown));
  }
  const auto value = [&](std::string_view name) {
    return percent_decoded(target.find(name).value_or(""));
  };
  Query query;
  auto instruments = read_instruments(value("instrument"), exchange);
  if (!instruments) return tl::make_unexpected(instruments.error());
  query.instruments = std::move(*instruments);
  const auto from = read_time(value("from"), kEventTimeMin);
  const auto to = read_time(value("to"), kEventTimeMax);
  if (!from) return tl::make_unexpected(from.error());
  if (!to) return tl::make_unexpected(to.error());
  query.from = *from;
  query.to = *to;
  if (const std::string text = value("interval"); !text.empty()) {
    const auto interval = parse_duration(text);
    if (!interval || interval->count() == 0) {
      return fail(Fault::kCaller,
                  fmt::format("\"{}\" is no interval (allowed: like 1s or 5m)", text));
    }
    query.interval = *interval;
  }
  const std::string format = value("format");
  if (format == "jsonl") {
    query.format = TextFormat::kJsonLines;
  } else if (!format.empty() && format != "csv") {
    return fail(Fault::kCaller, fmt::format("\"{}\" is no format (allowed: csv, jsonl)", format));
  }
  return query;
}

Answer page_of(std::string_view header, const Query& query) {
  const bool is_csv = query.format == TextFormat::kCsv;
  return {.content_type = is_csv ? "text/csv" : "application/x-ndjson",
          .body = std::string(is_csv ? header : std::string_view())};
}

Answer too_many() {
  return text_answer(413, fmt::format("more than {} rows; ask for less with instrument, from and "
                                      "to\n",
                                      kTruthRowsMax));
}

Answer trades_page(const Query& query, const Exchange& exchange) {
  Answer answer = page_of(TruthText::trades_header(), query);
  std::size_t rows = 0;
  for (const std::size_t index : query.instruments) {
    const TradeHistory& history = exchange.truth().history(index);
    TruthText text(exchange.options().venue, exchange.truth().instruments()[index], query.format);
    const std::uint64_t end = history.first_id_at(query.to);
    for (std::uint64_t id = history.first_id_at(query.from); id < end; ++id) {
      if (++rows > kTruthRowsMax) return too_many();
      text.append(answer.body, id, history.at(id));
    }
  }
  return answer;
}

Answer bars_page(const Query& query, const Exchange& exchange) {
  Answer answer = page_of(TruthText::bars_header(), query);
  std::size_t rows = 0;
  for (const std::size_t index : query.instruments) {
    const TradeHistory& history = exchange.truth().history(index);
    TruthText text(exchange.options().venue, exchange.truth().instruments()[index], query.format);
    for (const TruthBar& bar : history.bars(query.interval, query.from, query.to)) {
      if (++rows > kTruthRowsMax) return too_many();
      text.append(answer.body, query.interval, bar);
    }
  }
  return answer;
}

Answer faults_page(const Request& request, Exchange& exchange) {
  const auto faults = parse_faults(request.body);
  if (!faults) return text_answer(400, faults.error().text + "\n");
  exchange.change_faults(*faults, exchange.now());
  return text_answer(200, format_faults(*faults) + "\n");
}

// What the list says of an instrument from now on.
Answer list_page(const Target& target, Exchange& exchange) {
  constexpr std::pair<std::string_view, ListedAs> kWords[] = {{"trading", ListedAs::kTrading},
                                                              {"halted", ListedAs::kHalted},
                                                              {"unlisted", ListedAs::kUnlisted}};
  const std::string name = percent_decoded(target.find("instrument").value_or(""));
  const auto found = read_instruments(name, exchange);
  if (!found) return text_answer(400, found.error().text + "\n");
  const std::string as = percent_decoded(target.find("as").value_or(""));
  for (const auto& [word, listed] : kWords) {
    if (as != word) continue;
    for (const std::size_t index : *found) exchange.list(index, listed);
    return text_answer(200, fmt::format("{} is {}\n", name.empty() ? "everything" : name, word));
  }
  return text_answer(400, fmt::format("as: \"{}\" is none of trading, halted, unlisted\n", as));
}

}  // namespace

std::optional<Answer> answer_page(const Request& request, Exchange& exchange) {
  const Target target(request.target);
  const std::string_view path = target.path();
  const bool is_get = request.method == "GET";
  const bool is_post = request.method == "POST";
  if (is_get && path == "/sim/stats") return Answer{.body = stats_json(exchange)};
  if (is_post && path == "/sim/faults") return faults_page(request, exchange);
  if (is_post && path == "/sim/list") return list_page(target, exchange);
  if (is_post && path == "/sim/drop") {
    exchange.drop_all(exchange.now());
    return text_answer(200, "all connections are cut\n");
  }
  if (is_get && (path == "/truth/trades" || path == "/truth/bars")) {
    const auto query = read_query(target, exchange);
    if (!query) return text_answer(400, query.error().text + "\n");
    return path == "/truth/bars" ? bars_page(*query, exchange) : trades_page(*query, exchange);
  }
  if (path.starts_with("/truth/") || path.starts_with("/sim/")) {
    return text_answer(404,
                       "no such page (there are GET /truth/trades, /truth/bars and /sim/stats, "
                       "POST /sim/faults, /sim/drop and /sim/list)\n");
  }
  return std::nullopt;
}

}  // namespace tapeline::sim
