// SPDX-License-Identifier: Apache-2.0
#include "app/signals.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

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

TEST(SignalsDeathTest, a_hangup_is_a_wish_to_read_anew_as_often_as_it_comes) {
  const auto hang_up_twice = [] {
    const std::atomic<bool>& stop = stop_on_signals();
    std::atomic<bool>& reread = reread_on_hangup();
    bool is_heard = true;
    for (int i = 0; i < 2; ++i) {
      is_heard = is_heard && !reread;
      std::raise(SIGHUP);
      is_heard = is_heard && reread.exchange(false) && !stop;
    }
    _exit(is_heard ? 42 : 1);
  };
  EXPECT_EXIT(hang_up_twice(), testing::ExitedWithCode(42), "");
}

TEST(SignalsDeathTest, a_hangup_with_the_terminal_is_an_end) {
  const auto close_terminal = [] {
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0) _exit(1);
    const int terminal = ::open(::ptsname(master), O_RDWR | O_NOCTTY);
    if (::dup2(terminal, STDERR_FILENO) < 0) _exit(1);
    const std::atomic<bool>& stop = stop_on_signals();
    const std::atomic<bool>& reread = reread_on_hangup();
    std::raise(SIGHUP);
    if (stop || !reread) _exit(2);
    ::close(master);
    std::raise(SIGHUP);
    _exit(stop ? 42 : 3);
  };
  EXPECT_EXIT(close_terminal(), testing::ExitedWithCode(42), "");
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
