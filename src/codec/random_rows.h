// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "codec/schema.h"

namespace tapeline::codec {

// For tests: rows of any schema, with the ends of what each type holds among them.
class RandomRow {
 public:
  explicit RandomRow(const Schema& schema) {
    for (const Field& field : schema.fields) cells_.push_back(cell(field));
  }

  [[nodiscard]] const std::vector<Cell>& cells() const { return cells_; }

 private:
  static std::int64_t whole(std::int64_t least, std::int64_t most) {
    return *rc::gen::oneOf(
        rc::gen::inRange<std::int64_t>(-200, 200), rc::gen::just(least), rc::gen::just(most),
        rc::gen::cast<std::int64_t>(rc::gen::inRange<std::int64_t>(least, most)));
  }

  static Int128 decimal(const Field& field) {
    const auto most = static_cast<Int128>(kPow10[field.precision] - 1);
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        return most;
      case 1:
        return -most;
      case 2:
        return *rc::gen::inRange(-300, 300);
      default:
        break;
    }
    const auto high = static_cast<Uint128>(*rc::gen::arbitrary<std::uint64_t>());
    const auto bits = high << 64 | *rc::gen::arbitrary<std::uint64_t>();
    return static_cast<Int128>(bits >> *rc::gen::inRange(0, 127)) % most;
  }

  Cell text(bool printable) {
    const auto letter = printable ? rc::gen::inRange<char>(' ', '~') : rc::gen::arbitrary<char>();
    const auto size = *rc::gen::elementOf(std::vector<std::size_t>{0, 1, 5, 63, 64, 300});
    return std::string_view(texts_.emplace_back(*rc::gen::container<std::string>(size, letter)));
  }

  Cell cell(const Field& field) {
    if (field.optional && *rc::gen::inRange(0, 3) == 0) return {};
    switch (field.type) {
      case Type::kBoolean:
        return *rc::gen::arbitrary<bool>();
      case Type::kInt:
        return whole(INT32_MIN, INT32_MAX);
      case Type::kLong:
      case Type::kTimeNanos:
        return whole(INT64_MIN, INT64_MAX);
      case Type::kString:
        return text(true);
      case Type::kBytes:
        return text(false);
      case Type::kDecimal:
        return decimal(field);
    }
    return {};
  }

  std::deque<std::string> texts_;  // the cells view them
  std::vector<Cell> cells_;
};

// A schema with a field of every type there is, each also optional in either order.
inline Schema every_type() {
  Schema schema{.space = "test", .name = "Every", .fields = {}};
  for (const Type type : {Type::kBoolean, Type::kInt, Type::kLong, Type::kTimeNanos, Type::kString,
                          Type::kBytes, Type::kDecimal}) {
    for (int kind = 0; kind < 3; ++kind) {
      Field field{.name = "f" + std::to_string(schema.fields.size()), .type = type};
      field.optional = kind > 0;
      field.null_first = kind != 2;
      if (type == Type::kDecimal) {
        field.precision = static_cast<std::uint8_t>(kind == 0 ? 38 : 20 - kind);
        field.scale = static_cast<std::uint8_t>(kind * 9);
      }
      schema.fields.push_back(field);
    }
  }
  return schema;
}

}  // namespace tapeline::codec
