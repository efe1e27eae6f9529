// SPDX-License-Identifier: Apache-2.0
#include "metrics/counters.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace tapeline::metrics {
namespace {

TEST(Counters, every_counter_has_its_row_with_a_name_of_its_own) {
  ASSERT_EQ(kCounters.size(), static_cast<std::size_t>(Counter::kEnd));
  std::set<std::string> names;
  for (std::size_t i = 0; i < kCounters.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(kCounters[i].counter), i);
    const std::string name = kCounters[i].name;
    EXPECT_TRUE(names.insert(name).second) << name << " stands there twice";
    EXPECT_EQ(name.rfind("tapeline_", 0), 0U) << name;
    EXPECT_TRUE(name.size() > 6 && name.substr(name.size() - 6) == "_total") << name;
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string::npos) << name;
    EXPECT_EQ(std::string(kCounters[i].help).back(), '.') << name;
  }
}

TEST(Counters, a_cell_is_made_once_for_its_counter_and_labels) {
  Counters counters;
  Cell& cell = counters.cell(Counter::kItemsLate, {"coinbase", "trades", ""});
  cell.add(3);
  EXPECT_EQ(&counters.cell(Counter::kItemsLate, {"coinbase", "trades", ""}), &cell);
  EXPECT_NE(&counters.cell(Counter::kItemsShed, {"coinbase", "trades", ""}), &cell);
  EXPECT_NE(&counters.cell(Counter::kItemsLate, {"binance", "trades", ""}), &cell);
  EXPECT_NE(&counters.cell(Counter::kItemsLate, {"coinbase", "quotes", ""}), &cell);
  EXPECT_NE(&counters.cell(Counter::kItemsLate, {"coinbase", "trades", "x"}), &cell);
  EXPECT_EQ(counters.entries().size(), 5U);
  EXPECT_EQ(cell.value(), 3U);
}

TEST(Counters, cells_stay_where_they_are_while_others_are_made) {
  Counters counters;
  Cell& first = counters.cell(Counter::kItemsReceived, {"v", "c", ""});
  for (int i = 0; i < 2'000; ++i)
    counters.cell(Counter::kItemsReceived, {"v", std::to_string(i), ""});
  first.add();
  EXPECT_EQ(&counters.cell(Counter::kItemsReceived, {"v", "c", ""}), &first);
  EXPECT_EQ(counters.entries().front().cell.value(), 1U);
  EXPECT_EQ(counters.total(Counter::kItemsReceived), 1U);
}

TEST(Counters, entries_stand_in_the_order_they_were_made) {
  Counters counters;
  counters.cell(Counter::kItemsLate, {"b", "", ""});
  counters.cell(Counter::kItemsDelivered, {"a", "", ""});
  ASSERT_EQ(counters.entries().size(), 2U);
  EXPECT_EQ(counters.entries()[0].labels, (Labels{"b", "", ""}));
  EXPECT_EQ(counters.entries()[1].counter, Counter::kItemsDelivered);
}

RC_GTEST_PROP(Counters, totals_are_the_sums_over_all_labels, ()) {
  Counters counters;
  std::map<int, std::uint64_t> expected;
  const auto steps = *rc::gen::inRange(0, 60);
  for (int i = 0; i < steps; ++i) {
    const int counter = *rc::gen::inRange(0, static_cast<int>(Counter::kEnd));
    const auto label = *rc::gen::elementOf(std::vector<std::string>{"", "a", "b"});
    const auto n = *rc::gen::inRange<std::uint64_t>(0, 1'000);
    counters.cell(static_cast<Counter>(counter), {label, "", label}).add(n);
    expected[counter] += n;
  }
  for (int c = 0; c < static_cast<int>(Counter::kEnd); ++c) {
    RC_ASSERT(counters.total(static_cast<Counter>(c)) == expected[c]);
  }
}

}  // namespace
}  // namespace tapeline::metrics
