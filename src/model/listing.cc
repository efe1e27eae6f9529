// SPDX-License-Identifier: Apache-2.0
#include "model/listing.h"

namespace tapeline {

const char* name_of(ListingStatus status) {
  switch (status) {
    case ListingStatus::kUnknown:
      return "unknown";
    case ListingStatus::kTrading:
      return "trading";
    case ListingStatus::kRestricted:
      return "restricted";
    case ListingStatus::kHalted:
      return "halted";
    case ListingStatus::kPending:
      return "pending";
    case ListingStatus::kDelisted:
      return "delisted";
    case ListingStatus::kVanished:
      return "vanished";
  }
  return "unknown";
}

}  // namespace tapeline
