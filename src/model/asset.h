// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace tapeline {

// The name that all venues have in common for an asset that a venue calls so: XBT is BTC. What a
// venue calls like another asset elsewhere is for that venue's folder to say. Views a constant, or
// the argument.
std::string_view canonical_asset(std::string_view name);

}  // namespace tapeline
