// SPDX-License-Identifier: Apache-2.0
#include "app/config/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/config/overlay.h"
#include "app/config/schema.h"
#include "app/config/yaml.h"

namespace tapeline::app::config {
namespace {

struct Line {
  std::string path;
  std::string value;
};

void add_lines(std::vector<Line>& lines, const Key& key, const Config& config) {
  if (key.path == "feeds" && config.feeds.empty()) lines.push_back({"feeds", "[]"});
  if (key.show == nullptr) return;
  constexpr std::string_view kAnyFeed = "feeds[]";
  if (!key.path.starts_with(kAnyFeed)) {
    lines.push_back({std::string(key.path), key.show(config, 0)});
    return;
  }
  for (std::size_t i = 0; i < config.feeds.size(); ++i) {
    lines.push_back(
        {fmt::format("feeds[{}]{}", i, key.path.substr(kAnyFeed.size())), key.show(config, i)});
  }
}

}  // namespace

Checked load(const Given& given, const Surroundings& surroundings) {
  const std::string& file = given.file;
  TreeNode root;
  root.kind = TreeNode::Kind::kMap;
  std::vector<std::string> mistakes;
  if (!file.empty()) {
    const auto text = read_file(file);
    if (!text) {
      mistakes.push_back(text.error().text);
    } else if (auto tree = parse_yaml(*text); tree) {
      root = std::move(*tree);
    } else {
      const SyntaxMistake& mistake = tree.error();
      mistakes.push_back(mistake.line > 0
                             ? fmt::format("{}:{}: YAML: {}", file, mistake.line, mistake.text)
                             : fmt::format("{}: YAML: {}", file, mistake.text));
    }
  }
  if (surroundings.variable) {
    const std::string data_dir = surroundings.variable("TAPELINE_DATA");
    if (!data_dir.empty()) apply_data_dir(root, data_dir, "$TAPELINE_DATA");
  }
  for (const std::string& set : given.sets) {
    if (std::string mistake = apply_set(root, set); !mistake.empty()) {
      mistakes.push_back(std::move(mistake));
    }
  }
  if (!given.data_dir.empty()) apply_data_dir(root, given.data_dir, "--data-dir");
  Checked checked = check_tree(root, file, surroundings);
  checked.mistakes.insert(checked.mistakes.begin(), mistakes.begin(), mistakes.end());
  return checked;
}

std::vector<KeyChange> changes_beside_feeds(const Config& before, const Config& after) {
  std::vector<KeyChange> changes;
  for (const Key& key : schema()) {
    if (key.show == nullptr || key.path.starts_with("feeds")) continue;
    KeyChange change{std::string(key.path), key.show(before, 0), key.show(after, 0)};
    if (change.before != change.after) changes.push_back(std::move(change));
  }
  return changes;
}

std::string show(const Checked& checked, const std::string& file) {
  std::vector<Line> lines;
  for (const Key& key : schema()) add_lines(lines, key, checked.config);
  std::size_t width = 0;
  for (const Line& line : lines) width = std::max(width, line.path.size() + 2 + line.value.size());
  constexpr std::size_t kWidthMax = 60;  // one long list must not push every origin out of sight
  std::string out;
  for (const Line& line : lines) {
    const auto origin = checked.origins.find(line.path);
    out +=
        fmt::format("{:<{}}  # {}\n", line.path + ": " + line.value, std::min(width, kWidthMax),
                    origin == checked.origins.end() ? "default" : describe(origin->second, file));
  }
  return out;
}

}  // namespace tapeline::app::config
