// SPDX-License-Identifier: Apache-2.0
#include "decode/symbol_index.h"

#include <utility>

namespace tapeline::decode {

void SymbolIndex::place(const Slot& slot) {
  std::size_t at = slot.key.hash() & (slots_.size() - 1);
  while (slots_[at].value != kNone) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = slot;
}

void SymbolIndex::add(std::uint32_t venue, std::string_view symbol, std::uint32_t value) {
  if ((size_ + 1) * 2 > slots_.size()) {
    std::vector<Slot> old(slots_.size() * 2);
    std::swap(old, slots_);
    for (const Slot& slot : old) {
      if (slot.value != kNone) place(slot);
    }
  }
  const Entry& entry = entries_.emplace_back(Entry{std::string(symbol), venue, value});
  place({key_of(venue, entry.symbol), value, entry.symbol});
  ++size_;
}

void SymbolIndex::save(ByteWriter& out) const {
  out.number(entries_.size());
  for (const Entry& entry : entries_) {
    out.number(entry.venue);
    out.text(entry.symbol);
    out.number(entry.value);
  }
}

void SymbolIndex::load(ByteReader& in, std::uint32_t venues, std::size_t values) {
  const ByteReader::Part part(in, "symbols");
  for (std::size_t left = in.count(kEntriesMax); left > 0 && !in.failed(); --left) {
    const auto venue = in.number<std::uint32_t>();
    const std::string_view symbol = in.text();
    const auto value = in.number<std::uint32_t>();
    in.require(venue < venues && value < values, "a symbol belongs to nothing");
    in.require(find(venue, symbol) == kNone, "a symbol is there twice");
    if (!in.failed()) add(venue, symbol, value);
  }
}

}  // namespace tapeline::decode
