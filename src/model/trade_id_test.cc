// SPDX-License-Identifier: Apache-2.0
#include "model/trade_id.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <string>
#include <utility>
#include <vector>

namespace tapeline {
namespace {

TradeId id(std::string_view text) { return TradeId::parse(text).value(); }

std::string text_of(const TradeId& id) {
  std::string text;
  id.append_to(text);
  return text;
}

// Ids that are alike: digits with and without zeros in front, digits and letters, long and short.
rc::Gen<std::string> any_text() {
  return rc::gen::mapcat(rc::gen::elementOf(std::vector<std::string>{"01", "0123456789", "09aZ-"}),
                         [](const std::string& letters) {
                           return rc::gen::mapcat(
                               rc::gen::elementOf(std::vector<std::size_t>{1, 2, 8, 9, 20, 39}),
                               [letters](std::size_t size) {
                                 return rc::gen::container<std::string>(
                                     size, rc::gen::elementOf(letters));
                               });
                         });
}

bool is_digits(const std::string& text) {
  return text.find_first_not_of("0123456789") == std::string::npos;
}

// Semantics 4, slowly; the texts themselves decide between the same number written twice.
int compare(const std::string& a, const std::string& b) {
  if (is_digits(a) != is_digits(b)) return is_digits(a) ? -1 : 1;
  if (is_digits(a)) {
    const auto value = [](std::string digits) {
      digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
      return boost::multiprecision::cpp_int(digits);
    };
    if (value(a) != value(b)) return value(a) < value(b) ? -1 : 1;
  }
  return a.compare(b);
}

RC_GTEST_PROP(TradeId, any_text_comes_back_as_it_was_written, ()) {
  const std::string text = *any_text();
  RC_ASSERT(text_of(id(text)) == text);
}

RC_GTEST_PROP(TradeId, order_is_that_of_integers_then_of_bytes, ()) {
  const std::string a = *any_text();
  const std::string b = *rc::gen::weightedOneOf<std::string>(
      {{4, any_text()}, {1, rc::gen::just(a)}, {1, rc::gen::just("0" + a.substr(0, 38))}});
  const int expected = compare(a, b);
  RC_ASSERT((id(a) < id(b)) == (expected < 0));
  RC_ASSERT((id(a) > id(b)) == (expected > 0));
  RC_ASSERT((id(a) == id(b)) == (a == b));
  RC_ASSERT(((id(a) <=> id(b)) == 0) == (id(a) == id(b)));
}

RC_GTEST_PROP(TradeId, order_is_total, ()) {
  auto texts = *rc::gen::container<std::vector<std::string>>(any_text());
  std::vector<TradeId> ids;
  for (const std::string& text : texts) ids.push_back(id(text));
  std::sort(ids.begin(), ids.end());
  // Sorted neighbours in order, and so every pair: nothing less than total gives that.
  for (std::size_t i = 0; i < ids.size(); ++i) {
    for (std::size_t j = i + 1; j < ids.size(); ++j) RC_ASSERT(ids[i] <= ids[j]);
  }
}

RC_GTEST_PROP(TradeId, equal_ids_have_equal_hashes, ()) {
  const std::string text = *any_text();
  RC_ASSERT(id(text).hash() == id(std::string(text)).hash());
  const auto number = *rc::gen::arbitrary<std::uint64_t>();
  RC_ASSERT(TradeId(number) == id(std::to_string(number)));
  RC_ASSERT(TradeId(number).hash() == id(std::to_string(number)).hash());
}

TEST(TradeId, digits_that_fit_64_bits_are_a_number) {
  EXPECT_EQ(id("0"), TradeId(0));
  EXPECT_EQ(id("18446744073709551615"), TradeId(UINT64_MAX));
  EXPECT_TRUE(id("18446744073709551615").is_number());
  EXPECT_FALSE(id("18446744073709551616").is_number());
}

TEST(TradeId, a_leading_zero_makes_another_id) {
  EXPECT_FALSE(id("007").is_number());
  EXPECT_NE(id("007"), id("7"));
  EXPECT_NE(id("00"), id("0"));
  EXPECT_LT(id("007"), id("7")) << "the same integer: bytes decide";
  EXPECT_LT(id("6"), id("007"));
  EXPECT_LT(id("007"), id("8"));
}

TEST(TradeId, digits_beyond_64_bits_compare_as_integers) {
  EXPECT_LT(id("18446744073709551615"), id("18446744073709551616"));
  EXPECT_LT(id("99999999999999999999"), id("100000000000000000000"));
  EXPECT_LT(id("000000000000000000000000000000000000007"), id("18446744073709551616"));
}

TEST(TradeId, digits_come_before_everything_else) {
  EXPECT_LT(id("999999999999999999999999999999999999999"), id("!"));
  EXPECT_LT(id("9"), id("1a"));
  EXPECT_LT(id("9"), id("-1"));
  EXPECT_LT(id("a"), id("a0"));
  EXPECT_LT(id("B"), id("a")) << "bytewise";
}

TEST(TradeId, eight_and_nine_bytes_of_text_differ_in_their_tail) {
  EXPECT_NE(id("abcdefgh"), id("abcdefghi"));
  EXPECT_NE(id("abcdefghi"), id("abcdefghj"));
  EXPECT_LT(id("abcdefgh"), id("abcdefghi"));
  EXPECT_LT(id("abcdefghi"), id("abcdefghj"));
}

TEST(TradeId, takes_39_bytes_and_not_40) {
  const std::string text(39, 'x');
  EXPECT_EQ(text_of(id(text)), text);
  EXPECT_FALSE(TradeId::parse(text + "x"));
  EXPECT_FALSE(TradeId::parse(std::string(40, '1')));
  EXPECT_FALSE(TradeId::parse(std::string(40, '0')));
}

TEST(TradeId, refuses_what_would_not_survive_a_table) {
  for (const char* text : {"", " ", "a b", "a,b", "\"a\"", "a\tb", "a\nb", "\x7f", "\xc3\xa9"}) {
    EXPECT_FALSE(TradeId::parse(text)) << text;
  }
  EXPECT_FALSE(TradeId::parse(std::string_view("a\0b", 3)));
}

TEST(TradeId, an_id_appends_to_what_is_there) {
  std::string out = "x=";
  TradeId(12).append_to(out);
  id("0a").append_to(out);
  EXPECT_EQ(out, "x=120a");
}

}  // namespace
}  // namespace tapeline
