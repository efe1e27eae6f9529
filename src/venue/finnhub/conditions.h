// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "venue/condition_table.h"

namespace tapeline::venue::finnhub {

// The README says what is known of each, and from where.
inline constexpr std::array kConditionCodes{
    ConditionCode{1, Condition::kRegular}, ConditionCode{8, Condition::kIntermarketSweep},
    ConditionCode{12, Condition::kOddLot}, ConditionCode{24, Condition::kExtendedHours}};

}  // namespace tapeline::venue::finnhub
