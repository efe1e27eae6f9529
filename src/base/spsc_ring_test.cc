// SPDX-License-Identifier: Apache-2.0
#include "base/spsc_ring.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <thread>

#include "base/thread_sanitizer.h"

namespace tapeline {
namespace {

TEST(SpscRing, empty_ring_has_no_front) {
  SpscRing<int> ring(4);
  EXPECT_EQ(ring.front(), nullptr);
}

TEST(SpscRing, capacity_is_rounded_up_to_a_power_of_two) {
  EXPECT_EQ(SpscRing<int>(1).capacity(), 1U);
  EXPECT_EQ(SpscRing<int>(5).capacity(), 8U);
  EXPECT_EQ(SpscRing<int>(8).capacity(), 8U);
}

TEST(SpscRing, full_ring_declines_and_keeps_what_it_has) {
  SpscRing<int> ring(2);
  EXPECT_EQ(ring.offer(1), Offer::kTaken);
  EXPECT_EQ(ring.offer(2), Offer::kTaken);
  EXPECT_EQ(ring.offer(3), Offer::kFull);
  bool filled = false;
  EXPECT_EQ(ring.try_emplace([&](int&) { filled = true; }), Offer::kFull);
  EXPECT_FALSE(filled) << "nothing is written without a free slot";
  EXPECT_EQ(*ring.front(), 1);
  ring.pop();
  EXPECT_EQ(ring.offer(3), Offer::kTaken);
  EXPECT_EQ(*ring.front(), 2);
  ring.pop();
  EXPECT_EQ(*ring.front(), 3);
  ring.pop();
  EXPECT_EQ(ring.front(), nullptr);
}

TEST(SpscRing, front_stays_until_pop) {
  SpscRing<std::string> ring(2);
  EXPECT_EQ(ring.offer("a"), Offer::kTaken);
  EXPECT_EQ(ring.front(), ring.front());
  *ring.front() += "b";
  EXPECT_EQ(*ring.front(), "ab") << "read and changed in place";
}

RC_GTEST_PROP(SpscRing, any_operations_agree_with_a_queue, ()) {
  SpscRing<int> ring(*rc::gen::element<std::size_t>(1, 2, 4, 8));
  std::deque<int> model;
  const auto steps = *rc::gen::container<std::vector<bool>>(rc::gen::arbitrary<bool>());
  int next = 0;
  for (const bool offers : steps) {
    if (offers) {
      const bool fits = model.size() < ring.capacity();
      RC_ASSERT(ring.offer(next) == (fits ? Offer::kTaken : Offer::kFull));
      if (fits) model.push_back(next);
      ++next;
    } else {
      const int* front = ring.front();
      RC_ASSERT((front == nullptr) == model.empty());
      if (front == nullptr) continue;
      RC_ASSERT(*front == model.front());
      ring.pop();
      model.pop_front();
    }
  }
}

// Large enough that a slot which is read while it is written does not pass unseen.
struct Event {
  std::array<std::uint64_t, 9> words{};
};

TEST(SpscRing, two_threads_pass_everything_once_and_in_order) {
  constexpr std::uint64_t count = kHasThreadSanitizer ? 20'000 : 200'000;
  for (const std::size_t capacity : {std::size_t{1}, std::size_t{2}, std::size_t{64}}) {
    SpscRing<Event> ring(capacity);
    std::thread producer([&ring] {
      for (std::uint64_t i = 0; i < count;) {
        const Offer offer = ring.try_emplace([i](Event& slot) { slot.words.fill(i); });
        if (offer == Offer::kTaken) {
          ++i;
        } else {
          std::this_thread::yield();
        }
      }
    });
    std::uint64_t wrong = 0;
    for (std::uint64_t i = 0; i < count;) {
      const Event* event = ring.front();
      if (event == nullptr) {
        std::this_thread::yield();
        continue;
      }
      for (const std::uint64_t word : event->words) wrong += word == i ? 0 : 1;
      ring.pop();
      ++i;
    }
    producer.join();
    EXPECT_EQ(wrong, 0U) << capacity;
    EXPECT_EQ(ring.front(), nullptr);
  }
}

TEST(SpscRingDeathTest, ring_without_room_is_a_bug) {
  EXPECT_DEATH(SpscRing<int>(0), "at least one element");
}

}  // namespace
}  // namespace tapeline
