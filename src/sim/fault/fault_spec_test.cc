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
      "lose=0.001,repeat=0.002,reorder=0.01,malformed=0.000000001,delay=200ms:0.25,slow=1s:0.5,"
      "drop=20s,half_open=1m,rest=1");
  EXPECT_EQ(spec.lose.billionths, 1'000'000U);
  EXPECT_EQ(spec.repeat.billionths, 2'000'000U);
  EXPECT_EQ(spec.reorder.billionths, 10'000'000U);
  EXPECT_EQ(spec.malformed.billionths, 1U);
  EXPECT_EQ(spec.delay.billionths, 250'000'000U);
  EXPECT_EQ(spec.delay_by, milliseconds(200));
  EXPECT_EQ(spec.slow.billionths, 500'000'000U);
  EXPECT_EQ(spec.slow_for, seconds(1));
  EXPECT_EQ(spec.drop_after, seconds(20));
  EXPECT_EQ(spec.half_open_after, seconds(60));
  EXPECT_EQ(spec.rest.billionths, Chance::kWhole);
}

TEST(FaultSpec, names_stand_for_lists_that_the_rest_changes) {
  EXPECT_EQ(spec_of("off"), FaultSpec{});
  EXPECT_EQ(spec_of("mild"), spec_of(std::string(kFaultsMild)));
  EXPECT_EQ(spec_of("storm"), spec_of(std::string(kFaultsStorm)));
  FaultSpec changed = spec_of("mild");
  changed.drop_after = seconds(5);
  changed.lose = {};
  EXPECT_EQ(spec_of("mild,drop=5s,lose=0"), changed);
}

TEST(FaultSpec, what_is_written_is_read_again) {
  for (const char* text : {"off", "mild", "storm", "lose=0.5", "delay=200ms:0.01,half_open=1d",
                           "rate_limit=0.1,rest_500=0.05,rest_html=0.01,history=500,rest_lag=3s"}) {
    EXPECT_EQ(spec_of(format_faults(spec_of(text))), spec_of(text)) << text;
  }
  EXPECT_EQ(format_faults(FaultSpec{}), "off");
  EXPECT_EQ(format_faults(spec_of("half_open=1m,delay=200ms:0.010")),
            "delay=200ms:0.01,half_open=1m");
}

TEST(FaultSpec, mistakes_are_named_with_what_is_allowed) {
  EXPECT_EQ(mistake_of("lose=2"),
            "\"lose=2\": lose wants a chance like 0.001, at most nine decimal places");
  EXPECT_EQ(mistake_of("mild,drop=0s"),
            "\"drop=0s\": drop wants a duration like 20s, more than 0 and at most 1d");
  EXPECT_EQ(mistake_of("delay=0.1"),
            "\"delay=0.1\": delay wants a duration and a chance like 200ms:0.01");
  EXPECT_EQ(mistake_of("lose=0.6,repeat=0.5"),
            "the chances of a frame add up to more than 1, but a frame has at most one fault");
  EXPECT_EQ(mistake_of("history=0"),
            "\"history=0\": history wants a number like 500, at most 1000000000");
  EXPECT_EQ(mistake_of("rest=0.6,rest_500=0.5"),
            "the chances of a request add up to more than 1, but it has at most one fault");
  for (const char* text : {"", "history=", "history=0.5", "lose", "loss=0.1", "lose=0.1,",
                           "lose=.1", "lose=0.", "lose=-0.1", "lose=1.5", "lose=0.0000000001",
                           "drop=2d", "drop=5", "slow=1s:x", "lose=0.1,mild"}) {
    EXPECT_NE(mistake_of(text), "") << text;
  }
}

}  // namespace
}  // namespace tapeline::sim
