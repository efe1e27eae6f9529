// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace tapeline::venue::json {

// The grammar of JSON's scalars, on their text.

enum class Kind : std::uint8_t { kAbsent, kString, kNumber, kTrue, kFalse, kNull, kObject, kArray };

// One value as the frame writes it: `"12.5"` with its quotes, `17`, `null`; of a container only
// the opening bracket. A view into the frame. Default: the field is absent.
class Value {
 public:
  constexpr Value() = default;
  constexpr explicit Value(std::string_view text) : text_(text) {}

  [[nodiscard]] constexpr std::string_view text() const { return text_; }
  // Between the quotes, as written. Only of a string.
  [[nodiscard]] constexpr std::string_view quoted() const {
    return text_.substr(1, text_.size() - 2);
  }
  [[nodiscard]] constexpr bool is_absent() const { return text_.empty(); }
  [[nodiscard]] constexpr Kind kind() const {
    if (text_.empty()) return Kind::kAbsent;
    switch (text_[0]) {
      case '"':
        return Kind::kString;
      case '{':
        return Kind::kObject;
      case '[':
        return Kind::kArray;
      case 't':
        return Kind::kTrue;
      case 'f':
        return Kind::kFalse;
      case 'n':
        return Kind::kNull;
      default:
        return Kind::kNumber;
    }
  }

 private:
  std::string_view text_;
};

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr std::string_view without_blanks_behind(std::string_view text) {
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// The first character that is no blank; none: '\0'.
constexpr char first_mark(std::string_view text) {
  for (const char c : text) {
    if (!is_blank(c)) return c;
  }
  return '\0';
}

bool is_number(std::string_view text);

// A whole string, number, true, false or null. Of a string only the quotes are looked at: bytes
// and escapes are checked apart.
inline bool is_scalar(std::string_view text) {
  if (text.empty()) return false;
  switch (text[0]) {
    case '"':
      return text.size() >= 2 && text.back() == '"';
    case 't':
      return text == "true";
    case 'f':
      return text == "false";
    case 'n':
      return text == "null";
    default:
      return is_number(text);
  }
}

// Whether each backslash begins an escape that JSON has, and surrogates come in pairs.
bool are_escapes_valid(std::string_view quoted);

// Memory for texts without their escapes. No text grows by that, so it never has to move.
class Scratch {
 public:
  // Drops all texts and makes room for as much as `size` bytes of escaped text.
  void reset(std::size_t size);
  // Replaces `text` by a view of its characters. False when an escape is none.
  bool unescape(std::string_view& text);

 private:
  std::vector<char> bytes_;
  std::size_t used_ = 0;
};

}  // namespace tapeline::venue::json
