// SPDX-License-Identifier: Apache-2.0
#include "metrics/exposition.h"

#include <gtest/gtest.h>

namespace tapeline::metrics {
namespace {

bool has_line(const std::string& page, const std::string& line) {
  return ("\n" + page).find("\n" + line + "\n") != std::string::npos;
}

TEST(Exposition, adds_up_the_cells_of_all_and_names_every_counter) {
  Counters one;
  Counters other;
  one.cell(Counter::kItemsReceived, {"v", "trades", ""}).add(3);
  other.cell(Counter::kItemsReceived, {"v", "trades", ""}).add(4);
  other.cell(Counter::kItemsRejected, {"v", "trades", "a\"b\\c\n"}).add(1);
  Exposition page;
  other.cell(Counter::kItemsLate, {"v", "trades", ""});
  other.cell(Counter::kItemsLate, {"elsewhere", "trades", ""});
  page.counters({&one, &other}, {"v"});
  const std::string text = page.take();
  EXPECT_TRUE(
      has_line(text, R"(tapeline_decode_items_received_total{venue="v",channel="trades"} 7)"));
  EXPECT_TRUE(has_line(text, "tapeline_feed_frames_received_total 0")) << "nobody counted";
  EXPECT_TRUE(has_line(text, R"(tapeline_decode_items_late_total{venue="v",channel="trades"} 0)"));
  EXPECT_EQ(text.find("elsewhere"), std::string::npos) << "a venue that is not here";
  EXPECT_NE(text.find(R"(reason="a\"b\\c\n"} 1)"), std::string::npos);
  for (const CounterRow& row : kCounters) {
    EXPECT_TRUE(has_line(text, std::string("# TYPE ") + row.name + " counter")) << row.name;
  }
}

TEST(Exposition, a_histogram_is_cumulative_and_in_seconds) {
  Histogram waits;
  waits.add(std::chrono::microseconds(90));
  waits.add(std::chrono::milliseconds(4));
  waits.add(std::chrono::seconds(100));
  Exposition page;
  page.histogram("tapeline_x_seconds", "Help.");
  page.samples("tapeline_x_seconds", {}, waits);
  page.samples("tapeline_x_seconds", {{"venue", "v"}}, waits);
  const std::string text = page.take();
  EXPECT_TRUE(has_line(text, R"(tapeline_x_seconds_bucket{le="0.0001"} 1)")) << text;
  EXPECT_TRUE(has_line(text, R"(tapeline_x_seconds_bucket{le="0.0025"} 1)"));
  EXPECT_TRUE(has_line(text, R"(tapeline_x_seconds_bucket{le="0.005"} 2)"));
  EXPECT_TRUE(has_line(text, R"(tapeline_x_seconds_bucket{le="10"} 2)"));
  EXPECT_TRUE(has_line(text, R"(tapeline_x_seconds_bucket{le="+Inf"} 3)"));
  EXPECT_TRUE(has_line(text, "tapeline_x_seconds_count 3"));
  EXPECT_TRUE(has_line(text, R"(tapeline_x_seconds_bucket{venue="v",le="0.0001"} 1)"));
  EXPECT_TRUE(has_line(text, R"(tapeline_x_seconds_count{venue="v"} 3)"));
  EXPECT_TRUE(has_line(text, "tapeline_x_seconds_sum 100.00409"));
}

TEST(Exposition, a_label_without_a_value_is_left_out) {
  Exposition page;
  page.gauge("tapeline_y", "Help with a \\ in it.");
  page.sample("tapeline_y", {{"venue", ""}, {"channel", "c"}}, 5);
  EXPECT_EQ(page.take(),
            "# HELP tapeline_y Help with a \\\\ in it.\n# TYPE tapeline_y gauge\n"
            "tapeline_y{channel=\"c\"} 5\n");
}

}  // namespace
}  // namespace tapeline::metrics
