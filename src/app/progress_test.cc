// SPDX-License-Identifier: Apache-2.0
#include "app/progress.h"

#include <gtest/gtest.h>

#include <sstream>

namespace tapeline::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kMiB = 1 << 20;

TEST(ProgressText, shows_done_rate_time_left_and_frames) {
  EXPECT_EQ(progress_text({.bytes_done = 250 * kMiB, .bytes_total = 1000 * kMiB, .frames = 1234567},
                          seconds(10)),
            "250.0 MiB of 1000.0 MiB (25%), 25.0 MiB/s, 30 s left, 1,234,567 frames");
}

TEST(ProgressText, leaves_out_what_is_unknown) {
  EXPECT_EQ(progress_text({.bytes_done = 512, .bytes_total = {}, .frames = 3}, seconds(2)),
            "512 B, 256 B/s, 3 frames");
  EXPECT_EQ(progress_text({.bytes_done = 0, .bytes_total = 0, .frames = 0}, seconds(0)), "0 B");
  EXPECT_EQ(progress_text({.bytes_done = 0, .bytes_total = 10, .frames = 0}, seconds(1)),
            "0 B of 10 B (0%)");
  // A file that grew.
  EXPECT_EQ(progress_text({.bytes_done = 20, .bytes_total = 10, .frames = 0}, seconds(1)),
            "20 B, 20 B/s");
}

TEST(ProgressText, fits_a_terminal) {
  const auto left = [](std::uint64_t done, std::uint64_t total) {
    return progress_text({.bytes_done = done, .bytes_total = total, .frames = 999'999'999'999},
                         seconds(1000));
  };
  EXPECT_NE(left(kMiB, 4 * kMiB).find("50 min left"), std::string::npos);
  EXPECT_NE(left(kMiB, 40 * kMiB).find("10.8 h left"), std::string::npos);
  EXPECT_NE(left(kMiB, 4000 * kMiB).find("days left"), std::string::npos);
  EXPECT_LE(left(999 << 10, 999 * kMiB * kMiB).size(), 78U);
}

class ProgressLineTest : public testing::Test {
 protected:
  void draw_at(Duration when) {
    clock_.advance(when - elapsed_);
    elapsed_ = when;
    line_.update({.bytes_done = 1024, .bytes_total = 2048, .frames = 7});
  }

  ManualClock clock_{RecvTime(0)};
  Duration elapsed_{};
  std::ostringstream terminal_;
  ProgressLine line_{&terminal_, clock_};
};

TEST_F(ProgressLineTest, short_work_shows_nothing) {
  draw_at(milliseconds(10));
  draw_at(milliseconds(999));
  line_.finish();
  EXPECT_EQ(terminal_.str(), "");
}

TEST_F(ProgressLineTest, redraws_at_most_ten_times_a_second) {
  int draws = 0;
  for (int ms = 1000; ms < 2000; ++ms) {
    terminal_.str("");
    draw_at(milliseconds(ms));
    if (!terminal_.str().empty()) ++draws;
  }
  EXPECT_EQ(draws, 10);
}

TEST_F(ProgressLineTest, draws_over_itself_and_wipes) {
  draw_at(milliseconds(1000));
  EXPECT_EQ(terminal_.str(), "\r1.0 KiB of 2.0 KiB (50%), 1.0 KiB/s, 1 s left, 7 frames");
  const std::size_t long_width = terminal_.str().size() - 1;
  terminal_.str("");
  draw_at(seconds(10));
  EXPECT_LE(long_width, terminal_.str().size() - 1) << "what was longer is covered with blanks";
  const std::size_t width = terminal_.str().find_last_not_of(' ');
  terminal_.str("");
  line_.finish();
  ASSERT_GE(terminal_.str().size(), width + 1);
  EXPECT_EQ(terminal_.str().front(), '\r');
  EXPECT_EQ(terminal_.str().back(), '\r');
  EXPECT_EQ(terminal_.str().find_first_not_of(" \r"), std::string::npos);
  terminal_.str("");
  line_.finish();
  EXPECT_EQ(terminal_.str(), "") << "wiped once";
}

TEST_F(ProgressLineTest, has_no_escape_sequences) {
  draw_at(seconds(2));
  line_.finish();
  EXPECT_EQ(terminal_.str().find('\x1b'), std::string::npos);
}

TEST(ProgressLineOff, draws_nothing) {
  ManualClock clock{RecvTime(0)};
  ProgressLine line(nullptr, clock);
  clock.advance(seconds(5));
  line.update({});
  line.finish();
}

}  // namespace
}  // namespace tapeline::app
