// SPDX-License-Identifier: Apache-2.0
#include "codec/schema.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "codec/random_rows.h"
#include "codec/topics.h"

namespace tapeline::codec {
namespace {

std::string record(std::string_view fields) {
  return R"({"type":"record","name":"a.b.R","fields":[)" + std::string(fields) + "]}";
}

std::string refusal_of(const std::string& json) {
  const auto schema = parse_schema(json);
  return schema ? "" : schema.error().text;
}

TEST(Schema, text_is_read_back_as_the_same) {
  Schema schema = every_type();
  EXPECT_EQ(parse_schema(schema_text(schema)).value(), schema);
  for (const Topic topic : kTopics) {
    EXPECT_EQ(parse_schema(schema_text(schema_of(topic))).value(), schema_of(topic));
  }
  schema.fields = {{.name = "flag", .type = Type::kBoolean, .fallback = true},
                   {.name = "number", .type = Type::kLong, .fallback = std::int64_t{-7}},
                   {.name = "text", .type = Type::kString, .fallback = std::string("a\"b")},
                   {.name = "none", .optional = true, .fallback = NullDefault{}}};
  EXPECT_EQ(parse_schema(schema_text(schema)).value(), schema);
}

TEST(Schema, name_with_dots_brings_its_namespace) {
  const Schema schema = parse_schema(record(R"({"name":"x","type":"long"})")).value();
  EXPECT_EQ(schema.space, "a.b");
  EXPECT_EQ(schema.name, "R");
}

TEST(Schema, unknown_logical_type_is_passed_over) {
  const auto schema =
      parse_schema(record(R"({"name":"x","type":{"type":"string","logicalType":"uuid"}})"));
  EXPECT_EQ(schema.value().fields[0].type, Type::kString);
}

TEST(Schema, refusal_says_which_field_and_why) {
  EXPECT_EQ(refusal_of(record(R"({"name":"x","type":{"type":"long",)"
                              R"("logicalType":"timestamp-millis"}})")),
            "field 'x': a time that does not count nanoseconds since 1970");
  EXPECT_EQ(refusal_of(record(R"({"name":"x","type":"double"})")),
            "field 'x': its type is not one that is read here");
  EXPECT_EQ(refusal_of(record(R"({"name":"x","type":["null","long","string"]})")),
            "field 'x': a union of other than null and one type");
  EXPECT_EQ(refusal_of(record(R"({"name":"x","type":["null","long"],"default":0})")),
            "field 'x': its default is not of its type, or is one of bytes");
  EXPECT_EQ(refusal_of(record(R"({"name":"x","type":"long"},{"name":"x","type":"int"})")),
            "field 'x': it is there twice");
  EXPECT_EQ(refusal_of(record(R"({"name":"x","type":{"type":"bytes","logicalType":"decimal",)"
                              R"("precision":39}})")),
            "field 'x': the precision of its decimal is not 1 to 38");
  EXPECT_EQ(refusal_of(record(R"({"name":"x","type":{"type":"bytes","logicalType":"decimal",)"
                              R"("precision":5,"scale":6}})")),
            "field 'x': the scale of its decimal is not 0 to its precision");
  EXPECT_EQ(refusal_of(R"({"type":"record","name":"R")"), "a schema that is no JSON object");
  EXPECT_EQ(refusal_of(R"({"type":"enum","name":"R","symbols":[]})"),
            "a schema that is no record with a name and fields");
  EXPECT_EQ(refusal_of(std::string(kSchemaBytesMax + 1, ' ')),
            "a schema of more than 262144 bytes");
  std::string many = R"({"name":"f","type":"long"})";
  for (std::size_t i = 0; i < kFieldsMax; ++i) {
    many += R"(,{"name":"f)" + std::to_string(i) + R"(","type":"long"})";
  }
  EXPECT_EQ(refusal_of(record(many)), "a schema of more than 256 fields");
}

}  // namespace
}  // namespace tapeline::codec
