// SPDX-License-Identifier: Apache-2.0
#include "shown.h"

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

}  // namespace

Shown read_shown(std::string_view venue, std::string_view frame) {
  if (!is_whole_object(frame)) return {.kind = ShownKind::kBroken};
  if (venue == "coinbase") {
    const std::string_view type = behind(frame, R"("type":")", "\"");
    if (type != "match" && type != "last_match") return {};
    return {.kind = ShownKind::kTrade,
            .symbol = std::string(behind(frame, R"("product_id":")", "\"")),
            .id = number_of(behind(frame, R"("trade_id":)", ",}"))};
  }
  if (behind(frame, R"("e":")", "\"") != "trade") return {};
  return {.kind = ShownKind::kTrade,
          .symbol = std::string(behind(frame, R"("s":")", "\"")),
          .id = number_of(behind(frame, R"("t":)", ",}"))};
}

ShownHistory read_history(std::string_view answer) {
  ShownHistory shown;
  const std::size_t end = answer.find("\n\n");
  if (!answer.starts_with("history: ") || end == std::string_view::npos) return shown;
  const std::string_view head = answer.substr(0, end + 1);
  const std::string_view body = answer.substr(end + 2);
  shown.is_answered = behind(head, "\nstatus: ", "\n") == "200";
  shown.venue = behind(head, "history: ", "\n");
  shown.symbol = behind(head, "\nsymbol: ", "\n");
  shown.is_broken = !body.starts_with('[');
  const std::uint64_t last_asked = number_of(behind(head, "\nlast: ", "\n"));
  const std::string_view key = shown.venue == "coinbase" ? R"("trade_id":)" : R"("id":)";
  for (std::size_t at = body.find(key); at != std::string_view::npos; at = body.find(key, at + 1)) {
    const std::uint64_t id = number_of(behind(body.substr(at), key, ",}"));
    if (id <= last_asked) shown.ids.push_back(id);
  }
  return shown;
}

}  // namespace tapeline::simulation
