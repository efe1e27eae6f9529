// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/answer.h"

namespace tapeline::store {

// For questions of our own in SQL, whose columns are known.

// Passes each row on.
class EachRow final : public AnswerSink {
 public:
  explicit EachRow(std::function<void(const std::vector<Value>&)> on_row)
      : on_row_(std::move(on_row)) {}
  void on_columns(const std::vector<Column>& /*columns*/) override {}
  bool on_row(const std::vector<Value>& row) override {
    on_row_(row);
    return true;
  }

 private:
  std::function<void(const std::vector<Value>&)> on_row_;
};

// Of a column of whole numbers that fit.
template <typename Int>
Int integer_of(const Value& value) {
  Int out{};
  std::from_chars(value.text.data(), value.text.data() + value.text.size(), out);
  return out;
}

// A text as SQL writes it: a venue chooses the names of its instruments.
inline std::string sql_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

}  // namespace tapeline::store
