// SPDX-License-Identifier: Apache-2.0
#include "base/lock_holders.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <string>

namespace tapeline {
namespace {

TEST(LockHolders, are_named_without_taking_the_lock) {
  const std::string path = testing::TempDir() + "tapeline_lock_holders";
  EXPECT_TRUE(lock_holders(path + "_absent").empty());
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_GE(file, 0);
  EXPECT_TRUE(lock_holders(path).empty());
  for (const int kind : {LOCK_SH, LOCK_EX}) {
    ASSERT_EQ(::flock(file, kind), 0);
    const auto holders = lock_holders(path);
    ASSERT_EQ(holders.size(), 1U);
    EXPECT_EQ(holders[0].pid, ::getpid());
    EXPECT_EQ(holders[0].is_exclusive, kind == LOCK_EX);
    EXPECT_EQ(name_of(holders), "process " + std::to_string(::getpid()));
  }
  ::close(file);
  EXPECT_TRUE(lock_holders(path).empty());
  EXPECT_EQ(name_of({}), "another process");
  EXPECT_EQ(name_of({{.pid = 2}, {.pid = 0}, {.pid = 7}}), "processes 2 and 7");
  ::unlink(path.c_str());
}

}  // namespace
}  // namespace tapeline
