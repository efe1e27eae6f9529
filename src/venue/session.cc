// SPDX-License-Identifier: Apache-2.0
#include "venue/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/percent.h"

namespace tapeline::venue {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string endpoint_with_token(const SessionFacts& facts, std::string_view endpoint,
                                std::string_view token) {
  std::string out(endpoint);
  if (facts.token_parameter.empty() || token.empty()) return out;
  out += endpoint.find('?') == std::string_view::npos ? '?' : '&';
  out += facts.token_parameter;
  out += '=';
  out += percent_encoded(token);
  return out;
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < ' ') {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
  return out;
}

std::string_view behind_key(std::string_view frame, std::string_view key) {
  constexpr std::size_t kEarly = 1'024;
  // Not string_view's find(), which would stop at each quote.
  const void* const at =
      ::memmem(frame.data(), std::min(frame.size(), kEarly), key.data(), key.size());
  if (at == nullptr) return {};
  return frame.substr(static_cast<std::size_t>(static_cast<const char*>(at) - frame.data()) +
                      key.size());
}

bool has_any_word(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [text](std::string_view word) {
    return std::search(text.begin(), text.end(), word.begin(), word.end(),
                       [](char a, char b) { return lower(a) == lower(b); }) != text.end();
  });
}

}  // namespace tapeline::venue
