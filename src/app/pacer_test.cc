// SPDX-License-Identifier: Apache-2.0
#include "app/pacer.h"

#include <gtest/gtest.h>

#include <sstream>

namespace tapeline::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class PacerTest : public testing::Test {
 protected:
  // Waits for what was received so long after `kStart`; how long that took.
  Duration wait(Pacer& pacer, Duration since_start) {
    const RecvTime before = clock_.wall();
    pacer.wait_for(kStart + since_start, [this] { ++flushes_; });
    return clock_.wall() - before;
  }

  static constexpr RecvTime kStart{1'600'000'000'000'000'000};
  ManualClock clock_{RecvTime(0)};
  std::atomic<bool> stop_{false};
  std::ostringstream text_;
  int naps_ = 0;
  int flushes_ = 0;
  const Environment env_{.out = text_,
                         .err = text_,
                         .clock = clock_,
                         .stop = stop_,
                         .variable = {},
                         .venues = {},
                         .replay = {},
                         .sleep = [this](Duration time) {
                           ++naps_;
                           clock_.advance(time);
                         }};
};

TEST_F(PacerTest, waits_as_long_as_it_took_divided_by_the_speed) {
  Pacer pacer(10, env_);
  EXPECT_EQ(wait(pacer, seconds(0)), Duration(0));
  EXPECT_NEAR(static_cast<double>(wait(pacer, seconds(5)).count()), 0.5e9, 100);
  EXPECT_NEAR(static_cast<double>(wait(pacer, seconds(6)).count()), 0.1e9, 100);
  EXPECT_EQ(flushes_, 2) << "all that was said is out before each wait";
}

TEST_F(PacerTest, does_not_wait_for_what_is_late_or_goes_back) {
  Pacer pacer(1, env_);
  wait(pacer, seconds(0));
  clock_.advance(seconds(3));
  EXPECT_EQ(wait(pacer, seconds(2)), Duration(0));
  EXPECT_EQ(wait(pacer, seconds(-60)), Duration(0));
  EXPECT_EQ(flushes_, 0);
}

TEST_F(PacerTest, passes_what_has_no_time) {
  Pacer pacer(1, env_);
  pacer.wait_for(RecvTime(0), [] {});
  wait(pacer, seconds(0));
  EXPECT_EQ(clock_.wall(), RecvTime(0));
}

TEST_F(PacerTest, ends_its_wait_when_a_signal_comes) {
  Pacer pacer(0.001, env_);
  wait(pacer, seconds(0));
  stop_ = true;
  EXPECT_EQ(wait(pacer, seconds(1'000'000)), Duration(0));
}

TEST_F(PacerTest, naps_so_briefly_that_a_signal_is_noticed) {
  Pacer pacer(1, env_);
  wait(pacer, seconds(0));
  wait(pacer, seconds(1));
  EXPECT_GE(naps_, 10);
}

}  // namespace
}  // namespace tapeline::app
