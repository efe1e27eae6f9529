// SPDX-License-Identifier: Apache-2.0
// Bars against the venues' own candles: what is compared, what differs, and what is recorded of it.
#include "store/reconcile.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/duckdb/folder_fixture.h"
#include "store/duckdb/open.h"
#include "store/duckdb/query_fixture.h"
#include "store/store_fixture.h"
#include "store/venue_candles.h"

namespace tapeline::store::duckdb {
namespace {

constexpr std::int64_t kMinute = 60'000'000'000;
constexpr std::int64_t kDay = 24 * 60;  // minutes

Int128 column(std::int64_t value) { return Decimal{value, 0}.at_scale_18(); }

BarRow bar(std::int64_t minute, std::int64_t close, Quality quality) {
  BarRow row;
  row.instrument = InstrumentId(0);
  row.interval = Duration(kMinute);
  row.start = EventTime(minute * kMinute);
  row.quality = quality;
  row.columns.open = row.columns.low = column(1);
  row.columns.high = column(9);
  row.columns.close = column(close);
  row.columns.volume = column(5);
  row.columns.trades = 2;
  return row;
}

VenueCandle candle(std::int64_t minute, Decimal close) {
  return {.instrument = InstrumentId(0),
          .interval = Duration(kMinute),
          .start = EventTime(minute * kMinute),
          .ts_recv = RecvTime(1),
          .open = {1, 0},
          .high = {9, 0},
          .low = {1, 0},
          .close = close,
          .volume = {5, 0}};
}

// An empty store, and one instrument whose name is not kind to SQL.
class Reconcile : public testing::Test {
 protected:
  void SetUp() override { open(); }

  void open() {
    auto writer = open_writer(folder_.path(), {});
    ASSERT_TRUE(writer) << writer.error().text;
    writer_ = std::move(*writer);
    reader_ = writer_->open_reader();
  }
  void close() {
    reader_.reset();
    writer_.reset();
  }
  void store(std::uint64_t position, std::vector<BarRow> bars,
             const std::vector<VenueCandle>& candles) {
    InstrumentNames names;
    names.add("venue:IT'S");
    Batch batch{.names = &names, .bars = std::move(bars)};
    for (BarRow& row : batch.bars) row.position = at(position);
    std::uint32_t ordinal = 0;
    for (const VenueCandle& its : candles) {
      batch.candles.push_back({at(position), ordinal++, its});
    }
    const auto done = writer_->commit(batch, at(position));
    ASSERT_TRUE(done) << done.error().text;
  }
  static bool goes_on() { return false; }
  Reconciliation found(const Selection& which = {}) {
    auto done = reconcile(*reader_, which, goes_on);
    EXPECT_TRUE(done) << done.error().text;
    return done ? std::move(*done) : Reconciliation();
  }
  Reconciliation on_record(const Selection& which = {}) {
    auto done = recorded(*reader_, which, goes_on);
    EXPECT_TRUE(done) << done.error().text;
    return done ? std::move(*done) : Reconciliation();
  }
  // Every outcome once, on the first day.
  void store_all_outcomes() {
    store(
        1000,
        {bar(2, 4, Quality::kUnknown), bar(3, 4, Quality::kComplete), bar(4, 4, Quality::kRepaired),
         bar(5, 4, Quality::kGap), bar(7, 4, Quality::kComplete), bar(9, 4, Quality::kComplete)},
        {candle(1, {4, 0}), candle(2, {4, 0}), candle(3, {4, 0}), candle(4, {41, 1}),
         candle(5, {8, 0}), candle(6, {4, 0}), candle(8, {4, 0})});
  }

  TestFolder folder_;
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<Reader> reader_;
};

TEST_F(Reconcile, counts_each_minute_once_by_what_came_of_it) {
  store_all_outcomes();
  EXPECT_EQ(found().days, (std::vector<ReconciledDay>{{.day = {},
                                                       .instrument = "venue:IT'S",
                                                       .equal = 1,
                                                       .different = 1,
                                                       .gap = 1,
                                                       .unknown = 1,
                                                       .no_bar = 2,
                                                       .no_candle = 1,
                                                       .unanswered = 1,
                                                       .before = 1}}));
}

TEST_F(Reconcile, names_both_values_exactly_those_without_excuse_first) {
  store_all_outcomes();
  const auto differences = found().differences;
  ASSERT_EQ(differences.size(), 5U);
  EXPECT_EQ(differences[0], (ReconciledDifference{.start = EventTime(4 * kMinute),
                                                  .instrument = "venue:IT'S",
                                                  .field = "close",
                                                  .ours = "4",
                                                  .theirs = "4.1",
                                                  .quality = "repaired"}));
  EXPECT_TRUE(differences[0].is_unexcused());
  for (std::size_t i = 1; i < differences.size(); ++i) {
    EXPECT_FALSE(differences[i].is_unexcused()) << i;
  }
}

TEST_F(Reconcile, is_of_the_times_that_are_asked_for_and_of_days_in_utc) {
  store(1000,
        {bar(kDay - 1, 4, Quality::kComplete), bar(kDay, 4, Quality::kComplete),
         bar(kDay + 1, 4, Quality::kComplete)},
        {candle(kDay - 1, {4, 0}), candle(kDay, {4, 0}), candle(kDay + 1, {5, 0})});
  const auto all = found();
  ASSERT_EQ(all.days.size(), 2U);
  EXPECT_EQ(all.days[1].day, EventTime(kDay * kMinute));
  EXPECT_EQ(all.days[1].different, 1U);
  const auto part =
      found({.from = EventTime(kDay * kMinute), .to = EventTime((kDay + 1) * kMinute)});
  ASSERT_EQ(part.days.size(), 1U);
  EXPECT_EQ(part.days[0].equal, 1U);
  EXPECT_EQ(part.days[0].different, 0U);
  EXPECT_TRUE(part.differences.empty());
}

TEST_F(Reconcile, follows_what_the_venue_and_we_say_by_now) {
  store_all_outcomes();
  BarRow revised = bar(5, 8, Quality::kRepaired);
  revised.revision = 1;
  store(1001, {revised}, {candle(4, {4, 0})});
  const auto now = found();
  EXPECT_EQ(now.days[0].equal, 3U);
  EXPECT_EQ(now.days[0].different, 0U);
  EXPECT_EQ(now.days[0].gap, 0U);
}

TEST_F(Reconcile, what_is_recorded_outlives_what_changes_and_a_restart) {
  store_all_outcomes();
  Reconciliation first = found();
  first.made_at = RecvTime(77);
  ASSERT_TRUE(writer_->record(first));
  store(1001, {}, {candle(4, {4, 0})});
  close();
  open();
  const auto kept = on_record();
  EXPECT_EQ(kept.days, first.days);
  EXPECT_EQ(kept.differences, first.differences);
}

TEST_F(Reconcile, of_what_is_recorded_twice_the_last_counts) {
  store_all_outcomes();
  Reconciliation first = found();
  first.made_at = RecvTime(77);
  ASSERT_TRUE(writer_->record(first));
  store(1001, {}, {candle(4, {4, 0})});
  Reconciliation second = found();
  second.made_at = RecvTime(88);
  ASSERT_TRUE(writer_->record(second));
  EXPECT_EQ(on_record().days, second.days);
  EXPECT_EQ(on_record().differences, second.differences);
  EXPECT_EQ(second.differences.size() + 1, first.differences.size());
}

TEST_F(Reconcile, the_venues_minutes_make_longer_spans_and_what_it_said_last_counts) {
  std::vector<VenueCandle> candles{candle(0, {4, 0}), candle(1, {5, 0}), candle(4, {6, 0}),
                                   candle(5, {7, 0})};
  candles[1].high = {95, 1};
  candles[2].low = {5, 1};
  for (std::size_t i = 0; i < 3; ++i) candles[i].trades = i + 1;
  store(1000, {}, candles);
  store(1001, {}, {candle(4, {8, 0})});
  const Selection which{.instrument = "venue:IT'S", .interval = Duration(5 * kMinute), .newest = 9};
  const auto spans = venue_spans(*reader_, which, goes_on);
  ASSERT_TRUE(spans) << spans.error().text;
  ASSERT_EQ(spans->size(), 2U);
  EXPECT_EQ((*spans)[0], (VenueSpan{.start = EventTime(0),
                                    .open = "1",
                                    .high = "9.5",
                                    .low = "1",
                                    .close = "8",
                                    .volume = "15",
                                    .trades = {},
                                    .minutes = 3}))
      << "what it says last of minute 4 has no trades";
  EXPECT_EQ((*spans)[1].start, EventTime(5 * kMinute));
  Selection part = which;
  part.newest = 1;
  EXPECT_EQ(venue_spans(*reader_, part, goes_on)->at(0).start, EventTime(5 * kMinute));
  part.to = EventTime(5 * kMinute);
  EXPECT_EQ(venue_spans(*reader_, part, goes_on)->at(0).start, EventTime(0));
  part.instrument = "venue:OTHER";
  EXPECT_TRUE(venue_spans(*reader_, part, goes_on)->empty());
}

}  // namespace
}  // namespace tapeline::store::duckdb
