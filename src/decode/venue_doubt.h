// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "venue/message.h"

namespace tapeline::decode {

// What frames show of whether they are those of the venue that was said.
struct VenueDoubt {
  std::uint64_t frames = 0;
  std::uint64_t foreign = 0;      // items that carry no mark of the venue
  std::uint64_t passed_over = 0;  // items of kinds that are not parsed
  std::uint64_t of_use = 0;       // trades and quotes

  // One frame's items.
  void count(const venue::Items& items);
  // A question, where there is reason to ask.
  [[nodiscard]] std::optional<std::string> question(std::string_view venue) const;
};

}  // namespace tapeline::decode
