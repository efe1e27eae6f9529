// SPDX-License-Identifier: Apache-2.0
#include "model/watermark.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

namespace tapeline {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr WatermarkOptions kOptions{std::chrono::seconds(2), std::chrono::seconds(10)};
constexpr EngineTime kNoTick{0};

Trade trade_of(std::int64_t ts_event, std::int64_t ts_recv, bool idle_known = true) {
  Trade trade;
  trade.ts_event = EventTime(ts_event);
  trade.ts_recv = RecvTime(ts_recv);
  trade.idle_known = idle_known;
  return trade;
}

EventTime seconds(std::int64_t count) { return EventTime(count * kSecond); }
EngineTime engine(std::int64_t count) { return EngineTime(count * kSecond); }

TEST(Watermark, nothing_is_behind_before_the_first_trade) {
  const Watermark watermark(kOptions);
  EXPECT_EQ(watermark.at(kNoTick), kEventTimeMin);
  EXPECT_EQ(watermark.at(engine(1'000'000)), kEventTimeMin);
}

TEST(Watermark, follows_the_newest_trade_by_the_disorder) {
  Watermark watermark(kOptions);
  watermark.advance(trade_of(100 * kSecond, 100 * kSecond));
  EXPECT_EQ(watermark.at(kNoTick), seconds(98));
  watermark.advance(trade_of(50 * kSecond, 101 * kSecond));
  EXPECT_EQ(watermark.at(kNoTick), seconds(98)) << "an older trade moves nothing";
}

TEST(Watermark, a_trade_from_the_future_moves_it_one_second_past_its_receipt) {
  Watermark watermark(kOptions);
  watermark.advance(trade_of(INT64_MAX, 100 * kSecond));
  EXPECT_EQ(watermark.at(kNoTick), seconds(99));
  watermark.advance(trade_of(101 * kSecond, 100 * kSecond));
  EXPECT_EQ(watermark.at(kNoTick), seconds(99));
  watermark.advance(trade_of(101 * kSecond + 1, 100 * kSecond));
  EXPECT_EQ(watermark.at(kNoTick), seconds(99));
}

TEST(Watermark, silence_carries_it_on_after_the_idle_time) {
  Watermark watermark(kOptions);
  watermark.advance(trade_of(100 * kSecond, 100 * kSecond));
  EXPECT_EQ(watermark.at(engine(108)), seconds(98));
  EXPECT_EQ(watermark.at(engine(109)), seconds(99));
  EXPECT_EQ(watermark.idle_reaches(seconds(99)), engine(109));
}

TEST(Watermark, silence_means_nothing_where_the_time_of_receipt_was_inferred) {
  Watermark watermark(kOptions);
  watermark.advance(trade_of(100 * kSecond, 100 * kSecond, false));
  EXPECT_EQ(watermark.at(engine(1'000'000)), seconds(98));
  EXPECT_EQ(watermark.idle_reaches(seconds(99)), EngineTime(INT64_MAX));
}

TEST(Watermark, times_at_the_ends_of_64_bits_stay_in_order) {
  Watermark watermark(kOptions);
  watermark.advance(trade_of(INT64_MIN, INT64_MIN));
  EXPECT_LT(watermark.at(kNoTick), seconds(0));
  EXPECT_GT(watermark.at(kNoTick), kEventTimeMin);
  watermark.advance(trade_of(INT64_MAX, INT64_MAX));
  EXPECT_EQ(watermark.at(kNoTick), EventTime(INT64_MAX) - kOptions.disorder);
}

RC_GTEST_PROP(Watermark, is_the_greater_of_what_trades_and_silence_say, ()) {
  const auto any_second = rc::gen::inRange<std::int64_t>(0, 60);
  Watermark watermark(kOptions);
  EventTime newest = kEventTimeMin;
  const auto count = *rc::gen::inRange(1, 10);
  for (int i = 0; i < count; ++i) {
    const Trade trade = trade_of(*any_second * kSecond, *any_second * kSecond);
    watermark.advance(trade);
    newest = std::max(
        newest, EventTime(std::min(trade.ts_event.unix_ns(), trade.ts_recv.unix_ns() + kSecond)));
    const std::int64_t now = *any_second * kSecond;
    const EventTime expected =
        std::max(EventTime(newest.unix_ns() - 2 * kSecond), EventTime(now - 10 * kSecond));
    RC_ASSERT(watermark.at(EngineTime(now)) == expected);
  }
}

}  // namespace
}  // namespace tapeline
