// SPDX-License-Identifier: Apache-2.0
#include "base/byte_writer.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_reader.h"

namespace tapeline {
namespace {

enum class Colour : std::uint8_t { kRed, kGreen, kBlue };

constexpr Int128 kInt128Max = static_cast<Int128>(~Uint128{0} >> 1);

std::string bytes_of(const std::function<void(ByteWriter&)>& write) {
  ByteWriter out;
  write(out);
  return out.joined();
}

TEST(ByteWriter, gives_back_every_kind_of_number_at_its_edges) {
  const std::array<std::uint64_t, 9> numbers{
      0, 1, 239, 240, 255, 256, 65'535, 65'536, std::numeric_limits<std::uint64_t>::max()};
  const std::array<std::int64_t, 7> integers{0,
                                             -1,
                                             1,
                                             -120,
                                             120,
                                             std::numeric_limits<std::int64_t>::min(),
                                             std::numeric_limits<std::int64_t>::max()};
  const std::array<Int128, 5> wide{0, -1, Int128{1} << 64, kInt128Max, -kInt128Max - 1};
  const std::string bytes = bytes_of([&](ByteWriter& out) {
    for (const auto n : numbers) out.number(n);
    for (const auto n : integers) out.integer(n);
    for (const auto n : wide) out.integer128(n);
    out.number(std::uint8_t{255});
    out.flag(true);
    out.flag(false);
    out.choice(Colour::kBlue);
    out.time(EventTime(-5));
    out.text("abc");
    out.text("");
  });
  ByteReader in(bytes);
  for (const auto n : numbers) EXPECT_EQ(in.number<std::uint64_t>(), n);
  for (const auto n : integers) EXPECT_EQ(in.integer(), n);
  for (const auto n : wide) EXPECT_TRUE(in.integer128() == n);
  EXPECT_EQ(in.number<std::uint8_t>(), 255);
  EXPECT_TRUE(in.flag());
  EXPECT_FALSE(in.flag());
  EXPECT_EQ(in.choice(Colour::kBlue), Colour::kBlue);
  EXPECT_EQ(in.time<EventTime>(), EventTime(-5));
  EXPECT_EQ(in.text(), "abc");
  EXPECT_EQ(in.text(), "");
  EXPECT_TRUE(in.is_at_end());
  EXPECT_TRUE(in.result().has_value());
}

TEST(ByteWriter, writes_the_lowest_byte_first_and_no_more_than_needed) {
  EXPECT_EQ(bytes_of([](ByteWriter& out) { out.number(7U); }), "\x07");
  EXPECT_EQ(bytes_of([](ByteWriter& out) { out.number(239U); }), "\xEF");
  EXPECT_EQ(bytes_of([](ByteWriter& out) { out.number(240U); }), "\xF0\xF0");
  EXPECT_EQ(bytes_of([](ByteWriter& out) { out.number(0x1234U); }), "\xF1\x34\x12");
  EXPECT_EQ(bytes_of([](ByteWriter& out) { out.integer(-1); }), "\x01");
  EXPECT_EQ(bytes_of([](ByteWriter& out) { out.number(Uint128{1} << 64); }),
            std::string("\xF8\0\0\0\0\0\0\0\0\x01", 10));
}

// Large enough for many blocks, and written by several writers.
TEST(ByteWriter, joins_what_several_wrote_in_their_order) {
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> written;
  ByteWriter all;
  for (int writer = 0; writer < 5; ++writer) {
    ByteWriter one;
    const std::size_t count = writer == 2 ? 0 : random() % 100'000;
    for (std::size_t i = 0; i < count; ++i) {
      written.push_back(random() >> random() % 64);
      one.number(written.back());
    }
    all.append(std::move(one));
    written.push_back(static_cast<std::uint64_t>(writer));
    all.number(written.back());
  }
  const std::string bytes = all.joined();
  EXPECT_EQ(bytes.size(), all.size());
  ByteReader in(bytes);
  for (const std::uint64_t number : written) ASSERT_EQ(in.number<std::uint64_t>(), number);
  EXPECT_TRUE(in.is_at_end());
}

TEST(ByteReader, ends_at_the_last_byte_wherever_that_is) {
  const std::string bytes = bytes_of([](ByteWriter& out) {
    out.number(300U);
    out.integer128(-kInt128Max);
    out.text("some text");
  });
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::vector<char> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    ByteReader in({cut.data(), cut.size()});
    static_cast<void>(in.number<std::uint32_t>());
    static_cast<void>(in.integer128());
    static_cast<void>(in.text());
    ASSERT_TRUE(in.failed()) << size;
    EXPECT_EQ(in.result().error().text, "it ends too early");
  }
}

std::string error_of(std::string_view bytes, const std::function<void(ByteReader&)>& read) {
  ByteReader in(bytes);
  read(in);
  return in.result() ? "" : in.result().error().text;
}

TEST(ByteReader, refuses_what_no_writer_writes) {
  const auto number = [](ByteReader& in) { static_cast<void>(in.number<std::uint16_t>()); };
  EXPECT_EQ(error_of("\xF2\x01\x02\x03", number), "a number is too large");
  EXPECT_EQ(error_of("\xF0\x05", number), "a number is longer than it needs to be");
  EXPECT_EQ(error_of(std::string_view("\xF1\x05\0", 3), number),
            "a number is longer than it needs to be");
  EXPECT_EQ(error_of("\x02", [](ByteReader& in) { static_cast<void>(in.flag()); }),
            "a flag is neither set nor not");
  EXPECT_EQ(error_of("\x02", [](ByteReader& in) { static_cast<void>(in.choice(Colour::kGreen)); }),
            "a choice is not known");
}

TEST(ByteReader, takes_no_count_that_the_bytes_left_cannot_hold) {
  const auto count = [](ByteReader& in) { EXPECT_EQ(in.count(1'000), 0U); };
  EXPECT_EQ(error_of("\x05\x01\x01", count), "it ends too early");
  EXPECT_EQ(error_of("\xF1\xFF\xFF", count), "there are too many of one thing");
  ByteReader in("\x02\x01\x01");
  EXPECT_EQ(in.count(1'000), 2U);
}

TEST(ByteReader, takes_times_around_which_can_be_reckoned_and_the_one_that_is_named) {
  const auto bytes = [](std::int64_t ns) {
    return bytes_of([&](ByteWriter& out) { out.time(EventTime(ns)); });
  };
  const auto read = [](ByteReader& in) { static_cast<void>(in.time<EventTime>()); };
  constexpr std::int64_t kYear = std::int64_t{365} * 86'400 * 1'000'000'000;
  EXPECT_EQ(error_of(bytes(INT64_MIN + kYear), read), "");
  EXPECT_EQ(error_of(bytes(INT64_MAX - kYear), read), "");
  EXPECT_EQ(error_of(bytes(INT64_MIN + kYear - 1), read), "a time is out of range");
  EXPECT_EQ(error_of(bytes(INT64_MAX), read), "a time is out of range");
  const std::string none = bytes(INT64_MAX);
  ByteReader in(none);
  EXPECT_EQ(in.time<EventTime>(kEventTimeMax), kEventTimeMax);
  EXPECT_FALSE(in.failed());
}

TEST(ByteReader, keeps_the_first_thing_that_is_wrong_with_the_part_that_it_stands_in) {
  ByteReader in("\x01\x02\x03");
  const ByteReader::Part outer(in, "market");
  {
    const ByteReader::Part inner(in, "ledger");
    EXPECT_EQ(in.number<std::uint8_t>(), 1);
    in.refuse("two runs touch");
  }
  in.refuse("something else");
  EXPECT_EQ(in.number<std::uint8_t>(), 0);
  EXPECT_EQ(in.text(), "");
  EXPECT_EQ(in.result().error().text, "market: ledger: two runs touch");
  EXPECT_EQ(in.result().error().fault, Fault::kTheirs);
}

}  // namespace
}  // namespace tapeline
