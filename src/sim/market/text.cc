// SPDX-License-Identifier: Apache-2.0
#include "sim/market/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <string_view>

namespace tapeline::sim {
namespace {

constexpr int kQuotientPlaces = 18;
constexpr std::uint64_t kSecondNanos = 1'000'000'000;

// A number from its last digit to its first, and its point.
class DigitsBackwards {
 public:
  explicit DigitsBackwards(int places) : places_(places) {}

  void add(char digit) {
    if (count_ == places_ && places_ > 0) *--at_ = '.';
    *--at_ = digit;
    ++count_;
  }
  [[nodiscard]] bool has_whole() const { return count_ > places_; }
  [[nodiscard]] std::string_view text() const {
    return {at_, static_cast<std::size_t>(buffer_.data() + buffer_.size() - at_)};
  }

 private:
  int places_;
  int count_ = 0;
  std::array<char, 48> buffer_{};  // 39 digits and a point
  char* at_ = buffer_.data() + buffer_.size();
};

void append_padded(std::string& out, std::uint64_t value, int digits) {
  DigitsBackwards text(0);
  for (int i = 0; i < digits; ++i, value /= 10) text.add(static_cast<char>('0' + value % 10));
  out += text.text();
}

}  // namespace

void append_fixed(std::string& out, Int128 units, int places) {
  if (units < 0) out.push_back('-');
  Uint128 large = magnitude(units);
  DigitsBackwards text(places);
  for (; large >> 64 != 0; large /= 10)
    text.add(static_cast<char>('0' + static_cast<int>(large % 10)));
  // Nearly all of them fit 64 bits, which divide quickly.
  for (auto left = static_cast<std::uint64_t>(large); left != 0 || !text.has_whole(); left /= 10) {
    text.add(static_cast<char>('0' + left % 10));
  }
  out += text.text();
}

void append_exact(std::string& out, Int128 units, int places) {
  append_fixed(out, units, places);
  if (places == 0) return;
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
}

// Long division, digit by digit: the rest stays below the denominator, so nothing overflows.
void append_quotient(std::string& out, const Quotient& quotient) {
  const Int128 denominator = quotient.denominator;
  Int128 whole = quotient.numerator / denominator;
  Int128 rest = quotient.numerator % denominator;
  const int places = quotient.numerator_places - quotient.denominator_places;
  for (int place = places; place < kQuotientPlaces; ++place) {
    rest *= 10;
    whole = whole * 10 + rest / denominator;
    rest %= denominator;
  }
  const Int128 twice = rest * 2;
  if (twice > denominator || (twice == denominator && whole % 2 == 1)) ++whole;
  append_exact(out, whole, std::max(places, kQuotientPlaces));
}

void append_utc(std::string& out, std::int64_t unix_ns, int digits) {
  using std::chrono::days;
  const std::chrono::sys_time<std::chrono::nanoseconds> at{std::chrono::nanoseconds(unix_ns)};
  const auto day = std::chrono::floor<days>(at);
  const std::chrono::year_month_day date(day);
  const auto in_day = static_cast<std::uint64_t>((at - day).count());
  const std::uint64_t second = in_day / kSecondNanos;
  append_padded(out, static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
  out += '-';
  append_padded(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_padded(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  append_padded(out, second / 3600, 2);
  out += ':';
  append_padded(out, second / 60 % 60, 2);
  out += ':';
  append_padded(out, second % 60, 2);
  out += '.';
  append_padded(out, in_day % kSecondNanos, 9);
  out.resize(out.size() - static_cast<std::size_t>(9 - digits));
  out += 'Z';
}

void append_json_text(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out.push_back(c);
    }
  }
}

}  // namespace tapeline::sim
