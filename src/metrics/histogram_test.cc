// SPDX-License-Identifier: Apache-2.0
#include "metrics/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

namespace tapeline::metrics {
namespace {

TEST(Histogram, is_empty_at_first) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.quantile(990), Duration(0));
  EXPECT_EQ(histogram.longest(), Duration(0));
}

TEST(Histogram, quantiles_are_those_of_the_sorted_values_within_an_eighth) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 50; ++round) {
    Histogram histogram;
    std::vector<std::int64_t> values(1 + random() % 2'000);
    for (std::int64_t& value : values) {
      value = static_cast<std::int64_t>(random() >> (1 + random() % 63));
      histogram.add(Duration(value));
    }
    std::sort(values.begin(), values.end());
    EXPECT_EQ(histogram.count(), values.size());
    EXPECT_EQ(histogram.longest().count(), values.back());
    for (const unsigned per_mille : {1U, 500U, 990U, 999U, 1000U}) {
      const std::size_t rank = (values.size() * per_mille + 999) / 1000;
      const std::int64_t exact = values[rank - 1];
      const std::int64_t said = histogram.quantile(per_mille).count();
      EXPECT_GE(said, exact);
      EXPECT_LE(said - exact, exact / 8);
    }
  }
}

TEST(Histogram, what_is_negative_counts_as_nothing) {
  Histogram histogram;
  histogram.add(Duration(-5));
  EXPECT_EQ(histogram.count(), 1U);
  EXPECT_EQ(histogram.quantile(1000), Duration(0));
}

}  // namespace
}  // namespace tapeline::metrics
