// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

namespace tapeline::sim {

// A set of ids as runs. Bounded: what would need more than kRangesMax runs is left out, and the set
// says that it is not complete.
class IdRanges {
 public:
  static constexpr std::size_t kRangesMax = 50'000;

  // Both ends included. Runs that touch become one.
  void add(std::uint64_t first, std::uint64_t last);

  [[nodiscard]] bool empty() const { return runs_.empty(); }
  [[nodiscard]] bool is_complete() const { return is_complete_; }
  [[nodiscard]] bool contains(std::uint64_t id) const;
  // first -> last, in order.
  [[nodiscard]] const std::map<std::uint64_t, std::uint64_t>& runs() const { return runs_; }
  // What lies between the runs.
  [[nodiscard]] IdRanges holes() const;

 private:
  std::map<std::uint64_t, std::uint64_t> runs_;
  bool is_complete_ = true;
};

}  // namespace tapeline::sim
