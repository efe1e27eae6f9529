// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace tapeline {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in(int month, int year) {
  if (month == 2) return is_leap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Days since 1970 by counting years and months one at a time.
std::int64_t slow_days(int year, int month, int day) {
  std::int64_t days = day - 1;
  for (int y = 1970; y < year; ++y) days += is_leap(y) ? 366 : 365;
  for (int y = year; y < 1970; ++y) days -= is_leap(y) ? 366 : 365;
  for (int m = 1; m < month; ++m) days += days_in(m, year);
  return days;
}

struct WrittenTime {
  std::string text;
  std::int64_t unix_ns = 0;
};

WrittenTime any_time() {
  const int year = *rc::gen::weightedOneOf<int>(
      {{4, rc::gen::inRange(1678, 2262)},
       {1, rc::gen::element(1678, 1700, 1900, 1970, 2000, 2100, 2261)}});
  const int month = *rc::gen::inRange(1, 13);
  const int day = *rc::gen::inRange(1, days_in(month, year) + 1);
  const int hour = *rc::gen::inRange(0, 24);
  const int minute = *rc::gen::inRange(0, 60);
  const int second = *rc::gen::inRange(0, 60);
  const int digits = *rc::gen::inRange(0, 10);
  const int offset =
      *rc::gen::weightedOneOf<int>({{1, rc::gen::just(0)}, {1, rc::gen::inRange(-1439, 1440)}});
  std::int64_t fraction = 0;
  WrittenTime out;
  out.text = fmt::format("{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}", year, month, day,
                         *rc::gen::element('T', 't', ' '), hour, minute, second);
  std::int64_t unit = kNsPerSecond;
  for (int i = 0; i < digits; ++i) {
    const int digit = *rc::gen::inRange(0, 10);
    unit /= 10;
    fraction += digit * unit;
    out.text += fmt::format("{}{}", i == 0 ? "." : "", digit);
  }
  if (offset == 0) {
    out.text += *rc::gen::element("Z", "z", "+00:00", "-00:00");
  } else {
    out.text += fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+', std::abs(offset) / 60,
                            std::abs(offset) % 60);
  }
  const int in_day = hour * 3'600 + minute * 60 + second - offset * 60;
  const std::int64_t seconds = slow_days(year, month, day) * 86'400 + in_day;
  out.unix_ns = seconds * kNsPerSecond + fraction;
  return out;
}

RC_GTEST_PROP(Rfc3339, reading_agrees_with_a_slow_calendar, ()) {
  const WrittenTime written = any_time();
  RC_LOG() << written.text;
  RC_ASSERT(parse_rfc3339(written.text) == written.unix_ns);
}

RC_GTEST_PROP(Rfc3339, text_comes_back, ()) {
  const auto unix_ns = *rc::gen::inRange<std::int64_t>(
      slow_days(1678, 1, 1) * 86'400 * kNsPerSecond, slow_days(2262, 1, 1) * 86'400 * kNsPerSecond);
  const std::string text = format_rfc3339(unix_ns);
  RC_ASSERT(text.size() == 30U);
  RC_ASSERT(parse_rfc3339(text) == unix_ns);
}

RC_GTEST_PROP(Rfc3339, one_wrong_byte_is_never_the_same_time, ()) {
  const std::string text = format_rfc3339(1'618'677'817'123'456'789);
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  std::string wrong = text;
  wrong[at] = *rc::gen::arbitrary<char>();
  RC_PRE(wrong[at] != text[at]);
  const auto parsed = parse_rfc3339(wrong);
  const bool other_spelling =
      (at == 10 && (wrong[at] == 't' || wrong[at] == ' ')) || wrong[at] == 'z';
  RC_ASSERT(other_spelling || parsed != parse_rfc3339(text));
  const bool digit = wrong[at] >= '0' && wrong[at] <= '9';
  if (!digit && !other_spelling) RC_ASSERT(!parsed);
}

TEST(Rfc3339, any_number_of_fraction_digits_up_to_nine) {
  EXPECT_EQ(parse_rfc3339("2021-04-17T16:43:37Z"), 1'618'677'817'000'000'000);
  EXPECT_EQ(parse_rfc3339("2021-04-17T16:43:37.1Z"), 1'618'677'817'100'000'000);
  EXPECT_EQ(parse_rfc3339("2021-04-17T16:43:37.123456Z"), 1'618'677'817'123'456'000);
  EXPECT_EQ(parse_rfc3339("2021-04-17T16:43:37.123456789Z"), 1'618'677'817'123'456'789);
  EXPECT_EQ(parse_rfc3339("2021-04-17T16:43:37.1234567890Z"), std::nullopt);
}

TEST(Rfc3339, offset_moves_the_day) {
  EXPECT_EQ(parse_rfc3339("2021-01-01T00:30:00+01:00"), parse_rfc3339("2020-12-31T23:30:00Z"));
  EXPECT_EQ(parse_rfc3339("2020-02-28T23:30:00-01:00"), parse_rfc3339("2020-02-29T00:30:00Z"));
}

TEST(Rfc3339, edge_years) {
  EXPECT_EQ(format_rfc3339(*parse_rfc3339("1678-01-01T00:00:00Z")),
            "1678-01-01T00:00:00.000000000Z");
  EXPECT_EQ(format_rfc3339(*parse_rfc3339("2261-12-31T23:59:59.999999999Z")),
            "2261-12-31T23:59:59.999999999Z");
  EXPECT_TRUE(parse_rfc3339("1678-01-01T00:00:00+23:59"));
  EXPECT_TRUE(parse_rfc3339("2261-12-31T23:59:59.999999999-23:59"));
  EXPECT_EQ(parse_rfc3339("1677-12-31T23:59:59Z"), std::nullopt);
  EXPECT_EQ(parse_rfc3339("2262-01-01T00:00:00Z"), std::nullopt);
  EXPECT_EQ(parse_rfc3339("0000-01-01T00:00:00Z"), std::nullopt);
  EXPECT_EQ(parse_rfc3339("9999-12-31T23:59:59Z"), std::nullopt);
}

TEST(Rfc3339, refuses_what_is_malformed) {
  for (const auto* text : {"",
                           "Z",
                           "2021",
                           "2021-04-17",
                           "2021-04-17T16:43:37",
                           "2021-04-17T16:43Z",
                           "2021-4-17T16:43:37Z",
                           "2021-04-17T16:43:37.Z",
                           "2021-04-17T16:43:37,5Z",
                           "2021-04-17T16:43:37ZZ",
                           "2021-04-17T16:43:37Z ",
                           " 2021-04-17T16:43:37Z",
                           "2021-04-17T24:00:00Z",
                           "2021-04-17T16:60:37Z",
                           "2021-04-17T16:43:60Z",
                           "2021-13-17T16:43:37Z",
                           "2021-00-17T16:43:37Z",
                           "2021-04-31T16:43:37Z",
                           "2021-04-00T16:43:37Z",
                           "2021-02-29T16:43:37Z",
                           "1900-02-29T16:43:37Z",
                           "2100-02-29T00:00:00Z",
                           "2021/04/17T16:43:37Z",
                           "2021-04-17X16:43:37Z",
                           "2021-04-17T16.43.37Z",
                           "2021-04-17T16:43:37+0100",
                           "2021-04-17T16:43:37+01",
                           "2021-04-17T16:43:37+24:00",
                           "2021-04-17T16:43:37+01:60",
                           "2021-04-17T16:43:37+1:000",
                           "2021-04-17T16:43:37 01:00",
                           "2021-04-17T16:43:37.5",
                           "2021-04-17T16:43:37.5+",
                           "20210417T164337Z",
                           "+021-04-17T16:43:37Z",
                           "-021-04-17T16:43:37Z",
                           "2021-04-17T-1:43:37Z",
                           "2021-04-17T16:43:3xZ"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
  EXPECT_TRUE(parse_rfc3339("2000-02-29T00:00:00Z"));
  EXPECT_EQ(parse_rfc3339(std::string_view("2021-04-17T16:43:37Z\0", 21)), std::nullopt);
}

TEST(Rfc3339, prints_times_before_1970_and_the_extremes) {
  EXPECT_EQ(format_rfc3339(0), "1970-01-01T00:00:00.000000000Z");
  EXPECT_EQ(format_rfc3339(-1), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(format_rfc3339(INT64_MIN), "1677-09-21T00:12:43.145224192Z");
  EXPECT_EQ(format_rfc3339(INT64_MAX), "2262-04-11T23:47:16.854775807Z");
  std::string out = "x ";
  append_rfc3339(out, 0);
  EXPECT_EQ(out, "x 1970-01-01T00:00:00.000000000Z");
}

TEST(TimePoint, differences_are_durations) {
  const EventTime start(1'000);
  EXPECT_EQ(start + 5ns, EventTime(1'005));
  EXPECT_EQ(start - 5ns, EventTime(995));
  EXPECT_EQ(EventTime(1'005) - start, 5ns);
  EXPECT_LT(start, EventTime(1'001));
  EXPECT_LT(kEventTimeMin, start);
  EXPECT_LT(start, kEventTimeMax);
}

TEST(Duration, reads_a_number_and_a_unit) {
  EXPECT_EQ(parse_duration("7ns"), 7ns);
  EXPECT_EQ(parse_duration("10us"), 10us);
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("2s"), 2s);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("1h"), 1h);
  EXPECT_EQ(parse_duration("1d"), 24h);
  EXPECT_EQ(parse_duration("0s"), 0ns);
  EXPECT_EQ(parse_duration("9223372036854775807ns"), Duration::max());
}

TEST(Duration, refuses_everything_else) {
  for (const auto* text : {"",        "5",          "s",    "-5s", "+5s",  "5 s",
                           " 5s",     "5s ",        "1.5s", "5S",  "5M",   "5min",
                           "5sec",    "1h30m",      "1w",   "1y",  "0x5s", "9223372036854775808ns",
                           "106752d", "9223372037s"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
  EXPECT_TRUE(parse_duration("106751d"));
  EXPECT_EQ(parse_duration(std::string_view("5s\0", 3)), std::nullopt);
}

TEST(Duration, prints_the_largest_unit_that_divides) {
  EXPECT_EQ(format_duration(60s), "1m");
  EXPECT_EQ(format_duration(90s), "90s");
  EXPECT_EQ(format_duration(24h), "1d");
  EXPECT_EQ(format_duration(1500us), "1500us");
  EXPECT_EQ(format_duration(0ns), "0s");
}

RC_GTEST_PROP(Duration, text_comes_back, ()) {
  const auto count = *rc::gen::inRange<std::int64_t>(0, 1'000'000);
  const auto unit =
      *rc::gen::element<std::int64_t>(1, 1'000, 1'000'000, kNsPerSecond, 60 * kNsPerSecond);
  const Duration duration(count * unit);
  RC_ASSERT(parse_duration(format_duration(duration)) == duration);
}

}  // namespace
}  // namespace tapeline
