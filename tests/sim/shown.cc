// SPDX-License-Identifier: Apache-2.0
#include "shown.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace tapeline::simulation {
namespace {

// Exactly one object with something in it: nothing cut, nothing behind it.
bool is_whole_object(std::string_view text) {
  if (text.size() <= 2 || text.front() != '{') return false;
  int depth = 0;
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_quoted) {
      if (c == '\\') ++i;
      if (c == '"') is_quoted = false;
      continue;
    }
    if (c == '"') is_quoted = true;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth == 0 && i + 1 < text.size()) return false;
  }
  return depth == 0 && !is_quoted;
}

// What stands between the key and the next of `end`; empty without the key.
std::string_view behind(std::string_view text, std::string_view key, std::string_view end) {
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + key.size());
  return text.substr(0, text.find_first_of(end));
}

std::uint64_t number_of(std::string_view digits) {
  std::uint64_t number = 0;
  for (const char c : digits) number = number * 10 + static_cast<std::uint64_t>(c - '0');
  return number;
}

// Of every place where the key stands.
std::vector<std::uint64_t> numbers_behind(std::string_view text, std::string_view key) {
  std::vector<std::uint64_t> numbers;
  if (key.empty()) return numbers;
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    numbers.push_back(number_of(behind(text.substr(at), key, "\",}]")));
  }
  return numbers;
}

// How the simulated venues write a frame of trades, all of one symbol, and a page of their history.
struct FrameWords {
  std::string_view venue;
  std::string_view of_trades;  // stands in no other frame
  std::string_view symbol;
  std::string_view id;  // once a trade; empty: one a frame, without an id
  std::string_view id_in_history = {};
};

constexpr std::array<FrameWords, 9> kFrameWords{{
    {"coinbase", R"(match","trade_id":)", R"("product_id":")", R"("trade_id":)", R"("trade_id":)"},
    {"binance", R"("e":"trade")", R"("s":")", R"("t":)", R"("id":)"},
    {"kraken", R"({"channel":"trade",)", R"("symbol":")", R"("trade_id":)", R"(,"",)"},
    {"coinbase_advanced", R"({"channel":"market_trades",)", R"("product_id":")", R"("trade_id":")",
     R"("trade_id":")"},
    {"okx", R"("channel":"trades","instId":)", R"("instId":")", R"("tradeId":")", R"("tradeId":")"},
    {"bitstamp", R"("event":"trade"})", R"("channel":"live_trades_)", R"({"id":)", R"("tid":")"},
    {"bybit", R"({"topic":"publicTrade.)", R"("s":")", R"("i":")", R"("execId":")"},
    {"finnhub", R"("type":"trade"})", R"("s":")", ""},
    {"twelvedata", R"({"event":"price")", R"("symbol":")", ""},
}};

}  // namespace

Shown read_shown(std::string_view venue, std::string_view frame) {
  if (frame == "pong") return {};
  if (!is_whole_object(frame)) return {.kind = ShownKind::kBroken};
  const auto words = std::find_if(kFrameWords.begin(), kFrameWords.end(),
                                  [venue](const FrameWords& each) { return each.venue == venue; });
  if (frame.find(words->of_trades) == std::string_view::npos) return {};
  Shown shown{.kind = ShownKind::kTrade,
              .symbol = std::string(behind(frame, words->symbol, "\"")),
              .ids = numbers_behind(frame, words->id)};
  if (words->id.empty()) shown.ids = {0};
  return shown;
}

ShownHistory read_history(std::string_view answer) {
  ShownHistory shown;
  const std::size_t end = answer.find("\n\n");
  const bool is_of_candles = answer.starts_with("candles: ");
  if (!answer.starts_with("history: ") && !is_of_candles) return shown;
  if (end == std::string_view::npos) return shown;
  const std::string_view head = answer.substr(0, end + 1);
  const std::string_view body = answer.substr(end + 2);
  shown.is_answered = behind(head, "\nstatus: ", "\n") == "200";
  shown.is_broken = body.starts_with('<');
  if (is_of_candles) return shown;
  shown.venue = behind(head, "history: ", "\n");
  shown.symbol = behind(head, "\nsymbol: ", "\n");
  const std::uint64_t first_asked = number_of(behind(head, "\nfirst: ", "\n"));
  const std::uint64_t last_asked = number_of(behind(head, "\nlast: ", "\n"));
  const auto words = std::find_if(kFrameWords.begin(), kFrameWords.end(),
                                  [&](const auto& each) { return each.venue == shown.venue; });
  for (const std::uint64_t id : numbers_behind(body, words->id_in_history)) {
    ++shown.rows;
    if (id >= first_asked && id <= last_asked) shown.ids.push_back(id);
  }
  return shown;
}

}  // namespace tapeline::simulation
