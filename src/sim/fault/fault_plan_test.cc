// SPDX-License-Identifier: Apache-2.0
#include "sim/fault/fault_plan.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace tapeline::sim {
namespace {

constexpr EventTime kOpened{1'700'000'000'000'000'000};
using std::chrono::seconds;

FaultPlan plan_of(const std::string& spec, std::uint64_t seed) {
  return {parse_faults(spec).value(), seed, kOpened, kOpened};
}

TEST(FaultPlan, each_fate_comes_as_often_as_its_chance_says) {
  FaultPlan plan = plan_of("lose=10%,dup=20%,swap=5%,bad_frame=5%,delay=1s:15%,slow=1s:5%", 1);
  std::map<Fate, int> met;
  for (int i = 0; i < 100'000; ++i) ++met[plan.next_fate()];
  EXPECT_NEAR(met[Fate::kLose], 10'000, 500);
  EXPECT_NEAR(met[Fate::kDup], 20'000, 500);
  EXPECT_NEAR(met[Fate::kSwap], 5'000, 500);
  EXPECT_NEAR(met[Fate::kBadFrame], 5'000, 500);
  EXPECT_NEAR(met[Fate::kDelay], 15'000, 500);
  EXPECT_NEAR(met[Fate::kSlow], 5'000, 500);
  EXPECT_NEAR(met[Fate::kSend], 40'000, 500);
}

TEST(FaultPlan, the_same_seed_gives_the_same_fates) {
  FaultPlan one = plan_of("storm", 5);
  FaultPlan same = plan_of("storm", 5);
  EXPECT_EQ(one.drop_at(), same.drop_at());
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(one.next_fate(), same.next_fate());
}

TEST(FaultPlan, a_connection_is_cut_or_silent_around_the_average_and_never_both) {
  std::set<EventTime> times;
  int drops = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const FaultPlan plan = plan_of("drop=10s,halfopen=10s", seed);
    const bool is_drop = plan.drop_at() != kEventTimeMax;
    ASSERT_NE(is_drop, plan.silent_at() != kEventTimeMax);
    const EventTime at = is_drop ? plan.drop_at() : plan.silent_at();
    EXPECT_GT(at, kOpened);
    EXPECT_LE(at, kOpened + seconds(20));
    times.insert(at);
    drops += is_drop ? 1 : 0;
  }
  EXPECT_GT(times.size(), 190U);
  EXPECT_NEAR(drops, 100, 30);
  EXPECT_EQ(plan_of("off", 1).drop_at(), kEventTimeMax);
  EXPECT_EQ(plan_of("off", 1).silent_at(), kEventTimeMax);
}

TEST(FaultPlan, a_new_spec_counts_from_its_own_time) {
  FaultPlan plan = plan_of("off", 3);
  plan.change(parse_faults("drop=10s").value(), kOpened + seconds(100));
  EXPECT_GT(plan.drop_at(), kOpened + seconds(100));
  plan.change(FaultSpec{}, kOpened + seconds(101));
  EXPECT_EQ(plan.drop_at(), kEventTimeMax);
}

TEST(FaultPlan, a_time_is_for_every_connection_that_is_open_then) {
  const auto drop_at = [](Duration opened) {
    return FaultPlan(parse_faults("drop@30s").value(), 1, kOpened + opened, kOpened).drop_at();
  };
  EXPECT_EQ(drop_at(seconds(0)), kOpened + seconds(30));
  EXPECT_EQ(drop_at(seconds(29)), kOpened + seconds(30));
  EXPECT_EQ(drop_at(seconds(31)), kEventTimeMax);
  // Whichever comes first.
  FaultPlan plan = plan_of("drop=10s,halfopen@1ms", 2);
  EXPECT_EQ(plan.drop_at(), kEventTimeMax);
  EXPECT_EQ(plan.silent_at(), kOpened + std::chrono::milliseconds(1));
}

TEST(FaultPlan, a_channel_that_spoke_again_falls_silent_again) {
  FaultPlan plan = plan_of("silent_channel=10s", 6);
  const EventTime first = plan.channel_silent_at();
  EXPECT_GT(first, kOpened);
  EXPECT_LE(first, kOpened + seconds(20));
  plan.rouse_channel(first + seconds(5));
  EXPECT_GT(plan.channel_silent_at(), first + seconds(5));
  EXPECT_LE(plan.channel_silent_at(), first + seconds(25));
  FaultPlan once = plan_of("silent_channel@10s", 6);
  EXPECT_EQ(once.channel_silent_at(), kOpened + seconds(10));
  once.rouse_channel(kOpened + seconds(9));
  EXPECT_EQ(once.channel_silent_at(), kOpened + seconds(10));
  once.rouse_channel(kOpened + seconds(11));
  EXPECT_EQ(once.channel_silent_at(), kEventTimeMax);
}

TEST(FaultPlan, frames_are_late_up_to_the_bound_and_each_by_its_own_time) {
  FaultPlan plan = plan_of("reorder=50ms", 7);
  std::set<Duration> met;
  for (int i = 0; i < 1000; ++i) met.insert(plan.next_lateness());
  EXPECT_GT(met.size(), 900U);
  EXPECT_GE(*met.begin(), Duration());
  EXPECT_LE(*met.rbegin(), std::chrono::milliseconds(50));
  EXPECT_EQ(plan_of("off", 7).next_lateness(), Duration());
}

TEST(FaultPlan, a_spoilt_frame_is_never_the_frame) {
  FaultPlan plan = plan_of("bad_frame=100%", 4);
  const std::string frame = R"({"type":"match","trade_id":7})";
  std::set<std::string> forms;
  for (int i = 0; i < 200; ++i) forms.insert(plan.spoil(frame));
  EXPECT_FALSE(forms.contains(frame));
  EXPECT_FALSE(forms.contains(""));
  EXPECT_GT(forms.size(), 10U);
}

}  // namespace
}  // namespace tapeline::sim
