// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"

#include <fmt/core.h>

#include <cstdio>
#include <cstdlib>

namespace tapeline {

void check_failed(const char* condition, const char* why, const char* file, int line) {
  fmt::print(stderr, "tapeline: bug at {}:{}: {} does not hold ({})\n", file, line, condition, why);
  std::fflush(stderr);
  std::abort();
}

}  // namespace tapeline
