// SPDX-License-Identifier: Apache-2.0
#include "app/config/commented.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/config/feeds.h"
#include "app/config/schema.h"

namespace tapeline::app::config {
namespace {

constexpr std::string_view kHead =
    "# Tapeline's configuration. Every key is optional: what stands here is what is in force\n"
    "# without it. `tapeline check --show` prints each value in force and where it comes from.\n"
    "# In a value, ${NAME} stands for a variable of the environment.\n";

// Two blanks a level; the keys of a feed stand behind the "- " of their list.
std::string indent_of(const Key& key) {
  const auto dots = std::count(key.path.begin(), key.path.end(), '.');
  const bool is_of_list = key.path.find("[]") != std::string_view::npos;
  return std::string(static_cast<std::size_t>(2 * dots + (is_of_list ? 2 : 0)), ' ');
}

}  // namespace

std::string commented_file() {
  Config config;
  config.feeds = default_feeds();
  std::string out(kHead);
  std::string_view list;  // whose first key is still to come
  for (const Key& key : schema()) {
    const std::string indent = indent_of(key);
    const bool is_group = key.shape == Shape::kGroup || key.shape == Shape::kGroupList;
    const std::string value = is_group ? std::string() : key.show(config, 0);
    const bool is_unset = value == "\"\"";
    if (indent.empty()) out += '\n';
    out += fmt::format("{}# {}\n", indent, key.help);
    if (!is_group) {
      out += fmt::format("{}# {}: {} (default: {})\n", indent, key.type, key.allowed,
                         is_unset ? "none" : value);
    }
    std::string start = indent;
    if (!list.empty() && group_of(key).starts_with(list)) {
      start.replace(start.size() - 2, 2, "- ");
      list = {};
    }
    out += fmt::format("{}{}{}:{}{}\n", start, is_unset ? "# " : "", name_of(key),
                       is_group ? "" : " ", is_unset ? key.example : std::string_view(value));
    if (key.shape == Shape::kGroupList) list = key.path;
  }
  return out;
}

}  // namespace tapeline::app::config
