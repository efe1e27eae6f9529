// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/bar_columns.h"
#include "sim/market/instrument.h"
#include "sim/market/truth.h"

namespace tapeline::app::demo {

// Which columns of a stored bar are not as they should be, and both values:
// ` close 64512.2 (should be 64512.21)`; nothing when all are.
std::string difference(const BarColumns& stored, const sim::TruthBar& right,
                       const sim::Instrument& instrument);

}  // namespace tapeline::app::demo
