// SPDX-License-Identifier: Apache-2.0
#include "app/live/status.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace tapeline::app::live {
namespace {

const StatusRow* find(const std::vector<StatusRow>& rows, const std::string& what) {
  for (const StatusRow& row : rows) {
    if (row.what == what) return &row;
  }
  return nullptr;
}

TEST(Status, says_what_is_missing_and_asks_nobody_while_all_is_well) {
  const auto rows = rows_of({.stored_record = 1'000, .holes = {.holes = 2, .missing = 1'234}});
  for (const StatusRow& row : rows) EXPECT_FALSE(row.needs_a_person) << row.what;
  ASSERT_NE(find(rows, "holes"), nullptr);
  EXPECT_EQ(find(rows, "holes")->text,
            "1,234 ids are missing in 2 holes; `tapeline audit` lists them");
  EXPECT_EQ(find(rows, "snapshots"), nullptr);
}

TEST(Status, a_store_that_takes_nothing_needs_a_person) {
  EXPECT_FALSE(find(rows_of({.store_retries = 500, .store_failures = 9}), "store")->needs_a_person);
  const auto rows = rows_of({.store_retries = 10, .store_failures = 10});
  EXPECT_TRUE(find(rows, "store")->needs_a_person);
  EXPECT_NE(find(rows, "store")->text.find("10 tries have failed"), std::string::npos);
}

TEST(Status, so_do_a_late_engine_and_failing_snapshots) {
  EXPECT_FALSE(find(rows_of({.behind = std::chrono::seconds(60)}), "engine")->needs_a_person);
  const auto late = rows_of({.behind = std::chrono::seconds(61)});
  EXPECT_TRUE(find(late, "engine")->needs_a_person);
  EXPECT_NE(find(late, "engine")->text.find("61s late"), std::string::npos);
  EXPECT_EQ(find(rows_of({.snapshot_failures = 1}), "snapshots"), nullptr);
  EXPECT_TRUE(find(rows_of({.snapshot_failures = 2}), "snapshots")->needs_a_person);
}

TEST(Status, the_disk_is_shown_and_a_full_one_needs_a_person) {
  constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
  const StatusRow roomy =
      disk_row(Capture::Room{.free_bytes = 3 * kGiB, .reserve_bytes = kGiB}, {});
  EXPECT_EQ(roomy.text, "3.0 GiB free, 1.0 GiB of it kept so");
  EXPECT_FALSE(roomy.needs_a_person);
  EXPECT_TRUE(
      disk_row(Capture::Room{.free_bytes = kGiB, .reserve_bytes = kGiB}, {}).needs_a_person);
  const StatusRow damaged = disk_row(Capture::Room{.free_bytes = 3 * kGiB, .reserve_bytes = kGiB},
                                     Error{Fault::kOurs, Retry::kNever, "segment 7 is damaged"});
  EXPECT_TRUE(damaged.needs_a_person);
  EXPECT_NE(damaged.text.find("segment 7 is damaged"), std::string::npos);
}

}  // namespace
}  // namespace tapeline::app::live
