// SPDX-License-Identifier: Apache-2.0
#include "serve/target.h"

#include <fmt/format.h>

#include <algorithm>

namespace tapeline::serve {
namespace {

int hex_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decode(std::string_view text, bool plus_is_blank) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hex_of(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_of(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(plus_is_blank && c == '+' ? ' ' : c);
    }
  }
  return out;
}

bool is_safe_path(std::string_view path) {
  if (path.find('\0') != std::string_view::npos) return false;
  if (path.find('\\') != std::string_view::npos) return false;
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t to = std::min(path.find('/', from), path.size());
    if (path.substr(from, to - from) == "..") return false;
    from = to + 1;
  }
  return true;
}

}  // namespace

std::string_view Target::parameter(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) return value;
  }
  return {};
}

Result<Target> parse_target(std::string_view text) {
  if (text.size() > Target::kBytesMax) {
    return fail(Fault::kCaller, fmt::format("a target has at most {} bytes", Target::kBytesMax));
  }
  const std::size_t mark = std::min(text.find('?'), text.size());
  auto path = decode(text.substr(0, mark), false);
  if (!path || path->empty() || path->front() != '/' || !is_safe_path(*path)) {
    return fail(Fault::kCaller, "this is no path of this server");
  }
  Target target{.path = std::move(*path)};
  for (std::size_t from = mark + 1; from < text.size();) {
    const std::size_t to = std::min(text.find('&', from), text.size());
    const std::string_view pair = text.substr(from, to - from);
    from = to + 1;
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = decode(pair.substr(0, equals), true);
    auto value = decode(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value) {
      return fail(Fault::kCaller, "a % in a target stands before two hexadecimal digits");
    }
    if (target.parameters.size() >= Target::kParametersMax) {
      return fail(Fault::kCaller, fmt::format("at most {} parameters", Target::kParametersMax));
    }
    target.parameters.emplace_back(std::move(*name), std::move(*value));
  }
  return target;
}

}  // namespace tapeline::serve
