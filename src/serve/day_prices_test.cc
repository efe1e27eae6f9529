// SPDX-License-Identifier: Apache-2.0
#include "serve/day_prices.h"

#include <random>

#include "base/decimal.h"
#include "serve/serve_fixture.h"

namespace tapeline::serve {
namespace {

constexpr Duration kMinute = std::chrono::minutes(1);
constexpr EventTime kMidnight{1'699'920'000'000'000'000};

EventTime minute(std::int64_t n) { return kMidnight + n * kMinute; }

Int128 at_scale_18(const char* text) { return parse_decimal(text)->at_scale_18(); }

FirstPrice first(EventTime start, const char* price, std::uint32_t revision = 0) {
  return {start, revision, at_scale_18(price)};
}

std::string percent(const char* from, const char* to) {
  DayPrices day;
  day.put(first(minute(0), from));
  return change_of(day, *parse_decimal(to), minute(1))->percent;
}

TEST(DayPrices, the_first_known_price_of_the_last_day_is_the_reference) {
  DayPrices day;
  EXPECT_FALSE(day.first_before(minute(0)));
  EXPECT_TRUE(day.put(first(minute(0), "100")));
  EXPECT_TRUE(day.put(first(minute(30), "130")));
  EXPECT_TRUE(day.put(first(minute(1440), "140")));
  const auto at = [&](EventTime now) { return day.first_before(now)->start; };
  EXPECT_EQ(at(minute(5)), minute(0)) << "a shorter history";
  EXPECT_EQ(at(minute(1440) + Duration(59 * kSecond)), minute(0)) << "to the minute";
  EXPECT_EQ(at(minute(1441)), minute(30)) << "nothing was traded before";
  EXPECT_EQ(at(minute(1471)), minute(1440));
  EXPECT_FALSE(day.first_before(minute(1440 + 1441)));
}

TEST(DayPrices, revisions_and_earlier_bars_of_a_minute_change_it) {
  DayPrices day;
  EXPECT_TRUE(day.put(first(minute(0) + 20 * kSecond, "5", 1)));
  EXPECT_FALSE(day.put(first(minute(0) + 20 * kSecond, "4", 0))) << "an older revision";
  EXPECT_FALSE(day.put(first(minute(0) + 20 * kSecond, "5", 2)));
  EXPECT_FALSE(day.put(first(minute(0) + 21 * kSecond, "9", 3)));
  EXPECT_EQ(day.first_before(minute(1))->price, at_scale_18("5"));
  EXPECT_TRUE(day.put(first(minute(0) + 20 * kSecond, "6", 3)));
  EXPECT_TRUE(day.put(first(minute(0) + 1 * kSecond, "7")));
  EXPECT_EQ(day.first_before(minute(1))->price, at_scale_18("7"));
}

// Against a plain map of all that was put, in any order.
TEST(DayPrices, holds_a_day_whatever_the_order) {
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    DayPrices day;
    std::map<std::int64_t, Int128> all;
    std::int64_t newest = 0;
    for (int i = 0; i < 2000; ++i) {
      const std::int64_t at = static_cast<std::int64_t>(random() % 4000);
      if (at < newest - 1440) {
        EXPECT_FALSE(day.put({minute(at), 0, static_cast<Int128>(at)}));
        continue;
      }
      newest = std::max(newest, at);
      day.put({minute(at), 0, static_cast<Int128>(at)});
      all[at] = static_cast<Int128>(at);
    }
    const auto expected = all.lower_bound(newest - 1440);
    ASSERT_EQ(day.first_before(minute(newest))->price, expected->second);
  }
}

TEST(Change, is_exact_and_rounded_half_even) {
  EXPECT_EQ(percent("100", "101.25"), "1.25");
  EXPECT_EQ(percent("100", "98.75"), "-1.25");
  EXPECT_EQ(percent("100", "100"), "0.00");
  EXPECT_EQ(percent("200", "200.01"), "0.00") << "half a hundredth: to even";
  EXPECT_EQ(percent("200", "200.03"), "0.02") << "one and a half: to even";
  EXPECT_EQ(percent("200", "199.99"), "0.00") << "no sign of nothing";
  EXPECT_EQ(percent("3", "4"), "33.33");
  EXPECT_EQ(percent("0.000000000000000001", "0.000000000000000003"), "200.00");
  EXPECT_EQ(percent("9000000000000000000", "1"), "-100.00");
  EXPECT_EQ(percent("0.000000000000000001", "9000000000000000000"), "");
  EXPECT_EQ(percent("0", "1"), "");
}

TEST(Change, says_over_how_long_it_is) {
  DayPrices day;
  day.put(first(minute(0), "1"));
  const auto over = [&day](Duration span) {
    return change_of(day, *parse_decimal("1"), minute(0) + span)->over();
  };
  EXPECT_EQ(over(std::chrono::seconds(59)), "0m");
  EXPECT_EQ(over(std::chrono::minutes(59)), "59m");
  EXPECT_EQ(over(std::chrono::minutes(119)), "1h");
  EXPECT_EQ(over(std::chrono::hours(24) + std::chrono::seconds(59)), "24h");
}

TEST(Change, is_of_a_whole_day_wherever_something_older_is_known) {
  const auto over = [](const DayPrices& day, std::int64_t now) {
    return change_of(day, *parse_decimal("1"), minute(now))->over();
  };
  DayPrices day;
  day.put(first(minute(1'000), "1"));
  EXPECT_EQ(over(day, 1'030), "30m") << "nothing is known from before";
  day.put(first(minute(0), "1"));
  EXPECT_EQ(over(day, 1'030), "17h");
  EXPECT_EQ(over(day, 1'441), "24h") << "no trade in the first minutes of the day";
  day.put(first(minute(1'500), "1"));
  EXPECT_EQ(over(day, 1'500), "24h") << "though the oldest minute is forgotten";

  DayPrices late;
  late.put(first(minute(1'500), "1"));
  EXPECT_EQ(over(late, 1'510), "10m");
  late.put(first(minute(0), "1"));
  EXPECT_EQ(over(late, 1'510), "24h") << "what is too old to be kept is known all the same";

  DayPrices stored;
  stored.put(first(minute(0), "1"));
  stored.note_older();
  EXPECT_EQ(over(stored, 5), "24h");
}

}  // namespace
}  // namespace tapeline::serve
