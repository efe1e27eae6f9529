// SPDX-License-Identifier: Apache-2.0
#include "decode/instrument_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "decode/venue_table.h"

namespace tapeline::decode {

ledger::ChannelLedger& Instrument::new_ledger(Channel channel) {
  TAPELINE_CHECK(channel == Channel::kTrades || channel == Channel::kAggTrades,
                 "only trade channels have a ledger");
  auto& ledger = channel == Channel::kTrades ? trades : agg_trades;
  ledger = std::make_unique<ledger::ChannelLedger>();
  return *ledger;
}

const Coverage* Instrument::coverage_of(Channel channel) const {
  const auto& ledger = channel == Channel::kAggTrades ? agg_trades : trades;
  return ledger ? &ledger->coverage() : nullptr;
}

std::string InstrumentTable::canonical(std::uint32_t venue, std::string_view symbol) const {
  const Listing* listed = listings_.find(venue, symbol);
  return listed != nullptr ? listed->canonical : venue_table()[venue]->canonical_symbol(symbol);
}

bool InstrumentTable::is_selected(const std::string& name) {
  bool is_any = patterns_.empty();
  for (std::size_t i = 0; i < patterns_.size(); ++i) {
    if (!matches_pattern(patterns_[i], name)) continue;
    matched_[i] = true;
    is_any = true;
  }
  return is_any;
}

std::vector<std::string> InstrumentTable::unmatched_patterns() const {
  std::vector<std::string> unmatched;
  for (std::size_t i = 0; i < patterns_.size(); ++i) {
    if (!matched_[i]) unmatched.push_back(patterns_[i]);
  }
  return unmatched;
}

Instrument* InstrumentTable::add(std::uint32_t venue, std::string_view symbol) {
  if (index_.size() >= kInstrumentsMax) return nullptr;
  const std::string name =
      fmt::format("{}:{}", venue_table()[venue]->name, canonical(venue, symbol));
  const auto [known, is_new] =
      by_name_.try_emplace(name, static_cast<std::uint32_t>(instruments_.size()));
  if (is_new) {
    instruments_.push_back(std::make_unique<Instrument>(
        names_.add(name), venue_table()[venue]->contiguous_ids, options_));
    instruments_.back()->selected = is_selected(name);
  }
  index_.add(venue, symbol, known->second);
  return instruments_[known->second].get();
}

}  // namespace tapeline::decode
