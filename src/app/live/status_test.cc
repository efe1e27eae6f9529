// SPDX-License-Identifier: Apache-2.0
#include "app/live/status.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
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

TEST(Status, back_fill_of_a_venue_is_said_once_for_all_its_feeds) {
  feed::FeedStatus first{.venue = "kraken"};
  first.backfill = {.is_on = true, .waiting = 2, .requests = 7, .answers = 5, .trades = 900};
  feed::FeedStatus second = first;
  second.backfill.waiting = 1;
  second.backfill.given_up = 1;
  second.backfill.last_error = "429";
  feed::FeedStatus other{.venue = "okx"};
  other.backfill.is_on = true;
  const auto rows = backfill_rows({first, other, second, {.venue = "twelvedata"}});
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].what, "back-fill kraken");
  EXPECT_EQ(rows[0].text,
            "3 holes to be asked for, 1 given up; 7 pages asked for, 5 came with 900 trades, 0 "
            "failed; last error: 429; `tapeline audit --repair` asks again");
  EXPECT_TRUE(rows[0].needs_a_person);
  EXPECT_EQ(rows[1].what, "back-fill okx");
}

constexpr RecvTime kNow{1'700'000'000'000'000'000};

feed::SessionStatus session(feed::SessionState state, Duration ago) {
  return {.venue = "coinbase", .state = state, .since = kNow - ago, .streams = {{}, {}}};
}

TEST(Status, a_clock_is_ahead_only_where_nothing_else_can_be) {
  using Reading = metrics::ClockOffset::Reading;
  serve::Latency latency;
  latency.venues = {
      {.venue = "new"},
      {.venue = "near", .clock = Reading{std::chrono::microseconds(8'500), {}, 2}},
      {.venue = "ahead", .clock = Reading{std::chrono::milliseconds(-2'990), 4e-5, 60}}};
  const auto rows = clock_rows(latency);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].what, "clock near");
  EXPECT_EQ(rows[0].text, "trades are here 8.50 ms after their time at the quickest");
  EXPECT_TRUE(
      rows[1].text.starts_with("2990.00 ms ahead of this machine's, or more, drifting by 40.0 ppm; "
                               "warning: its times are more than 250ms ahead "))
      << rows[1].text;
  EXPECT_FALSE(rows[1].needs_a_person);
}

TEST(Status, disorder_says_what_bound_would_do) {
  metrics::Histogram orderly;
  metrics::Histogram wild;
  metrics::Histogram few;
  few.add(std::chrono::seconds(9));
  for (int i = 0; i < 1'000; ++i) {
    orderly.add(std::chrono::microseconds(10 * i));
    wild.add(std::chrono::milliseconds(4 * i));
  }
  const auto venue = [](const char* name, const metrics::Histogram& of) {
    return serve::Latency::Venue{.venue = name, .disorder = &of};
  };
  serve::Latency latency;
  latency.venues = {venue("orderly", orderly), venue("wild", wild), venue("few", few)};
  const auto rows = disorder_rows(latency, std::chrono::seconds(2));
  ASSERT_EQ(rows.size(), 2U) << "a few trades say nothing";
  EXPECT_TRUE(rows[0].text.starts_with("of 1,000 trades 99.9 % came at most 9.99 ms behind"))
      << rows[0].text;
  EXPECT_TRUE(rows[0].text.ends_with(
      "all at most 9.99 ms; stream.disorder is 2s: 100ms would do, and bars would close sooner"))
      << rows[0].text;
  EXPECT_TRUE(rows[1].text.ends_with(
      " %) came beyond: 5s would wait for them, and bars would be revised less"))
      << rows[1].text;
  EXPECT_FALSE(rows[1].needs_a_person);
  EXPECT_TRUE(disorder_rows(latency, std::chrono::milliseconds(100))[0].text.ends_with("is 100ms"));
}

TEST(Status, disorder_counts_what_came_beyond_the_bound_and_an_eighth_more_at_most) {
  constexpr std::int64_t kBoundMs = 2'000;
  metrics::Histogram wild;
  std::uint64_t beyond = 0;         // counted one by one
  std::uint64_t nearly_beyond = 0;  // as far as a bucket is wide
  for (std::int64_t ms = 0; ms < 4'000; ms += 4) {
    wild.add(std::chrono::milliseconds(ms));
    if (ms > kBoundMs) ++beyond;
    if (ms > kBoundMs - kBoundMs / 8) ++nearly_beyond;
  }
  serve::Latency latency;
  latency.venues = {{.venue = "wild", .disorder = &wild}};
  const auto rows = disorder_rows(latency, std::chrono::milliseconds(kBoundMs));
  ASSERT_EQ(rows.size(), 1U);
  const std::string before = "stream.disorder is 2s, which at most ";
  const auto at = rows[0].text.find(before);
  ASSERT_NE(at, std::string::npos) << rows[0].text;
  const std::uint64_t shown = std::stoull(rows[0].text.substr(at + before.size()));
  EXPECT_GE(shown, beyond);
  EXPECT_LE(shown, nearly_beyond);
  const auto none = disorder_rows(latency, std::chrono::seconds(5));
  EXPECT_EQ(none[0].text.find("beyond"), std::string::npos) << none[0].text;
}

TEST(Status, a_feed_that_has_never_connected_needs_a_person_at_its_first_error) {
  auto its = session(feed::SessionState::kWaiting, std::chrono::seconds(4));
  EXPECT_FALSE(feed_row(its, kNow).needs_a_person) << "it has only begun";
  its.last_error = "127.0.0.1:9: connection refused";
  its.reconnects = 2;
  const StatusRow row = feed_row(its, kNow);
  EXPECT_TRUE(row.needs_a_person);
  EXPECT_EQ(row.what, "feed coinbase");
  EXPECT_EQ(row.text,
            "waiting, has never connected in 4.0 s, 3 tries; last error: 127.0.0.1:9: connection "
            "refused; `tapeline check --connect` tries it and says what is wrong");
}

TEST(Status, a_feed_that_was_live_has_a_minute_to_come_back) {
  auto its = session(feed::SessionState::kConnecting, std::chrono::seconds(60));
  its.was_live = true;
  its.last_error = "cut";
  EXPECT_FALSE(needs_a_person(its, kNow));
  its.since = kNow - std::chrono::seconds(61);
  EXPECT_TRUE(needs_a_person(its, kNow));
  EXPECT_TRUE(feed_row(its, kNow).text.starts_with("connecting, not connected for 61 s, "));
  its.state = feed::SessionState::kLive;
  EXPECT_FALSE(needs_a_person(its, kNow));
  EXPECT_TRUE(feed_row(its, kNow).text.starts_with("live, 0 of 2 streams live, "));
}

TEST(Status, a_feed_without_any_connection_has_a_row) {
  feed::FeedStatus feed;
  feed.venue = "okx";
  EXPECT_FALSE(list_row(feed)->needs_a_person) << "the list is on its way";
  feed.instruments = 1'234;
  const auto unmatched = list_row(feed);
  EXPECT_TRUE(unmatched->needs_a_person);
  EXPECT_NE(unmatched->text.find("match none of the 1,234"), std::string::npos);
  feed.last_error = "no route";
  const auto failed = list_row(feed);
  EXPECT_TRUE(failed->needs_a_person);
  EXPECT_NE(failed->text.find("last error: no route; `tapeline check --connect`"),
            std::string::npos);
  feed.sessions.resize(1);
  EXPECT_EQ(list_row(feed), std::nullopt) << "its connection has a row";
  ASSERT_EQ(listing_rows(feed).size(), 1U) << "the list before stands";
  EXPECT_NE(listing_rows(feed)[0].text.find(feed.last_error), std::string::npos);
  EXPECT_FALSE(listing_rows(feed)[0].needs_a_person);
  feed.instruments = 0;
  ASSERT_EQ(listing_rows(feed).size(), 1U) << "its streams were held against nothing";
  EXPECT_NE(listing_rows(feed)[0].text.find("last error: no route"), std::string::npos);
  EXPECT_TRUE(listing_rows(feed)[0].needs_a_person);
  feed.last_error.clear();
  EXPECT_TRUE(listing_rows(feed).empty());
  feed.untraded = {"A-USD halted"};
  EXPECT_FALSE(listing_rows(feed).at(0).needs_a_person) << "it may be back by itself";
  feed.untraded = {"A-USD halted", "B-USD vanished"};
  EXPECT_TRUE(listing_rows(feed).at(0).needs_a_person);
  EXPECT_EQ(listing_rows(feed)[0].text.find("A-USD halted, B-USD vanished: "), 0U);
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

TEST(Status, bars_that_differ_from_the_venues_own_candles_need_a_person) {
  const RecvTime now(std::int64_t{10} * 1'000'000'000);
  EXPECT_FALSE(candle_row({}, now).needs_a_person);
  EXPECT_NE(candle_row({}, now).text.find("not held against the venues' own candles yet"),
            std::string::npos);
  const ReconciledSum equal{.made_at = RecvTime(1), .compared = 1440, .uncompared = 2};
  EXPECT_FALSE(candle_row(equal, now).needs_a_person);
  EXPECT_NE(candle_row(equal, now).text.find("1,440 minutes compared"), std::string::npos);
  ReconciledSum different = equal;
  different.different = 1;
  EXPECT_TRUE(candle_row(different, now).needs_a_person);
  EXPECT_NE(candle_row(different, now).text.find("1 differ"), std::string::npos);
}

}  // namespace
}  // namespace tapeline::app::live
