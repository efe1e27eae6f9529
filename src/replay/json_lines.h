// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tapeline::replay {

// Turns rows of CSV into JSON objects, one a line: keys are the columns of the header, counts are
// numbers, everything else is text as it stands in the CSV, and what is empty is null.
class JsonLines {
 public:
  // The header row.
  explicit JsonLines(std::string_view header);

  // Appends the object of a row that has the header's columns, in RFC 4180.
  void append(std::string& out, std::string_view row) const;

 private:
  struct Column {
    std::string opening;  // `{"key":` or `,"key":`
    bool is_count = false;
  };

  std::vector<Column> columns_;
};

}  // namespace tapeline::replay
