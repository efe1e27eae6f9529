// SPDX-License-Identifier: Apache-2.0
#include "decode/csv_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace tapeline::decode {
namespace {

// One character of UTF-8 at the front of `text`: its bytes (0: it is none) and its value.
struct Character {
  std::size_t bytes = 0;
  std::uint32_t value = 0;
};

Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? std::uint32_t{static_cast<unsigned char>(text[i])} : 0U;
  };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {1, lead};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return {};
  std::uint32_t value = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3FU);
  }
  // The same value in more bytes than it needs, half a surrogate pair, beyond Unicode.
  constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < least[bytes] || surrogate || value > 0x10FFFF) return {};
  return {bytes, value};
}

bool separates(std::uint32_t c) {
  const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
  return control || c == ' ' || c == ',' || c == '"' || c == ':';
}

}  // namespace

const char* copy_csv_field(const char* from, const char* end, char*& to) {
  if (from == end || *from != '"') {
    for (; from != end && *from != ','; *to++ = *from++) {
      if (*from == '"') return nullptr;
    }
    return from;
  }
  for (++from;; ++from) {
    const auto* quote =
        static_cast<const char*>(std::memchr(from, '"', static_cast<std::size_t>(end - from)));
    if (quote == nullptr) return nullptr;
    to = std::copy(from, quote, to);
    from = quote + 1;
    if (from == end || *from == ',') return from;
    if (*from != '"') return nullptr;
    *to++ = '"';
  }
}

bool is_symbol_text(std::string_view text) {
  if (text.empty() || text.size() > kSymbolBytesMax) return false;
  while (!text.empty()) {
    const Character c = first_character(text);
    if (c.bytes == 0 || separates(c.value)) return false;
    text.remove_prefix(c.bytes);
  }
  return true;
}

bool is_integer_text(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace tapeline::decode
