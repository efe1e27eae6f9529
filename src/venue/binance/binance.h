// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "venue/venue.h"

namespace tapeline::venue::binance {

// Binance Spot market streams, raw and combined.
const Venue& venue();

}  // namespace tapeline::venue::binance
