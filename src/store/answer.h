// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tapeline::store {

// How a value of an answer is to be shown.
enum class ColumnType : std::uint8_t {
  kText,
  kInteger,  // whole, of any size
  kDecimal,  // exact: no exponent, no trailing zeros
  kDouble,   // shortest text that reads back as the same double
  kBoolean,  // true or false
  kTime,     // RFC 3339, UTC, nine digits
};

struct Column {
  std::string name;
  ColumnType type = ColumnType::kText;

  friend bool operator==(const Column&, const Column&) = default;
};

struct Value {
  std::string_view text{};  // empty when absent
  bool is_null = false;
};

// Gets the answer to a query: the columns once, then each row, as wide as they are. The texts live
// until the call returns.
class AnswerSink {
 public:
  AnswerSink() = default;
  AnswerSink(const AnswerSink&) = delete;
  AnswerSink& operator=(const AnswerSink&) = delete;
  virtual ~AnswerSink() = default;

  virtual void on_columns(const std::vector<Column>& columns) = 0;
  // False ends the answer.
  virtual bool on_row(const std::vector<Value>& row) = 0;
};

}  // namespace tapeline::store
