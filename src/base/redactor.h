// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace tapeline {

// Takes a secret out of what others send back to us: as given, percent-encoded and as JSON writes
// it. One shorter than kSizeMin is none: whole prices would vanish with it.
class Redactor {
 public:
  static constexpr std::size_t kSizeMin = 6;

  explicit Redactor(const Secret& secret);

  [[nodiscard]] bool is_idle() const { return forms_.empty(); }
  // With *** for it, and for its beginning where somebody has cut it off.
  [[nodiscard]] std::string text(std::string_view text) const;
  // With as many '*' for it, so that the bytes can still be parsed; none: it is not in there.
  [[nodiscard]] std::optional<std::string> bytes(std::string_view bytes) const;

 private:
  std::vector<std::string> forms_;  // the longest first
};

}  // namespace tapeline
