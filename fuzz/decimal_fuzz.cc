// SPDX-License-Identifier: Apache-2.0
// parse_decimal and its quick twin against big integers, and the way back to text.
#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/decimal.h"
#include "base/padded_number.h"

namespace {

using boost::multiprecision::cpp_int;
using tapeline::Decimal;

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

cpp_int to_integer(std::string_view digits) {
  cpp_int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// The value times 10^places, and the least such number of places; empty for no decimal.
std::optional<Decimal> slow_decimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string whole(text.substr(0, point));
  std::string fraction(point == std::string_view::npos ? "" : text.substr(point + 1));
  if (!is_digits(whole)) return std::nullopt;
  if (point != std::string_view::npos && !is_digits(fraction)) return std::nullopt;
  cpp_int value = to_integer(whole + fraction);
  std::size_t places = fraction.size();
  for (; places > 0 && value % 10 == 0; --places) value /= 10;
  if (negative) value = -value;
  if (places > 18 || value > std::numeric_limits<std::int64_t>::max() ||
      value < std::numeric_limits<std::int64_t>::min()) {
    return std::nullopt;
  }
  return Decimal{static_cast<std::int64_t>(value), static_cast<std::uint8_t>(places)};
}

std::string slow_text(tapeline::Int128 value, int scale) {
  cpp_int size = static_cast<std::uint64_t>(tapeline::magnitude(value) >> 64);
  size = (size << 64) + static_cast<std::uint64_t>(tapeline::magnitude(value));
  std::string digits = size.str();
  const auto places = static_cast<std::size_t>(scale);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  digits.insert(digits.size() - places, ".");
  while (digits.ends_with('0')) digits.pop_back();
  if (digits.ends_with('.')) digits.pop_back();
  return (value < 0 ? "-" : "") + digits;
}

std::optional<Decimal> quick_decimal(std::string_view text, char behind) {
  const auto padded = std::make_unique<char[]>(text.size() + tapeline::kNumberPadding);
  text.copy(padded.get(), text.size());
  std::fill_n(padded.get() + text.size(), tapeline::kNumberPadding, behind);
  return tapeline::parse_decimal_padded({padded.get(), text.size()});
}

void check_scaled(const std::uint8_t* data, std::size_t size) {
  tapeline::Uint128 bits = 0;
  for (std::size_t i = 1; i < std::min<std::size_t>(size, 17); ++i) bits = bits << 8 | data[i];
  const auto value = static_cast<tapeline::Int128>(bits);
  const int scale = data[0] % 37;
  std::string text;
  tapeline::append_scaled(text, value, scale);
  TAPELINE_CHECK(text == slow_text(value, scale), "append_scaled");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto decimal = tapeline::parse_decimal(text);
  TAPELINE_CHECK(decimal == slow_decimal(text), "parse_decimal");
  for (const char behind : {'0', '.', '5', '\0'}) {
    TAPELINE_CHECK(decimal == quick_decimal(text, behind), "parse_decimal_padded");
  }
  if (decimal) {
    const std::string shown = tapeline::to_string(*decimal);
    TAPELINE_CHECK(shown == slow_text(decimal->mantissa, decimal->scale), "to_string");
    TAPELINE_CHECK(tapeline::parse_decimal(shown) == decimal, "and back");
    std::string at_18;
    tapeline::append_scaled(at_18, decimal->at_scale_18(), 18);
    TAPELINE_CHECK(at_18 == shown, "at_scale_18");
  }
  if (size > 0) check_scaled(data, size);
  return 0;
}
