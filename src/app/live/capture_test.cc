// SPDX-License-Identifier: Apache-2.0
#include "app/live/capture.h"

#include <gtest/gtest.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <string>

namespace tapeline::app::live {
namespace {

TEST(Capture, leaves_a_gibibyte_free_or_a_twentieth_of_a_small_disk) {
  constexpr std::uint64_t kGibibyte = std::uint64_t{1} << 30;
  int small = 0;
  for (const std::string folder :
       {testing::TempDir(), std::string("/dev/shm"), std::string("/proc")}) {
    struct statvfs status {};
    ASSERT_EQ(::statvfs(folder.c_str(), &status), 0) << folder;
    const std::uint64_t bytes = std::uint64_t{status.f_blocks} * status.f_frsize;
    const std::uint64_t share = std::min(kGibibyte, bytes / 20);
    if (share < kGibibyte) ++small;
    EXPECT_EQ(reserve_of({.journal_folder = folder + "/not_there_yet"}), share) << folder;
  }
  EXPECT_GT(small, 0) << "/proc is a disk without room";
  CaptureOptions chosen{.journal_folder = "/proc/journal"};
  chosen.journal.reserve_bytes = 4096;
  EXPECT_EQ(reserve_of(chosen), 4096U);
  EXPECT_EQ(reserve_of({.journal_folder = "/no/such/place/journal"}), kGibibyte);
}

}  // namespace
}  // namespace tapeline::app::live
