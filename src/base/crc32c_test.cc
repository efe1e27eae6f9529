// SPDX-License-Identifier: Apache-2.0
#include "base/crc32c.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace tapeline {
namespace {

std::uint32_t crc_of(std::string_view bytes) {
  Crc32c crc;
  crc.add(bytes);
  return crc.value();
}

// RFC 3720, section B.4, whose bytes are the little-endian form of these numbers.
TEST(Crc32c, equals_the_published_examples) {
  std::string rising;
  for (char c = 0; c < 32; ++c) rising.push_back(c);
  EXPECT_EQ(crc_of(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(crc_of(std::string(32, '\xFF')), 0x62A8AB43U);
  EXPECT_EQ(crc_of(rising), 0x46DD794EU);
  EXPECT_EQ(crc_of(std::string(rising.rbegin(), rising.rend())), 0x113FDB5CU);
}

TEST(Crc32c, of_nothing_is_zero) { EXPECT_EQ(crc_of(""), 0U); }

TEST(Crc32c, is_the_same_however_the_bytes_are_split) {
  const std::string text = "any text that is longer than a few words of eight bytes";
  for (std::size_t i = 0; i <= text.size(); ++i) {
    Crc32c crc;
    crc.add(std::string_view(text).substr(0, i));
    crc.add(std::string_view(text).substr(i));
    EXPECT_EQ(crc.value(), crc_of(text)) << i;
  }
}

TEST(Crc32c, a_word_is_its_bytes_lowest_first) {
  Crc32c crc;
  crc.add(std::uint64_t{0x3837363534333231});
  EXPECT_EQ(crc.value(), crc_of("12345678"));
}

}  // namespace
}  // namespace tapeline
