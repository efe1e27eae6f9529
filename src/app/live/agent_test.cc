// SPDX-License-Identifier: Apache-2.0
#include "app/live/agent.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>

#include "base/clock.h"

namespace tapeline::app::live {
namespace {

using namespace std::chrono_literals;

// Longer than any of these tests waits for what comes at once.
constexpr auto kLong = std::chrono::hours(1);
constexpr auto kPatience = 20s;

template <typename Holds>
bool wait_until(Holds holds) {
  const SystemClock clock;
  const std::int64_t since_ns = clock.monotonic_ns();
  while (!holds()) {
    if (Duration(clock.monotonic_ns() - since_ns) > kPatience) return false;
    std::this_thread::yield();
  }
  return true;
}

TEST(Bell, a_ring_ends_a_rest) {
  Bell bell;
  const std::uint64_t heard = bell.rings();
  std::thread other([&] {
    std::this_thread::yield();
    bell.ring();
  });
  bell.rest(heard, kLong);
  other.join();
  EXPECT_EQ(bell.rings(), heard + 1);
}

TEST(Bell, a_ring_before_the_rest_is_not_lost) {
  Bell bell;
  const std::uint64_t heard = bell.rings();
  bell.ring();
  bell.rest(heard, kLong);
}

TEST(Bell, nobody_rests_longer_than_agreed) {
  Bell bell;
  const SystemClock clock;
  const std::int64_t since_ns = clock.monotonic_ns();
  bell.rest(bell.rings(), 20ms);
  EXPECT_GE(Duration(clock.monotonic_ns() - since_ns), 20ms);
}

// Two threads that bring each other work by turns never wait for the end of a rest.
TEST(Bell, no_ring_is_lost_between_two_threads) {
  constexpr std::uint64_t kTurns = 20'000;
  Bell ping;
  Bell pong;
  std::thread other([&] {
    for (std::uint64_t turn = 0; turn < kTurns; ++turn) {
      ping.rest(turn, kLong);
      pong.ring();
    }
  });
  for (std::uint64_t turn = 0; turn < kTurns; ++turn) {
    ping.ring();
    pong.rest(turn, kLong);
  }
  other.join();
  EXPECT_EQ(pong.rings(), kTurns);
}

TEST(Agent, works_when_it_is_rung_for) {
  const auto bell = std::make_shared<Bell>();
  std::atomic<int> turns{0};
  const Agent agent(
      "test", {.first = kLong, .last = kLong},
      [&] {
        ++turns;
        return std::size_t{0};
      },
      bell);
  ASSERT_TRUE(wait_until([&] { return turns == 1; }));
  bell->ring();
  ASSERT_TRUE(wait_until([&] { return turns == 2; }));
}

TEST(Agent, goes_on_at_once_after_a_great_turn) {
  std::atomic<int> turns{0};
  const Agent agent("test", {.first = kLong, .last = kLong, .much = 5},
                    [&] { return ++turns < 100 ? std::size_t{5} : std::size_t{0}; });
  ASSERT_TRUE(wait_until([&] { return turns == 100; }));
}

// By the clock, so only that it is not shorter.
TEST(Agent, rests_longer_the_more_it_did) {
  constexpr Duration kFirst = std::chrono::milliseconds(5);
  const SystemClock clock;
  for (const auto& [did, times] : {std::pair<std::size_t, int>{1, 1}, {20, 5}, {1'000, 10}}) {
    std::atomic<int> turns{0};
    const std::int64_t began_ns = clock.monotonic_ns();
    const Agent agent("test", {.first = kFirst, .last = kLong, .much = 2'000},
                      [&, did = did] { return ++turns < 3 ? did : std::size_t{0}; });
    ASSERT_TRUE(wait_until([&] { return turns == 3; }));
    EXPECT_GE(Duration(clock.monotonic_ns() - began_ns), 2 * times * kFirst);
  }
}

TEST(Agent, does_not_rest_where_its_work_waits) {
  std::atomic<int> turns{0};
  const Agent agent("test", {.first = {}, .last = kLong}, [&] {
    ++turns;
    std::this_thread::yield();
    return std::size_t{0};
  });
  ASSERT_TRUE(wait_until([&] { return turns > 3; }));
}

TEST(Agent, stops_while_it_rests) {
  std::atomic<int> turns{0};
  Agent agent("test", {.first = kLong, .last = kLong}, [&] {
    ++turns;
    return std::size_t{0};
  });
  ASSERT_TRUE(wait_until([&] { return turns == 1; }));
  EXPECT_FALSE(agent.is_stopped());
  agent.ask_to_stop();
  ASSERT_TRUE(wait_until([&] { return agent.is_stopped(); }));
}

}  // namespace
}  // namespace tapeline::app::live
