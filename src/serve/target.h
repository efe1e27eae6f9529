// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace tapeline::serve {

// What a request asks for: "/api/v1/bars?instrument=a:B", taken apart and decoded.
struct Target {
  static constexpr std::size_t kBytesMax = 2048;
  static constexpr std::size_t kParametersMax = 16;

  std::string path{};
  std::vector<std::pair<std::string, std::string>> parameters{};

  // Empty where it is not given.
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
};

// An Error of the caller says what is wrong with it. A path has no "..", no NUL and no backslash.
[[nodiscard]] Result<Target> parse_target(std::string_view text);

}  // namespace tapeline::serve
