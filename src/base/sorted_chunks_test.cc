// SPDX-License-Identifier: Apache-2.0
#include "base/sorted_chunks.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace tapeline {
namespace {

struct Item {
  int key = 0;
  std::string value;
};

struct KeyOf {
  int operator()(const Item& item) const { return item.key; }
};

struct ValueBytes {
  std::size_t bytes = 0;

  void add(const Item& item) { bytes += item.value.size(); }
};

struct Itself {
  int operator()(int item) const { return item; }
};

// Chunks of four, so that a few operations split and empty them.
using Chunks = SortedChunks<Item, KeyOf, 4, ValueBytes>;
using Model = std::map<int, std::string>;

std::vector<int> keys_of(const Chunks& chunks) {
  std::vector<int> keys;
  for (auto c = chunks.begin(); c != chunks.end(); c = chunks.next(c))
    keys.push_back(chunks.at(c).key);
  return keys;
}

void expect_same(const Chunks& chunks, const Model& model) {
  RC_ASSERT(chunks.size() == model.size());
  RC_ASSERT(chunks.empty() == model.empty());
  auto c = chunks.begin();
  for (const auto& [key, value] : model) {
    RC_ASSERT(chunks.at(c).key == key);
    RC_ASSERT(chunks.at(c).value == value);
    c = chunks.next(c);
  }
  RC_ASSERT(c == chunks.end());
  for (auto entry = model.rbegin(); entry != model.rend(); ++entry) {
    c = chunks.previous(c);
    RC_ASSERT(chunks.at(c).key == entry->first);
  }
  if (model.empty()) return;
  RC_ASSERT(chunks.front().key == model.begin()->first);
  RC_ASSERT(chunks.back().key == model.rbegin()->first);
}

// Reads as what does not change the chunks reads, so that nothing but a change renews a summary.
void expect_summaries(const Chunks& chunks) {
  std::map<std::size_t, std::size_t> bytes;
  for (auto c = chunks.begin(); c != chunks.end(); c = chunks.next(c)) {
    bytes[c.chunk] += chunks.at(c).value.size();
  }
  for (const auto& [chunk, expected] : bytes) {
    const ValueBytes* summary = chunks.summary_of(chunk);
    RC_ASSERT((summary == nullptr) == (chunk + 1 == bytes.size()));
    if (summary != nullptr) RC_ASSERT(summary->bytes == expected);
  }
}

void look_up(Chunks& chunks, const Model& model, int key) {
  const auto expected = model.find(key);
  const Item* found = chunks.find(key);
  RC_ASSERT((found != nullptr) == (expected != model.end()));
  if (found != nullptr) RC_ASSERT(found->value == expected->second);
  const auto bound = model.lower_bound(key);
  const auto cursor = chunks.lower_bound(key);
  RC_ASSERT((cursor == chunks.end()) == (bound == model.end()));
  if (bound != model.end()) RC_ASSERT(chunks.at(cursor).key == bound->first);
}

RC_GTEST_PROP(SortedChunks, any_operations_agree_with_a_map, ()) {
  Chunks chunks;
  Model model;
  // Narrow keys meet again and again, wide ones spread over chunks.
  const int width = *rc::gen::element(8, 40, 400);
  const auto steps = *rc::gen::inRange(0, 300);
  for (int step = 0; step < steps; ++step) {
    const int key = *rc::gen::weightedOneOf<int>(
        {{3, rc::gen::inRange(0, width)},
         {2, rc::gen::just(model.empty() ? 0 : model.rbegin()->first + 1)}});
    const auto entry = model.find(key);
    if (entry == model.end()) {
      const std::string value(static_cast<std::size_t>(step % 40), 'v');
      RC_ASSERT(chunks.insert({key, value}).value == value);
      model[key] = value;
    } else if (*rc::gen::arbitrary<bool>()) {
      chunks.erase(chunks.lower_bound(key));
      model.erase(entry);
    } else if (key == model.rbegin()->first) {
      chunks.back().value += "+";
      entry->second += "+";
    } else {
      chunks.find(key)->value += "+";
      entry->second += "+";
    }
    expect_summaries(chunks);
    look_up(chunks, model, *rc::gen::inRange(-1, width + 1));
    expect_same(chunks, model);
  }
}

TEST(SortedChunks, empty_one_finds_nothing) {
  Chunks chunks;
  EXPECT_TRUE(chunks.empty());
  EXPECT_EQ(chunks.begin(), chunks.end());
  EXPECT_EQ(chunks.lower_bound(1), chunks.end());
  EXPECT_EQ(chunks.find(1), nullptr);
}

TEST(SortedChunks, insertion_gives_the_element_where_it_now_is) {
  Chunks chunks;
  for (const int key : {10, 20, 30, 40}) chunks.insert({key, ""});
  // The chunk is full: each of these splits it or falls beside the split.
  for (const int key : {25, 5, 35, 15, 45, 26, 24}) {
    Item& item = chunks.insert({key, "here"});
    EXPECT_EQ(item.key, key);
    EXPECT_EQ(&item, chunks.find(key));
  }
  EXPECT_EQ(keys_of(chunks), (std::vector<int>{5, 10, 15, 20, 24, 25, 26, 30, 35, 40, 45}));
}

// Trades whose last few swap places are the rule where a venue has many machines.
TEST(SortedChunks, what_comes_nearly_in_order_leaves_its_chunks_nearly_full) {
  SortedChunks<int, Itself> chunks;
  constexpr int kItems = 64'000;
  for (int i = 0; i < kItems; i += 5) {
    for (const int swapped : {2, 1, 4, 0, 3}) chunks.insert(i + swapped);
  }
  const std::size_t used = chunks.previous(chunks.end()).chunk + 1;
  EXPECT_LE(used, kItems / 64 * 11 / 10);
}

TEST(SortedChunks, is_usable_after_it_was_emptied) {
  Chunks chunks;
  for (int key = 0; key < 20; ++key) chunks.insert({key, ""});
  while (!chunks.empty()) chunks.erase(chunks.begin());
  EXPECT_EQ(chunks.begin(), chunks.end());
  chunks.insert({7, ""});
  EXPECT_EQ(keys_of(chunks), std::vector<int>{7});
}

TEST(SortedChunks, partition_point_is_where_a_predicate_turns) {
  Chunks chunks;
  for (int key = 0; key < 30; key += 3) chunks.insert({key, ""});
  for (int limit = -1; limit < 31; ++limit) {
    const auto c = chunks.partition_point([&](const Item& item) { return item.key < limit; });
    const int expected = limit <= 0 ? 0 : (limit + 2) / 3 * 3;
    if (expected > 27) {
      EXPECT_EQ(c, chunks.end());
    } else {
      EXPECT_EQ(chunks.at(c).key, expected);
    }
  }
}

TEST(SortedChunksDeathTest, key_that_is_there_already_stops_the_process) {
  Chunks chunks;
  chunks.insert({1, ""});
  chunks.insert({2, ""});
  EXPECT_DEATH(chunks.insert({1, ""}), "keys are unique");
}

TEST(SortedChunksDeathTest, nothing_comes_before_the_first) {
  Chunks chunks;
  chunks.insert({1, ""});
  EXPECT_DEATH(static_cast<void>(chunks.previous(chunks.begin())), "before the first");
}

}  // namespace
}  // namespace tapeline
