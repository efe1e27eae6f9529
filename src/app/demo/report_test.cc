// SPDX-License-Identifier: Apache-2.0
#include "app/demo/report.h"

#include <gtest/gtest.h>

#include <string>

namespace tapeline::app::demo {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

live::LiveSummary counted(std::uint64_t delivered) {
  live::LiveSummary summary;
  summary.delivered = delivered;
  summary.received = delivered;
  return summary;
}

TEST(Headway, tells_the_rate_of_the_last_second_and_the_time_left) {
  Headway headway(seconds(60));
  headway.note(counted(100), seconds(1));
  EXPECT_EQ(headway.text(), "SIMULATED  100 items/s, 100 delivered, 0 missing, 59 s left");
  live::LiveSummary summary = counted(1300);
  summary.missing = 3;
  headway.note(summary, milliseconds(1500));  // within a second the rate stays calm
  EXPECT_EQ(headway.text(), "SIMULATED  100 items/s, 1,300 delivered, 3 missing, 59 s left");
  headway.note(summary, seconds(3));
  EXPECT_EQ(headway.text(), "SIMULATED  600 items/s, 1,300 delivered, 3 missing, 57 s left");
}

TEST(Headway, has_no_end_without_a_duration) {
  Headway headway(std::nullopt);
  headway.note(counted(5), seconds(1));
  EXPECT_EQ(headway.text(), "SIMULATED  5 items/s, 5 delivered, 0 missing");
}

TEST(Headway, remembers_when_the_first_bar_could_be_seen) {
  Headway headway(std::nullopt);
  live::LiveSummary summary;
  headway.note(summary, milliseconds(200));
  EXPECT_FALSE(headway.first_bar());
  summary.bars_shown = 1;
  headway.note(summary, milliseconds(400));
  summary.bars_shown = 2;
  headway.note(summary, milliseconds(600));
  EXPECT_EQ(headway.first_bar(), milliseconds(400));
}

TEST(Summary, says_what_became_of_every_item) {
  const live::LiveSummary summary{.received = 21'000,
                                  .delivered = 20'000,
                                  .duplicate = 500,
                                  .late = 100,
                                  .rejected = 50,
                                  .shed = 1,
                                  .control = 349,
                                  .missing = 7};
  EXPECT_TRUE(adds_up(summary));
  EXPECT_EQ(summary_text(summary, milliseconds(812), nullptr),
            "SIMULATED; the first bar came after 0.81 s\n"
            "received           21,000  the sum of the next six\n"
            "  delivered        20,000\n"
            "  duplicate           500\n"
            "  late                100\n"
            "  rejected             50\n"
            "  shed                  1\n"
            "  control             349\n"
            "missing                 7  trades that never came, by the ledger\n");
}

TEST(Summary, says_when_the_items_do_not_add_up) {
  const live::LiveSummary summary{.received = 2, .delivered = 1};
  EXPECT_FALSE(adds_up(summary));
  EXPECT_NE(summary_text(summary, {}, nullptr).find("NOT the sum"), std::string::npos);
}

TEST(Summary, names_the_first_differences) {
  TruthReport report;
  report.bars = 12;
  report.complete = 12;
  const std::string equal = summary_text({}, {}, &report);
  EXPECT_NE(equal.find("bars                   12\n"), std::string::npos) << equal;
  EXPECT_NE(equal.find("truth: equal"), std::string::npos) << equal;
  EXPECT_EQ(equal.find("past"), std::string::npos) << equal;
  report.past = 1234;
  EXPECT_NE(summary_text({}, {}, &report).find("past                1,234  trades of before"),
            std::string::npos);
  for (int i = 0; i < 11; ++i) report.differ("difference " + std::to_string(i));
  const std::string different = summary_text({}, {}, &report);
  EXPECT_NE(different.find("truth: 11 differences\n  difference 0\n"), std::string::npos);
  EXPECT_TRUE(different.ends_with("  difference 9\n  ...\n")) << different;
}

}  // namespace
}  // namespace tapeline::app::demo
