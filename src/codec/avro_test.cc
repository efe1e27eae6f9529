// SPDX-License-Identifier: Apache-2.0
#include "codec/avro.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "codec/random_rows.h"

namespace tapeline::codec {
namespace {

using std::string_view_literals::operator""sv;

Schema of(std::vector<Field> fields) {
  return {.space = "test", .name = "R", .fields = std::move(fields)};
}
Field field(const char* name, Type type) { return {.name = name, .type = type}; }
Field decimal(std::uint8_t precision, std::uint8_t scale) {
  return {.name = "x", .type = Type::kDecimal, .precision = precision, .scale = scale};
}

std::string written(const Schema& schema, const std::vector<Cell>& row) {
  std::string out;
  append_avro(out, schema, row);
  return out;
}

// What a reader makes of bytes: the cells, or why it refuses them.
std::pair<std::vector<Cell>, std::string> read(const AvroReader& reader, std::string_view bytes) {
  std::vector<Cell> row(reader.schema().fields.size());
  const auto done = reader.read(bytes, row);
  return {row, done ? "" : done.error().text};
}

std::string refusal_of(const Schema& schema, std::string_view bytes) {
  return read(AvroReader::create(schema, schema).value(), bytes).second;
}

TEST(Avro, bytes_are_those_of_the_specification) {
  const Schema longs = of({field("x", Type::kLong)});
  EXPECT_EQ(written(longs, {Cell(std::int64_t{0})}), "\x00"sv);
  EXPECT_EQ(written(longs, {Cell(std::int64_t{-1})}), "\x01"sv);
  EXPECT_EQ(written(longs, {Cell(std::int64_t{64})}), "\x80\x01"sv);
  EXPECT_EQ(written(of({field("x", Type::kString)}), {Cell("foo"sv)}),
            "\x06"
            "foo"sv);
  const Schema decimals = of({decimal(38, 18)});
  EXPECT_EQ(written(decimals, {Cell(Int128{127})}), "\x02\x7F"sv);
  EXPECT_EQ(written(decimals, {Cell(Int128{128})}), "\x04\x00\x80"sv);
  EXPECT_EQ(written(decimals, {Cell(Int128{-128})}), "\x02\x80"sv);
  EXPECT_EQ(written(decimals, {Cell(Int128{0})}), "\x02\x00"sv);
}

RC_GTEST_PROP(Avro, row_comes_back_and_no_shorter_one_does, ()) {
  const Schema schema = every_type();
  const RandomRow row(schema);
  const std::string bytes = written(schema, row.cells());
  const auto reader = AvroReader::create(schema, schema).value();
  RC_ASSERT(read(reader, bytes) == std::pair(row.cells(), std::string()));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    RC_ASSERT(!read(reader, std::string_view(bytes).substr(0, size)).second.empty());
  }
}

TEST(Avro, damage_is_refused_by_field_and_reason) {
  const auto of_type = [](Type type) { return of({field("x", type)}); };
  EXPECT_EQ(refusal_of(of_type(Type::kLong), ""), "R.x: it ends too early");
  EXPECT_EQ(refusal_of(of_type(Type::kLong), "\x00\x00"sv), "R: bytes follow its last field");
  EXPECT_EQ(refusal_of(of_type(Type::kLong), std::string(10, '\xFF')),
            "R.x: a number is too large");
  EXPECT_EQ(refusal_of(of_type(Type::kInt), "\x80\x80\x80\x80\x10"sv),
            "R.x: an int has more than 32 bits");
  EXPECT_EQ(refusal_of(of_type(Type::kBoolean), "\x02"),
            "R.x: a boolean is neither true nor false");
  EXPECT_EQ(refusal_of(of_type(Type::kString),
                       "\x08"
                       "foo"),
            "R.x: a text is longer than the message");
  EXPECT_EQ(refusal_of(of_type(Type::kString), "\x01"), "R.x: a text is longer than the message");
  EXPECT_EQ(refusal_of(of({decimal(4, 2)}), "\x04\x27\x10"),
            "R.x: a decimal has more digits than its type");
  EXPECT_EQ(refusal_of(of({decimal(4, 2)}), "\x00"sv),
            "R.x: a decimal has no bytes, or more than 16");
  EXPECT_EQ(refusal_of(of({decimal(38, 0)}), "\x22" + std::string(17, '\0')),
            "R.x: a decimal has no bytes, or more than 16");
  Field optional = field("x", Type::kLong);
  optional.optional = true;
  EXPECT_EQ(refusal_of(of({optional}), "\x04\x00"sv), "R.x: a union has no such branch");
}

// Version 2 lacks `old` and knows `note` and `fee`; version 1 has neither.
struct Versions {
  Schema one = of({field("id", Type::kInt), field("old", Type::kString), decimal(10, 2)});
  Schema two = of({decimal(10, 2), field("id", Type::kLong), field("note", Type::kString),
                   field("fee", Type::kDecimal)});
  Versions() {
    one.fields[1].fallback = std::string("gone");
    two.fields[2].fallback = std::string("none");
    two.fields[3] = {.name = "fee",
                     .type = Type::kDecimal,
                     .optional = true,
                     .precision = 10,
                     .fallback = NullDefault{}};
  }
};

TEST(Avro, newer_reader_fills_what_an_older_writer_did_not_know) {
  const Versions of_both;
  const auto reader = AvroReader::create(of_both.one, of_both.two).value();
  const auto bytes =
      written(of_both.one, {Cell(std::int64_t{5}), Cell("old"sv), Cell(Int128{250})});
  const std::vector<Cell> want = {Cell(Int128{250}), Cell(std::int64_t{5}), Cell("none"sv), Cell()};
  EXPECT_EQ(read(reader, bytes), std::pair(want, std::string()));
}

TEST(Avro, older_reader_passes_over_what_a_newer_writer_added) {
  Versions of_both;
  of_both.two.fields[1].type = Type::kInt;
  const auto reader = AvroReader::create(of_both.two, of_both.one).value();
  const auto bytes = written(
      of_both.two, {Cell(Int128{-1}), Cell(std::int64_t{6}), Cell("a note"sv), Cell(Int128{3})});
  const std::vector<Cell> want = {Cell(std::int64_t{6}), Cell("gone"sv), Cell(Int128{-1})};
  EXPECT_EQ(read(reader, bytes), std::pair(want, std::string()));
}

TEST(Avro, what_cannot_be_resolved_is_refused_at_once) {
  const auto refusal = [](const Schema& writer, const Schema& reader) {
    const auto made = AvroReader::create(writer, reader);
    return made ? "" : made.error().text;
  };
  const std::string retyped = "field 'x' of 'R' was written as another type than it is read";
  EXPECT_EQ(refusal(of({field("x", Type::kLong)}), of({field("x", Type::kInt)})), retyped);
  EXPECT_EQ(refusal(of({field("x", Type::kLong)}), of({field("x", Type::kTimeNanos)})), retyped);
  EXPECT_EQ(refusal(of({decimal(38, 18)}), of({decimal(38, 8)})), retyped);
  EXPECT_EQ(refusal(of({decimal(38, 18)}), of({decimal(20, 18)})), retyped);
  EXPECT_EQ(refusal(of({}), of({decimal(38, 18)})),
            "field 'x' of 'R' was not written and has no default");
  Schema other = of({});
  other.name = "S";
  EXPECT_EQ(refusal(of({}), other), "the record is 'R', not 'S'");
}

TEST(Avro, null_of_a_field_that_may_no_longer_be_null_is_refused) {
  Field optional = field("x", Type::kLong);
  optional.optional = true;
  const auto reader = AvroReader::create(of({optional}), of({field("x", Type::kLong)})).value();
  EXPECT_EQ(read(reader, "\x00"sv).second, "R.x: it is null, and may not be");
  EXPECT_EQ(read(reader, "\x02\x0E"sv).first[0], Cell(std::int64_t{7}));
}

TEST(Avro, frame_is_a_zero_and_the_id_with_its_highest_byte_first) {
  std::string out;
  append_frame_head(out, 0x01020304);
  EXPECT_EQ(out, "\x00\x01\x02\x03\x04"sv);
  const auto frame = read_frame(out + "abc");
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->schema_id, 0x01020304U);
  EXPECT_FALSE(read_frame("\x00\x01\x02\x03"sv));
  EXPECT_FALSE(read_frame("\x01\x01\x02\x03\x04 abc"sv));
}

TEST(Avro, nothing_is_allocated_once_the_buffer_is_large_enough) {
  const Schema schema =
      of({field("id", Type::kLong), field("name", Type::kString), decimal(38, 18)});
  const std::array<Cell, 3> row = {Cell(INT64_MAX), Cell("a name"sv), Cell(Int128{1} << 100)};
  std::string out;
  append_avro(out, schema, row);
  const char* at = out.data();
  for (int i = 0; i < 100; ++i) {
    out.clear();
    append_avro(out, schema, row);
  }
  EXPECT_EQ(out.data(), at);
}

}  // namespace
}  // namespace tapeline::codec
