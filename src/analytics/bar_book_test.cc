// SPDX-License-Identifier: Apache-2.0
#include "analytics/bar_book.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analytics/bars.h"

namespace tapeline::analytics {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
// Within a tick the operator promises no order: the stream sorts.
using Lines = std::multiset<std::string>;

constexpr std::int64_t kSecond = 1'000'000'000;

// Bars of one instrument, told in seconds. Disorder 2 s, idle time-out 10 s.
class OneMarket : public testing::Test, public stream::OutputSink {
 protected:
  void watch(std::vector<Duration> intervals) {
    bars_ = std::make_unique<Bars>(BarsOptions{std::move(intervals), {}}, *this);
  }

  // A trade at `event` seconds, received at the same time, at a price that is its id.
  Trade trade(std::uint64_t id, double event) {
    Trade trade;
    trade.feeds_bars = true;
    trade.contiguous = true;
    trade.id = TradeId(id);
    trade.first_fill = trade.last_fill = id;
    trade.ts_event = EventTime(static_cast<std::int64_t>(event * 1000) * 1'000'000);
    trade.ts_recv = RecvTime(trade.ts_event.unix_ns());
    trade.price = Decimal{static_cast<std::int64_t>(id), 0};
    trade.size = Decimal{1, 0};
    trade.side = Side::kSell;
    return trade;
  }
  void tell(std::uint64_t id, double event) { bars_->on_trade(trade(id, event)); }
  void backfill(std::uint64_t id, double event) {
    Trade filled = trade(id, event);
    filled.flags.set(Flag::kBackfill);
    bars_->on_trade(filled);
  }
  void heartbeat(std::uint64_t last_id, double time) {
    Heartbeat heartbeat;
    heartbeat.feeds_bars = true;
    heartbeat.last_id = last_id;
    heartbeat.time = EventTime(static_cast<std::int64_t>(time * 1000) * 1'000'000);
    bars_->on_heartbeat(heartbeat);
  }

  // What leaves at a tick: interval@start, open-close, fills, quality, revision and cause.
  Lines tick(double time) {
    bars_->on_tick({EngineTime(static_cast<std::int64_t>(time * 1000) * 1'000'000), {}});
    return take();
  }
  Lines end() {
    bars_->on_end({});
    return take();
  }

  std::unique_ptr<Bars> bars_;

 private:
  void on_bar(const BarRevision& bar) override {
    said_.insert(fmt::format("{}@{} {}-{} x{} {} {} {}", format_duration(bar.interval),
                             bar.start.unix_ns() / kSecond, price(bar.partial.open),
                             price(bar.partial.close), bar.partial.trades, name_of(bar.quality),
                             bar.revision, name_of(bar.cause)));
  }
  void on_open_bar(const BarRevision& /*bar*/) override {}
  static std::string price(Int128 value) {
    std::string text;
    append_scaled(text, value, Decimal::kScaleMax);
    return text;
  }
  Lines take() {
    Lines said;
    said.swap(said_);
    return said;
  }

  Lines said_;
};

using BarsOf = OneMarket;

TEST_F(BarsOf, a_window_leave_when_the_watermark_reaches_its_end_and_not_before) {
  watch({seconds(10)});
  tell(1, 5);
  tell(2, 11.999);
  EXPECT_EQ(tick(12), Lines{});
  tell(3, 12);
  EXPECT_EQ(tick(12), (Lines{"10s@0 1-1 x1 unknown 0 "}));
  EXPECT_EQ(tick(13), Lines{});
}

TEST_F(BarsOf, a_quiet_instrument_close_by_engine_time) {
  watch({seconds(10)});
  tell(1, 5);
  EXPECT_EQ(tick(19.999), Lines{});
  EXPECT_EQ(tick(20), (Lines{"10s@0 1-1 x1 unknown 0 "}));
}

TEST_F(BarsOf, an_earlier_window_than_the_open_ones_close_by_engine_time_in_its_own_time) {
  watch({seconds(1)});
  tell(2, 10.5);
  tell(1, 9.2);  // in time: the watermark stands at 8.5
  EXPECT_EQ(tick(19.9), Lines{});
  EXPECT_EQ(tick(20), (Lines{"1s@9 1-1 x1 unknown 0 "}));
  EXPECT_EQ(tick(21), (Lines{"1s@10 2-2 x1 unknown 0 "}));
}

TEST_F(BarsOf, a_quiet_instrument_are_confirmed_when_it_wakes) {
  watch({seconds(1)});
  tell(1, 0.5);
  tell(2, 1.5);
  EXPECT_EQ(tick(30), (Lines{"1s@0 1-1 x1 unknown 0 ", "1s@1 2-2 x1 unknown 0 "}));
  tell(3, 29);
  EXPECT_EQ(tick(31), (Lines{"1s@1 2-2 x1 complete 1 confirmed"}));
}

// Ids and times disagree.
TEST_F(BarsOf, a_quiet_instrument_stay_unknown_when_ids_went_back_in_time) {
  watch({seconds(1), seconds(10)});
  tell(1, 6.5);
  tell(2, 3.3);
  EXPECT_EQ(tick(30),
            (Lines{"1s@3 2-2 x1 unknown 0 ", "1s@6 1-1 x1 unknown 0 ", "10s@0 2-1 x2 unknown 0 "}));
  tell(3, 5.3);
  tell(4, 28);
  // The run begins with the id of 6.5: what came before it nobody saw, whatever the times say.
  EXPECT_EQ(tick(30.2), (Lines{"1s@5 3-3 x1 unknown 0 ", "10s@0 2-1 x3 unknown 1 late_trade"}));
}

TEST_F(BarsOf, a_quiet_instrument_are_confirmed_by_a_heartbeat) {
  watch({seconds(1)});
  tell(1, 0.5);
  tell(2, 1.5);
  tick(30);
  heartbeat(2, 1.9);
  EXPECT_EQ(tick(31), Lines{});
  heartbeat(2, 2);
  EXPECT_EQ(tick(32), (Lines{"1s@1 2-2 x1 complete 1 confirmed"}));
}

TEST_F(BarsOf, both_sides_of_a_hole_become_gaps_and_are_repaired) {
  watch({seconds(1)});
  tell(1, 0.5);
  tell(2, 1.5);
  tell(4, 5.5);
  tell(5, 6.5);
  tell(6, 9);
  EXPECT_EQ(tick(10), (Lines{"1s@0 1-1 x1 unknown 0 ", "1s@1 2-2 x1 gap 0 ", "1s@5 4-4 x1 gap 0 ",
                             "1s@6 5-5 x1 complete 0 "}));
  backfill(3, 3.5);
  EXPECT_EQ(tick(11), (Lines{"1s@3 3-3 x1 repaired 0 ", "1s@1 2-2 x1 complete 1 backfill",
                             "1s@5 4-4 x1 complete 1 backfill"}));
}

TEST_F(BarsOf, a_closed_window_get_one_revision_per_tick_with_the_strongest_cause) {
  watch({seconds(10)});
  tell(1, 1);
  tell(5, 13);
  EXPECT_EQ(tick(14), (Lines{"10s@0 1-1 x1 gap 0 "}));
  tell(2, 2);
  backfill(3, 3);
  tell(4, 4);
  EXPECT_EQ(tick(15), (Lines{"10s@0 1-4 x4 unknown 1 backfill"}));
  EXPECT_EQ(tick(16), Lines{});
}

TEST_F(BarsOf, a_window_that_only_late_trades_filled_start_with_revision_0) {
  watch({seconds(1), seconds(60)});
  tell(3, 100);
  EXPECT_EQ(tick(100.1), Lines{});
  tell(1, 30.5);
  tell(2, 30.6);
  EXPECT_EQ(tick(100.2), (Lines{"1s@30 1-2 x2 unknown 0 ", "1m@0 1-2 x2 unknown 0 "}));
  tell(4, 20);
  // An id behind the others proves nothing of what came before the first of them.
  EXPECT_EQ(tick(100.3), (Lines{"1s@20 4-4 x1 unknown 0 ", "1m@0 4-2 x3 unknown 1 late_trade"}));
}

TEST_F(BarsOf, a_long_window_hold_what_came_between_the_closing_of_short_ones) {
  watch({seconds(1), seconds(4), seconds(60)});
  for (std::uint64_t id = 1; id <= 9; ++id) {
    tell(id, static_cast<double>(id));
    tick(static_cast<double>(id));
  }
  tell(10, 2.5);  // its second is closed, its 4 seconds too, its minute is open
  tell(11, 8.5);  // in the newest second but one, which is open
  EXPECT_EQ(tick(9.1),
            (Lines{"1s@2 2-10 x2 complete 1 late_trade", "4s@0 1-3 x4 unknown 1 late_trade"}));
  EXPECT_TRUE(end().contains("1m@0 1-9 x11 unknown 0 "));
}

TEST_F(BarsOf, lengths_that_do_not_nest_see_every_trade_once) {
  watch({seconds(5), seconds(7)});
  for (std::uint64_t id = 1; id <= 20; ++id) tell(id, static_cast<double>(id) - 0.5);
  const Lines all = end();
  EXPECT_EQ(all, (Lines{"5s@0 1-5 x5 unknown 0 ", "5s@5 6-10 x5 complete 0 ",
                        "5s@10 11-15 x5 complete 0 ", "5s@15 16-20 x5 unknown 0 ",
                        "7s@0 1-7 x7 unknown 0 ", "7s@7 8-14 x7 complete 0 ",
                        "7s@14 15-20 x6 unknown 0 "}));
}

TEST_F(BarsOf, the_far_future_close_nothing_that_was_not_received_yet) {
  watch({seconds(1)});
  Trade future = trade(1, 250'000'000'000.0 / 1000);
  future.ts_recv = RecvTime(5 * kSecond);
  bars_->on_trade(future);
  tell(2, 5);
  EXPECT_EQ(tick(5.1), Lines{});  // the watermark stands at 6 - 2
  tell(3, 8);
  EXPECT_EQ(tick(8.1), (Lines{"1s@5 2-2 x1 unknown 0 "}));
}

TEST_F(BarsOf, times_before_1970_are_windows_like_others) {
  watch({seconds(7), seconds(14)});
  tell(1, -20);
  tell(2, -10);
  EXPECT_EQ(tick(-9), (Lines{"7s@-21 1-1 x1 unknown 0 ", "14s@-28 1-1 x1 unknown 0 "}));
  EXPECT_EQ(end(), (Lines{"7s@-14 2-2 x1 unknown 0 ", "14s@-14 2-2 x1 unknown 0 "}));
}

TEST_F(BarsOf, trades_that_do_not_feed_them_do_not_exist) {
  watch({seconds(1)});
  Trade other = trade(1, 1);
  other.feeds_bars = false;
  bars_->on_trade(other);
  EXPECT_EQ(end(), Lines{});
}

}  // namespace
}  // namespace tapeline::analytics
