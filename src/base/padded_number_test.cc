// SPDX-License-Identifier: Apache-2.0
#include "base/padded_number.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <charconv>
#include <memory>
#include <string>

namespace tapeline {
namespace {

// A text with exactly the padding that is promised, filled with what could be taken for more.
class Padded {
 public:
  explicit Padded(const std::string& text, char behind = '7')
      : size_(text.size()), bytes_(std::make_unique<char[]>(size_ + kNumberPadding)) {
    text.copy(bytes_.get(), size_);
    std::fill_n(bytes_.get() + size_, kNumberPadding, behind);
  }

  [[nodiscard]] std::string_view text() const { return {bytes_.get(), size_}; }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> bytes_;
};

TEST(PaddedNumber, digits_up_to_sixteen) {
  std::uint64_t value = 0;
  std::string text;
  for (unsigned i = 1; i <= 16; ++i) {
    text.push_back(static_cast<char>('0' + i % 10));
    value = value * 10 + i % 10;
    EXPECT_EQ(parse_digits_padded(Padded(text).text()), value);
  }
  EXPECT_EQ(parse_digits_padded(Padded(text + "7").text()), std::nullopt);
  EXPECT_EQ(parse_digits_padded(Padded("").text()), std::nullopt);
  EXPECT_EQ(parse_digits_padded(Padded("9999999999999999").text()), 9'999'999'999'999'999);
}

TEST(PaddedNumber, each_byte_that_is_no_digit_is_seen_at_each_place) {
  for (std::size_t size = 1; size <= 16; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (int byte = -128; byte < 128; ++byte) {
        std::string text(size, '5');
        text[at] = static_cast<char>(byte);
        const bool digit = byte >= '0' && byte <= '9';
        EXPECT_EQ(parse_digits_padded(Padded(text).text()).has_value(), digit) << byte;
      }
    }
  }
}

RC_GTEST_PROP(PaddedNumber, decimals_are_the_same_as_without_padding, ()) {
  const auto text = *rc::gen::resize(
      24, rc::gen::container<std::string>(rc::gen::weightedElement<char>(
              {{6, '0'}, {4, '1'}, {4, '9'}, {3, '5'}, {4, '.'}, {1, '-'}, {1, 'x'}, {1, '\0'}})));
  for (const char behind : {'7', '.', '0', '\0'}) {
    RC_ASSERT(parse_decimal_padded(Padded(text, behind).text()) == parse_decimal(text));
  }
}

RC_GTEST_PROP(PaddedNumber, well_formed_decimals_are_the_same_too, (bool negative)) {
  const auto digits =
      rc::gen::container<std::string>(rc::gen::elementOf(std::string("0000123456789")));
  const auto whole = *rc::gen::resize(11, digits);
  const auto fraction = *rc::gen::resize(11, digits);
  const auto text = (negative ? "-" : "") + whole + "." + fraction;
  RC_ASSERT(parse_decimal_padded(Padded(text).text()) == parse_decimal(text));
  RC_ASSERT(parse_decimal_padded(Padded(whole, '.').text()) == parse_decimal(whole));
}

}  // namespace
}  // namespace tapeline
