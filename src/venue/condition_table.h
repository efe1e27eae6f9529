// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "model/conditions.h"

namespace tapeline::venue {

// What one of a venue's codes means. A venue's list holds those whose meaning is known; its README
// says from where.
struct ConditionCode {
  std::uint8_t code = 0;
  Condition meaning = Condition::kUnknown;
};

// What a venue's trades count for by their codes, under the rules that are in force.
class ConditionTable {
 public:
  ConditionTable(std::span<const ConditionCode> codes, const ConditionRules& rules) {
    for (const ConditionCode& row : codes) {
      known_ |= std::uint64_t{1} << row.code;
      set(row.code, rules.of(row.meaning));
    }
    for (unsigned bit = 0; bit <= Conditions::kCodes; ++bit) {
      if ((known_ >> bit & 1) == 0) set(bit, rules.of(Condition::kUnknown));
    }
  }

  // Of several codes the one that counts for the least decides.
  [[nodiscard]] Counts counts_of(Conditions conditions) const {
    const std::uint64_t codes = conditions.bits();
    if ((codes & none_) != 0) return Counts::kNone;
    if ((codes & volume_) != 0) return Counts::kVolume;
    return (codes & fallback_) != 0 ? Counts::kFallback : Counts::kAll;
  }
  [[nodiscard]] bool knows(Conditions conditions) const {
    return (conditions.bits() & ~known_) == 0;
  }

 private:
  void set(unsigned bit, Counts counts) {
    const std::uint64_t code = std::uint64_t{1} << bit;
    if (counts == Counts::kNone) none_ |= code;
    if (counts == Counts::kVolume) volume_ |= code;
    if (counts == Counts::kFallback) fallback_ |= code;
  }

  std::uint64_t known_ = 0;
  std::uint64_t none_ = 0;
  std::uint64_t volume_ = 0;
  std::uint64_t fallback_ = 0;
};

}  // namespace tapeline::venue
