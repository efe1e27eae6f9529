// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>

#include "base/int128.h"

// For tests: whole numbers without a bound, which exact arithmetic is held against.
namespace tapeline {

using boost::multiprecision::cpp_int;

inline cpp_int wide(Int128 value) {
  cpp_int out = static_cast<std::uint64_t>(magnitude(value) >> 64);
  out = (out << 64) + static_cast<std::uint64_t>(magnitude(value));
  return value < 0 ? cpp_int(-out) : out;
}

inline cpp_int power_of_ten(int exponent) {
  return boost::multiprecision::pow(cpp_int(10), static_cast<unsigned>(exponent));
}

}  // namespace tapeline
