// SPDX-License-Identifier: Apache-2.0
#include "sim/fault/fault_spec.h"

#include <gtest/gtest.h>

#include <string>

namespace tapeline::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

FaultSpec spec_of(const std::string& text) {
  const auto spec = parse_faults(text);
  EXPECT_TRUE(spec) << text << ": " << (spec ? "" : spec.error().text);
  return spec.value_or(FaultSpec{});
}

std::string mistake_of(const std::string& text) {
  const auto spec = parse_faults(text);
  return spec ? "" : spec.error().text;
}

TEST(FaultSpec, a_list_names_chances_and_durations) {
  const FaultSpec spec = spec_of(
      "lose=0.1%,dup=0.2%,swap=1%,bad_frame=0.0000001%,delay=200ms:25%,slow=1s:50%,"
      "drop=20s,halfopen=1m,rest=100%");
  EXPECT_EQ(spec.lose.billionths, 1'000'000U);
  EXPECT_EQ(spec.dup.billionths, 2'000'000U);
  EXPECT_EQ(spec.swap.billionths, 10'000'000U);
  EXPECT_EQ(spec.bad_frame.billionths, 1U);
  EXPECT_EQ(spec.delay.billionths, 250'000'000U);
  EXPECT_EQ(spec.delay_by, milliseconds(200));
  EXPECT_EQ(spec.slow.billionths, 500'000'000U);
  EXPECT_EQ(spec.slow_for, seconds(1));
  EXPECT_EQ(spec.drop_after, seconds(20));
  EXPECT_EQ(spec.half_open_after, seconds(60));
  EXPECT_EQ(spec.rest.billionths, Chance::kWhole);
}

// As the order for this simulator writes it.
TEST(FaultSpec, everything_at_once_is_read_as_it_is_meant) {
  const FaultSpec spec = spec_of(
      "drop@30s,lose=0.1%,dup=1%,reorder=50ms,halfopen@60s,skew=+3s,rate_limit,rest_500=5%,"
      "accept_then_close,bad_frame=0.01%,silent_channel@90s");
  FaultSpec meant;
  meant.drop_at = seconds(30);
  meant.lose.billionths = 1'000'000;
  meant.dup.billionths = 10'000'000;
  meant.reorder_within = milliseconds(50);
  meant.half_open_at = seconds(60);
  meant.skew = seconds(3);
  meant.rate_limit = true;
  meant.rest_500.billionths = 50'000'000;
  meant.accept_then_close = true;
  meant.bad_frame.billionths = 100'000;
  meant.silent_channel_at = seconds(90);
  EXPECT_EQ(spec, meant);
  EXPECT_EQ(spec_of("skew=-500ms").skew, -milliseconds(500));
}

TEST(FaultSpec, a_storm_has_every_fault) {
  const std::string storm = format_faults(spec_of("storm"));
  for (const char* fault : {"lose=",           "dup=",
                            "swap=",           "bad_frame=",
                            "delay=",          "slow=",
                            "reorder=",        "drop=",
                            "drop@",           "halfopen=",
                            "halfopen@",       "silent_channel=",
                            "silent_channel@", "accept_then_close",
                            "skew=",           "rest=",
                            "rest_429=",       "rest_500=",
                            "rest_html=",      "rate_limit",
                            "history="}) {
    EXPECT_NE(storm.find(fault), std::string::npos) << fault;
  }
}

TEST(FaultSpec, names_stand_for_lists_that_the_rest_changes) {
  EXPECT_EQ(spec_of("off"), FaultSpec{});
  EXPECT_EQ(spec_of("mild"), spec_of(std::string(kFaultsMild)));
  EXPECT_EQ(spec_of("storm"), spec_of(std::string(kFaultsStorm)));
  FaultSpec changed = spec_of("mild");
  changed.drop_after = seconds(5);
  changed.lose = {};
  EXPECT_EQ(spec_of("mild,drop=5s,lose=0%"), changed);
}

TEST(FaultSpec, what_is_written_is_read_again) {
  for (const char* text :
       {"off", "mild", "storm", "lose=50%", "delay=200ms:1%,halfopen=1d",
        "rest_429=10%,rest_500=5%,rest_html=1%,history=500,rest_lag=3s,relist=5s",
        "drop@30s,skew=+3s,rate_limit,accept_then_close", "skew=-1s",
        "drop=1s,drop@2s,silent_channel=3s,silent_channel@4s"}) {
    EXPECT_EQ(spec_of(format_faults(spec_of(text))), spec_of(text)) << text;
  }
  EXPECT_EQ(format_faults(FaultSpec{}), "off");
  EXPECT_EQ(format_faults(spec_of("halfopen=1m,delay=200ms:01.0%,skew=+3s")),
            "delay=200ms:1%,halfopen=1m,skew=+3s");
}

TEST(FaultSpec, mistakes_are_named_with_what_is_allowed) {
  EXPECT_EQ(mistake_of("lose=200%"),
            "part 1, \"lose=200%\": write lose=P (a chance like 0.1%, at most 100% and seven "
            "decimal places)");
  EXPECT_EQ(mistake_of("mild,drop=0s"),
            "part 2, \"drop=0s\": write drop=D (a duration like 20s, more than 0 and at most 1d) "
            "or drop@T (a time like 30s, more than 0 and at most 1d)");
  EXPECT_EQ(mistake_of("delay=0.1"),
            "part 1, \"delay=0.1\": write delay=D:P (a duration and a chance like 200ms:1%)");
  EXPECT_EQ(mistake_of("skew=3s"),
            "part 1, \"skew=3s\": write skew=+D (like +3s or -500ms, at most 1d)");
  EXPECT_EQ(mistake_of("rate_limit=5"),
            "part 1, \"rate_limit=5\": write rate_limit (nothing behind it)");
  EXPECT_EQ(mistake_of("history=0"),
            "part 1, \"history=0\": write history=N (a number like 500, at most 1000000000)");
  EXPECT_EQ(mistake_of("lose=1%,lsoe=1%").substr(0, 88),
            "part 2, \"lsoe=1%\": no such fault (allowed: off, mild, storm, or a list of lose=P, "
            "dup=P,");
  EXPECT_EQ(mistake_of("lose=60%,dup=50%"),
            "the chances of a frame add up to more than 100%, but a frame has at most one fault");
  EXPECT_EQ(mistake_of("rest=60%,rest_500=50%"),
            "the chances of a request add up to more than 100%, but it has at most one fault");
  for (const char* text : {"",
                           "history=",
                           "history=0.5",
                           "lose",
                           "loss=1%",
                           "lose=10%,",
                           "lose=0.1",
                           "lose=.1%",
                           "lose=0.%",
                           "lose=%",
                           "lose=-1%",
                           "lose=100.1%",
                           "lose=0.00000001%",
                           "lose@3s",
                           "drop=2d",
                           "drop=5",
                           "drop",
                           "drop@",
                           "slow=1s:x",
                           "lose=10%,mild",
                           "skew=",
                           "skew=+",
                           "skew=+2d",
                           "reorder=1%",
                           "accept_then_close@3s",
                           "@3s",
                           "=1%"}) {
    EXPECT_NE(mistake_of(text), "") << text;
  }
}

}  // namespace
}  // namespace tapeline::sim
