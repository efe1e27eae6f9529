// SPDX-License-Identifier: Apache-2.0
#include "app/live/reconciler.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <utility>

#include "app/live/reconcile_fixture.h"
#include "base/memory_log.h"

namespace tapeline::app::live {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;

// The third day of 1970 has been over for as long as the clock says.
class ReconcilerTest : public ReconcileFixture {
 protected:
  void start() { reconciler_ = std::make_unique<Reconciler>(store_->open_reader(), clock_, log_); }
  void restart() {
    reconciler_.reset();
    reader_.reset();
    store_.reset();
    open();
    start();
  }
  void TearDown() override {
    reconciler_.reset();
    ReconcileFixture::TearDown();
  }
  // All turns that there are.
  std::size_t work() {
    std::size_t done = 0;
    for (std::size_t more = 1; more > 0; done += more) {
      more = reconciler_->run() + reconciler_->record_in(*store_);
    }
    return done;
  }
  store::Reconciliation on_record() {
    auto kept = store::recorded(*reader_, {}, [] { return false; });
    EXPECT_TRUE(kept) << kept.error().text;
    return std::move(*kept);
  }
  static RecvTime day(std::int64_t number) { return RecvTime(number * kDay * kMinute); }

  MemoryLog log_;
  ManualClock clock_{day(3) + 30min};
  std::unique_ptr<Reconciler> reconciler_;
};

TEST_F(ReconcilerTest, a_day_is_compared_once_when_it_has_been_over_for_an_hour) {
  keep(1, {bar(2 * kDay + 2, 4, Quality::kComplete)}, {candle(2 * kDay + 2, 4)});
  start();
  work();
  clock_.advance(Reconciler::kStart);
  work();
  EXPECT_TRUE(on_record().days.empty()) << "it is not due before";
  clock_.advance(1h);
  EXPECT_GT(work(), 0U);
  const auto kept = on_record();
  ASSERT_EQ(kept.days.size(), 1U);
  EXPECT_EQ(kept.days[0].day.unix_ns(), day(2).unix_ns());
  EXPECT_EQ(kept.days[0].equal, 1U);
  EXPECT_EQ(kept.made_at, clock_.wall());
  EXPECT_EQ(reconciler_->last(), (ReconciledSum{.made_at = clock_.wall(), .compared = 1}));
  clock_.advance(1h);
  EXPECT_EQ(work(), 0U);
}

TEST_F(ReconcilerTest, a_day_is_looked_at_again_when_what_came_late_has) {
  clock_.advance(1h);
  keep(1, {bar(2 * kDay + 2, 4, Quality::kComplete)}, {candle(2 * kDay + 2, 7)});
  start();
  work();
  clock_.advance(Reconciler::kStart);
  work();
  EXPECT_EQ(reconciler_->last().different, 1U);
  ASSERT_EQ(log_.lines().size(), 1U);
  EXPECT_EQ(log_.lines()[0].level, LogLevel::kWarn) << log_.lines()[0].text;
  store::BarRow revised = bar(2 * kDay + 2, 7, Quality::kRepaired);
  revised.revision = 1;
  keep(2, {revised}, {});
  clock_.advance(24h);
  work();
  EXPECT_EQ(reconciler_->last().different, 0U);
  const auto kept = on_record();
  ASSERT_EQ(kept.days.size(), 1U);
  EXPECT_EQ(kept.days[0].equal, 1U);
  EXPECT_TRUE(kept.differences.empty());
}

TEST_F(ReconcilerTest, a_restart_repeats_nothing_and_remembers_what_was_found) {
  clock_.advance(1h);
  keep(1, {bar(2 * kDay + 2, 4, Quality::kComplete)}, {candle(2 * kDay + 2, 7)});
  start();
  work();
  clock_.advance(Reconciler::kStart);
  work();
  const ReconciledSum found = reconciler_->last();
  EXPECT_EQ(found.different, 1U);
  clock_.advance(1h);
  restart();
  work();
  clock_.advance(Reconciler::kStart);
  EXPECT_EQ(work(), 0U);
  EXPECT_EQ(reconciler_->last(), found);
}

TEST_F(ReconcilerTest, a_start_waits_for_what_the_venues_tell) {
  clock_.advance(1h);
  start();
  work();
  keep(1, {bar(2 * kDay + 2, 4, Quality::kComplete)}, {});
  clock_.advance(1min);
  work();
  keep(2, {}, {candle(2 * kDay + 2, 4)});
  clock_.advance(Reconciler::kStart - 1min);
  EXPECT_EQ(work(), 0U);
  clock_.advance(1min);
  work();
  EXPECT_EQ(reconciler_->last().compared, 1U);
}

TEST_F(ReconcilerTest, once_stopped_it_begins_nothing) {
  clock_.advance(1h);
  keep(1, {bar(2 * kDay + 2, 4, Quality::kComplete)}, {candle(2 * kDay + 2, 7)});
  start();
  reconciler_->stop();
  clock_.advance(24h);
  EXPECT_EQ(work(), 0U);
}

}  // namespace
}  // namespace tapeline::app::live
