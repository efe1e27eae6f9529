// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace tapeline {

// A key or token. Whatever formats it writes ***, and it becomes no text by itself: only reveal()
// gives the text, to what puts it on the wire.
class Secret {
 public:
  static constexpr std::string_view kShown = "***";

  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] const std::string& reveal() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

  friend std::ostream& operator<<(std::ostream& out, const Secret& /*secret*/) {
    return out << kShown;
  }

 private:
  std::string text_;
};

}  // namespace tapeline

template <>
struct fmt::formatter<tapeline::Secret> : fmt::formatter<std::string_view> {
  template <typename Context>
  auto format(const tapeline::Secret& /*secret*/, Context& context) const {
    return fmt::formatter<std::string_view>::format(tapeline::Secret::kShown, context);
  }
};
