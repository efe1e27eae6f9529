// SPDX-License-Identifier: Apache-2.0
#include "reference/csv_reference.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <vector>

namespace tapeline::reference {
namespace {

using decode::CsvColumn;
using venue::RejectReason;

// RFC 4180, a character at a time. Empty where quotes are wrong.
std::optional<std::vector<std::string>> split(std::string_view row) {
  enum class State { kStart, kPlain, kQuoted, kQuoteSeen } state = State::kStart;
  std::vector<std::string> fields(1);
  for (const char c : row) {
    if (state == State::kQuoted) {
      if (c == '"') {
        state = State::kQuoteSeen;
      } else {
        fields.back().push_back(c);
      }
    } else if (c == ',') {
      fields.emplace_back();
      state = State::kStart;
    } else if (c == '"' && state == State::kStart) {
      state = State::kQuoted;
    } else if (c == '"' && state == State::kQuoteSeen) {
      fields.back().push_back(c);
      state = State::kQuoted;
    } else if (c == '"' || state == State::kQuoteSeen) {
      return std::nullopt;
    } else {
      fields.back().push_back(c);
      state = State::kPlain;
    }
  }
  if (state == State::kQuoted) return std::nullopt;
  return fields;
}

bool is_digits(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

bool is_integer(const std::string& text) {
  return is_digits(text) || (text.starts_with('-') && is_digits(text.substr(1)));
}

// Decodes UTF-8 by its table of forms; empty where it is none.
std::optional<std::vector<std::uint32_t>> characters(const std::string& text) {
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t bytes = lead < 0x80             ? 1
                              : (lead & 0xE0) == 0xC0 ? 2
                              : (lead & 0xF0) == 0xE0 ? 3
                              : (lead & 0xF8) == 0xF0 ? 4
                                                      : 0;
    if (bytes == 0 || i + bytes > text.size()) return std::nullopt;
    std::uint32_t value = bytes == 1 ? lead : lead & ((1U << (7 - bytes)) - 1);
    for (std::size_t k = 1; k < bytes; ++k) {
      const auto byte = static_cast<unsigned char>(text[i + k]);
      if ((byte & 0xC0) != 0x80) return std::nullopt;
      value = value * 64 + (byte & 0x3F);
    }
    if (bytes == 2 && value < 0x80) return std::nullopt;
    if (bytes == 3 && (value < 0x800 || (value >= 0xD800 && value < 0xE000))) return std::nullopt;
    if (bytes == 4 && (value < 0x10000 || value > 0x10FFFF)) return std::nullopt;
    out.push_back(value);
    i += bytes;
  }
  return out;
}

bool is_symbol(const std::string& text) {
  const auto all = characters(text);
  if (!all || text.empty() || text.size() > 64) return false;
  return std::none_of(all->begin(), all->end(), [](std::uint32_t c) {
    return c <= 0x20 || (c >= 0x7F && c <= 0x9F) || c == ',' || c == '"' || c == ':';
  });
}

std::optional<std::int64_t> to_int64(const std::string& text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return value;
}

std::optional<Decimal> to_decimal(const std::string& text) {
  const bool negative = text.starts_with('-');
  std::string whole = text.substr(negative ? 1 : 0);
  std::string fraction;
  if (const auto point = whole.find('.'); point != std::string::npos) {
    fraction = whole.substr(point + 1);
    whole.resize(point);
    if (!is_digits(fraction)) return std::nullopt;
    while (fraction.ends_with('0')) fraction.pop_back();
  }
  if (!is_digits(whole) || fraction.size() > 18) return std::nullopt;
  const auto mantissa = to_int64((negative ? "-" : "") + whole + fraction);
  if (!mantissa) return std::nullopt;
  return Decimal{*mantissa, static_cast<std::uint8_t>(fraction.size())};
}

std::optional<std::int64_t> to_time(const std::string& text, TimeUnit unit) {
  if (!is_integer(text)) return parse_rfc3339(text);
  __extension__ using Wide = __int128;
  const auto count = to_int64(text);
  if (unit == TimeUnit::kNone || !count) return std::nullopt;
  const Wide ns = Wide{*count} * (unit == TimeUnit::kSeconds  ? 1'000'000'000
                                  : unit == TimeUnit::kMillis ? 1'000'000
                                  : unit == TimeUnit::kMicros ? 1'000
                                                              : 1);
  if (ns > INT64_MAX || ns < INT64_MIN) return std::nullopt;
  return static_cast<std::int64_t>(ns);
}

std::optional<Side> to_side(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (text == "buy" || text == "b") return Side::kBuy;
  if (text == "sell" || text == "s") return Side::kSell;
  if (text.empty() || text == "unknown") return Side::kUnknown;
  return std::nullopt;
}

CsvAnswer refused(RejectReason reason, std::string detail) {
  CsvAnswer out;
  out.reason = reason;
  out.detail = std::move(detail);
  return out;
}

CsvAnswer bad_time(const std::string& column, const std::string& text, TimeUnit unit) {
  const bool unit_missing = unit == TimeUnit::kNone && is_integer(text);
  return refused(RejectReason::kBadTime,
                 column + (unit_missing ? ": an integer needs --time-unit" : ""));
}

}  // namespace

CsvAnswer read_row(std::string_view row, const decode::CsvLayout& layout) {
  const auto fields = split(row);
  if (!fields) return refused(RejectReason::kBadRow, "quotes");
  if (fields->size() != layout.columns) return refused(RejectReason::kBadRow, "number of columns");
  const auto field = [&](CsvColumn column) {
    return layout.has(column) ? fields->at(layout.at(column)) : std::string();
  };

  CsvAnswer out;
  out.symbol = field(CsvColumn::kSymbol);
  if (!is_symbol(out.symbol)) return refused(RejectReason::kBadSymbol, "symbol");

  const std::string id = field(CsvColumn::kTradeId);
  out.has_id = !id.empty();
  const auto parsed_id = TradeId::parse(id);
  if (out.has_id && !parsed_id) return refused(RejectReason::kBadId, "trade_id");
  out.id = parsed_id.value_or(TradeId());

  const std::string time = field(CsvColumn::kTsEvent);
  const auto ts_event = to_time(time, layout.time_unit);
  if (!ts_event) return bad_time("ts_event", time, layout.time_unit);
  out.ts_event = EventTime(*ts_event);

  const auto price = to_decimal(field(CsvColumn::kPrice));
  if (!price) return refused(RejectReason::kBadPrice, "price");
  out.price = *price;

  const std::string size = field(CsvColumn::kSize);
  out.has_size = !size.empty();
  const auto parsed_size = out.has_size ? to_decimal(size) : Decimal{};
  if (!parsed_size) return refused(RejectReason::kBadSize, "size");
  out.size = *parsed_size;

  const auto side = to_side(field(CsvColumn::kSide));
  if (!side) return refused(RejectReason::kBadField, "side");
  out.side = *side;

  out.venue = field(CsvColumn::kVenue);
  if (!out.venue.empty() && !is_symbol(out.venue)) return refused(RejectReason::kBadField, "venue");

  if (const std::string recv = field(CsvColumn::kTsRecv); !recv.empty()) {
    const auto ts_recv = to_time(recv, layout.time_unit);
    if (!ts_recv) return bad_time("ts_recv", recv, layout.time_unit);
    out.ts_recv = RecvTime(*ts_recv);
  }
  return out;
}

}  // namespace tapeline::reference
