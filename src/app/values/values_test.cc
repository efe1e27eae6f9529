// SPDX-License-Identifier: Apache-2.0
#include "app/values/values.h"

#include <gtest/gtest.h>

#include "app/values/text.h"

namespace tapeline::app::values {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const std::vector<std::string> kVenues{"coinbase", "binance"};

TEST(Values, durations_name_what_is_allowed) {
  EXPECT_EQ(read_duration("5s", kDisorderRange), Duration(seconds(5)));
  EXPECT_EQ(read_duration("0s", kDisorderRange), Duration(0));
  EXPECT_EQ(read_duration("5x", kDisorderRange).error(),
            "\"5x\" is not a duration (allowed: 0s to 7d, like 500ms, 2s or 5m)");
  EXPECT_EQ(read_duration("8d", kIntervalRange).error(),
            "\"8d\" is out of range (allowed: 1ms to 7d)");
  for (const char* bad : {"", "5", "s", "-5s", "1.5s", "5 s", "5s ", "99999999999999999999d"}) {
    EXPECT_FALSE(read_duration(bad, kLatenessRange)) << bad;
  }
}

TEST(Values, times_are_rfc3339) {
  EXPECT_EQ(read_time("1970-01-01T00:00:01Z"), EventTime(1'000'000'000));
  EXPECT_EQ(read_time("1970-01-01").error(),
            "\"1970-01-01\" is not a time (allowed: RFC 3339, like 2021-04-17T16:43:37Z; or "
            "nanoseconds with --time unix_ns)");
}

TEST(Values, times_may_be_nanoseconds) {
  constexpr auto kNanos = replay::TimeFormat::kUnixNs;
  EXPECT_EQ(read_time("1618677817000000001", kNanos), EventTime(1'618'677'817'000'000'001));
  EXPECT_EQ(read_time("-1", kNanos), EventTime(-1));
  EXPECT_EQ(read_time("1970-01-01T00:00:01Z", kNanos).error(),
            "\"1970-01-01T00:00:01Z\" is not a time (allowed with --time unix_ns: nanoseconds "
            "since 1970, like 1618677817000000000)");
  for (const char* bad : {"", "1.5", "1e9", "+1", " 1", "9223372036854775808"}) {
    EXPECT_FALSE(read_time(bad, kNanos)) << bad;
  }
}

TEST(Values, sizes_have_binary_units) {
  EXPECT_EQ(parse_size("64KiB"), 65'536U);
  EXPECT_EQ(parse_size("1MiB"), 1'048'576U);
  EXPECT_EQ(parse_size("2GiB"), 2'147'483'648U);
  EXPECT_EQ(parse_size("4096"), 4096U);
  EXPECT_EQ(parse_size("7B"), 7U);
  for (const char* bad : {"", "KiB", "64KB", "64k", "-1", "1.5MiB", "99999999999TiB", "1 MiB"}) {
    EXPECT_EQ(parse_size(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(read_batch_bytes("64KB").error(),
            "\"64KB\" is not a size (allowed: 4KiB to 64MiB, like 64KiB)");
  EXPECT_EQ(read_batch_bytes("65MiB").error(),
            "\"65MiB\" is out of range (allowed: 4KiB to 64MiB, like 64KiB)");
  EXPECT_TRUE(read_batch_bytes("4KiB"));
  EXPECT_FALSE(read_batch_bytes("4095B"));
}

TEST(Values, sizes_name_what_is_allowed) {
  EXPECT_EQ(read_size("128MiB", kSegmentBytesRange), std::uint64_t{128} << 20);
  EXPECT_EQ(read_size("1023KiB", kSegmentBytesRange).error(),
            "\"1023KiB\" is out of range (allowed: 1MiB to 4GiB, like 128MiB)");
  EXPECT_EQ(read_size("much", kRetainBytesRange).error(),
            "\"much\" is not a size (allowed: 1MiB to 1024TiB, like 128MiB)");
  EXPECT_EQ(format_size(std::uint64_t{50} << 30), "50GiB");
  EXPECT_EQ(format_size(0), "0B");
}

TEST(Values, a_word_may_stand_for_none) {
  const auto read = [](std::string_view text) {
    return read_unless("off", text,
                       [](std::string_view t) { return read_duration(t, kRetainAgeRange); });
  };
  EXPECT_EQ(read("off").value(), std::nullopt);
  EXPECT_EQ(read("7d").value(), Duration(std::chrono::days(7)));
  EXPECT_EQ(read("1s").error(), "\"1s\" is out of range (allowed: 1m to 36500d, or off)");
  EXPECT_EQ(read("of)").error(),
            "\"of)\" is not a duration (allowed: 1m to 36500d, like 500ms, 2s or 5m, or off)");
}

TEST(Values, the_reserve_is_a_gibibyte_or_a_twentieth) {
  constexpr std::uint64_t kGibibyte = std::uint64_t{1} << 30;
  EXPECT_EQ(reserve_or_share({}, 100 * kGibibyte), kGibibyte);
  EXPECT_EQ(reserve_or_share({}, 20 * kGibibyte), kGibibyte);
  EXPECT_EQ(reserve_or_share({}, 10 * kGibibyte), kGibibyte / 2);
  EXPECT_EQ(reserve_or_share({}, 0), 0U);
  EXPECT_EQ(reserve_or_share(7, 10 * kGibibyte), 7U);
}

TEST(Values, numbers_begin_at_one) {
  EXPECT_EQ(read_number("1", 100), 1U);
  EXPECT_EQ(read_number("100", 100), 100U);
  EXPECT_EQ(read_number("101", 100).error(), "\"101\" is out of range (allowed: 1 to 100)");
  EXPECT_EQ(read_number("few", 100).error(), "\"few\" is not a number (allowed: 1 to 100)");
  EXPECT_FALSE(read_number("0", 100));
  EXPECT_TRUE(read_bool("true").value());
  EXPECT_FALSE(read_bool("false").value());
  EXPECT_EQ(read_bool("yes").error(), "\"yes\" is not allowed (allowed: true, false)");
}

TEST(Values, shards_are_a_number_or_auto) {
  EXPECT_EQ(read_shards("8").value(), 8U);
  EXPECT_EQ(read_shards("auto").value(), std::nullopt);
  EXPECT_EQ(read_shards("65").error(), "\"65\" is out of range (allowed: 1 to 64, or auto)");
  EXPECT_EQ(read_shards("many").error(),
            "\"many\" is not a number of shards (allowed: 1 to 64, or auto)");
  for (const char* bad : {"", "0", "-1", "1.0", "+1", "99999999999999999999"}) {
    EXPECT_FALSE(read_shards(bad)) << bad;
  }
  EXPECT_EQ(shards_or_cores(3), 3U);
  EXPECT_GE(shards_or_cores(std::nullopt), 1U);
  EXPECT_LE(shards_or_cores(std::nullopt), kShardsMax);
}

TEST(Values, limits_of_rejects_are_a_share_or_a_number) {
  EXPECT_DOUBLE_EQ(read_rejects_limit("1%")->percent, 1.0);
  EXPECT_DOUBLE_EQ(read_rejects_limit("0.5%")->percent, 0.5);
  EXPECT_FALSE(read_rejects_limit("100%")->count);
  EXPECT_EQ(read_rejects_limit("17")->count, 17U);
  EXPECT_EQ(read_rejects_limit("0")->count, 0U);
  for (const char* bad : {"", "%", "-1%", "100.1%", "nan%", "1e1%", "1.5", "-3", "few", " 1%"}) {
    EXPECT_FALSE(read_rejects_limit(bad)) << bad;
  }
  EXPECT_EQ(read_rejects_limit("few").error(),
            "\"few\" is not a limit (allowed: 0% to 100%, like 1% or 0.5%, or a number of frames)");
}

TEST(Values, venues_are_suggested) {
  EXPECT_EQ(read_venue("binance", kVenues), "binance");
  EXPECT_EQ(read_venue("coinbse", kVenues).error(),
            "unknown venue \"coinbse\" (did you mean \"coinbase\"? known: coinbase, binance)");
  EXPECT_EQ(read_venue("nyse", kVenues).error(),
            "unknown venue \"nyse\" (known: coinbase, binance)");
}

TEST(Values, instruments_are_a_venue_and_a_symbol) {
  for (const char* good : {"coinbase:BTC-USD", "binance:*-USDT", "*:BTC-USD", "*", "*BTC*"}) {
    EXPECT_EQ(read_instrument(good, kVenues), good);
  }
  EXPECT_EQ(read_instrument("coinbse:BTC-USD", kVenues).error(),
            read_venue("coinbse", kVenues).error());
  for (const char* bad : {"", "BTC-USD", ":BTC-USD", "coinbase:", ":"}) {
    EXPECT_NE(read_instrument(bad, kVenues).error().find("is not an instrument"), std::string::npos)
        << bad;
  }
}

TEST(Values, intervals_are_sorted_and_counted_once) {
  const std::vector<Duration> want{minutes(1), minutes(5)};
  EXPECT_EQ(normalise_intervals({minutes(5), minutes(1), minutes(5)}), want);
  std::vector<Duration> many;
  many.reserve(17);
  for (int i = 0; i < 17; ++i) many.emplace_back(milliseconds(i + 1));
  EXPECT_EQ(normalise_intervals(many).error(),
            "17 different intervals are too many (allowed: at most 16)");
  many.pop_back();
  EXPECT_TRUE(normalise_intervals(many));
}

TEST(Text, shows_untrusted_text_without_control_characters) {
  EXPECT_EQ(quoted("a\x1b[31m\n"), "\"a\\x1b[31m\\x0a\"");
  EXPECT_EQ(printable(std::string(81, 'x')), std::string(80, 'x') + "...");
}

TEST(Text, groups_digits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
}

TEST(Text, splits_at_commas) {
  EXPECT_EQ(split_commas("a,b"), (std::vector<std::string_view>{"a", "b"}));
  EXPECT_EQ(split_commas(""), (std::vector<std::string_view>{""}));
  EXPECT_EQ(split_commas("a,,"), (std::vector<std::string_view>{"a", "", ""}));
}

}  // namespace
}  // namespace tapeline::app::values
