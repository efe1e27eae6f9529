// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>

#include "base/clock.h"
#include "feed/doorway.h"
#include "feed/outlet.h"
#include "feed/probe.h"
#include "net/network.h"

namespace tapeline::feed {

// What everything on the network's thread works with. All of it outlives whoever holds this.
struct Surroundings {
  net::Network& network;
  Outlet& outlet;
  const Clock& clock;
  std::mt19937_64& random;
  const Probe& probe;
  Doorway& doorway;
};

}  // namespace tapeline::feed
