// SPDX-License-Identifier: Apache-2.0
#include "decode/symbol_index.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>
#include <utility>

namespace tapeline::decode {
namespace {

RC_GTEST_PROP(SymbolIndex, finds_what_a_map_finds, ()) {
  SymbolIndex index;
  std::map<std::pair<std::uint32_t, std::string>, std::uint32_t> known;
  const auto any_venue = rc::gen::inRange<std::uint32_t>(0, 3);
  // Texts that share their first words, of every length around a word's end.
  const auto any_symbol =
      rc::gen::map(rc::gen::pair(rc::gen::inRange<std::size_t>(1, 20), rc::gen::inRange(0, 4)),
                   [](const std::pair<std::size_t, int>& shape) {
                     std::string symbol(shape.first, 'A');
                     symbol.back() = static_cast<char>('A' + shape.second);
                     return symbol;
                   });
  const auto steps = *rc::gen::inRange<std::uint32_t>(0, 150);
  for (std::uint32_t i = 0; i < steps; ++i) {
    const auto venue = *any_venue;
    const std::string symbol = *any_symbol;
    const auto [entry, is_new] = known.try_emplace({venue, symbol}, i);
    RC_ASSERT(index.find(venue, symbol) == (is_new ? SymbolIndex::kNone : entry->second));
    if (is_new) index.add(venue, symbol, i);
    RC_ASSERT(index.size() == known.size());
  }
  for (const auto& [key, value] : known) RC_ASSERT(index.find(key.first, key.second) == value);
}

TEST(SymbolIndex, one_symbol_at_two_venues_is_two) {
  SymbolIndex index;
  index.add(0, "BTC-USD", 7);
  EXPECT_EQ(index.find(0, "BTC-USD"), 7U);
  EXPECT_EQ(index.find(1, "BTC-USD"), SymbolIndex::kNone);
  index.add(1, "BTC-USD", 8);
  EXPECT_EQ(index.find(0, "BTC-USD"), 7U);
  EXPECT_EQ(index.find(1, "BTC-USD"), 8U);
}

TEST(SymbolIndex, keeps_its_own_copy_of_a_symbol) {
  SymbolIndex index;
  std::string frame = "ETH-USD";
  index.add(0, frame, 1);
  frame = "XXX-XXX";
  EXPECT_EQ(index.find(0, "ETH-USD"), 1U);
  EXPECT_EQ(index.find(0, frame), SymbolIndex::kNone);
}

TEST(SymbolIndex, a_zero_behind_a_symbol_makes_another_one) {
  SymbolIndex index;
  index.add(0, "AB", 1);
  EXPECT_EQ(index.find(0, std::string_view("AB\0", 3)), SymbolIndex::kNone);
}

TEST(SymbolIndex, ten_thousand_symbols_stay_apart) {
  SymbolIndex index;
  for (std::uint32_t i = 0; i < 10'000; ++i) index.add(i % 2, "SYM" + std::to_string(i), i);
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    ASSERT_EQ(index.find(i % 2, "SYM" + std::to_string(i)), i);
    ASSERT_EQ(index.find(1 - i % 2, "SYM" + std::to_string(i)), SymbolIndex::kNone);
  }
  EXPECT_EQ(index.size(), 10'000U);
}

}  // namespace
}  // namespace tapeline::decode
