// SPDX-License-Identifier: Apache-2.0
#include "feed/record_ring.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <string>
#include <thread>

#include "base/address_sanitizer.h"
#include "base/thread_sanitizer.h"

namespace tapeline::feed {
namespace {

using journal::Record;
using journal::RecordType;

// The n-th record of a story: its bytes say which it is.
struct Told {
  RecordType type = RecordType::kFrame;
  std::uint32_t connection = 0;
  std::int64_t ts_recv = 0;
  std::string bytes;

  friend bool operator==(const Told&, const Told&) = default;
};

Told nth(std::uint64_t n, std::size_t bytes) {
  return {static_cast<RecordType>(n % journal::kRecordTypes), static_cast<std::uint32_t>(n % 5),
          1'000 + static_cast<std::int64_t>(n),
          std::string(bytes, static_cast<char>('a' + n % 26))};
}

Record record_of(const Told& told) {
  Record record;
  record.type = told.type;
  record.connection = ConnectionId(told.connection);
  record.ts_recv = RecvTime(told.ts_recv);
  record.bytes = told.bytes;
  return record;
}

Told told_of(const Record& record) {
  return {record.type, record.connection.value(), record.ts_recv.unix_ns(),
          std::string(record.bytes)};
}

bool offer(RecordRing& ring, const Told& told) {
  return ring.offer(record_of(told)) == Offer::kTaken;
}

TEST(RecordRing, gives_back_what_it_took_in_order) {
  RecordRing ring(1'000);
  Record out;
  EXPECT_FALSE(ring.front(out));
  for (std::uint64_t n = 0; n < 5; ++n) EXPECT_TRUE(offer(ring, nth(n, n * 7)));
  for (std::uint64_t n = 0; n < 5; ++n) {
    ASSERT_TRUE(ring.front(out));
    EXPECT_EQ(told_of(out), nth(n, n * 7));
    ring.pop();
  }
  EXPECT_FALSE(ring.front(out));
}

TEST(RecordRing, declines_when_it_is_full_and_loses_nothing) {
  RecordRing ring(200);
  std::uint64_t taken = 0;
  while (offer(ring, nth(taken, 20))) ++taken;
  EXPECT_EQ(taken, 4U) << "48 bytes each";
  EXPECT_FALSE(offer(ring, nth(99, 20)));
  Record out;
  ASSERT_TRUE(ring.front(out));
  ring.pop();
  EXPECT_TRUE(offer(ring, nth(taken, 20)));
  for (std::uint64_t n = 1; n <= taken; ++n) {
    ASSERT_TRUE(ring.front(out));
    EXPECT_EQ(told_of(out), nth(n, 20));
    ring.pop();
  }
}

TEST(RecordRing, takes_a_record_as_large_as_itself_wherever_the_last_one_ended) {
  for (std::size_t before = 0; before < 200; ++before) {
    RecordRing ring(200);
    const Told largest = nth(1, ring.record_bytes_max());
    Record out;
    if (before <= ring.record_bytes_max()) {
      ASSERT_TRUE(offer(ring, nth(0, before)));
      ASSERT_TRUE(ring.front(out));
      ring.pop();
    }
    // What is left before the end has to be passed by the consumer first.
    bool is_taken = offer(ring, largest);
    if (!is_taken) {
      ASSERT_FALSE(ring.front(out));
      is_taken = offer(ring, largest);
    }
    ASSERT_TRUE(is_taken) << before;
    ASSERT_TRUE(ring.front(out));
    EXPECT_EQ(told_of(out), largest);
  }
}

// What is seldom behind uses the same memory again and again.
TEST(RecordRing, one_that_is_mostly_empty_stays_at_its_beginning) {
  RecordRing ring(std::size_t{8} << 20);
  const char* lowest = nullptr;
  std::ptrdiff_t farthest = 0;
  Record out;
  for (std::uint64_t n = 0; n < 20'000; ++n) {
    ASSERT_TRUE(offer(ring, nth(n, 1'000)));
    ASSERT_TRUE(ring.front(out));
    ASSERT_EQ(told_of(out), nth(n, 1'000));
    if (lowest == nullptr) lowest = out.bytes.data();
    farthest = std::max(farthest, out.bytes.data() - lowest);
    ring.pop();
  }
  EXPECT_LT(farthest, 300'000);
  EXPECT_GT(farthest, 200'000);
}

TEST(RecordRing, says_whether_records_are_wanted) {
  RecordRing ring(100);
  EXPECT_TRUE(ring.is_open());
  ring.set_open(false);
  EXPECT_FALSE(ring.is_open());
}

RC_GTEST_PROP(RecordRing, is_a_bounded_queue, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(32, 2'000);
  RecordRing ring(size);
  std::deque<Told> model;
  std::uint64_t n = 0;
  const auto actions = *rc::gen::container<std::vector<std::uint32_t>>(
      300, rc::gen::inRange<std::uint32_t>(0, 1'000));
  for (const std::uint32_t action : actions) {
    if (action % 5 < 3) {
      const Told told = nth(n, action % (ring.record_bytes_max() + 1));
      bool is_taken = offer(ring, told);
      if (!is_taken && model.empty()) {
        // Once the consumer has looked, an empty ring takes everything.
        Record none;
        RC_ASSERT(!ring.front(none));
        is_taken = offer(ring, told);
        RC_ASSERT(is_taken);
      }
      if (is_taken) model.push_back(told);
      n += is_taken ? 1 : 0;
      continue;
    }
    Record out;
    RC_ASSERT(ring.front(out) == !model.empty());
    if (model.empty()) continue;
    RC_ASSERT(told_of(out) == model.front());
    ring.pop();
    model.pop_front();
  }
}

std::size_t resident_bytes() {
  std::size_t mapped = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/self/statm") >> mapped >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST(RecordRing, that_was_far_behind_gives_the_memory_back_once_it_is_not) {
  constexpr std::size_t kBytes = std::size_t{64} << 20;
  constexpr std::uint64_t kRecords = 32;
  constexpr std::size_t kEach = std::size_t{1} << 20;
  RecordRing ring(kBytes);
  for (int flood = 0; flood < 2; ++flood) {
    for (std::uint64_t n = 0; n < kRecords; ++n) ASSERT_TRUE(offer(ring, nth(n, kEach)));
    const std::size_t behind = resident_bytes();
    Record out;
    for (std::uint64_t n = 0; n < kRecords; ++n) {
      ASSERT_TRUE(ring.front(out));
      ASSERT_EQ(told_of(out), nth(n, kEach));
      ring.pop();
    }
    for (std::uint64_t n = 0; n < 3; ++n) {
      ASSERT_TRUE(offer(ring, nth(n, 300)));
      ASSERT_TRUE(ring.front(out));
      EXPECT_EQ(told_of(out), nth(n, 300)) << "what is there is there";
      ring.pop();
    }
    // AddressSanitizer keeps what the records beside it were freed of.
    if (has_address_sanitizer()) continue;
    EXPECT_LT(resident_bytes() + kRecords / 2 * kEach, behind);
  }
}

TEST(RecordRing, carries_a_story_from_thread_to_thread) {
  constexpr std::uint64_t kRecords = kHasThreadSanitizer ? 20'000 : 100'000;
  const auto bytes_of = [](std::uint64_t n) { return n * 31 % 300; };
  RecordRing ring(4'096);
  std::jthread producer([&] {
    for (std::uint64_t n = 0; n < kRecords; ++n) {
      while (!offer(ring, nth(n, bytes_of(n)))) std::this_thread::yield();
    }
  });
  Record out;
  std::uint64_t wrong = 0;
  for (std::uint64_t n = 0; n < kRecords; ++n) {
    while (!ring.front(out)) std::this_thread::yield();
    if (told_of(out) != nth(n, bytes_of(n))) ++wrong;
    ring.pop();
  }
  EXPECT_EQ(wrong, 0U);
}

}  // namespace
}  // namespace tapeline::feed
