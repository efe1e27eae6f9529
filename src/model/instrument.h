// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.h"

namespace tapeline {

// The names of this process's instruments, "venue:SYMBOL", by id. Grows only; a name never changes.
// One thread.
class InstrumentNames {
 public:
  // The next dense id.
  InstrumentId add(std::string name) {
    names_.push_back(std::move(name));
    return InstrumentId(static_cast<std::uint32_t>(names_.size() - 1));
  }

  // Valid until the next add().
  [[nodiscard]] std::string_view name(InstrumentId id) const { return names_[id.value()]; }
  [[nodiscard]] std::size_t size() const { return names_.size(); }

  // Where each name stands in the order of all names so far, by id. Lists are sorted by this.
  [[nodiscard]] const std::vector<std::uint32_t>& ranks() const;

 private:
  std::vector<std::string> names_;
  mutable std::vector<std::uint32_t> ranks_;  // made anew when names have come since
};

// "venue:SYMBOL" with '*' for any run of characters, as in every --instrument option.
bool matches_pattern(std::string_view pattern, std::string_view name);

}  // namespace tapeline
