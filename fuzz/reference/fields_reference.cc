// SPDX-License-Identifier: Apache-2.0
#include "reference/fields_reference.h"

#include <algorithm>
#include <optional>

#include "base/int128.h"

namespace tapeline::reference {
namespace {

bool is_string(const Json* value) { return value != nullptr && value->kind == JsonKind::kString; }
bool is_number(const Json* value) { return value != nullptr && value->kind == JsonKind::kNumber; }

// A whole number of at most 20 digits, as 128 bits hold them easily.
std::optional<Uint128> whole(const std::string& text) {
  if (text.empty()) return std::nullopt;
  Uint128 value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<Uint128>(c - '0');
    if (value > UINT64_MAX) return std::nullopt;
  }
  return value;
}

// A number without its exponent: the point moves, digit by digit. What cannot fit is "".
std::string written_out(const std::string& number) {
  const std::size_t mark = number.find_first_of("eE");
  if (mark == std::string::npos) return number;
  std::string digits = number.substr(0, mark);
  const bool is_negative = digits.starts_with('-');
  if (is_negative) digits.erase(0, 1);
  if (!parse_decimal(digits)) return "";
  if (digits.find_first_not_of("0.") == std::string::npos) return "0";
  std::size_t point = digits.find('.');
  if (point == std::string::npos) point = digits.size();
  std::erase(digits, '.');
  const bool goes_left = number[mark + 1] == '-';
  const std::size_t from = number.find_first_of("0123456789", mark);
  const std::string steps =
      number.substr(std::min(number.find_first_not_of('0', from), number.size()));
  if (steps.size() > 2 || (steps.size() == 2 && steps > "40")) return "";
  for (int left = steps.empty() ? 0 : std::stoi(steps); left > 0; --left) {
    if (goes_left && point == 0) {
      digits.insert(0, "0");
    } else if (!goes_left && point == digits.size()) {
      digits += '0';
      ++point;
    } else {
      point += goes_left ? std::size_t(-1) : 1;
    }
  }
  const std::string whole = point == 0 ? "0" : digits.substr(0, point);
  std::string fraction = digits.substr(point);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return (is_negative ? "-" : "") + whole + (fraction.empty() ? "" : "." + fraction);
}

bool epoch_of(const std::string& text, EventTime& out) {
  const auto count = whole(text);
  if (!count) return false;
  const Uint128 unix_ns = *count * (*count < 100'000'000'000'000 ? 1'000'000U : 1'000U);
  if (unix_ns > static_cast<Uint128>(INT64_MAX)) return false;
  out = EventTime(static_cast<std::int64_t>(unix_ns));
  return true;
}

}  // namespace

bool read_symbol(const Json* value, std::string_view& out) {
  if (!is_string(value) || value->text.empty() || value->text.size() > 64) return false;
  const std::string_view refused = ",\"\x7f";
  for (const char c : value->text) {
    const bool is_control = static_cast<unsigned char>(c) <= 0x20;
    if (is_control || refused.find(c) != std::string_view::npos) return false;
  }
  out = value->text;
  return true;
}

bool read_id(const Json* value, TradeId& out) {
  if (!is_string(value) && !is_number(value)) return false;
  if (is_number(value) && value->text.find_first_not_of("0123456789") != std::string::npos) {
    return false;
  }
  const auto id = TradeId::parse(value->text);
  if (id) out = *id;
  return id.has_value();
}

bool read_count(const Json* value, std::uint64_t& out) {
  const auto count = is_string(value) || is_number(value) ? whole(value->text) : std::nullopt;
  if (count) out = static_cast<std::uint64_t>(*count);
  return count.has_value();
}

bool read_decimal(const Json* value, Decimal& out) {
  if (!is_string(value) && !is_number(value)) return false;
  const auto decimal = parse_decimal(is_number(value) ? written_out(value->text) : value->text);
  if (decimal) out = *decimal;
  return decimal.has_value();
}

bool read_rfc3339(const Json* value, EventTime& out) {
  const auto unix_ns = is_string(value) ? parse_rfc3339(value->text) : std::nullopt;
  if (unix_ns) out = EventTime(*unix_ns);
  return unix_ns.has_value();
}

bool read_epoch(const Json* value, EventTime& out) {
  return is_number(value) && epoch_of(value->text, out);
}

bool read_epoch_text(const Json* value, EventTime& out) {
  return is_string(value) && epoch_of(value->text, out);
}

bool read_bool(const Json* value, bool& out) {
  if (value == nullptr) return false;
  out = value->kind == JsonKind::kTrue;
  return out || value->kind == JsonKind::kFalse;
}

bool has_repeated(const Json& object, std::span<const std::string_view> names) {
  return std::any_of(names.begin(), names.end(), [&object](std::string_view name) {
    return std::count(object.names.begin(), object.names.end(), name) > 1;
  });
}

std::string cut_text(const std::string& text) {
  constexpr std::size_t kBytesMax = 200;
  std::size_t whole_characters = 0;
  for (std::size_t at = 0; at < text.size() && whole_characters <= kBytesMax;) {
    const auto lead = static_cast<unsigned char>(text[at]);
    at += lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (at <= kBytesMax) whole_characters = at;
  }
  return text.substr(0, whole_characters);
}

}  // namespace tapeline::reference
