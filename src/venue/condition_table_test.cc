// SPDX-License-Identifier: Apache-2.0
#include "venue/condition_table.h"

#include <gtest/gtest.h>

#include <array>
#include <initializer_list>

namespace tapeline::venue {
namespace {

constexpr std::array kCodes{ConditionCode{1, Condition::kRegular},
                            ConditionCode{12, Condition::kOddLot},
                            ConditionCode{24, Condition::kExtendedHours}};

Conditions codes(std::initializer_list<unsigned> numbers) {
  Conditions conditions;
  for (const unsigned number : numbers) conditions.add(number);
  return conditions;
}

TEST(ConditionTable, the_code_that_counts_for_the_least_decides) {
  const ConditionTable table(kCodes, {});
  EXPECT_EQ(table.counts_of({}), Counts::kAll);
  EXPECT_EQ(table.counts_of(codes({1})), Counts::kAll);
  EXPECT_EQ(table.counts_of(codes({1, 12})), Counts::kVolume);
  EXPECT_EQ(table.counts_of(codes({1, 24})), Counts::kFallback);
  EXPECT_EQ(table.counts_of(codes({1, 12, 24})), Counts::kVolume);
}

TEST(ConditionTable, what_it_does_not_know_counts_as_the_rules_say) {
  Conditions other;
  other.add_other();
  const ConditionTable lenient(kCodes, {});
  for (const Conditions unknown : {codes({0}), codes({2}), codes({62, 1}), other}) {
    EXPECT_FALSE(lenient.knows(unknown));
    EXPECT_EQ(lenient.counts_of(unknown), Counts::kAll);
  }
  EXPECT_TRUE(lenient.knows(codes({1, 12, 24})));
  ConditionRules rules;
  rules.of(Condition::kUnknown) = Counts::kVolume;
  rules.of(Condition::kOddLot) = Counts::kNone;
  const ConditionTable strict(kCodes, rules);
  EXPECT_EQ(strict.counts_of(codes({2})), Counts::kVolume);
  EXPECT_EQ(strict.counts_of(other), Counts::kVolume);
  EXPECT_EQ(strict.counts_of(codes({2, 24})), Counts::kVolume);
  EXPECT_EQ(strict.counts_of(codes({2, 12})), Counts::kNone);
  EXPECT_EQ(strict.counts_of(codes({1})), Counts::kAll);
}

}  // namespace
}  // namespace tapeline::venue
