// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tapeline::simulation {

enum class ShownKind : std::uint8_t { kTrade, kOther, kBroken };

// What a simulated venue's frame shows, read without any of the pipeline's code.
struct Shown {
  ShownKind kind = ShownKind::kOther;
  std::string symbol{};  // of a trade, as the venue writes it
  std::uint64_t id = 0;  // of a trade
};

Shown read_shown(std::string_view venue, std::string_view frame);

}  // namespace tapeline::simulation
