// SPDX-License-Identifier: Apache-2.0
#include "replay/cryptofeed_line.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace tapeline::replay {
namespace {

CryptofeedKind kind_of(std::string_view line) { return parse_cryptofeed_line(line).kind; }

std::int64_t time_of(std::string_view line) {
  return parse_cryptofeed_line(line).ts_recv.unix_ns();
}

TEST(CryptofeedLine, frame_has_its_time_to_the_nanosecond) {
  const auto line = parse_cryptofeed_line("1618677817.1234567: {\"type\":\"match\"}");
  EXPECT_EQ(line.kind, CryptofeedKind::kFrame);
  EXPECT_FALSE(line.is_skipped());
  EXPECT_EQ(line.ts_recv, RecvTime(1'618'677'817'123'456'700));
  EXPECT_EQ(line.frame, "{\"type\":\"match\"}");
}

TEST(CryptofeedLine, any_number_of_fraction_digits_is_a_time) {
  EXPECT_EQ(time_of("1618677817: x"), 1'618'677'817'000'000'000);
  EXPECT_EQ(time_of("1618677817.5: x"), 1'618'677'817'500'000'000);
  EXPECT_EQ(time_of("1618677817.000000001: x"), 1'618'677'817'000'000'001);
  EXPECT_EQ(time_of("0.0: x"), 0);
}

TEST(CryptofeedLine, digits_beyond_nanoseconds_are_dropped) {
  EXPECT_EQ(time_of("1618677817.1234567899999: x"), 1'618'677'817'123'456'789);
  EXPECT_EQ(time_of("1.0000000009: x"), 1'000'000'000);
}

TEST(CryptofeedLine, time_beyond_64_bits_is_malformed) {
  EXPECT_EQ(kind_of("9223372035.999999999: x"), CryptofeedKind::kFrame);
  EXPECT_EQ(kind_of("9223372037: x"), CryptofeedKind::kMalformed);
  EXPECT_EQ(kind_of("99999999999999999999999999: x"), CryptofeedKind::kMalformed);
}

TEST(CryptofeedLine, frame_is_everything_behind_the_first_separator) {
  EXPECT_EQ(parse_cryptofeed_line("1: a: b <- 2: c").frame, "a: b <- 2: c");
  EXPECT_EQ(parse_cryptofeed_line("1:  two blanks").frame, " two blanks");
  EXPECT_EQ(parse_cryptofeed_line(std::string_view("1: \0x", 5)).frame, std::string_view("\0x", 2));
}

TEST(CryptofeedLine, empty_frame_is_still_a_frame) {
  EXPECT_EQ(kind_of("1618677817.5: "), CryptofeedKind::kFrame);
  EXPECT_EQ(parse_cryptofeed_line("1618677817.5: ").frame, "");
}

TEST(CryptofeedLine, other_traffic_is_skipped) {
  const std::string url = "wss://stream.example.com:9443/stream?streams=a@trade/b@depth@100ms";
  EXPECT_EQ(kind_of(url + " <-> 1618677816.8434298"), CryptofeedKind::kConnected);
  EXPECT_EQ(kind_of(url + " <- 1618677817.02: {\"op\":\"subscribe\"}"), CryptofeedKind::kSent);
  EXPECT_EQ(kind_of("https://api.example.com/depth -> 1633998512.320639: {\"bids\":[]}"),
            CryptofeedKind::kAnswer);
  EXPECT_EQ(kind_of("configuration: {'trades': ['BTC-USD']}"), CryptofeedKind::kConfiguration);
  EXPECT_EQ(kind_of(""), CryptofeedKind::kEmpty);
  EXPECT_TRUE(parse_cryptofeed_line("").is_skipped());
  EXPECT_EQ(time_of(url + " <-> 1618677816.5"), 1'618'677'816'500'000'000);
}

TEST(CryptofeedLine, everything_else_is_malformed) {
  for (const std::string_view line : {"x",
                                      " ",
                                      "{\"type\":\"match\"}",
                                      "1618677817.5",
                                      "1618677817.5:",
                                      "1618677817.5:{}",
                                      "1618677817.: {}",
                                      ".5: {}",
                                      "-1: {}",
                                      "+1: {}",
                                      "1e9: {}",
                                      "1,5: {}",
                                      " 1: {}",
                                      "nan: {}",
                                      "0x10: {}",
                                      "wss://a",
                                      "wss://a <-",
                                      "wss://a <- ",
                                      "wss://a <- x: y",
                                      "wss://a <- 1",
                                      "wss://a <-> 1: y",
                                      "wss://a <->1",
                                      "wss://a == 1: y",
                                      "a <- 1: y",
                                      "configuration:x",
                                      "wss://a <- 99999999999: y",
                                      "configuration"}) {
    const auto out = parse_cryptofeed_line(line);
    EXPECT_EQ(out.kind, CryptofeedKind::kMalformed) << line;
    EXPECT_FALSE(out.is_skipped()) << line;
  }
}

RC_GTEST_PROP(CryptofeedLine, every_time_comes_back, (const std::string& frame)) {
  const auto ns = *rc::gen::inRange<std::int64_t>(0, 9'223'372'035'999'999'999);
  const auto line = fmt::format("{}.{:09}: {}", ns / 1'000'000'000, ns % 1'000'000'000, frame);
  const auto out = parse_cryptofeed_line(line);
  RC_ASSERT(out.kind == CryptofeedKind::kFrame);
  RC_ASSERT(out.ts_recv == RecvTime(ns));
  RC_ASSERT(out.frame == frame);
}

}  // namespace
}  // namespace tapeline::replay
