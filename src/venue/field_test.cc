// SPDX-License-Identifier: Apache-2.0
#include "venue/field.h"

#include <gtest/gtest.h>

#include <string>

namespace tapeline::venue {
namespace {

TEST(Field, symbols_have_no_separators_and_an_end) {
  for (const char* good :
       {"BTC-USD", "BTCUSDT", "a", "1INCH/USD", "OANDA:EUR_USD", "\xe5\xb8\x81USDT"}) {
    EXPECT_TRUE(is_symbol(good)) << good;
  }
  for (const char* bad : {"", "A B", "A,B", "A\"B", "A\tB", "A\x7f", "\x01"}) {
    EXPECT_FALSE(is_symbol(bad)) << bad;
  }
  EXPECT_TRUE(is_symbol(std::string(64, 'A')));
  EXPECT_FALSE(is_symbol(std::string(65, 'A')));
  EXPECT_FALSE(is_symbol(std::string(1, '\0')));
}

TEST(Field, epochs_from_ten_to_the_fourteenth_on_are_microseconds) {
  EXPECT_EQ(epoch_ns(0), 0);
  EXPECT_EQ(epoch_ns(1'709'251'200'123), 1'709'251'200'123'000'000);
  EXPECT_EQ(epoch_ns(1'709'251'200'123'456), 1'709'251'200'123'456'000);
  EXPECT_EQ(epoch_ns(100'000'000'000'000), 100'000'000'000'000'000);
}

TEST(Field, epochs_beyond_64_bits_are_refused) {
  EXPECT_EQ(epoch_ns(9'223'372'036'854), 9'223'372'036'854'000'000);
  EXPECT_FALSE(epoch_ns(9'223'372'036'855));
  EXPECT_FALSE(epoch_ns(99'999'999'999'999));
  EXPECT_EQ(epoch_ns(9'223'372'036'854'775), 9'223'372'036'854'775'000);
  EXPECT_FALSE(epoch_ns(9'223'372'036'854'776));
  EXPECT_FALSE(epoch_ns(UINT64_MAX));
}

TEST(Field, counts_are_digits_that_fit) {
  EXPECT_EQ(parse_count("18446744073709551615"), UINT64_MAX);
  EXPECT_FALSE(parse_count("18446744073709551616"));
  for (const char* bad : {"", "-1", "+1", "1.0", "1e3", " 1", "1 "}) {
    EXPECT_FALSE(parse_count(bad)) << bad;
  }
}

TEST(Field, error_texts_are_cut_between_characters) {
  EXPECT_EQ(cut_error_text("short"), "short");
  EXPECT_EQ(cut_error_text(std::string(200, 'x')).size(), 200U);
  EXPECT_EQ(cut_error_text(std::string(201, 'x')).size(), 200U);
  EXPECT_EQ(cut_error_text(std::string(199, 'x') + "\xc3\xa9").size(), 199U);
  EXPECT_EQ(cut_error_text(std::string(198, 'x') + "\xc3\xa9y").size(), 200U);
}

TEST(Field, numbers_with_an_exponent_are_exact) {
  EXPECT_EQ(parse_number("12.50"), (Decimal{125, 1}));
  EXPECT_EQ(parse_number("5e-7"), (Decimal{5, 7}));
  EXPECT_EQ(parse_number("1.25E+3"), (Decimal{1250, 0}));
  EXPECT_EQ(parse_number("1200e-2"), (Decimal{12, 0}));
  EXPECT_EQ(parse_number("-2.5e0"), (Decimal{-25, 1}));
  EXPECT_EQ(parse_number("0e999999999999"), Decimal{});
  EXPECT_EQ(parse_number("9e18"), (Decimal{9'000'000'000'000'000'000, 0}));
  for (const char* bad :
       {"1e19", "1e-19", "1e41", "1e-41", "1e99999999999", "1e", "1e+", "", "e5"}) {
    EXPECT_FALSE(parse_number(bad)) << bad;
  }
}

}  // namespace
}  // namespace tapeline::venue
