// SPDX-License-Identifier: Apache-2.0
#include "model/instrument.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace tapeline {
namespace {

// The meaning of a pattern, by trying everything.
bool matches_slowly(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] != '*') {
    return !name.empty() && name[0] == pattern[0] &&
           matches_slowly(pattern.substr(1), name.substr(1));
  }
  return matches_slowly(pattern.substr(1), name) ||
         (!name.empty() && matches_slowly(pattern, name.substr(1)));
}

RC_GTEST_PROP(Instrument, patterns_match_what_trying_everything_finds, ()) {
  const auto any_of = [](const std::string& letters) {
    return *rc::gen::resize(12, rc::gen::container<std::string>(rc::gen::elementOf(letters)));
  };
  const std::string pattern = any_of("ab:**");
  const std::string name = any_of("ab:");
  RC_ASSERT(matches_pattern(pattern, name) == matches_slowly(pattern, name));
}

TEST(Instrument, a_pattern_without_a_star_is_the_whole_name) {
  EXPECT_TRUE(matches_pattern("coinbase:BTC-USD", "coinbase:BTC-USD"));
  EXPECT_FALSE(matches_pattern("coinbase:BTC", "coinbase:BTC-USD"));
  EXPECT_FALSE(matches_pattern("BTC-USD", "coinbase:BTC-USD"));
  EXPECT_FALSE(matches_pattern("coinbase:btc-usd", "coinbase:BTC-USD"));
  EXPECT_FALSE(matches_pattern("", "coinbase:BTC-USD"));
}

TEST(Instrument, a_star_stands_for_any_run_of_characters) {
  EXPECT_TRUE(matches_pattern("*", "coinbase:BTC-USD"));
  EXPECT_TRUE(matches_pattern("*", ""));
  EXPECT_TRUE(matches_pattern("coinbase:*", "coinbase:BTC-USD"));
  EXPECT_TRUE(matches_pattern("*:BTC-*", "binance:BTC-USDT"));
  EXPECT_TRUE(matches_pattern("*USD", "coinbase:USD-USD"));
  EXPECT_FALSE(matches_pattern("*USD", "coinbase:BTC-USDT"));
  EXPECT_FALSE(matches_pattern("*:ETH-*", "binance:BTC-USDT"));
}

TEST(Instrument, other_signs_in_a_pattern_mean_themselves) {
  EXPECT_FALSE(matches_pattern("coinbase:BTC?USD", "coinbase:BTC-USD"));
  EXPECT_FALSE(matches_pattern("coinbase:[B]TC-USD", "coinbase:BTC-USD"));
  EXPECT_TRUE(matches_pattern("v:[B].?", "v:[B].?"));
}

// Trying everything would take longer than the age of the universe here.
TEST(Instrument, many_stars_are_no_way_to_stop_the_process) {
  std::string pattern;
  for (int i = 0; i < 50; ++i) pattern += "a*";
  EXPECT_FALSE(matches_pattern(pattern + "b", std::string(2'000, 'a')));
  EXPECT_TRUE(matches_pattern(pattern, std::string(2'000, 'a')));
}

TEST(Instrument, names_have_dense_ids_in_order_of_appearance) {
  InstrumentNames names;
  EXPECT_EQ(names.size(), 0U);
  EXPECT_EQ(names.add("b:Z"), InstrumentId(0));
  EXPECT_EQ(names.add("a:A"), InstrumentId(1));
  EXPECT_EQ(names.name(InstrumentId(0)), "b:Z");
  EXPECT_EQ(names.name(InstrumentId(1)), "a:A");
  EXPECT_EQ(names.size(), 2U);
}

}  // namespace
}  // namespace tapeline
