// SPDX-License-Identifier: Apache-2.0
#include "venue/json_text.h"

#include <cstring>
#include <optional>

#include "base/check.h"

namespace tapeline::venue::json {
namespace {

constexpr std::size_t kEscapeSize = 6;  // \u0041
constexpr std::size_t kUtf8Max = 4;

std::optional<std::uint32_t> hex4(std::string_view digits) {
  if (digits.size() < 4) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : digits.substr(0, 4)) {
    const char lower = static_cast<char>(c | 0x20);
    std::uint32_t digit = 0;
    if (is_digit(c)) {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      digit = static_cast<std::uint32_t>(lower - 'a') + 10;
    } else {
      return std::nullopt;
    }
    value = value * 16 + digit;
  }
  return value;
}

constexpr bool is_high_surrogate(std::uint32_t code) { return (code & 0xFC00) == 0xD800; }
constexpr bool is_low_surrogate(std::uint32_t code) { return (code & 0xFC00) == 0xDC00; }

// The code point of the \u escape (or the pair of them) that `text` begins with, and its length.
std::optional<std::uint32_t> unicode_escape(std::string_view text, std::size_t& length) {
  const auto first = hex4(text.substr(2));
  if (!first || is_low_surrogate(*first)) return std::nullopt;
  length = kEscapeSize;
  if (!is_high_surrogate(*first)) return first;
  const std::string_view rest = text.substr(kEscapeSize);
  if (rest.size() < kEscapeSize || rest[0] != '\\' || rest[1] != 'u') return std::nullopt;
  const auto second = hex4(rest.substr(2));
  if (!second || !is_low_surrogate(*second)) return std::nullopt;
  length = 2 * kEscapeSize;
  return 0x10000 + ((*first & 0x3FF) << 10) + (*second & 0x3FF);
}

std::optional<char> simple_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return std::nullopt;
  }
}

std::size_t write_utf8(std::uint32_t code, char* out) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    out[0] = static_cast<char>(code);
    return 1;
  }
  if (code < 0x800) {
    out[0] = static_cast<char>(0xC0 | (code >> 6));
    out[1] = tail(0);
    return 2;
  }
  if (code < 0x10000) {
    out[0] = static_cast<char>(0xE0 | (code >> 12));
    out[1] = tail(6);
    out[2] = tail(0);
    return 3;
  }
  out[0] = static_cast<char>(0xF0 | (code >> 18));
  out[1] = tail(12);
  out[2] = tail(6);
  out[3] = tail(0);
  return kUtf8Max;
}

// Writes the character of the escape that `text` begins with; gives what it wrote and read.
bool one_escape(std::string_view text, char* out, std::size_t& wrote, std::size_t& length) {
  if (text.size() < 2) return false;
  if (text[1] == 'u') {
    const auto code = unicode_escape(text, length);
    if (!code) return false;
    wrote = write_utf8(*code, out);
    return true;
  }
  const auto plain = simple_escape(text[1]);
  if (!plain) return false;
  *out = *plain;
  wrote = 1;
  length = 2;
  return true;
}

}  // namespace

bool is_number(std::string_view text) {
  std::size_t at = 0;
  const auto skip_digits = [&] {
    const std::size_t start = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at != start;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const bool has_leading_zero = at < text.size() && text[at] == '0';
  const std::size_t whole = at;
  if (!skip_digits() || (has_leading_zero && at - whole > 1)) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (!skip_digits()) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (!skip_digits()) return false;
  }
  return at == text.size();
}

bool are_escapes_valid(std::string_view quoted) {
  char character[kUtf8Max];
  for (auto at = quoted.find('\\'); at != std::string_view::npos; at = quoted.find('\\', at)) {
    std::size_t wrote = 0;
    std::size_t length = 0;
    if (!one_escape(quoted.substr(at), character, wrote, length)) return false;
    at += length;
  }
  return true;
}

void Scratch::reset(std::size_t size) {
  used_ = 0;
  if (bytes_.size() < size) bytes_.resize(size);
}

bool Scratch::unescape(std::string_view& text) {
  if (text.find('\\') == std::string_view::npos) return true;
  TAPELINE_CHECK(text.size() <= bytes_.size() - used_, "each text of a frame is unescaped once");
  char* const begin = bytes_.data() + used_;
  char* out = begin;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t wrote = 1;
    std::size_t length = 1;
    if (text[at] != '\\') {
      *out = text[at];
    } else if (!one_escape(text.substr(at), out, wrote, length)) {
      return false;
    }
    out += wrote;
    at += length;
  }
  text = {begin, static_cast<std::size_t>(out - begin)};
  used_ += text.size();
  return true;
}

}  // namespace tapeline::venue::json
