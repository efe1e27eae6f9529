// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "venue/venue.h"

namespace tapeline::venue::toy {

// A venue that is none: as little as one needs.
const Venue& venue();

}  // namespace tapeline::venue::toy
