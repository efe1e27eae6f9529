// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "metrics/counters.h"
#include "model/conditions.h"
#include "model/listing.h"
#include "model/trade.h"
#include "venue/message.h"

namespace tapeline::decode {

// The counters of decode. Every item received ends as exactly one outcome, counted by venue and
// channel; the outcomes add up to what was received.
class Tally {
 public:
  explicit Tally(metrics::Counters& counters);

  // The venue of a row that names none that is known, so that no other venue is blamed for it.
  static std::uint32_t unknown_venue();

  void delivered(std::uint32_t venue, Channel channel) { cells(venue, channel).delivered->add(); }
  void duplicate(std::uint32_t venue, Channel channel, bool conflicting);
  void late(std::uint32_t venue, Channel channel);
  void control(std::uint32_t venue, Channel channel, venue::ControlReason reason);
  void rejected(std::uint32_t venue, Channel channel, venue::RejectReason reason);
  void received(std::uint32_t venue, Channel channel) { cells(venue, channel).received->add(); }

  // Of a delivered trade that has any.
  void conditions(std::uint32_t venue, Counts counts, bool are_known);
  void listing_changed(std::uint32_t venue, ListingStatus status) {
    listings_[venue * kListingStatuses + static_cast<std::size_t>(status)]->add();
  }

  void frame_read(bool with_reject) {
    frames_->add();
    if (with_reject) frames_rejected_->add();
  }

 private:
  // Made for every venue and channel beforehand, so that counting allocates nothing.
  struct Cells {
    metrics::Cell* received = nullptr;
    metrics::Cell* delivered = nullptr;
    metrics::Cell* duplicate = nullptr;
    metrics::Cell* late = nullptr;
    metrics::Cell* conflicting = nullptr;
    std::array<metrics::Cell*, static_cast<std::size_t>(venue::ControlReason::kEnd)> control{};
    std::array<metrics::Cell*, static_cast<std::size_t>(venue::RejectReason::kEnd)> rejected{};
  };
  [[nodiscard]] Cells& cells(std::uint32_t venue, Channel channel) {
    return cells_[venue * static_cast<std::size_t>(Channel::kEnd) +
                  static_cast<std::size_t>(channel)];
  }

  // By venue.
  struct ConditionCells {
    metrics::Cell* unknown = nullptr;
    std::array<metrics::Cell*, static_cast<std::size_t>(Counts::kAll)> counts{};
  };

  std::vector<Cells> cells_;
  std::vector<ConditionCells> conditions_;
  std::vector<metrics::Cell*> listings_;
  metrics::Cell* frames_;
  metrics::Cell* frames_rejected_;
};

}  // namespace tapeline::decode
