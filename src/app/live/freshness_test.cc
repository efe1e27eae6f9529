// SPDX-License-Identifier: Apache-2.0
#include "app/live/freshness.h"

#include <gtest/gtest.h>

namespace tapeline::app::live {
namespace {

using std::chrono::milliseconds;

class FreshnessTest : public testing::Test {
 protected:
  FreshnessTest() : freshness_(clock_) {}

  void trade(std::uint32_t instrument, Duration age = {}) {
    Trade trade;
    trade.instrument = InstrumentId(instrument);
    trade.feeds_bars = true;
    trade.ts_recv = clock_.wall() - age;
    freshness_.on_trade(trade, {});
  }
  void look(std::uint32_t instrument, BarState state = BarState::kProvisional) {
    BarRevision bar;
    bar.instrument = InstrumentId(instrument);
    bar.state = state;
    freshness_.on_bar(bar);
  }

  ManualClock clock_{RecvTime(1'700'000'000'000'000'000)};
  Freshness freshness_;
};

TEST_F(FreshnessTest, is_the_wait_of_the_oldest_trade_that_a_look_shows) {
  clock_.advance(milliseconds(10));
  trade(0);
  clock_.advance(milliseconds(3));
  trade(0);
  trade(1);
  clock_.advance(milliseconds(2));
  look(0);
  look(0);  // another interval of the same instrument
  EXPECT_EQ(freshness_.waits().count(), 1U);
  EXPECT_EQ(freshness_.waits().longest(), milliseconds(5));
  look(1);
  EXPECT_EQ(freshness_.waits().count(), 2U);
}

TEST_F(FreshnessTest, of_what_was_received_before_this_run_nobody_waits) {
  clock_.advance(milliseconds(10));
  trade(0, milliseconds(11));
  look(0);
  EXPECT_EQ(freshness_.waits().count(), 0U);
}

TEST_F(FreshnessTest, a_final_bar_shows_nothing_that_waits) {
  trade(0);
  look(0, BarState::kFinal);
  look(7);
  EXPECT_EQ(freshness_.waits().count(), 0U);
}

}  // namespace
}  // namespace tapeline::app::live
