// SPDX-License-Identifier: Apache-2.0
#include "app/config/overlay.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <utility>
#include <vector>

#include "app/config/schema.h"
#include "app/values/text.h"

namespace tapeline::app::config {
namespace {

constexpr Origin kFromSet{.line = 0, .by = "--set"};

struct Target {
  std::string path;       // as in the schema: "feeds[].venue"
  std::size_t index = 0;  // the number between the brackets
};

// "feeds[0].venue" as "feeds[].venue" and 0; a number that is none stays in the path.
Target parse_target(std::string_view name) {
  Target target{.path = std::string(name)};
  const std::size_t open = name.find('[');
  const std::size_t close = name.find(']');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return target;
  }
  const char* end = name.data() + close;
  const auto [stopped, error] = std::from_chars(name.data() + open + 1, end, target.index);
  if (error == std::errc{} && stopped == end) target.path.erase(open + 1, close - open - 1);
  return target;
}

TreeNode make(TreeNode::Kind kind, std::string_view key) {
  TreeNode node;
  node.kind = kind;
  node.origin = kFromSet;
  node.key = key;
  node.key_origin = kFromSet;
  return node;
}

TreeNode make_value(const Key& key, std::string_view text) {
  if (key.shape == Shape::kList) {
    TreeNode list = make(TreeNode::Kind::kList, name_of(key));
    if (text.starts_with('[') && text.ends_with(']') && text.size() >= 2) {
      text = text.substr(1, text.size() - 2);
    }
    if (text.empty()) return list;
    for (std::string_view part : values::split_commas(text)) {
      while (part.starts_with(' ')) part.remove_prefix(1);
      while (part.ends_with(' ')) part.remove_suffix(1);
      list.children.push_back(make(TreeNode::Kind::kText, ""));
      list.children.back().text = part;
    }
    return list;
  }
  TreeNode node = make(TreeNode::Kind::kText, name_of(key));
  node.text = text;
  return node;
}

TreeNode* child_of(TreeNode& parent, std::string_view name, TreeNode::Kind kind) {
  TreeNode* child = parent.find(name);
  if (child == nullptr) child = &parent.children.emplace_back(make(kind, name));
  if (child->kind == TreeNode::Kind::kNull) child->kind = kind;
  return child->kind == kind ? child : nullptr;
}

std::string unknown_key(const std::string& path) {
  std::vector<std::string_view> paths;
  for (const Key& key : schema()) paths.push_back(key.path);
  return "unknown key" + values::did_you_mean(path, paths);
}

// The map that holds the key; null where the file has something else there.
TreeNode* group_node(TreeNode& root, const Key& key, std::size_t index, std::string& mistake) {
  std::string_view group = group_of(key);
  if (!group.ends_with("[]")) {
    TreeNode* at = &root;
    while (at != nullptr && !group.empty()) {
      const std::string_view name = group.substr(0, group.find('.'));
      at = child_of(*at, name, TreeNode::Kind::kMap);
      group.remove_prefix(std::min(name.size() + 1, group.size()));
    }
    return at;
  }
  group.remove_suffix(2);
  TreeNode* list = child_of(root, group, TreeNode::Kind::kList);
  if (list == nullptr) return nullptr;
  if (index > list->children.size()) {
    mistake = fmt::format("there are {} {}; the next one is {}[{}]", list->children.size(), group,
                          group, list->children.size());
    return nullptr;
  }
  if (index == list->children.size()) list->children.push_back(make(TreeNode::Kind::kMap, ""));
  TreeNode& item = list->children[index];
  return item.kind == TreeNode::Kind::kMap ? &item : nullptr;
}

}  // namespace

std::string apply_set(TreeNode& root, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  const std::string_view name = assignment.substr(0, equals);
  const std::string prefix = fmt::format("--set {}: ", values::printable(name));
  if (equals == std::string_view::npos || name.empty()) {
    return prefix + "expected KEY=VALUE, like stream.disorder=5s";
  }
  if (name.find("[]") != std::string_view::npos) {
    return prefix + "needs a number between the brackets, like feeds[0].venue";
  }
  const Target target = parse_target(name);
  const Key* key = find_key(target.path);
  if (key == nullptr) return prefix + unknown_key(target.path);
  if (key->take == nullptr) {
    const bool is_list = key->shape == Shape::kGroupList;
    return prefix +
           fmt::format("not a value; its keys are {}",
                       fmt::join(names_in(is_list ? target.path + "[]" : target.path), ", "));
  }
  const bool has_user =
      key->may_hold_user && assignment.find('@', equals) != std::string_view::npos;
  if (key->is_secret || has_user) {
    return prefix + "a secret is not for the command line, which others can read (allowed: " +
           std::string(key->allowed) + ")";
  }
  std::string mistake;
  if (root.kind != TreeNode::Kind::kMap) return {};
  TreeNode* group = group_node(root, *key, target.index, mistake);
  if (group == nullptr) return mistake.empty() ? mistake : prefix + mistake;
  TreeNode value = make_value(*key, assignment.substr(equals + 1));
  if (TreeNode* old = group->find(name_of(*key)); old != nullptr) {
    *old = std::move(value);
  } else {
    group->children.push_back(std::move(value));
  }
  return {};
}

void apply_data_dir(TreeNode& root, std::string_view path, std::string_view by) {
  constexpr std::string_view kKey = "data_dir";
  if (root.kind != TreeNode::Kind::kMap) return;
  TreeNode value = make(TreeNode::Kind::kText, kKey);
  value.origin.by = by;
  value.key_origin.by = by;
  value.text = path;
  if (TreeNode* old = root.find(kKey); old != nullptr) {
    *old = std::move(value);
  } else {
    root.children.push_back(std::move(value));
  }
}

}  // namespace tapeline::app::config
