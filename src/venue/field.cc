// SPDX-License-Identifier: Apache-2.0
#include "venue/field.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <system_error>

namespace tapeline::venue {

bool is_symbol(std::string_view text) {
  const auto is_allowed = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > ' ' && byte != 0x7F && c != ',' && c != '"';
  };
  return !text.empty() && text.size() <= kSymbolBytesMax &&
         std::all_of(text.begin(), text.end(), is_allowed);
}

std::optional<Decimal> parse_number(std::string_view number) {
  constexpr int kExponentMax = 40;  // beyond it nothing but zero fits
  const std::size_t mark = number.find_first_of("eE");
  auto out = parse_decimal(number.substr(0, mark));
  if (mark == std::string_view::npos || !out) return out;
  std::string_view text = number.substr(mark + 1);
  if (text.starts_with('+')) text.remove_prefix(1);
  int exponent = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, exponent);
  if (at != end || text.empty()) return std::nullopt;
  if (out->mantissa == 0) return Decimal{};
  if (error != std::errc{} || std::abs(exponent) > kExponentMax) return std::nullopt;
  int scale = out->scale - exponent;
  for (; scale < 0; ++scale) {
    if (__builtin_mul_overflow(out->mantissa, 10, &out->mantissa)) return std::nullopt;
  }
  for (; scale > 0 && out->mantissa % 10 == 0; --scale) out->mantissa /= 10;
  if (scale > Decimal::kScaleMax) return std::nullopt;
  return Decimal{out->mantissa, static_cast<std::uint8_t>(scale)};
}

std::optional<std::uint64_t> parse_count(std::string_view digits) {
  std::uint64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc{} || at != end) return std::nullopt;
  return value;
}

std::string_view cut_error_text(std::string_view text) {
  if (text.size() <= kErrorTextBytesMax) return text;
  std::size_t size = kErrorTextBytesMax;
  const auto is_inside_character = [&] {
    return (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80;
  };
  while (size > 0 && is_inside_character()) --size;
  return text.substr(0, size);
}

Reject no_object(std::string_view frame) {
  const bool is_array = json::first_mark(frame) == '[';
  return {.reason = is_array ? RejectReason::kNoKind : RejectReason::kBadJson};
}

bool FieldReader::refuse(RejectReason reason, std::string_view name) {
  reject_ = Reject{reason, channel_, name};
  return false;
}

bool FieldReader::plain_text(const json::Value& value, RejectReason reason, std::string_view name,
                             std::string_view& out) {
  if (reader_.string_of(value, out)) return true;
  if (value.is_absent()) return refuse(RejectReason::kMissingField, name);
  if (value.kind() != json::Kind::kNumber) return refuse(reason, name);
  out = value.text();
  return true;
}

bool FieldReader::decimal(const json::Value& value, RejectReason reason, std::string_view name,
                          Decimal& out) {
  std::string_view text;
  if (!plain_text(value, reason, name, text)) return false;
  const auto parsed =
      value.kind() == json::Kind::kNumber ? parse_number(text) : parse_decimal(text);
  if (!parsed) return refuse(reason, name);
  out = *parsed;
  return true;
}

bool FieldReader::id(const json::Value& value, std::string_view name, TradeId& out) {
  std::string_view text;
  if (!plain_text(value, RejectReason::kBadId, name, text)) return false;
  const bool is_fit =
      value.kind() == json::Kind::kString || std::all_of(text.begin(), text.end(), json::is_digit);
  const auto parsed = is_fit ? TradeId::parse(text) : std::nullopt;
  if (!parsed) return refuse(RejectReason::kBadId, name);
  out = *parsed;
  return true;
}

bool FieldReader::count(const json::Value& value, std::string_view name, std::uint64_t& out) {
  std::string_view text;
  if (!plain_text(value, RejectReason::kBadId, name, text)) return false;
  const auto parsed = parse_count(text);
  if (!parsed) return refuse(RejectReason::kBadId, name);
  out = *parsed;
  return true;
}

bool FieldReader::symbol(const json::Value& value, std::string_view name, std::string_view& out) {
  if (value.is_absent()) return refuse(RejectReason::kMissingField, name);
  if (!reader_.string_of(value, out) || !is_symbol(out)) {
    return refuse(RejectReason::kBadSymbol, name);
  }
  return true;
}

bool FieldReader::rfc3339(const json::Value& value, std::string_view name, EventTime& out) {
  if (value.is_absent()) return refuse(RejectReason::kMissingField, name);
  std::string_view text;
  if (!reader_.string_of(value, text)) return refuse(RejectReason::kBadTime, name);
  const auto unix_ns = parse_rfc3339(text);
  if (!unix_ns) return refuse(RejectReason::kBadTime, name);
  out = EventTime(*unix_ns);
  return true;
}

bool FieldReader::epoch(const json::Value& value, std::string_view name, EventTime& out) {
  if (value.is_absent()) return refuse(RejectReason::kMissingField, name);
  return epoch_of(value.text(), name, out);
}

bool FieldReader::epoch_text(const json::Value& value, std::string_view name, EventTime& out) {
  if (value.is_absent()) return refuse(RejectReason::kMissingField, name);
  std::string_view text;
  if (!reader_.string_of(value, text)) return refuse(RejectReason::kBadTime, name);
  return epoch_of(text, name, out);
}

bool FieldReader::epoch_of(std::string_view digits, std::string_view name, EventTime& out) {
  const auto count = parse_count(digits);
  const auto unix_ns = count ? epoch_ns(*count) : std::nullopt;
  if (!unix_ns) return refuse(RejectReason::kBadTime, name);
  out = EventTime(*unix_ns);
  return true;
}

bool FieldReader::truth(const json::Value& value, std::string_view name, bool& out) {
  if (value.is_absent()) return refuse(RejectReason::kMissingField, name);
  const json::Kind kind = value.kind();
  if (kind != json::Kind::kTrue && kind != json::Kind::kFalse) {
    return refuse(RejectReason::kBadField, name);
  }
  out = kind == json::Kind::kTrue;
  return true;
}

bool FieldReader::string(const json::Value& value, std::string_view name, std::string_view& out) {
  if (value.is_absent()) return refuse(RejectReason::kMissingField, name);
  return reader_.string_of(value, out) || refuse(RejectReason::kBadField, name);
}

}  // namespace tapeline::venue
