// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "venue/venue.h"

namespace tapeline::decode {

// Every venue that this program speaks; an index into it stands for a venue. A new venue costs
// its folder and one line in venue_table.cc.
const std::vector<const venue::Venue*>& venue_table();

std::optional<std::uint32_t> find_venue(std::string_view name);
std::vector<std::string> venue_names();

}  // namespace tapeline::decode
