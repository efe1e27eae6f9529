// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <optional>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "analytics/bar_market.h"
#include "analytics/bar_oracle.h"
#include "analytics/bars.h"
#include "base/memory_state_store.h"

namespace tapeline::analytics {
namespace {

class Heard final : public stream::OutputSink {
 public:
  void on_bar(const BarRevision& revision) override { revisions.push_back(revision); }
  void on_open_bar(const BarRevision& bar) override { open.push_back(bar); }

  std::vector<BarRevision> revisions;
  std::vector<BarRevision> open;
};

std::string text_of(const BarOracle::Key& key, const BarOracle::Bar& bar) {
  const auto [instrument, interval, start] = key;
  return fmt::format("{} {} {} revision {} cause '{}' quality {}\n    {}", instrument,
                     format_duration(interval), format_rfc3339(start.unix_ns()), bar.revision,
                     bar.cause, bar.quality, bar.columns);
}

std::string text_of(const BarOracle::Bars& bars) {
  std::string text;
  for (const auto& [key, bar] : bars) text += "  " + text_of(key, bar) + "\n";
  return text;
}

bool is_allowed_cause(const BarOracle::Bar& expected, const std::string& cause) {
  return cause == expected.cause ||
         (expected.may_be_backfill && cause == name_of(Cause::kBackfill));
}

// The difference between what was said at one tick and what should have been; empty when none.
std::string difference(const std::vector<BarRevision>& said, const BarOracle::Bars& expected) {
  BarOracle::Bars heard;
  bool same = said.size() == expected.size();
  for (const BarRevision& revision : said) {
    const BarOracle::Key key{revision.instrument.value(), revision.interval, revision.start};
    const BarOracle::Bar bar{columns_of(revision), name_of(revision.quality), revision.revision,
                             name_of(revision.cause)};
    if (!heard.emplace(key, bar).second) return "said twice:\n  " + text_of(key, bar);
    const auto wanted = expected.find(key);
    same = same && wanted != expected.end() && wanted->second.columns == bar.columns &&
           wanted->second.quality == bar.quality && wanted->second.revision == bar.revision &&
           is_allowed_cause(wanted->second, bar.cause) && revision.state == BarState::kFinal;
  }
  return same ? "" : "said:\n" + text_of(heard) + "expected:\n" + text_of(expected);
}

ColdOptions cold_options(const MarketOptions& options, MemoryStateStore& store) {
  if (!options.hot) return {};
  return {&store, *options.hot, 0};
}

// Runs a market through the engine and the oracle side by side; the first difference, or nothing.
std::string first_difference(const std::vector<Step>& steps, const MarketOptions& options) {
  Heard heard;
  MemoryStateStore cold;
  Bars bars({options.intervals, options.watermark, cold_options(options, cold)}, heard);
  BarOracle oracle(options);
  std::size_t number = 0;
  for (const stream::Event& event : market_of(steps, options)) {
    stream::deliver(event, bars);
    oracle.apply(event);
    const Tick* tick = std::get_if<Tick>(&event);
    const bool is_end = std::holds_alternative<stream::End>(event);
    if (tick == nullptr && !is_end) {
      if (!heard.revisions.empty()) return "spoke between ticks";
    } else {
      const auto expected = is_end ? oracle.revisions_at_end() : oracle.revisions_at(*tick);
      const std::string wrong = difference(heard.revisions, expected);
      if (!wrong.empty()) return fmt::format("at event {}:\n{}", number, wrong);
      heard.revisions.clear();
    }
    ++number;
  }
  return "";
}

// Takes steps away while the market still fails.
std::vector<Step> shrink(std::vector<Step> steps, const MarketOptions& options) {
  for (std::size_t chunk = steps.size() / 2; chunk > 0; chunk /= 2) {
    for (std::size_t at = 0; at + chunk <= steps.size();) {
      std::vector<Step> fewer = steps;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at),
                  fewer.begin() + static_cast<std::ptrdiff_t>(at + chunk));
      if (first_difference(fewer, options).empty()) {
        at += chunk;
      } else {
        steps = std::move(fewer);
      }
    }
  }
  return steps;
}

std::string report(unsigned seed, const std::vector<Step>& steps, const MarketOptions& options) {
  const std::vector<Step> few = shrink(steps, options);
  std::ostringstream text;
  text << "seed " << seed << ", " << options;
  for (const Step& step : few) text << step;
  text << "\n" << first_difference(few, options);
  return text.str();
}

void expect_equal_for(const Profile& profile, unsigned markets, std::size_t steps_max) {
  for (unsigned seed = 0; seed < markets; ++seed) {
    std::mt19937_64 random(seed);
    const MarketOptions options = random_options(random);
    std::vector<Step> steps(1 + random() % steps_max);
    for (Step& step : steps) step = random_step(random, profile);
    if (first_difference(steps, options).empty()) continue;
    FAIL() << report(seed, steps, options);
  }
}

TEST(Bars, of_an_orderly_market_equal_the_oracle_at_every_tick) {
  expect_equal_for(
      {.instruments = 2, .lost_in_ten = 0, .delay_max = 0, .backwards_ms = 0, .traits = 0}, 600,
      80);
}

TEST(Bars, of_a_disorderly_market_equal_the_oracle_at_every_tick) {
  expect_equal_for(
      {.instruments = 3, .lost_in_ten = 0, .delay_max = 60, .backwards_ms = 4000, .traits = 0},
      1000, 80);
}

TEST(Bars, of_a_market_with_holes_equal_the_oracle_at_every_tick) {
  expect_equal_for(
      {.instruments = 1, .lost_in_ten = 4, .delay_max = 40, .backwards_ms = 3000, .traits = 0},
      1000, 60);
}

TEST(Bars, of_backfilled_coarse_and_uncounted_trades_equal_the_oracle_at_every_tick) {
  expect_equal_for({.instruments = 2, .lost_in_ten = 2, .delay_max = 60, .backwards_ms = 3000},
                   1200, 70);
}

TEST(Bars, of_trades_that_count_for_less_than_all_equal_the_oracle_at_every_tick) {
  expect_equal_for({.instruments = 2,
                    .lost_in_ten = 1,
                    .delay_max = 60,
                    .backwards_ms = 3000,
                    .traits = kTraitsCounts},
                   600, 60);
}

TEST(Bars, of_untrue_heartbeats_and_far_away_ids_and_times_equal_the_oracle_at_every_tick) {
  expect_equal_for({.instruments = 1,
                    .lost_in_ten = 1,
                    .delay_max = 30,
                    .backwards_ms = 3000,
                    .traits = kTraitFarId | kTraitFarTime | kTraitUntrue},
                   400, 60);
}

TEST(Bars, equal_the_oracle_when_more_changes_than_are_remembered_apart_meet_in_one_tick) {
  for (unsigned seed = 0; seed < 150; ++seed) {
    std::mt19937_64 random(seed);
    const MarketOptions options = random_options(random);
    const Profile profile{.instruments = 1, .lost_in_ten = 7, .delay_max = 200, .traits = 0};
    std::vector<Step> steps(250);
    for (Step& step : steps) step = random_step(random, profile);
    // Only two ticks: dozens of holes open and close before each.
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (steps[i].kind == StepKind::kTick) steps[i].kind = StepKind::kTrade;
      if (i == 120 || i == 240) steps[i].kind = StepKind::kTick;
    }
    if (first_difference(steps, options).empty()) continue;
    FAIL() << report(seed, steps, options);
  }
}

RC_GTEST_PROP(Bars, do_not_depend_on_the_order_of_arrival, (std::uint32_t seed)) {
  std::mt19937_64 random(seed);
  const MarketOptions options = random_options(random);
  const Profile profile{.instruments = 2, .lost_in_ten = 2, .delay_max = 0};
  std::vector<Step> steps(60);
  for (Step& step : steps) {
    step = random_step(random, profile);
    // What is late comes before it is admitted after all: decode's ledger sees to that.
    if (step.kind == StepKind::kLate) step.traits &= ~kTraitBackfill;
  }
  // The same ids, times and heartbeats; other arrivals, clocks and ticks.
  std::set<std::string> results;
  for (int round = 0; round < 4; ++round) {
    Heard heard;
    Bars bars({options.intervals, options.watermark}, heard);
    auto events = market_of(steps, options);
    std::vector<stream::Event> shuffled;
    for (const auto& event : events) {
      if (!std::holds_alternative<stream::End>(event)) shuffled.push_back(event);
    }
    if (round > 0) {
      std::shuffle(shuffled.begin(), shuffled.end(), random);
    }
    EngineTime latest;
    for (auto& event : shuffled) {
      if (auto* tick = std::get_if<Tick>(&event)) {
        latest = std::max(latest, tick->engine_time);
        tick->engine_time = latest;
      }
      stream::deliver(event, bars);
    }
    bars.on_end({});
    std::map<BarOracle::Key, std::string> last;
    for (const BarRevision& revision : heard.revisions) {
      last[{revision.instrument.value(), revision.interval, revision.start}] =
          columns_of(revision) + name_of(revision.quality);
    }
    std::string all;
    for (const auto& [key, columns] : last) {
      all += fmt::format("{} {} {}\n", std::get<0>(key), std::get<1>(key).count(),
                         std::get<2>(key).unix_ns()) +
             columns + "\n";
    }
    results.insert(all);
  }
  RC_ASSERT(results.size() == 1U);
}

// Semantics 7, of what is said alone and without the oracle.
TEST(Bars, number_their_revisions_without_holes_and_name_a_cause_for_all_but_the_first) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937_64 random(seed);
    const MarketOptions options = random_options(random);
    std::vector<Step> steps(120);
    for (Step& step : steps) step = random_step(random, {});
    Heard heard;
    Bars bars({options.intervals, options.watermark}, heard);
    std::map<BarOracle::Key, std::uint32_t> next;
    for (const stream::Event& event : market_of(steps, options)) {
      stream::deliver(event, bars);
      std::set<BarOracle::Key> at_this_tick;
      for (const BarRevision& revision : heard.revisions) {
        const BarOracle::Key key{revision.instrument.value(), revision.interval, revision.start};
        ASSERT_TRUE(at_this_tick.insert(key).second) << "seed " << seed;
        ASSERT_EQ(revision.revision, next[key]++) << "seed " << seed;
        ASSERT_EQ(revision.cause == Cause::kNone, revision.revision == 0) << "seed " << seed;
        ASSERT_EQ(revision.state, BarState::kFinal) << "seed " << seed;
        ASSERT_FALSE(revision.partial.empty()) << "seed " << seed;
      }
      heard.revisions.clear();
    }
  }
}

// After a look, whoever looks on knows of every open window exactly the trades that came for it.
TEST(Bars, show_every_open_window_as_all_its_trades_added_up) {
  std::size_t shown = 0;
  for (unsigned seed = 0; seed < 150; ++seed) {
    std::mt19937_64 random(seed);
    const MarketOptions options = random_options(random);
    std::vector<Step> steps(120);
    for (Step& step : steps) step = random_step(random, {});
    Heard heard;
    Bars bars({options.intervals, options.watermark}, heard);
    const std::set<Duration> intervals(options.intervals.begin(), options.intervals.end());
    std::map<BarOracle::Key, BarRevision> wanted;  // open windows, from all their trades
    std::map<BarOracle::Key, std::string> known;   // what the looks have shown
    std::set<BarOracle::Key> closed;
    for (const stream::Event& event : market_of(steps, options)) {
      stream::deliver(event, bars);
      if (const Trade* trade = std::get_if<Trade>(&event)) {
        for (const Duration interval : intervals) {
          const EventTime start = stream::window_start(trade->ts_event, interval);
          const BarOracle::Key key{trade->instrument.value(), interval, start};
          const bool counts = trade->counts != Counts::kNone;
          if (trade->feeds_bars && counts) wanted[key].partial.add(*trade);
        }
      }
      for (const BarRevision& bar : heard.revisions) {
        closed.insert({bar.instrument.value(), bar.interval, bar.start});
      }
      heard.revisions.clear();
      if (random() % 4 != 0) continue;
      bars.look();
      for (const BarRevision& bar : heard.open) {
        const BarOracle::Key key{bar.instrument.value(), bar.interval, bar.start};
        ASSERT_EQ(bar.state, BarState::kProvisional);
        ASSERT_EQ(closed.count(key), 0U) << "seed " << seed;
        known[key] = columns_of(bar);
      }
      heard.open.clear();
      for (const auto& [key, bar] : wanted) {
        if (closed.count(key) != 0) continue;
        if (known.count(key) == 0) {
          // A trade that is behind goes to a window that has passed: its bar leaves at a tick.
          ASSERT_FALSE(std::holds_alternative<Tick>(event)) << "seed " << seed;
          continue;
        }
        ASSERT_EQ(known[key], columns_of(bar)) << "seed " << seed;
      }
    }
    shown += known.size();
  }
  EXPECT_GT(shown, 150U);
}

}  // namespace
}  // namespace tapeline::analytics
