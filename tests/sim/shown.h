// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tapeline::simulation {

enum class ShownKind : std::uint8_t { kTrade, kOther, kBroken };

// What a simulated venue's frame shows, read without any of the pipeline's code.
struct Shown {
  ShownKind kind = ShownKind::kOther;
  std::string symbol{};              // of trades, as the venue writes it
  std::vector<std::uint64_t> ids{};  // of trades; 0 where the venue gives none
};

Shown read_shown(std::string_view venue, std::string_view frame);

// The same of a record of an answer: the trades of a venue's history, where it is that.
struct ShownHistory {
  bool is_answered = false;  // of a history or of candles, and with status 200
  bool is_broken = false;    // then: and no page
  std::string venue{};       // none: of candles, which show no trade
  std::string symbol{};
  std::size_t rows = 0;
  std::vector<std::uint64_t> ids{};  // only those that were asked for
};

ShownHistory read_history(std::string_view answer);

}  // namespace tapeline::simulation
