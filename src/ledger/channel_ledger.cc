// SPDX-License-Identifier: Apache-2.0
#include "ledger/channel_ledger.h"

#include <algorithm>
#include <utility>

namespace tapeline::ledger {

std::uint32_t ChannelLedger::content_hash(const Trade& trade) {
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15;
  std::uint64_t hash = static_cast<std::uint64_t>(trade.ts_event.unix_ns()) * kMix;
  hash = (hash ^ static_cast<std::uint64_t>(trade.price.mantissa)) * kMix;
  hash = (hash ^ static_cast<std::uint64_t>(trade.size.mantissa)) * kMix;
  hash ^= (std::uint64_t{trade.price.scale} << 16) | (std::uint64_t{trade.size.scale} << 8) |
          static_cast<std::uint64_t>(trade.side);
  return static_cast<std::uint32_t>((hash * kMix) >> 32);
}

void ChannelLedger::save(ByteWriter& out) const {
  coverage_.save(out);
  others_.save(out);
  for (const std::uint32_t hash : content_) out.number(hash);
}

void ChannelLedger::load(ByteReader& in) {
  coverage_.load(in);
  others_.load(in);
  for (std::uint32_t& hash : content_) hash = in.number<std::uint32_t>();
}

// Afterwards the run that became longer may be another one, or a part of it.
void ChannelLedger::note_change(IdSpan ids) {
  if (longer_) changes_.add({*longer_, *longer_});
  longer_.reset();
  changes_.add(coverage_.around(ids));
  if (changes_.size() <= kChangesMax) return;
  const std::vector<IdSpan> spans = changes_.all();
  changes_.add({spans.front().first, spans.back().last});
}

void ChannelLedger::note_late_change(const Trade& trade) {
  const TradeId& id = late_id(trade);
  if (id.is_number()) note_change({id.number(), std::max(id.number(), trade.last_fill)});
}

std::vector<IdSpan> ChannelLedger::take_changes() {
  if (longer_) changes_.add({*longer_, *longer_});
  longer_.reset();
  return std::exchange(changes_, {}).all();
}

// Whether the trade is contiguous and yet has no neighbour among the ids that are held.
bool ChannelLedger::starts_run(const Trade& trade) const {
  const auto is_held = [this](std::uint64_t id) {
    return coverage_.holds(id, id) == Coverage::Held::kAll;
  };
  return trade.contiguous && !is_held(trade.last_fill + 1) &&
         !(trade.first_fill > 0 && is_held(trade.first_fill - 1));
}

Standing ChannelLedger::standing_of_held(const Trade& trade) const {
  switch (coverage_.holds(trade.first_fill, trade.last_fill)) {
    case Coverage::Held::kNone:
      return late_or_new(trade);
    case Coverage::Held::kPart:
      return Standing::kOverlap;
    case Coverage::Held::kAll:
      break;
  }
  const bool remembered = coverage_.newest_id() - trade.last_fill < kContents;
  const bool same = content_[trade.last_fill % kContents] == content_hash(trade);
  return remembered && !same ? Standing::kConflicting : Standing::kDuplicate;
}

Standing ChannelLedger::standing_of_other(const Trade& trade) const {
  if (others_.contains(trade.id)) return Standing::kDuplicate;
  return late_or_new(trade);
}

}  // namespace tapeline::ledger
