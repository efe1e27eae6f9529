// SPDX-License-Identifier: Apache-2.0
#include "app/live/memory.h"

#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>
#include <string>

namespace tapeline::app::live {
namespace {

// Of the files that are mapped, in KiB.
long resident_file_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    long kib = 0;
    if (word == "RssFile:" && status >> kib) return kib;
  }
  return -1;
}

TEST(Memory, of_the_program_itself_is_given_back_and_comes_again) {
  const long before = resident_file_kib();
  ASSERT_GT(before, 0);
  give_back_memory();
  const long after = resident_file_kib();
  EXPECT_LT(after, before);
  // Everything still runs, whichever page it stands on.
  give_back_memory();
  EXPECT_THROW(static_cast<void>(std::stoi("x")), std::invalid_argument);
}

}  // namespace
}  // namespace tapeline::app::live
