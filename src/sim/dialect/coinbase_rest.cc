// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/coinbase_rest.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "sim/dialect/candle_page.h"
#include "sim/market/text.h"

namespace tapeline::sim {
namespace {

constexpr std::string_view kProducts = "/products";
constexpr std::uint64_t kPageMax = 1000;

Answer refusal(int status, std::string_view message) {
  Answer answer{.status = status};
  answer.body = R"({"message":")";
  append_json_text(answer.body, message);
  answer.body += "\"}";
  return answer;
}

void append_product(std::string& out, const Instrument& instrument) {
  std::string price_step;
  std::string size_step;
  append_fixed(price_step, 1, instrument.price_places);
  append_fixed(size_step, 1, instrument.size_places);
  fmt::format_to(
      std::back_inserter(out),
      R"({{"id":"{0}-{1}","base_currency":"{0}","quote_currency":"{1}","quote_increment":"{2}",)"
      R"("base_increment":"{3}","display_name":"{0}/{1}","min_market_funds":"1",)"
      R"("margin_enabled":false,"post_only":false,"limit_only":false,"cancel_only":false,)"
      R"("status":"online","status_message":"","trading_disabled":{4},"fx_stablecoin":false,)"
      R"("auction_mode":false}})",
      instrument.base, instrument.quote, price_step, size_step,
      instrument.listed == ListedAs::kHalted);
}

// The side is the maker's; prices and sizes have more zeros than in the feed.
void append_trade(std::string& out, const Instrument& instrument, std::uint64_t id,
                  const TruthTrade& trade) {
  out += R"({"time":")";
  append_utc(out, trade.ts_event.unix_ns(), 6);
  fmt::format_to(std::back_inserter(out), R"(","trade_id":{},"price":")", id);
  append_fixed(out, static_cast<Int128>(trade.price) * 1000, instrument.price_places + 3);
  out += R"(","size":")";
  append_fixed(out, trade.size, instrument.size_places);
  fmt::format_to(std::back_inserter(out), R"(","side":"{}"}})", trade.taker_buys ? "sell" : "buy");
}

// A number that may be left out; false when it is given and is none.
bool read_number(const Target& target, std::string_view name, std::uint64_t& out) {
  const auto text = target.find(name);
  if (!text) return true;
  const auto number = parse_id(*text);
  if (number) out = *number;
  return number.has_value();
}

Answer trades_page(const Target& target, const Instrument& instrument,
                   const TradeHistory& history) {
  if (const auto unknown = target.unknown({"limit", "before", "after"})) {
    return refusal(400, fmt::format("{} is no parameter", *unknown));
  }
  std::uint64_t limit = kPageMax;
  std::uint64_t after = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t before = 0;
  if (!read_number(target, "limit", limit) || !read_number(target, "after", after) ||
      !read_number(target, "before", before) || limit == 0) {
    return refusal(400, "limit, before and after are numbers");
  }
  limit = std::min(limit, kPageMax);
  Answer answer;
  answer.body = "[";
  const std::uint64_t end = std::min(history.end_id(), after);
  const std::uint64_t begin = before == std::numeric_limits<std::uint64_t>::max()
                                  ? before
                                  : std::max(history.first_id(), before + 1);
  std::uint64_t id = end;
  for (; id > begin && limit > 0; --limit) {
    --id;
    if (answer.body.size() > 1) answer.body += ',';
    append_trade(answer.body, instrument, id, history.at(id));
  }
  answer.body += ']';
  if (id < end) {
    answer.headers = {{"CB-BEFORE", std::to_string(end - 1)}, {"CB-AFTER", std::to_string(id)}};
  }
  return answer;
}

// The newest first; no more than 300 minutes may be asked for.
Answer candles_page(const Target& target, const Instrument& instrument,
                    const TradeHistory& history) {
  constexpr std::int64_t kMinutesMax = 300;
  const auto start = parse_rfc3339(percent_decoded(target.find("start").value_or("")));
  const auto end = parse_rfc3339(percent_decoded(target.find("end").value_or("")));
  if (target.find("granularity") != "60" || !start || !end) {
    return refusal(400, "Unsupported granularity");
  }
  const EventTime to = EventTime(*end) + Duration(1);
  if ((to - EventTime(*start)) / std::chrono::minutes(1) > kMinutesMax) {
    return refusal(400, "granularity too small for the requested time range");
  }
  const auto bars = candles_of(
      history, {.from = EventTime(*start), .to = to, .limit = kMinutesMax, .keeps_newest = true});
  Answer answer{.body = "["};
  for (auto bar = bars.rbegin(); bar != bars.rend(); ++bar) {
    const CandleText text(instrument, *bar);
    fmt::format_to(std::back_inserter(answer.body), "{}[{},{},{},{},{},{}]",
                   bar == bars.rbegin() ? "" : ",", text.start_s, text.low, text.high, text.open,
                   text.close, text.volume);
  }
  answer.body += ']';
  return answer;
}

}  // namespace

Answer answer_coinbase(const Request& request, const Truth& truth) {
  const Target target(request.target);
  std::string_view rest = target.path();
  if (request.method != "GET" || !rest.starts_with(kProducts)) return refusal(404, "NotFound");
  rest.remove_prefix(kProducts.size());
  const auto& instruments = truth.instruments();
  Answer answer;
  if (rest.empty()) {
    answer.body = "[";
    for (const Instrument& instrument : instruments) {
      if (instrument.listed == ListedAs::kUnlisted) continue;
      if (answer.body.size() > 1) answer.body += ',';
      append_product(answer.body, instrument);
    }
    answer.body += ']';
    return answer;
  }
  for (std::size_t i = 0; i < instruments.size(); ++i) {
    const std::string page = "/" + instruments[i].canonical();
    if (rest == page) {
      append_product(answer.body, instruments[i]);
      return answer;
    }
    if (rest == page + "/candles") return candles_page(target, instruments[i], truth.history(i));
    if (rest == page + "/trades") return trades_page(target, instruments[i], truth.history(i));
  }
  return refusal(404, "NotFound");
}

}  // namespace tapeline::sim
