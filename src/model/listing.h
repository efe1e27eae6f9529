// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/decimal.h"
#include "base/time.h"

namespace tapeline {

// Whether an instrument can be traded, in words that mean the same at every venue. The numbers are
// in stores: they never change.
enum class ListingStatus : std::uint8_t {
  kUnknown = 0,     // the venue does not say, or in a word that is not known
  kTrading = 1,     // every kind of order
  kRestricted = 2,  // some kinds of order only: post only, cancel only, an auction
  kHalted = 3,      // not now
  kPending = 4,     // not yet
  kDelisted = 5,    // no more: the venue says so
  kVanished = 6,    // no more on the venue's list
};
inline constexpr std::uint8_t kListingStatuses = 7;

const char* name_of(ListingStatus status);

// What a venue's instrument list says of one instrument. What it does not say is empty.
struct Listing {
  std::string symbol{};     // the venue's own, by which a list and the next one are held together
  std::string canonical{};  // what it is called here, behind the venue's name
  std::string base{};       // assets, by the names that all venues have in common
  std::string quote{};
  std::optional<Decimal> tick_size{};     // of prices
  std::optional<Decimal> lot_size{};      // of sizes
  std::optional<Decimal> min_size{};      // of an order, in the base asset
  std::optional<Decimal> min_notional{};  // of an order, in the quote asset
  ListingStatus status = ListingStatus::kUnknown;
  std::string venue_status{};  // in the venue's own word

  friend bool operator==(const Listing&, const Listing&) = default;
};

// From ts_recv on the venue's list says this of the instrument; views live for the call.
struct ListingChange {
  std::string_view venue{};
  RecvTime ts_recv{};
  const Listing& listing;
};

}  // namespace tapeline
