// SPDX-License-Identifier: Apache-2.0
#include "model/asset.h"

#include <array>
#include <utility>

namespace tapeline {
namespace {

// Names that mean the same asset wherever they stand (docs/instruments.md).
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kAliases{
    {{"XBT", "BTC"}, {"XDG", "DOGE"}}};

}  // namespace

std::string_view canonical_asset(std::string_view name) {
  for (const auto& [alias, canonical] : kAliases) {
    if (name == alias) return canonical;
  }
  return name;
}

}  // namespace tapeline
