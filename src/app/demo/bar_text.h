// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/bar_columns.h"
#include "sim/market/instrument.h"
#include "sim/market/truth.h"

namespace tapeline::app::demo {

// What a venue does not say of its trades: the columns that are empty then, or nobody can tell.
struct Unsaid {
  bool sizes = false;
  bool sides = false;
  bool ids = false;  // the bar's own ids are not compared
};

// Which columns of a stored bar are not as they should be, and both values:
// ` close 64512.2 (should be 64512.21)`; nothing when all are.
std::string difference(const BarColumns& stored, const sim::TruthBar& right,
                       const sim::Instrument& instrument, const Unsaid& unsaid = {});

}  // namespace tapeline::app::demo
