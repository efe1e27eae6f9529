// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "decode/listings.h"
#include "decode/symbol_index.h"
#include "ledger/channel_ledger.h"
#include "ledger/recent_ids.h"
#include "model/instrument.h"
#include "model/trade.h"
#include "model/watermark.h"

namespace tapeline::decode {

// What decode keeps of one instrument: identity by channel, and how far its time has come.
struct Instrument {
  static constexpr std::size_t kQuoteHorizon = 16'384;

  Instrument(InstrumentId its_id, bool its_ids_are_contiguous, WatermarkOptions options)
      : id(its_id), contiguous_ids(its_ids_are_contiguous), watermark(options) {}

  [[nodiscard]] ledger::ChannelLedger& ledger_of(Channel channel) {
    const auto& ledger = channel == Channel::kAggTrades ? agg_trades : trades;
    return ledger ? *ledger : new_ledger(channel);
  }
  // Null where nothing came on that channel.
  [[nodiscard]] const Coverage* coverage_of(Channel channel) const;

  // All but what its name and the options say.
  void save(ByteWriter& out) const;
  void load(ByteReader& in);

  InstrumentId id;
  bool contiguous_ids;   // by the venue's table
  bool selected = true;  // by --instrument; nothing else of it is kept when not
  bool has_bars_channel = false;
  Channel bars_channel = Channel::kTrades;  // the first trade channel seen feeds the bars
  Watermark watermark;
  std::unique_ptr<ledger::ChannelLedger> trades;
  std::unique_ptr<ledger::ChannelLedger> agg_trades;
  ledger::RecentIds quotes{kQuoteHorizon};

 private:
  ledger::ChannelLedger& new_ledger(Channel channel);
};

// From a venue's symbol to the instrument, by the venue's instrument list where there is one.
class InstrumentTable {
 public:
  static constexpr std::size_t kInstrumentsMax = SymbolIndex::kEntriesMax;

  InstrumentTable(std::vector<std::string> patterns, WatermarkOptions options)
      : patterns_(std::move(patterns)), matched_(patterns_.size()), options_(options) {}

  // What the venues' instrument lists say: of each, before its first item.
  [[nodiscard]] Listings& listings() { return listings_; }

  // Null when there is no room for another one.
  [[nodiscard]] Instrument* find(std::uint32_t venue, std::string_view symbol) {
    const std::uint32_t index = index_.find(venue, symbol);
    return index != SymbolIndex::kNone ? instruments_[index].get() : add(venue, symbol);
  }

  [[nodiscard]] const InstrumentNames& names() const { return names_; }
  // The patterns that no instrument seen so far matched: slips of the pen, most likely.
  [[nodiscard]] std::vector<std::string> unmatched_patterns() const;
  [[nodiscard]] const std::vector<std::unique_ptr<Instrument>>& all() const { return instruments_; }

  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  void load_instrument(ByteReader& in);
  Instrument* add(std::uint32_t venue, std::string_view symbol);
  [[nodiscard]] std::string canonical(std::uint32_t venue, std::string_view symbol) const;

  [[nodiscard]] bool is_selected(const std::string& name);

  std::vector<std::string> patterns_;
  std::vector<bool> matched_;  // by pattern
  WatermarkOptions options_;
  Listings listings_;
  SymbolIndex index_;
  std::unordered_map<std::string, std::uint32_t> by_name_;  // two symbols may mean one instrument
  std::vector<std::unique_ptr<Instrument>> instruments_;
  InstrumentNames names_;
};

}  // namespace tapeline::decode
