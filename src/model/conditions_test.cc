// SPDX-License-Identifier: Apache-2.0
#include "model/conditions.h"

#include <gtest/gtest.h>

#include <string>

namespace tapeline {
namespace {

std::string text_of_codes(std::initializer_list<const char*> codes) {
  Conditions conditions;
  for (const char* code : codes) conditions.add_text(code);
  std::string text;
  append_conditions(text, conditions);
  return text;
}

TEST(Conditions, a_code_is_kept_as_the_number_that_it_is) {
  EXPECT_EQ(text_of_codes({}), "");
  EXPECT_EQ(text_of_codes({"1", "24", "12"}), "1 12 24");
  EXPECT_EQ(text_of_codes({"0", "9", "10", "62"}), "0 9 10 62");
  EXPECT_EQ(text_of_codes({"8", "8"}), "8");
  for (unsigned code = 0; code < Conditions::kCodes; ++code) {
    EXPECT_EQ(text_of_codes({std::to_string(code).c_str()}), std::to_string(code));
  }
}

TEST(Conditions, what_is_no_such_number_is_marked_and_never_taken_for_one) {
  for (const char* other : {"63", "64", "99", "100", "640", "18446744073709551617",
                            "",   "01", "00", "1 ",  " 1",  "+1",
                            "-1", "1a", "a1", "T",   "1.",  ":1",
                            "1:", "/1"}) {
    EXPECT_EQ(text_of_codes({other}), "other") << other;
  }
  EXPECT_EQ(text_of_codes({"T", "12", "200"}), "12 other");
  Conditions large;
  large.add(1'000);
  EXPECT_EQ(large.bits(), std::uint64_t{1} << 63);
}

TEST(ConditionRules, say_themselves_and_are_read_back) {
  ConditionRules rules;
  EXPECT_EQ(text_of(rules),
            "regular=all,intermarket_sweep=all,odd_lot=volume,extended_hours=fallback,unknown=all");
  EXPECT_EQ(parse_condition_rules(text_of(rules)), rules);
  rules.of(Condition::kOddLot) = Counts::kNone;
  rules.of(Condition::kUnknown) = Counts::kVolume;
  EXPECT_EQ(parse_condition_rules(text_of(rules)), rules);
  for (const char* bad : {"", "odd_lot=volume", "odd_lot",
                          "regular=all,intermarket_sweep=all,odd_lot=volume,extended_hours="
                          "fallback,unknown=some",
                          "regular=all,intermarket_sweep=all,odd_lot=volume,extended_hours="
                          "fallback,unknown=all,",
                          "intermarket_sweep=all,regular=all,odd_lot=volume,extended_hours="
                          "fallback,unknown=all"}) {
    EXPECT_FALSE(parse_condition_rules(bad)) << bad;
  }
}

}  // namespace
}  // namespace tapeline
