// SPDX-License-Identifier: Apache-2.0
// Any bytes as an instrument list of each venue: what is taken has names that are symbols, each
// once, and steps that are above zero; and the lists that come of it can be held together.
#include <fmt/core.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "decode/listings.h"
#include "decode/venue_table.h"
#include "venue/field.h"

namespace {

void require(bool is_so, const char* what) {
  if (is_so) return;
  fmt::print(stderr, "{}\n", what);
  std::abort();
}

void check(const tapeline::venue::InstrumentList& list) {
  std::set<std::string> symbols;
  for (const auto& [listing, is_unreadable] : list.rows) {
    require(symbols.insert(listing.symbol).second, "a symbol is there twice");
    require(tapeline::venue::is_symbol(listing.symbol), "a symbol that is none");
    require(!listing.canonical.empty(), "an instrument without a name");
    for (const auto& step : {listing.tick_size, listing.lot_size}) {
      require(!step || step->mantissa > 0, "a step of nothing");
    }
    for (const auto& least : {listing.min_size, listing.min_notional}) {
      require(!least || least->mantissa >= 0, "a negative order");
    }
    require(listing.status != tapeline::ListingStatus::kVanished, "it is on the list");
  }
}

// The same list again changes nothing; an empty one is doubted, or there was nothing.
void check_history(const tapeline::venue::InstrumentList& list) {
  tapeline::decode::Listings listings;
  std::size_t changes = 0;
  const auto count = [&changes](const auto& /*listing*/, bool /*is_unreadable*/) { ++changes; };
  listings.take(0, list, tapeline::RecvTime(1), count);
  require(changes == list.rows.size(), "a new row is a change");
  listings.take(0, list, tapeline::RecvTime(2), count);
  require(changes == list.rows.size(), "the same list is none");
  const auto taken = listings.take(0, {}, tapeline::RecvTime(3), count);
  require(list.rows.empty() || taken == tapeline::decode::Listings::Taken::kDoubted,
          "an empty list is believed");
  require(changes == list.rows.size(), "something has vanished with it");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are characters here.
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const tapeline::venue::Venue* venue : tapeline::decode::venue_table()) {
    const auto list = venue->parse_instruments(body);
    if (!list) continue;
    check(*list);
    check_history(*list);
  }
  return 0;
}
