// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace tapeline::app::values {

// A small table for people or programs; no text in it holds a comma, quote or line end.
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  // each as wide as the header
};

// In columns two blanks apart, numbers to the right.
std::string aligned(const Table& table);
// "a,b,c", without a line end.
std::string csv_row(const std::vector<std::string>& fields);
// Header and rows, each with a line end.
std::string csv(const Table& table);

}  // namespace tapeline::app::values
