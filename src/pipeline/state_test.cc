// SPDX-License-Identifier: Apache-2.0
// A run that is stopped at any tick, saved, and loaded in another process with another number of
// shards goes on as if nothing had been.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "pipeline/random_records.h"
#include "pipeline/relay.h"

namespace tapeline::pipeline {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

EngineOptions some_options(std::mt19937_64& random) {
  static const std::vector<std::vector<Duration>> kIntervals{
      {seconds(1)},
      {seconds(1), seconds(5), seconds(60)},
      {seconds(7), seconds(5), seconds(35)},
      {milliseconds(100), seconds(86'400)},
  };
  EngineOptions options;
  options.intervals = kIntervals[random() % kIntervals.size()];
  options.decode.watermark.disorder = milliseconds(random() % 4'000);
  options.decode.watermark.idle_timeout = seconds(1 + random() % 8);
  options.decode.lateness_from_epochs = random() % 4 != 0;
  if (!options.decode.lateness_from_epochs) options.decode.lateness = seconds(random() % 20);
  if (random() % 4 == 0) options.decode.instruments = {"coinbase:*", "*:ETH*"};
  options.shards = 1 + static_cast<unsigned>(random() % 4);
  return options;
}

TEST(State, handed_over_at_every_tick_changes_no_row) {
  std::size_t handovers = 0;
  std::string all;
  for (unsigned seed = 0; seed < 12; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const EngineOptions options = some_options(random);
    const auto records = random_journal(
        {.seed = seed, .frames = 50 + random() % 300, .is_inferred = random() % 3 == 0});
    Relay straight(options);
    straight.run(records);
    Relay relay(options);
    relay.run(records, [&](std::size_t) { return 1 + static_cast<unsigned>(random() % 5); });
    ASSERT_TRUE(relay.text() == straight.text());
    ASSERT_EQ(relay.counters(), straight.counters());
    handovers += relay.handovers();
    all += straight.text();
  }
  // Otherwise nothing was tested.
  EXPECT_GT(handovers, 400U);
  for (const char* word : {"late_trade", "gap", "confirmed", "agg_trades", "unknown", "complete",
                           "fills_overlap", "line_too_long", "id-"}) {
    EXPECT_NE(all.find(word), std::string::npos) << word;
  }
}

// Each time from the run that was never handed over: what one load got wrong, the next could mend.
TEST(State, handed_over_once_at_any_tick_changes_no_row) {
  for (unsigned seed = 100; seed < 102; ++seed) {
    std::mt19937_64 random(seed);
    const EngineOptions options = some_options(random);
    const auto records = random_journal({.seed = seed, .frames = 120});
    Relay straight(options);
    straight.run(records);
    const auto ticks = static_cast<std::size_t>(
        std::count_if(records.begin(), records.end(), [](const auto& r) { return r.is_tick(); }));
    for (std::size_t at = 0; at < ticks; ++at) {
      Relay relay(options);
      const unsigned shards = 1 + static_cast<unsigned>(random() % 3);
      relay.run(records, [&](std::size_t tick) { return tick == at ? shards : 0U; });
      ASSERT_EQ(relay.handovers(), 1U);
      ASSERT_TRUE(relay.text() == straight.text()) << "seed " << seed << ", tick " << at;
    }
  }
}

// Whoever stores a batch gives it back for its memory: of a flood that is too much to keep.
TEST(State, batches_that_were_large_do_not_stay_so) {
  constexpr std::size_t kFlood = 100'000;
  Engine engine(EngineOptions{.intervals = {std::chrono::minutes(1)}});
  std::size_t batches = 0;
  for (const OwnedRecord& record : random_journal({.seed = 1, .frames = 200})) {
    ASSERT_TRUE(engine.read(record.record()));
    if (!engine.is_at_tick()) continue;
    engine.close_batch();
    while (engine.has_closed()) {
      auto batch = engine.take();
      if (batch == nullptr) continue;
      EXPECT_LT(batch->rows.trades.capacity(), kFlood) << ++batches;
      batch->rows.trades.reserve(kFlood);
      engine.recycle(std::move(batch));
    }
  }
  EXPECT_EQ(batches, 0U);
}

TEST(State, saved_again_is_the_same_bytes) {
  for (unsigned seed = 200; seed < 204; ++seed) {
    std::mt19937_64 random(seed);
    EngineOptions options = some_options(random);
    options.shards = 1;
    const auto records = random_journal({.seed = seed, .frames = 300});
    Relay straight(options);
    straight.run(records);
    Relay relay(options);
    relay.run(records, [](std::size_t) { return 1U; });
    ASSERT_TRUE(relay.saved() == straight.saved()) << seed;
  }
}

Result<void> load(const EngineOptions& options, const std::string& state) {
  Engine engine(options);
  ByteReader in(state);
  return engine.load(in);
}

std::string error_of(const EngineOptions& options, const std::string& state) {
  const auto done = load(options, state);
  return done ? "" : done.error().text;
}

TEST(State, of_other_options_is_refused_and_the_option_named) {
  EngineOptions options;
  options.intervals = {seconds(60), seconds(1), seconds(60)};
  options.decode.instruments = {"coinbase:*"};
  options.decode.lateness = seconds(30);
  Relay relay(options);
  relay.run(random_journal({.seed = 1, .frames = 50}));
  const std::string state = relay.saved();
  EXPECT_EQ(error_of(options, state), "");
  options.shards = 3;
  options.intervals = {seconds(1), seconds(60)};  // the same ones
  EXPECT_EQ(error_of(options, state), "");

  EngineOptions other = options;
  other.intervals = {seconds(1)};
  EXPECT_EQ(error_of(other, state),
            "the state was saved with intervals \"1s 1m\", which is \"1s\" now");
  EXPECT_EQ(load(other, state).error().fault, Fault::kCaller);
  other = options;
  other.decode.watermark.disorder = seconds(3);
  EXPECT_EQ(error_of(other, state),
            "the state was saved with disorder \"2s\", which is \"3s\" now");
  other = options;
  other.decode.watermark.idle_timeout = seconds(1);
  EXPECT_EQ(error_of(other, state),
            "the state was saved with idle_timeout \"10s\", which is \"1s\" now");
  other = options;
  other.decode.lateness = std::nullopt;
  EXPECT_EQ(error_of(other, state),
            "the state was saved with lateness \"30s\", which is \"unlimited\" now");
  other.decode.lateness_from_epochs = true;
  EXPECT_EQ(error_of(other, state),
            "the state was saved with lateness \"30s\", which is \"from the journal\" now");
  other = options;
  other.decode.conditions.of(Condition::kOddLot) = Counts::kAll;
  EXPECT_EQ(load(other, state).error().fault, Fault::kCaller);
  EXPECT_NE(error_of(other, state)
                .find("conditions \"regular=all,intermarket_sweep=all,"
                      "odd_lot=volume,"),
            std::string::npos);
  other = options;
  other.decode.instruments = {};
  EXPECT_EQ(error_of(other, state),
            "the state was saved with instruments \"coinbase:*\", which is \"\" now");
}

TEST(State, of_another_version_or_of_none_is_refused) {
  EngineOptions options;
  options.intervals = {seconds(1)};
  Relay relay(options);
  relay.run(random_journal({.seed = 1, .frames = 10}));
  std::string state = relay.saved();
  EXPECT_EQ(error_of(options, state + "x"), "state: there is more than a state");
  EXPECT_EQ(error_of(options, ""), "this is no state of tapeline");
  constexpr std::size_t kVersionAt = 15;  // behind "tapeline state" and its length
  ++state[kVersionAt];
  EXPECT_EQ(error_of(options, state), "the state is of version 4, and this program reads 3");
}

// A snapshot may be taken again before another record is read.
TEST(State, knows_the_record_that_it_is_of) {
  EngineOptions options;
  options.intervals = {seconds(1)};
  Engine engine(options);
  const auto records = random_journal({.seed = 1, .frames = 50});
  ByteWriter out;
  for (const auto& record : records) {
    ASSERT_TRUE(engine.read(record.record()));
    if (!engine.is_at_tick()) continue;
    engine.close_batch();
    while (engine.take() != nullptr) {
    }
    if (engine.position().ordinal > 20) break;
  }
  ASSERT_TRUE(engine.is_at_tick());
  ASSERT_TRUE(engine.save(out));
  std::string state;
  for (const std::string_view part : out.parts()) state += part;
  Engine other(options);
  ByteReader in(state);
  ASSERT_TRUE(other.load(in));
  EXPECT_EQ(other.last_record(), engine.last_record());
  EXPECT_NE(other.last_record().ts_recv, RecvTime());
}

TEST(State, is_saved_only_at_a_tick) {
  EngineOptions options;
  options.intervals = {seconds(1)};
  Engine engine(options);
  ByteWriter out;
  EXPECT_FALSE(engine.save(out).has_value());
  const auto records = random_journal({.seed = 1, .frames = 10});
  ASSERT_TRUE(engine.read(records.front().record()).has_value());
  EXPECT_FALSE(engine.save(out).has_value());
}

// The store's names are the new process's own: the first batch brings all of them.
TEST(State, names_every_instrument_again_to_whoever_takes_the_rows) {
  EngineOptions options;
  options.intervals = {seconds(1)};
  const auto records = random_journal({.seed = 3, .frames = 100});
  Relay relay(options);
  relay.run(records);
  const std::string state = relay.saved();
  Engine engine(options);
  ByteReader in(state);
  ASSERT_TRUE(engine.load(in).has_value());
  EXPECT_EQ(engine.position(), records.back().record().position);
  engine.close_batch();
  const auto batch = engine.take();
  ASSERT_NE(batch, nullptr);
  EXPECT_GE(batch->new_names.size(), 6U);
  EXPECT_EQ(batch->new_names.size(), engine.decoder().instruments().all().size());
}

}  // namespace
}  // namespace tapeline::pipeline
