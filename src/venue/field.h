// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/decimal.h"
#include "base/time.h"
#include "model/trade_id.h"
#include "venue/json.h"
#include "venue/message.h"

namespace tapeline::venue {

inline constexpr std::size_t kSymbolBytesMax = 64;
inline constexpr std::size_t kErrorTextBytesMax = 200;

// Not empty, not longer than kSymbolBytesMax, no control character, blank, ',' or '"'. The bytes
// are known to be UTF-8. A ':' is of the symbol, for no venue's name has one:
// finnhub:OANDA:EUR_USD.
bool is_symbol(std::string_view text);

// Nanoseconds since 1970 of a time in milliseconds or, from 10^14 on, in microseconds (that many
// milliseconds are the year 5138). Empty when they do not fit 64 bits.
constexpr std::optional<std::int64_t> epoch_ns(std::uint64_t count) {
  constexpr std::uint64_t kMicrosecondsMin = 100'000'000'000'000;
  const std::uint64_t unit_ns = count >= kMicrosecondsMin ? 1'000 : 1'000'000;
  if (count > static_cast<std::uint64_t>(INT64_MAX) / unit_ns) return std::nullopt;
  return static_cast<std::int64_t>(count * unit_ns);
}

// A JSON number as it is written, exactly; one with an exponent too. Refuses what parse_decimal()
// does, and never rounds.
std::optional<Decimal> parse_number(std::string_view number);

// Digits that fit 64 bits.
std::optional<std::uint64_t> parse_count(std::string_view digits);

// As much of a text as a Control may carry, cut between two characters.
std::string_view cut_error_text(std::string_view text);

// What a frame is refused for that is no JSON object.
Reject no_object(std::string_view frame);

// Turns a frame's values into what they mean. Each function gives false for a value that is absent
// or refused, and the first refusal is the one that reject() tells.
class FieldReader {
 public:
  FieldReader(json::Reader& reader, Channel channel) : reader_(reader), channel_(channel) {}

  bool symbol(const json::Value& value, std::string_view name, std::string_view& out);
  // A number, or a string of digits or text.
  bool id(const json::Value& value, std::string_view name, TradeId& out);
  // A number, or a string of digits; 64 bits.
  bool count(const json::Value& value, std::string_view name, std::uint64_t& out);
  bool price(const json::Value& value, std::string_view name, Decimal& out) {
    return decimal(value, RejectReason::kBadPrice, name, out);
  }
  bool size(const json::Value& value, std::string_view name, Decimal& out) {
    return decimal(value, RejectReason::kBadSize, name, out);
  }
  bool rfc3339(const json::Value& value, std::string_view name, EventTime& out);
  bool epoch(const json::Value& value, std::string_view name, EventTime& out);
  // The same within quotes.
  bool epoch_text(const json::Value& value, std::string_view name, EventTime& out);
  bool truth(const json::Value& value, std::string_view name, bool& out);
  bool string(const json::Value& value, std::string_view name, std::string_view& out);

  // Notes why the frame is refused; false, for the caller to return.
  bool refuse(RejectReason reason, std::string_view name);
  [[nodiscard]] const Reject& reject() const { return reject_; }

 private:
  bool decimal(const json::Value& value, RejectReason reason, std::string_view name, Decimal& out);
  bool epoch_of(std::string_view digits, std::string_view name, EventTime& out);
  // The text of a number or the characters of a string.
  bool plain_text(const json::Value& value, RejectReason reason, std::string_view name,
                  std::string_view& out);

  json::Reader& reader_;
  Channel channel_;
  Reject reject_;
};

}  // namespace tapeline::venue
