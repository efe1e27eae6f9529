// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/calls.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace tapeline::store::duckdb {
namespace {

std::size_t end_of_string(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return std::min(at + 1, json.size());
}

// Of the value that begins there, in a list.
std::size_t end_of_value(std::string_view json, std::size_t at) {
  for (std::size_t depth = 0; at < json.size();) {
    const char c = json[at];
    if (depth == 0 && (c == ',' || c == ']' || c == '}')) return at;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    at = c == '"' ? end_of_string(json, at) : at + 1;
  }
  return at;
}

std::vector<std::string_view> values_of(std::string_view json, std::size_t at) {
  std::vector<std::string_view> values;
  while (at < json.size() && json[at] != ']') {
    const std::size_t end = end_of_value(json, at);
    values.push_back(json.substr(at, end - at));
    at = end < json.size() && json[end] == ',' ? end + 1 : end;
  }
  return values;
}

}  // namespace

std::vector<std::vector<std::string_view>> calls_of(std::string_view tree,
                                                    std::string_view function) {
  constexpr std::string_view kArguments = R"("children":[)";
  const std::string name = fmt::format(R"("function_name":"{}")", function);
  std::vector<std::vector<std::string_view>> calls;
  for (std::size_t at = tree.find(name); at != std::string_view::npos; at = tree.find(name, at)) {
    at += name.size();
    const std::size_t arguments = tree.find(kArguments, at);
    calls.push_back(arguments == std::string_view::npos
                        ? std::vector<std::string_view>()
                        : values_of(tree, arguments + kArguments.size()));
  }
  return calls;
}

std::optional<std::string_view> constant_text(std::string_view argument) {
  constexpr std::string_view kConstant = R"({"class":"CONSTANT",)";
  constexpr std::string_view kText =
      R"("value":{"type":{"id":"VARCHAR","type_info":null},"is_null":false,"value":")";
  constexpr std::string_view kEnd = R"("}})";
  const std::size_t at = argument.find(kText);
  if (!argument.starts_with(kConstant) || at == std::string_view::npos ||
      !argument.ends_with(kEnd)) {
    return std::nullopt;
  }
  const std::size_t begin = at + kText.size();
  return argument.substr(begin, argument.size() - kEnd.size() - begin);
}

}  // namespace tapeline::store::duckdb
