// SPDX-License-Identifier: Apache-2.0
// The simulation itself: it repeats, it does enough, and it catches what is broken on purpose.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "plan.h"
#include "shown.h"
#include "simulate.h"

namespace tapeline::simulation {
namespace {

TEST(Simulation, a_seed_gives_the_same_run_again) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Report first = simulate(seed);
    const Report again = simulate(seed);
    EXPECT_EQ(first.digest, again.digest) << "seed " << seed;
    EXPECT_EQ(first.coverage.text(), again.coverage.text()) << "seed " << seed;
  }
}

TEST(Simulation, another_seed_gives_another_run) {
  EXPECT_NE(simulate(1).digest, simulate(2).digest);
}

TEST(Simulation, a_run_has_thousands_of_events_and_several_faults) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Coverage coverage = simulate(seed).coverage;
    EXPECT_GE(coverage.frames, 2'000U) << "seed " << seed;
    EXPECT_GE(coverage.faults(), 5U) << "seed " << seed;
    EXPECT_GT(coverage.bars_proven, 0U) << "seed " << seed;
  }
}

TEST(Simulation, the_seeds_that_once_failed_hold) {
  std::ifstream kept("tests/sim/kept_seeds.txt");
  ASSERT_TRUE(kept.is_open());
  std::size_t seeds = 0;
  for (std::string line; std::getline(kept, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::uint64_t seed = 0;
    ASSERT_TRUE(std::istringstream(line) >> seed) << line;
    EXPECT_EQ(simulate(seed).text(), "") << "seed " << line;
    ++seeds;
  }
  EXPECT_GT(seeds, 0U);
}

// What is broken on purpose, and which checks have to say so.
struct Trap {
  Canary canary;
  std::string caught_by;  // one of these words begins a failure
};

class Canaries : public testing::TestWithParam<Trap> {};

TEST_P(Canaries, is_caught_within_ten_seeds) {
  const auto is_caught = [](const std::string& failure) {
    std::istringstream words(GetParam().caught_by);
    for (std::string word; words >> word;) {
      if (failure.starts_with(word)) return true;
    }
    return false;
  };
  std::string all;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Report report = simulate(seed, GetParam().canary);
    all += report.text();
    if (std::any_of(report.failures.begin(), report.failures.end(), is_caught)) return;
  }
  FAIL() << "nothing of " << GetParam().caught_by << " in:\n" << all;
}

INSTANTIATE_TEST_SUITE_P(
    Simulation, Canaries,
    testing::Values(Trap{Canary::kTornTransaction, "once:"}, Trap{Canary::kAlteredRow, "truth:"},
                    Trap{Canary::kAlteredRow, "verify:"}, Trap{Canary::kAlteredRow, "rows:"},
                    Trap{Canary::kDroppedRow, "once:"}, Trap{Canary::kDroppedRow, "ledger:"},
                    Trap{Canary::kLyingSync, "durable:"}, Trap{Canary::kForgedFrame, "truth:"},
                    Trap{Canary::kSwallowedFrame, "taken:"}, Trap{Canary::kStuckVenue, "progress:"},
                    Trap{Canary::kNoBackfill, "progress:"}, Trap{Canary::kUnknownBar, "truth:"}));

class EveryVenue : public testing::TestWithParam<VenueKind> {};

// So that the checks of each venue can fail.
TEST_P(EveryVenue, is_drawn_and_a_forged_trade_of_it_is_found) {
  const std::string name(GetParam().name);
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Plan plan = Plan::of(seed);
    const bool is_there = std::any_of(plan.venues.begin(), plan.venues.end(),
                                      [&](const auto& venue) { return venue.venue == name; });
    if (!is_there) continue;
    for (const std::string& failure : simulate(seed, Canary::kForgedFrame).failures) {
      if (failure.starts_with("truth: " + name + ":")) return;
    }
  }
  FAIL() << "no forged trade of " << name << " was found";
}

INSTANTIATE_TEST_SUITE_P(Simulation, EveryVenue, testing::ValuesIn(kVenues),
                         [](const auto& kind) { return std::string(kind.param.name); });

TEST(Shown, trades_are_read_from_whole_frames_only) {
  const std::string match =
      R"({"type":"match","trade_id":17,"side":"buy","product_id":"BTC-USD","time":"x"})";
  const Shown coinbase = read_shown("coinbase", match);
  EXPECT_EQ(coinbase.kind, ShownKind::kTrade);
  EXPECT_EQ(coinbase.symbol, "BTC-USD");
  EXPECT_EQ(coinbase.ids, std::vector<std::uint64_t>{17});
  const Shown binance = read_shown(
      "binance", R"({"stream":"btcusdt@trade","data":{"e":"trade","s":"BTCUSDT","t":5,"T":1}})");
  EXPECT_EQ(binance.kind, ShownKind::kTrade);
  EXPECT_EQ(binance.symbol, "BTCUSDT");
  EXPECT_EQ(binance.ids, std::vector<std::uint64_t>{5});
  const Shown kraken = read_shown(
      "kraken", R"({"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","trade_id":7},)"
                R"({"symbol":"BTC/USD","trade_id":8,"x":"y"}]})");
  EXPECT_EQ(kraken.symbol, "BTC/USD");
  EXPECT_EQ(kraken.ids, (std::vector<std::uint64_t>{7, 8}));
  EXPECT_EQ(read_shown("coinbase", R"({"type":"ticker","trade_id":17})").kind, ShownKind::kOther);
  for (const std::string& broken : {match + "}", match + match, std::string("{}"),
                                    match.substr(0, match.size() - 1), match.substr(0, 1)}) {
    EXPECT_EQ(read_shown("coinbase", broken).kind, ShownKind::kBroken) << broken;
  }
}

}  // namespace
}  // namespace tapeline::simulation
