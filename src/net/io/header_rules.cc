// SPDX-License-Identifier: Apache-2.0
#include "net/io/header_rules.h"

#include <algorithm>
#include <string_view>

namespace tapeline::net {
namespace {

// A token of RFC 9110, 5.6.2.
bool is_token_char(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kMarks.find(c) != std::string_view::npos;
}

bool is_value_char(char c) { return c == '\t' || (c >= ' ' && c <= '~'); }

}  // namespace

bool are_sendable(const Headers& headers) {
  return std::all_of(headers.begin(), headers.end(), [](const auto& header) {
    const auto& [name, value] = header;
    return !name.empty() && std::all_of(name.begin(), name.end(), is_token_char) &&
           std::all_of(value.begin(), value.end(), is_value_char);
  });
}

}  // namespace tapeline::net
