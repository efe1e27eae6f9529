// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/int128.h"
#include "base/result.h"

namespace tapeline::codec {

// One value of a row: nothing, or what its field's type says. Texts and bytes are views.
using Cell = std::variant<std::monostate, bool, std::int64_t, Int128, std::string_view>;

// kTimeNanos counts nanoseconds since 1970; kDecimal is a whole number of 10^-scale.
enum class Type : std::uint8_t { kBoolean, kInt, kLong, kTimeNanos, kString, kBytes, kDecimal };

// What a field has where its writer did not know it.
struct NoDefault {
  friend bool operator==(NoDefault, NoDefault) = default;
};
struct NullDefault {
  friend bool operator==(NullDefault, NullDefault) = default;
};
using Default = std::variant<NoDefault, NullDefault, bool, std::int64_t, std::string>;

struct Field {
  std::string name;
  Type type = Type::kLong;
  bool optional = false;     // a union with null
  bool null_first = true;    // of an optional one: which branch is 0
  std::uint8_t precision{};  // of a decimal, up to 38
  std::uint8_t scale{};      // of a decimal
  Default fallback{};

  friend bool operator==(const Field&, const Field&) = default;
};

// An Avro record without records, arrays or maps inside: all that stands on the bus.
struct Schema {
  std::string space;  // the namespace
  std::string name;
  std::vector<Field> fields;

  friend bool operator==(const Schema&, const Schema&) = default;
};

inline constexpr std::size_t kSchemaBytesMax = 256 * 1024;
inline constexpr std::size_t kFieldsMax = 256;

// Reads what a registry or a file holds; what is no flat record of the types above is refused, by
// the name of the field. A logical type that is not known is passed over, as Avro wants it, save
// times in other units, which nobody may take for ours.
Result<Schema> parse_schema(std::string_view json);

// As a file of schemas/ shows it, a field a line; parse_schema() reads it back.
std::string schema_text(const Schema& schema);

}  // namespace tapeline::codec
