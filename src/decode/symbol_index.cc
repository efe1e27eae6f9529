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
  const std::string& text = texts_.emplace_back(symbol);
  place({key_of(venue, text), value, text});
  ++size_;
}

}  // namespace tapeline::decode
