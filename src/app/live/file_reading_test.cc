// SPDX-License-Identifier: Apache-2.0
#include "app/live/file_reading.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "app/environment.h"
#include "store/duckdb/open.h"

namespace tapeline::app::live {
namespace {

using std::chrono_literals::operator""ms;

class Reading : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
    ASSERT_TRUE(store::duckdb::open_writer(folder_, {}));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // Until the process would be gone: with which status, and what it says.
  std::pair<int, std::string> wait_until_left() {
    std::pair<int, std::string> left;
    std::atomic<bool> has_left{false};
    const FileReading reading(
        folder_, stop_,
        [&](int status, const std::string& why) {
          left = {status, why};
          has_left = true;
        },
        20ms);
    while (!has_left) std::this_thread::yield();
    EXPECT_TRUE(reading.is_stopped());
    EXPECT_EQ(reading.answer_of({.status = kExitInterrupted}).status, left.first);
    EXPECT_EQ(reading.answer_of({.status = kExitDone}).status, kExitDone);
    return left;
  }

  std::string folder_ = testing::TempDir() + "tapeline_reading_XXXXXX";
  std::atomic<bool> stop_{false};
};

TEST_F(Reading, what_does_not_end_by_a_signal_ends_with_the_process) {
  stop_ = true;
  EXPECT_EQ(wait_until_left(), std::pair(kExitInterrupted, std::string("tapeline: interrupted\n")));
}

TEST_F(Reading, ends_when_a_writer_waits_for_the_store) {
  auto reader = store::duckdb::open_reader(folder_, {});
  ASSERT_TRUE(reader);
  std::atomic<bool> gives_up{false};
  std::jthread writer([&] {
    const auto opened = store::duckdb::open_writer(
        folder_, {.waits_for = [&](const std::string&) { return !gives_up; }});
    EXPECT_FALSE(opened);
  });
  const auto [status, why] = wait_until_left();
  EXPECT_EQ(status, kExitFailed);
  EXPECT_EQ(why, "tapeline: " + folder_ +
                     ": a process begins to run here and needs the store: ask again, and it "
                     "answers\n");
  gives_up = true;
}

TEST_F(Reading, goes_on_while_nobody_wants_it_to_end) {
  const FileReading reading(
      folder_, stop_, [](int, const std::string&) { FAIL() << "nobody asked it"; }, 1ms);
  std::promise<void> nothing;
  nothing.get_future().wait_for(120ms);  // two looks
  EXPECT_FALSE(reading.is_stopped());
}

TEST_F(Reading, the_process_leaves_with_the_status) {
  EXPECT_EXIT(FileReading::leave_at_once(kExitInterrupted, "why\n"),
              testing::ExitedWithCode(kExitInterrupted), "why");
}

}  // namespace
}  // namespace tapeline::app::live
