// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tapeline::sim {

// What comes over HTTP, and what is answered.
struct Request {
  std::string method = "GET";
  std::string target{};  // "/products/BTC-USD/trades?limit=10"
  std::string body{};
};

struct Answer {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
};

// A request's target in its parts. Views into it.
class Target {
 public:
  explicit Target(std::string_view text);

  [[nodiscard]] std::string_view path() const { return path_; }
  [[nodiscard]] const std::vector<std::pair<std::string_view, std::string_view>>& parameters()
      const {
    return parameters_;
  }
  // The parameter's value as written; nothing where it is not given.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  // The first parameter that is none of these; nothing when there is none.
  [[nodiscard]] std::optional<std::string_view> unknown(
      std::initializer_list<std::string_view> names) const;

 private:
  std::string_view path_;
  std::vector<std::pair<std::string_view, std::string_view>> parameters_;
};

// Digits alone that fit 64 bits.
std::optional<std::uint64_t> parse_id(std::string_view text);

// "%3A" as ":"; what is no escape stays as it is.
std::string percent_decoded(std::string_view text);

}  // namespace tapeline::sim
