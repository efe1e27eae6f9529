// SPDX-License-Identifier: Apache-2.0
// State files come from disk: whatever stands in one gives an Error, or an engine that works.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/thread_sanitizer.h"
#include "pipeline/random_records.h"
#include "pipeline/relay.h"

namespace tapeline::pipeline {
namespace {

using std::chrono::seconds;

EngineOptions hostile_options(unsigned shards = 1) {
  EngineOptions options;
  options.intervals = {seconds(1), seconds(5), seconds(60)};
  options.decode.lateness_from_epochs = true;
  options.shards = shards;
  return options;
}

// A journal in two halves, and the state between them.
struct Halves {
  std::vector<OwnedRecord> first;
  std::vector<OwnedRecord> second;
  std::string state;
};

Halves halves_of(std::uint64_t seed, std::size_t frames) {
  Halves halves;
  const auto records = random_journal({.seed = seed, .frames = frames});
  auto cut = records.begin() + static_cast<std::ptrdiff_t>(records.size() / 2);
  while (!cut->is_tick()) ++cut;
  halves.first.assign(records.begin(), cut + 1);
  halves.second.assign(cut + 1, records.end());
  Relay relay(hostile_options());
  relay.run(halves.first);
  halves.state = relay.saved();
  return halves;
}

// Whether it was taken; then it has read on, to the end.
bool is_taken(const std::string& state, const std::vector<OwnedRecord>& records, unsigned shards) {
  // A copy of its own size, so that nothing can be read behind it unseen.
  const std::vector<char> bytes(state.begin(), state.end());
  Engine engine(hostile_options(shards));
  ByteReader in({bytes.data(), bytes.size()});
  const auto done = engine.load(in);
  if (!done) {
    EXPECT_FALSE(done.error().text.empty());
    return false;
  }
  for (const OwnedRecord& record : records) {
    static_cast<void>(engine.read(record.record()).has_value());
    if (engine.is_at_tick()) engine.close_batch();
    while (auto batch = engine.take()) engine.recycle(std::move(batch));
  }
  ByteWriter out;
  EXPECT_EQ(engine.save(out).has_value(), engine.is_at_tick());
  return true;
}

// Of the bytes that are tried: each, or fewer of the same kinds where each takes long.
constexpr std::size_t kStep = kHasThreadSanitizer ? 7 : 1;

TEST(HostileState, that_ends_anywhere_is_refused) {
  const Halves halves = halves_of(1, 8);
  ASSERT_TRUE(is_taken(halves.state, halves.second, 2));
  for (std::size_t size = 0; size < halves.state.size(); size += kStep) {
    ASSERT_FALSE(is_taken(halves.state.substr(0, size), {}, 1)) << size;
  }
}

TEST(HostileState, with_any_byte_changed_is_refused_or_works) {
  const Halves halves = halves_of(2, 12);
  std::mt19937_64 random(2);
  std::size_t taken = 0;
  for (std::size_t at = 0; at < halves.state.size(); at += kStep) {
    std::string state = halves.state;
    state[at] = static_cast<char>(random());
    taken += is_taken(state, halves.second, 1) ? 1U : 0U;
  }
  EXPECT_GT(taken, 10U);  // otherwise no engine was tried
}

TEST(HostileState, with_several_bytes_changed_moved_or_lost_is_refused_or_works) {
  std::mt19937_64 random(3);
  for (unsigned seed = 0; seed < 8; ++seed) {
    const Halves halves = halves_of(10 + seed, 60);
    for (int round = 0; round < 40; ++round) {
      std::string state = halves.state;
      for (std::uint64_t edits = 1 + random() % 4; edits > 0; --edits) {
        const std::size_t at = random() % state.size();
        switch (random() % 4) {
          case 0:
            state.insert(at, 1, static_cast<char>(random()));
            break;
          case 1:
            state.erase(at, 1 + random() % 3);
            break;
          case 2:
            // What counts, small or large.
            state[at] = static_cast<char>(random() % 2 == 0 ? random() % 4 : 0xF0 + random() % 16);
            break;
          default:
            state[at] =
                static_cast<char>(static_cast<unsigned char>(state[at]) ^ (1U << random() % 8));
        }
        if (state.empty()) break;
      }
      static_cast<void>(is_taken(state, halves.second, 1 + static_cast<unsigned>(random() % 2)));
    }
  }
}

}  // namespace
}  // namespace tapeline::pipeline
