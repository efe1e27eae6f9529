// SPDX-License-Identifier: Apache-2.0
// Any bytes as a frame of Bybit: the parser agrees with the slow reference, and never crashes.
#include <fmt/core.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "reference/venue_reference.h"
#include "venue/bybit/bybit.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto kParser = tapeline::venue::bybit::venue().make_parser();
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are characters here.
  const std::string_view frame(reinterpret_cast<const char*>(data), size);
  const std::string difference =
      tapeline::reference::difference(*kParser, tapeline::reference::read_bybit, frame);
  if (difference.empty()) return 0;
  fmt::print(stderr, "{}\n", difference);
  std::abort();
}
