// SPDX-License-Identifier: Apache-2.0
#include "venue/scan.h"
#include "base/padding.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "venue/venue.h"

namespace tapeline::venue {
namespace {

// A text, its closing quote and what may stand behind a frame.
std::string quoted(const std::string& text) { return text + '"' + std::string(kReadPadding, '9'); }

// What the step finds in front of the closing quote, or nothing.
std::optional<Decimal> scanned_decimal(const std::string& text) {
  const std::string bytes = quoted(text);
  Scan scan({bytes.data(), text.size() + 1});
  Decimal out;
  if (!scan.decimal(out) || !scan.literal("\"") || !scan.is_at_end()) return std::nullopt;
  return out;
}

RC_GTEST_PROP(Scan, decimals_are_those_of_the_general_reader, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("0001239.-e")));
  const auto scanned = scanned_decimal(text);
  if (scanned) RC_ASSERT(scanned == parse_decimal(text));
}

RC_GTEST_PROP(Scan, decimals_of_usual_size_are_not_declined, ()) {
  const auto whole = *rc::gen::inRange<std::uint64_t>(0, 1'000'000'000);
  const auto fraction = *rc::gen::inRange<std::uint64_t>(0, 100'000'000);
  const std::string text = std::to_string(whole) + "." + std::to_string(fraction);
  RC_ASSERT(scanned_decimal(text) == parse_decimal(text));
}

TEST(Scan, a_number_without_quotes_is_json) {
  const auto scanned = [](std::string text) -> std::optional<Decimal> {
    text += ",\"";
    text.append(kReadPadding, '9');
    Scan scan(std::string_view(text).substr(0, text.size() - kReadPadding));
    Decimal out;
    return scan.bare_decimal(out) && scan.literal(",") ? std::optional(out) : std::nullopt;
  };
  EXPECT_EQ(scanned("68500.0"), (Decimal{68500, 0}));
  EXPECT_EQ(scanned("0.0100"), (Decimal{1, 2}));
  EXPECT_EQ(scanned("0"), (Decimal{0, 0}));
  for (const char* other : {"00.5", "01", "-1", ".5", "1.", "1e5", "\"1\""}) {
    EXPECT_FALSE(scanned(other)) << other;
  }
}

TEST(Scan, declines_decimals_written_otherwise) {
  for (const char* other : {"", "-1", ".5", "5.", "1e3", "1.2.3", "1234567890123456789"}) {
    EXPECT_FALSE(scanned_decimal(other)) << other;
  }
}

TEST(Scan, declines_numbers_that_are_no_json_or_too_long) {
  for (const char* other : {"", "01", "-1", "1234567890123456789"}) {
    const std::string bytes = quoted(other);
    Scan scan({bytes.data(), bytes.size() - kReadPadding});
    std::uint64_t out = 0;
    EXPECT_FALSE(scan.number(out) && scan.literal("\"")) << other;
  }
}

TEST(Scan, never_leaves_the_frame) {
  const std::string bytes = "12" + std::string(kReadPadding, '3');
  std::uint64_t number = 0;
  Decimal decimal;
  std::string_view symbol;
  EXPECT_FALSE(Scan({bytes.data(), 2}).number(number));
  EXPECT_FALSE(Scan({bytes.data(), 2}).decimal(decimal));
  EXPECT_TRUE(Scan({bytes.data(), 2}).symbol(symbol));
  EXPECT_EQ(symbol, "12");
  EXPECT_FALSE(Scan({bytes.data(), 2}).literal("123"));
  EXPECT_FALSE(Scan({bytes.data(), 2}).plain_text<3>());
}

TEST(Scan, declines_symbols_that_need_a_closer_look) {
  for (const char* other : {"", "A\\u0041", "\xe5\xb8\x81", "A B"}) {
    const std::string bytes = quoted(other);
    Scan scan({bytes.data(), bytes.size() - kReadPadding});
    std::string_view out;
    EXPECT_FALSE(scan.symbol(out) && scan.literal("\"")) << other;
  }
}

TEST(Scan, declines_plain_text_that_is_not) {
  for (const std::string& other :
       {std::string("a\"c"), std::string("a\\c"), std::string("a\nc"), std::string("a\xc3\xa9")}) {
    const std::string bytes = quoted(other);
    EXPECT_FALSE(Scan(bytes).plain_text<3>()) << other;
  }
  EXPECT_TRUE(Scan(quoted("abc")).plain_text<3>());
}

}  // namespace
}  // namespace tapeline::venue
