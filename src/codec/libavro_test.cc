// SPDX-License-Identifier: Apache-2.0
// What we write, Apache Avro's own C library reads, and the other way round.
#include <avro.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <boost/multiprecision/cpp_int.hpp>
#include <memory>
#include <string>
#include <vector>

#include "codec/avro.h"
#include "codec/random_rows.h"
#include "codec/topics.h"

namespace tapeline::codec {
namespace {

using boost::multiprecision::cpp_int;

cpp_int big(Int128 value) {
  cpp_int out = static_cast<std::int64_t>(value >> 64);
  return out * (cpp_int(1) << 64) + static_cast<std::uint64_t>(value);
}

// As Avro's specification words it: two's complement, the highest byte first.
cpp_int big(std::string_view bytes) {
  cpp_int out = 0;
  for (const char byte : bytes) out = out * 256 + static_cast<unsigned char>(byte);
  const bool negative = !bytes.empty() && static_cast<unsigned char>(bytes[0]) >= 0x80;
  return negative ? out - (cpp_int(1) << (8 * bytes.size())) : out;
}

std::string bytes_of(cpp_int value, std::size_t size) {
  if (value < 0) value += cpp_int(1) << (8 * size);
  std::string out(size, '\0');
  for (std::size_t i = size; i-- > 0; value /= 256) {
    out[i] = static_cast<char>(static_cast<unsigned>(value % 256));
  }
  return out;
}

class Library {
 public:
  explicit Library(const Schema& schema) : fields_(schema.fields) {
    const std::string text = schema_text(schema);
    if (avro_schema_from_json_length(text.data(), text.size(), &schema_) != 0) {
      throw std::runtime_error(avro_strerror());
    }
    class_ = avro_generic_class_from_schema(schema_);
    avro_generic_value_new(class_, &record_);
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library() {
    avro_value_decref(&record_);
    avro_value_iface_decref(class_);
    avro_schema_decref(schema_);
  }

  std::string write(const std::vector<Cell>& row) {
    for (std::size_t i = 0; i < row.size(); ++i) set(i, row[i]);
    std::vector<char> buffer(64 * 1024);
    const auto size = static_cast<std::int64_t>(buffer.size());
    avro_writer_t writer = avro_writer_memory(buffer.data(), size);
    EXPECT_EQ(avro_value_write(writer, &record_), 0) << avro_strerror();
    std::string out(buffer.data(), static_cast<std::size_t>(avro_writer_tell(writer)));
    avro_writer_free(writer);
    return out;
  }

  void expect(const std::string& bytes, const std::vector<Cell>& row) {
    avro_reader_t reader =
        avro_reader_memory(bytes.data(), static_cast<std::int64_t>(bytes.size()));
    ASSERT_EQ(avro_value_read(reader, &record_), 0) << avro_strerror();
    char more = 0;
    EXPECT_NE(avro_read(reader, &more, 1), 0) << "bytes are left";
    avro_reader_free(reader);
    for (std::size_t i = 0; i < row.size(); ++i) expect(i, row[i]);
  }

 private:
  int null_branch(std::size_t i) const { return fields_[i].null_first ? 0 : 1; }

  void set(std::size_t i, const Cell& cell) {
    avro_value_t value;
    avro_value_get_by_index(&record_, i, &value, nullptr);
    if (fields_[i].optional) {
      const bool is_null = std::holds_alternative<std::monostate>(cell);
      avro_value_set_branch(&value, is_null ? null_branch(i) : 1 - null_branch(i), &value);
      if (is_null) {
        avro_value_set_null(&value);
        return;
      }
    }
    switch (fields_[i].type) {
      case Type::kBoolean:
        avro_value_set_boolean(&value, std::get<bool>(cell) ? 1 : 0);
        return;
      case Type::kInt:
        avro_value_set_int(&value, static_cast<std::int32_t>(std::get<std::int64_t>(cell)));
        return;
      case Type::kLong:
      case Type::kTimeNanos:
        avro_value_set_long(&value, std::get<std::int64_t>(cell));
        return;
      case Type::kString:
        avro_value_set_string(&value, std::string(std::get<std::string_view>(cell)).c_str());
        return;
      case Type::kBytes:
        return set_bytes(value, std::string(std::get<std::string_view>(cell)));
      case Type::kDecimal:  // longer than it needs to be, as other writers may have it
        return set_bytes(value, bytes_of(big(std::get<Int128>(cell)), sizeof(Int128)));
    }
  }

  static void set_bytes(avro_value_t& value, std::string bytes) {
    avro_value_set_bytes(&value, bytes.data(), bytes.size());
  }

  void expect(std::size_t i, const Cell& cell) {
    avro_value_t value;
    avro_value_get_by_index(&record_, i, &value, nullptr);
    if (fields_[i].optional) {
      int branch = -1;
      avro_value_get_discriminant(&value, &branch);
      const bool is_null = std::holds_alternative<std::monostate>(cell);
      ASSERT_EQ(branch == null_branch(i), is_null) << fields_[i].name;
      if (is_null) return;
      avro_value_get_current_branch(&value, &value);
    }
    int flag = -1;
    std::int32_t narrow = 0;
    std::int64_t wide = 0;
    const char* text = nullptr;
    const void* bytes = nullptr;
    std::size_t size = 0;
    switch (fields_[i].type) {
      case Type::kBoolean:
        avro_value_get_boolean(&value, &flag);
        EXPECT_EQ(flag, std::get<bool>(cell) ? 1 : 0);
        return;
      case Type::kInt:
        avro_value_get_int(&value, &narrow);
        EXPECT_EQ(narrow, std::get<std::int64_t>(cell));
        return;
      case Type::kLong:
      case Type::kTimeNanos:
        avro_value_get_long(&value, &wide);
        EXPECT_EQ(wide, std::get<std::int64_t>(cell));
        return;
      case Type::kString:
        avro_value_get_string(&value, &text, &size);
        EXPECT_EQ(std::string_view(text, size - 1), std::get<std::string_view>(cell));
        return;
      case Type::kBytes:
      case Type::kDecimal:
        avro_value_get_bytes(&value, &bytes, &size);
        expect_bytes({static_cast<const char*>(bytes), size}, cell);
        return;
    }
  }

  static void expect_bytes(std::string_view bytes, const Cell& cell) {
    if (const auto* decimal = std::get_if<Int128>(&cell)) {
      EXPECT_EQ(big(bytes), big(*decimal));
      EXPECT_TRUE(bytes.size() == 1 || big(bytes.substr(1)) != big(bytes)) << "not the shortest";
    } else {
      EXPECT_EQ(bytes, std::get<std::string_view>(cell));
    }
  }

  const std::vector<Field>& fields_;
  avro_schema_t schema_{};
  avro_value_iface_t* class_{};
  avro_value_t record_{};
};

Schema any_schema() {
  const auto number = *rc::gen::inRange<std::size_t>(0, kTopics.size() + 2);
  return number < kTopics.size() ? schema_of(kTopics[number]) : every_type();
}

RC_GTEST_PROP(Libavro, reads_what_we_write, ()) {
  const Schema schema = any_schema();
  const RandomRow row(schema);
  std::string bytes;
  append_avro(bytes, schema, row.cells());
  Library(schema).expect(bytes, row.cells());
  RC_ASSERT(!testing::Test::HasFailure());
}

RC_GTEST_PROP(Libavro, writes_what_we_read, ()) {
  const Schema schema = any_schema();
  const RandomRow row(schema);
  const std::string bytes = Library(schema).write(row.cells());
  std::vector<Cell> read(schema.fields.size());
  const auto done = AvroReader::create(schema, schema).value().read(bytes, read);
  RC_ASSERT(done.has_value());
  RC_ASSERT(read == row.cells());
}

}  // namespace
}  // namespace tapeline::codec
