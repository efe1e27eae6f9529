// SPDX-License-Identifier: Apache-2.0
// Avro from outside. Whatever a message holds, it is refused, or read; and what was read can be
// written, and is read as the same. Whatever a schema holds, it is refused, or its text says the
// same schema. The first byte says which; a message's second one whose schema it has.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "codec/avro.h"
#include "codec/topics.h"

namespace {

using tapeline::codec::AvroReader;
using tapeline::codec::Cell;
using tapeline::codec::Field;
using tapeline::codec::kTopics;
using tapeline::codec::NullDefault;
using tapeline::codec::Schema;

// As a version later may be: a field more, one fewer, the others in another order.
Schema newer(const Schema& schema) {
  Schema out = schema;
  out.fields.assign(schema.fields.rbegin(), schema.fields.rend() - 1);
  out.fields.push_back({.name = "later", .optional = true, .fallback = NullDefault{}});
  return out;
}

void check_message(std::string_view bytes, const Schema& writer, const Schema& reader) {
  const AvroReader from = AvroReader::create(writer, reader).value();
  std::vector<Cell> row(reader.fields.size());
  if (!from.read(bytes, row)) return;
  std::string again;
  tapeline::codec::append_avro(again, reader, row);
  std::vector<Cell> second(row.size());
  const AvroReader same = AvroReader::create(reader, reader).value();
  TAPELINE_CHECK(same.read(again, second).has_value(), "what we write we read");
  TAPELINE_CHECK(row == second, "as the same");
  TAPELINE_CHECK(again.size() <= bytes.size() + 1, "in no more bytes than it had");
}

void check_schema(std::string_view json) {
  const auto schema = tapeline::codec::parse_schema(json);
  if (!schema) return;
  const auto again = tapeline::codec::parse_schema(tapeline::codec::schema_text(*schema));
  TAPELINE_CHECK(again.has_value() && *again == *schema, "a schema's text says the schema");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.size() < 2) return 0;
  const auto mode = static_cast<std::uint8_t>(input[0]);
  if (mode == '{') {
    check_schema(input);
    return 0;
  }
  const auto which = static_cast<std::uint8_t>(input[1]) % kTopics.size();
  const Schema& schema = tapeline::codec::schema_of(kTopics[which]);
  input.remove_prefix(2);
  if (mode % 2 == 1) {
    const auto frame = tapeline::codec::read_frame(input);
    if (!frame) return 0;
    input = frame->message;
  }
  check_message(input, schema, mode % 4 < 2 ? schema : newer(schema));
  return 0;
}
