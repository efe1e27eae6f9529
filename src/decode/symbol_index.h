// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace tapeline::decode {

// From (venue, the venue's symbol) to a number. Looked up once per item. Symbols are added seldom
// and never leave.
class SymbolIndex {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  // More symbols than all venues together list; a feed that names more is broken or hostile.
  static constexpr std::size_t kEntriesMax = 262'144;

  SymbolIndex() : slots_(kSmallest) {}

  [[nodiscard]] std::uint32_t find(std::uint32_t venue, std::string_view symbol) const {
    const Key key = key_of(venue, symbol);
    for (std::size_t at = key.hash() & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      const Slot& slot = slots_[at];
      if (slot.value == kNone) return kNone;
      if (slot.key == key && (symbol.size() <= kShort || slot.symbol == symbol)) return slot.value;
    }
  }

  // Adds a pair that find() does not know.
  void add(std::uint32_t venue, std::string_view symbol, std::uint32_t value);

  void save(ByteWriter& out) const;
  // Only venues and values below those given.
  void load(ByteReader& in, std::uint32_t venues, std::size_t values);

  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kShort = 16;

  // A symbol of up to 16 bytes is its key; of a longer one the key is its beginning and a hash of
  // the rest, and the text decides.
  struct Key {
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
    std::uint32_t venue = 0;
    std::uint32_t size = 0;

    [[nodiscard]] std::uint64_t hash() const {
      constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15;
      std::uint64_t hash = (head ^ venue) * kMix;
      hash = (hash ^ (hash >> 32) ^ tail) * kMix;
      return hash ^ (hash >> 32);
    }
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Slot {
    Key key;
    std::uint32_t value = kNone;
    std::string_view symbol;  // owned by entries_
  };
  struct Entry {
    std::string symbol;
    std::uint32_t venue = 0;
    std::uint32_t value = 0;
  };
  static constexpr std::size_t kSmallest = 64;

  template <typename Word>
  static std::uint64_t load(const char* at) {
    Word word = 0;
    std::memcpy(&word, at, sizeof(word));
    return word;
  }

  // Loads of fixed sizes that overlap: together with the size they hold every byte of up to 16.
  static Key key_of(std::uint32_t venue, std::string_view symbol) {
    Key key{0, 0, venue, static_cast<std::uint32_t>(symbol.size())};
    const char* begin = symbol.data();
    const char* end = begin + symbol.size();
    if (symbol.size() > kShort) {
      key.head = load<std::uint64_t>(begin);
      key.tail = std::hash<std::string_view>{}(symbol);
    } else if (symbol.size() >= sizeof(std::uint64_t)) {
      key.head = load<std::uint64_t>(begin);
      key.tail = load<std::uint64_t>(end - sizeof(std::uint64_t));
    } else if (symbol.size() >= sizeof(std::uint32_t)) {
      key.head = load<std::uint32_t>(begin);
      key.tail = load<std::uint32_t>(end - sizeof(std::uint32_t));
    } else {
      for (const char c : symbol) key.head = key.head << 8 | static_cast<unsigned char>(c);
    }
    return key;
  }
  void place(const Slot& slot);

  std::vector<Slot> slots_;  // open addressing, at most half full; a power of two in size
  std::size_t size_ = 0;
  std::deque<Entry> entries_;  // as they were added; which never moves what it holds
};

}  // namespace tapeline::decode
