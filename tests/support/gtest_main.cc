// SPDX-License-Identifier: Apache-2.0
// The main of every test executable. It turns a skip into a line that ctest reads as "skipped"
// (only when nothing failed, so a skip can not hide a failure), and fails when no test ran. Under
// ThreadSanitizer a property has fewer cases: threads, not numbers, are what is looked at there.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>

namespace {

void report_skipped(const testing::UnitTest& unit_test) {
  if (unit_test.failed_test_count() == 0 && unit_test.skipped_test_count() > 0) {
    std::cout << "tapeline: NOT RUN, the test skipped itself" << std::endl;
  }
}

#ifdef __SANITIZE_THREAD__
// RapidCheck takes what comes last, so what somebody asked for holds.
void ask_for_fewer_cases() {
  const char* const asked = std::getenv("RC_PARAMS");
  const std::string all = std::string("max_success=20 ") + (asked == nullptr ? "" : asked);
  ::setenv("RC_PARAMS", all.c_str(), 1);
}
#else
void ask_for_fewer_cases() {}
#endif

}  // namespace

int main(int argc, char** argv) {
  ask_for_fewer_cases();
  testing::InitGoogleTest(&argc, argv);
  const int status = RUN_ALL_TESTS();
  if (GTEST_FLAG_GET(list_tests)) return status;
  const testing::UnitTest& unit_test = *testing::UnitTest::GetInstance();
  if (unit_test.test_to_run_count() == 0) {
    std::cerr << "No test matches the filter." << std::endl;
    return 1;
  }
  report_skipped(unit_test);
  return status;
}
