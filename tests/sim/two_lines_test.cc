// SPDX-License-Identifier: Apache-2.0
// Two lines bring the same streams: losing either changes nothing downstream.
#include "two_lines.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "sim/dialect/dialect.h"

namespace tapeline::simulation {
namespace {

using std::chrono::seconds;

class TwoLines : public testing::TestWithParam<std::string_view> {};

TEST_P(TwoLines, losing_either_changes_no_byte_and_no_tick) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    const LinesPlan plan{.venue = std::string(GetParam()), .seed = seed};
    const LinesOutcome calm = listen(plan);
    const LinesOutcome cut = listen({.venue = plan.venue, .seed = seed, .cut_every = seconds(5)});
    EXPECT_EQ(calm.failure + cut.failure, "");
    EXPECT_GT(calm.rows, 1'000U);
    EXPECT_EQ(cut.cuts, 8U);
    EXPECT_TRUE(cut.trades == calm.trades);
    EXPECT_TRUE(cut.bars == calm.bars);
  }
}

TEST_P(TwoLines, are_as_one_that_is_never_lost) {
  const std::string venue(GetParam());
  const LinesOutcome one = listen({.venue = venue, .lines = 1});
  const LinesOutcome two = listen({.venue = venue});
  EXPECT_TRUE(one.trades == two.trades);
  EXPECT_TRUE(one.bars == two.bars);
}

TEST_P(TwoLines, one_alone_is_missed) {
  const std::string venue(GetParam());
  const LinesOutcome calm = listen({.venue = venue, .lines = 1});
  const LinesOutcome cut = listen({.venue = venue, .lines = 1, .cut_every = seconds(5)});
  EXPECT_FALSE(cut.trades == calm.trades);
  EXPECT_FALSE(cut.bars == calm.bars);
}

INSTANTIATE_TEST_SUITE_P(Venues, TwoLines,
                         testing::Values("binance", "bitstamp", "bybit", "coinbase",
                                         "coinbase_advanced", "kraken", "okx"),
                         [](const auto& venue) { return std::string(venue.param); });

}  // namespace
}  // namespace tapeline::simulation
