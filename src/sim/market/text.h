// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/int128.h"

// Numbers and times as texts. The simulator has its own, so that a mistake in the pipeline's can
// not hide in the truth that the pipeline is held against.
namespace tapeline::sim {

// units / 10^places with all its places: (41250'10, 2) is "41250.10".
void append_fixed(std::string& out, Int128 units, int places);

// The same without trailing zeros: "41250.1".
void append_exact(std::string& out, Int128 units, int places);

// (numerator / 10^numerator_places) / (denominator / 10^denominator_places), rounded half-even to
// 18 places, without trailing zeros. Neither is negative, the denominator not zero.
struct Quotient {
  Int128 numerator = 0;
  int numerator_places = 0;
  Int128 denominator = 1;
  int denominator_places = 0;
};
void append_quotient(std::string& out, const Quotient& quotient);

// 2021-04-17T16:43:37.089723Z, with 3, 6 or 9 digits behind the point; what is finer is cut.
void append_utc(std::string& out, std::int64_t unix_ns, int digits);

// The text between quotes as JSON wants it.
void append_json_text(std::string& out, std::string_view text);

}  // namespace tapeline::sim
