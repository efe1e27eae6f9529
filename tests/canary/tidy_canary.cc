// SPDX-License-Identifier: Apache-2.0
// Planted faults, at least one per group of .clang-tidy. tools/run_tidy.py fails unless clang-tidy
// finds each at its line. This file is part of no target.
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#define WRONG_PREFIX 1  // expect: readability-identifier-naming

namespace canary {

enum class Side { kBuy, SELL };  // expect: readability-identifier-naming

struct lower_type {};  // expect: readability-identifier-naming

constexpr int lower_constant = 1;  // expect: readability-identifier-naming

class Account {
 public:
  int GetBalance() const { return balance; }  // expect: readability-identifier-naming

 private:
  int balance = 0;  // expect: readability-identifier-naming
};

std::size_t use_after_move(std::string text) {
  const std::string taken = std::move(text);
  return taken.size() + text.size();  // expect: bugprone-use-after-move
}

bool is_empty(const std::vector<int>& items) {
  return items.size() == 0;  // expect: readability-container-size-empty
}

std::size_t copies(const std::vector<std::string>& items) {
  std::size_t total = 0;
  for (const std::string item : items) {  // expect: performance-for-range-copy
    total += item.size();
  }
  return total;
}

typedef int Number;  // expect: modernize-use-using

}  // namespace canary
