// SPDX-License-Identifier: Apache-2.0
#include "app/live/shutdown.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/memory_log.h"

namespace tapeline::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ShutdownTest : public testing::Test {
 protected:
  // Stops `after` it is asked.
  void add(std::string_view name, Duration deadline, Duration after) {
    shutdown_.add({.name = name,
                   .deadline = deadline,
                   .ask =
                       [this, name] {
                         calls_.emplace_back(name);
                         asked_ = clock_.wall();
                       },
                   .is_done = [this, after] { return clock_.wall() - asked_ >= after; }});
  }

  bool run() {
    return shutdown_.run(clock_, log_, [this](Duration time) {
      EXPECT_GT(time, Duration(0));
      clock_.advance(time);
    });
  }

  ManualClock clock_{RecvTime(5)};
  MemoryLog log_;
  Shutdown shutdown_;
  RecvTime asked_;
  std::vector<std::string> calls_;
};

TEST_F(ShutdownTest, stops_in_the_reverse_order_of_the_start) {
  add("journal", seconds(5), milliseconds(20));
  add("network", seconds(1), Duration(0));
  add("server", seconds(1), milliseconds(7));
  EXPECT_TRUE(run());
  EXPECT_EQ(calls_, (std::vector<std::string>{"server", "network", "journal"}));
  EXPECT_EQ(clock_.wall(), RecvTime(5) + milliseconds(27)) << "each waits for the one before";
  EXPECT_EQ(log_.lines(),
            (std::vector<MemoryLog::Line>{{LogLevel::kDebug, "stopped part=server"},
                                          {LogLevel::kDebug, "stopped part=network"},
                                          {LogLevel::kDebug, "stopped part=journal"}}));
}

TEST_F(ShutdownTest, an_overdue_step_is_named_and_the_next_is_asked_all_the_same) {
  add("journal", seconds(1), milliseconds(1));
  add("network", seconds(1) + Duration(1), seconds(3600));
  EXPECT_FALSE(run());
  EXPECT_EQ(calls_, (std::vector<std::string>{"network", "journal"}));
  EXPECT_EQ(clock_.wall(), RecvTime(5) + seconds(1) + Duration(1) + milliseconds(1));
  EXPECT_EQ(log_.lines(),
            (std::vector<MemoryLog::Line>{
                {LogLevel::kError, "did not stop in time part=network deadline=1000000001ns"},
                {LogLevel::kDebug, "stopped part=journal"}}));
}

TEST_F(ShutdownTest, what_takes_long_is_said_once_while_it_is_waited_for) {
  shutdown_.add({.name = "drain",
                 .waits_for = "what is recorded to be stored",
                 .deadline = seconds(60),
                 .ask = [this] { asked_ = clock_.wall(); },
                 .is_done =
                     [this] {
                       const bool is_due = clock_.wall() - asked_ > Shutdown::kSayAfter;
                       EXPECT_EQ(log_.lines().size(), is_due ? 2U : 1U);
                       return clock_.wall() - asked_ >= seconds(50);
                     }});
  add("control", seconds(10), Shutdown::kSayAfter);
  EXPECT_TRUE(run());
  EXPECT_EQ(log_.lines(),
            (std::vector<MemoryLog::Line>{
                {LogLevel::kDebug, "stopped part=control"},
                {LogLevel::kInfo,
                 "still stopping part=drain waits_for=what is recorded to be stored at_most=1m"},
                {LogLevel::kDebug, "stopped part=drain"}}));
}

TEST_F(ShutdownTest, a_step_may_end_just_at_its_deadline) {
  add("journal", milliseconds(10), milliseconds(10));
  EXPECT_TRUE(run());
}

TEST_F(ShutdownTest, does_each_step_once) {
  EXPECT_TRUE(run()) << "nothing to stop";
  add("journal", seconds(1), Duration(0));
  EXPECT_TRUE(run());
  EXPECT_TRUE(run());
  EXPECT_EQ(calls_, std::vector<std::string>{"journal"});
}

}  // namespace
}  // namespace tapeline::app
