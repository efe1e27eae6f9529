// SPDX-License-Identifier: Apache-2.0
#include "app/signals.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "app/environment.h"

namespace tapeline::app {
namespace {

// Each in a process of its own: the flag never goes back.
void one_signal(int signal) {
  const std::atomic<bool>& stop = stop_on_signals();
  const bool before = stop;
  std::raise(signal);
  _exit(!before && stop ? 42 : 1);
}

void two_signals(int first, int second) {
  stop_on_signals();
  std::raise(first);
  std::raise(second);
  _exit(1);
}

TEST(SignalsDeathTest, a_limit_on_file_sizes_is_no_end_without_a_word) {
  EXPECT_EXIT(
      {
        stop_on_signals();
        std::raise(SIGXFSZ);
        _exit(42);
      },
      testing::ExitedWithCode(42), "");
}

TEST(SignalsDeathTest, the_first_asks_to_stop) {
  EXPECT_EXIT(one_signal(SIGINT), testing::ExitedWithCode(42), "");
  EXPECT_EXIT(one_signal(SIGTERM), testing::ExitedWithCode(42), "");
}

TEST(SignalsDeathTest, the_second_leaves_at_once) {
  EXPECT_EXIT(two_signals(SIGINT, SIGINT), testing::ExitedWithCode(kExitInterrupted), "");
  EXPECT_EXIT(two_signals(SIGTERM, SIGINT), testing::ExitedWithCode(kExitInterrupted), "");
}

void write_to_closed_pipe() {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0 || ::close(ends[0]) != 0) _exit(1);
  _exit(::write(ends[1], "x", 1) < 0 && errno == EPIPE ? 42 : 1);
}

TEST(SignalsDeathTest, whoever_reads_us_ends_us_only_when_we_are_not_to_outlive_them) {
  EXPECT_EXIT(
      {
        stop_on_signals();
        write_to_closed_pipe();
      },
      testing::KilledBySignal(SIGPIPE), "");
  EXPECT_EXIT(
      {
        outlive_readers();
        write_to_closed_pipe();
      },
      testing::ExitedWithCode(42), "");
}

}  // namespace
}  // namespace tapeline::app
