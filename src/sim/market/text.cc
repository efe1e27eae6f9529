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

// At least `digits_min` digits.
void append_digits(std::string& out, Uint128 value, int digits_min) {
  std::array<char, 40> digits{};
  int count = 0;
  for (; value != 0 || count < digits_min; value /= 10) {
    digits[static_cast<std::size_t>(count++)] =
        static_cast<char>('0' + static_cast<int>(value % 10));
  }
  while (count > 0) out.push_back(digits[static_cast<std::size_t>(--count)]);
}

}  // namespace

void append_fixed(std::string& out, Int128 units, int places) {
  if (units < 0) out.push_back('-');
  append_digits(out, magnitude(units), places + 1);
  if (places > 0) out.insert(out.size() - static_cast<std::size_t>(places), 1, '.');
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
  using std::chrono::floor;
  const std::chrono::sys_time<std::chrono::nanoseconds> at{std::chrono::nanoseconds(unix_ns)};
  const auto day = floor<days>(at);
  const std::chrono::year_month_day date(day);
  const auto in_day = std::chrono::hh_mm_ss(at - day);
  const auto fraction = fmt::format("{:09}", in_day.subseconds().count());
  fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{}Z",
                 static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                 static_cast<unsigned>(date.day()), in_day.hours().count(),
                 in_day.minutes().count(), in_day.seconds().count(),
                 std::string_view(fraction).substr(0, static_cast<std::size_t>(digits)));
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
