// SPDX-License-Identifier: Apache-2.0
#include "decode/tally.h"

#include <string>

#include "decode/venue_table.h"

namespace tapeline::decode {

using metrics::Counter;

Tally::Tally(metrics::Counters& counters)
    : frames_(&counters.cell(Counter::kFramesRead, {})),
      frames_rejected_(&counters.cell(Counter::kFramesRejected, {})) {
  std::vector<std::string> venues;
  for (const venue::Venue* venue : venue_table()) venues.emplace_back(venue->name);
  venues.emplace_back("unknown");
  for (const std::string& venue : venues) {
    ConditionCells& conditions = conditions_.emplace_back();
    conditions.unknown = &counters.cell(Counter::kConditionsUnknown, {venue, "", ""});
    for (std::size_t c = 0; c < conditions.counts.size(); ++c) {
      const char* less = tapeline::name_of(static_cast<Counts>(c));
      conditions.counts[c] = &counters.cell(Counter::kTradesCountLess, {venue, "", less});
    }
    for (std::uint8_t status = 0; status < kListingStatuses; ++status) {
      const char* word = name_of(static_cast<ListingStatus>(status));
      listings_.push_back(&counters.cell(Counter::kListingsChanged, {venue, "", word}));
    }
    for (std::size_t c = 0; c < static_cast<std::size_t>(Channel::kEnd); ++c) {
      const metrics::Labels labels{venue, name_of(static_cast<Channel>(c)), ""};
      Cells& cells = cells_.emplace_back();
      cells.received = &counters.cell(Counter::kItemsReceived, labels);
      cells.delivered = &counters.cell(Counter::kItemsDelivered, labels);
      cells.duplicate = &counters.cell(Counter::kItemsDuplicate, labels);
      cells.late = &counters.cell(Counter::kItemsLate, labels);
      cells.conflicting = &counters.cell(Counter::kItemsConflicting, labels);
      const auto with_reason = [&](Counter counter, const char* reason) {
        return &counters.cell(counter, {labels.venue, labels.channel, reason});
      };
      for (std::size_t r = 0; r < cells.control.size(); ++r) {
        cells.control[r] =
            with_reason(Counter::kItemsControl, name_of(static_cast<venue::ControlReason>(r)));
      }
      for (std::size_t r = 0; r < cells.rejected.size(); ++r) {
        cells.rejected[r] =
            with_reason(Counter::kItemsRejected, name_of(static_cast<venue::RejectReason>(r)));
      }
    }
  }
}

std::uint32_t Tally::unknown_venue() { return static_cast<std::uint32_t>(venue_table().size()); }

void Tally::duplicate(std::uint32_t venue, Channel channel, bool conflicting) {
  cells(venue, channel).duplicate->add();
  if (conflicting) cells(venue, channel).conflicting->add();
}

void Tally::conditions(std::uint32_t venue, Counts counts, bool are_known) {
  ConditionCells& cells = conditions_[venue];
  if (!are_known) cells.unknown->add();
  if (counts != Counts::kAll) cells.counts[static_cast<std::size_t>(counts)]->add();
}

void Tally::late(std::uint32_t venue, Channel channel) { cells(venue, channel).late->add(); }

void Tally::control(std::uint32_t venue, Channel channel, venue::ControlReason reason) {
  cells(venue, channel).control[static_cast<std::size_t>(reason)]->add();
}

void Tally::rejected(std::uint32_t venue, Channel channel, venue::RejectReason reason) {
  cells(venue, channel).rejected[static_cast<std::size_t>(reason)]->add();
}

}  // namespace tapeline::decode
