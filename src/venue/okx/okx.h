// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "venue/venue.h"

namespace tapeline::venue::okx {

// OKX, version 5 of the public WebSocket interface: spot, swaps, futures and options.
const Venue& venue();

}  // namespace tapeline::venue::okx
