// SPDX-License-Identifier: Apache-2.0
// Any bytes as an answer of a venue's candles: what is taken is in order, of whole minutes, and
// each candle is one that can be.
#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "base/padding.h"
#include "decode/venue_table.h"

namespace {

void require(bool is_so, const char* what) {
  if (is_so) return;
  fmt::print(stderr, "{}\n", what);
  std::abort();
}

void check(const std::vector<tapeline::venue::WireCandle>& candles) {
  for (std::size_t i = 0; i < candles.size(); ++i) {
    const auto& candle = candles[i];
    const auto within = [&](tapeline::Decimal price) {
      return candle.low.at_scale_18() <= price.at_scale_18() &&
             price.at_scale_18() <= candle.high.at_scale_18();
    };
    require(candle.start.unix_ns() >= 0 && candle.start.unix_ns() % 60'000'000'000 == 0,
            "a candle is of no whole minute");
    require(i == 0 || candles[i - 1].start < candle.start, "the candles are in no order");
    require(within(candle.open) && within(candle.close), "a candle that cannot be");
    require(candle.volume.mantissa >= 0, "a negative volume");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are characters here.
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  // Exactly as much memory as a parser may look at.
  std::vector<char> bytes(body.size() + tapeline::kReadPadding, ']');
  std::copy(body.begin(), body.end(), bytes.begin());
  for (const tapeline::venue::Venue* venue : tapeline::decode::venue_table()) {
    if (venue->candles == nullptr) continue;
    const auto candles =
        tapeline::venue::read_candles(venue->candles->format, {bytes.data(), body.size()});
    if (candles) check(*candles);
  }
  return 0;
}
