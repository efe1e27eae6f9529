// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "decode/instrument_table.h"
#include "decode/venue_table.h"

namespace tapeline::decode {
namespace {

using Ledger = std::unique_ptr<ledger::ChannelLedger>;

void save_ledger(ByteWriter& out, const Ledger& ledger) {
  out.flag(ledger != nullptr);
  if (ledger != nullptr) ledger->save(out);
}

void load_ledger(ByteReader& in, Ledger& ledger) {
  if (!in.flag()) return;
  ledger = std::make_unique<ledger::ChannelLedger>();
  ledger->load(in);
}

}  // namespace

void Instrument::save(ByteWriter& out) const {
  out.flag(has_bars_channel);
  out.choice(bars_channel);
  watermark.save(out);
  save_ledger(out, trades);
  save_ledger(out, agg_trades);
  quotes.save(out);
}

void Instrument::load(ByteReader& in) {
  has_bars_channel = in.flag();
  bars_channel = in.choice(Channel::kAggTrades);
  watermark.load(in);
  {
    const ByteReader::Part part(in, name_of(Channel::kTrades));
    load_ledger(in, trades);
  }
  {
    const ByteReader::Part part(in, name_of(Channel::kAggTrades));
    load_ledger(in, agg_trades);
  }
  const ByteReader::Part part(in, name_of(Channel::kQuotes));
  quotes.load(in);
}

void InstrumentTable::save(ByteWriter& out) const {
  std::vector<std::string> venues = venue_names();
  out.number(venues.size());
  for (const std::string& venue : venues) out.text(venue);
  listings_.save(out);
  out.number(instruments_.size());
  for (const auto& instrument : instruments_) {
    out.text(names_.name(instrument->id));
    instrument->save(out);
  }
  index_.save(out);
}

void InstrumentTable::load(ByteReader& in) {
  const ByteReader::Part part(in, "instruments");
  const std::vector<std::string> venues = venue_names();
  in.require(in.count(venues.size()) == venues.size(), "the venues are others");
  for (const std::string& venue : venues) in.require(in.text() == venue, "the venues are others");
  listings_.load(in, venues.size());
  for (std::size_t left = in.count(kInstrumentsMax); left > 0 && !in.failed(); --left) {
    load_instrument(in);
  }
  index_.load(in, static_cast<std::uint32_t>(venues.size()), instruments_.size());
}

void InstrumentTable::load_instrument(ByteReader& in) {
  const std::string name(in.text());
  const ByteReader::Part part(in, name);
  const auto venue = find_venue(name.substr(0, name.find(':')));
  in.require(venue.has_value(), "it is of no venue");
  in.require(by_name_.count(name) == 0, "it is there twice");
  if (in.failed()) return;
  const auto& table = venue_table();
  by_name_.emplace(name, static_cast<std::uint32_t>(instruments_.size()));
  instruments_.push_back(
      std::make_unique<Instrument>(names_.add(name), table[*venue]->contiguous_ids, options_));
  instruments_.back()->selected = is_selected(name);
  instruments_.back()->load(in);
}

}  // namespace tapeline::decode
