// SPDX-License-Identifier: Apache-2.0
#include "app/config/check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "app/config/expand.h"
#include "app/config/schema.h"
#include "app/values/text.h"

namespace tapeline::app::config {
namespace {

std::string_view kind_name(TreeNode::Kind kind) {
  switch (kind) {
    case TreeNode::Kind::kNull:
      return "nothing";
    case TreeNode::Kind::kText:
      return "one value";
    case TreeNode::Kind::kList:
      return "a list";
    case TreeNode::Kind::kMap:
      return "a group of keys";
  }
  return "";
}

TreeNode::Kind kind_of(Shape shape) {
  switch (shape) {
    case Shape::kGroup:
      return TreeNode::Kind::kMap;
    case Shape::kGroupList:
      return TreeNode::Kind::kList;
    case Shape::kValue:
      return TreeNode::Kind::kText;
    case Shape::kList:
      return TreeNode::Kind::kList;
  }
  return TreeNode::Kind::kNull;
}

// Walks the tree once, as deep as the schema goes.
class Checker {
 public:
  Checker(const std::string& file, const Surroundings& surroundings)
      : file_(file), surroundings_(surroundings) {}

  Checked run(const TreeNode& root) {
    if (root.kind != TreeNode::Kind::kMap) {
      mistake(
          root.origin, "",
          fmt::format("expected keys like \"data_dir: ./data\", found {}", kind_name(root.kind)));
    } else {
      group(root, "", "");
    }
    if (unreported_ > 0) {
      checked_.mistakes.push_back(fmt::format("{}: and {} more", file_, unreported_));
    }
    return std::move(checked_);
  }

 private:
  // `path` is the schema's ("feeds[]."), `shown` the reader's ("feeds[0].").
  void group(const TreeNode& node, const std::string& path, const std::string& shown) {
    std::map<std::string_view, Origin> first;
    for (const TreeNode& child : node.children) {
      const std::string child_shown = shown + values::printable(child.key);
      const auto [earlier, is_new] = first.emplace(child.key, child.key_origin);
      const Key* key = find_key(path + child.key);
      if (!is_new) {
        mistake(child.key_origin, child_shown,
                !earlier->second.by.empty()
                    ? std::string("repeated")
                    : fmt::format("repeated; it is already on line {}", earlier->second.line));
      } else if (key == nullptr || child.key.find('.') != std::string::npos) {
        unknown_key(child, path, child_shown);
      } else {
        entry(child, *key, child_shown);
      }
    }
  }

  void unknown_key(const TreeNode& child, std::string_view path, const std::string& shown) {
    if (path.ends_with('.')) path.remove_suffix(1);
    const auto names = names_in(path);
    const std::string hint = values::did_you_mean(child.key, names);
    mistake(child.key_origin, shown,
            hint.empty() ? fmt::format("unknown key (known: {})", fmt::join(names, ", "))
                         : "unknown key" + hint);
  }

  void entry(const TreeNode& node, const Key& key, const std::string& shown) {
    const bool is_group = key.shape == Shape::kGroup || key.shape == Shape::kGroupList;
    if (is_group && node.kind == TreeNode::Kind::kNull) return;  // "stream:" and nothing below it
    if (node.kind != kind_of(key.shape)) {
      mistake(node.kind == TreeNode::Kind::kNull ? node.key_origin : node.origin, shown,
              fmt::format("expected {} (allowed: {}), found {}", key.type, key.allowed,
                          kind_name(node.kind)));
      return;
    }
    if (node.children.size() > key.items_max && key.items_max > 0) {
      mistake(
          node.origin, shown,
          fmt::format("has {} items (allowed: at most {})", node.children.size(), key.items_max));
      return;
    }
    switch (key.shape) {
      case Shape::kGroup:
        return group(node, shown + '.', shown + '.');
      case Shape::kGroupList:
        return feeds(node, shown);
      case Shape::kValue:
        return value(node, key, shown);
      case Shape::kList:
        return list(node, key, shown);
    }
  }

  void feeds(const TreeNode& node, const std::string& name) {
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const TreeNode& item = node.children[i];
      const std::string shown = fmt::format("{}[{}]", name, i);
      checked_.config.feeds.emplace_back();
      feed_ = i;
      if (item.kind != TreeNode::Kind::kMap) {
        mistake(item.origin, shown,
                fmt::format("expected a group of keys (known: {}), found {}",
                            fmt::join(names_in(name + "[]"), ", "), kind_name(item.kind)));
        continue;
      }
      group(item, name + "[].", shown + '.');
      require_keys(item, shown);
    }
  }

  void require_keys(const TreeNode& item, const std::string& shown) {
    const auto has = [&item](std::string_view name) {
      return std::any_of(item.children.begin(), item.children.end(),
                         [name](const TreeNode& child) { return child.key == name; });
    };
    if (!has("venue")) {
      mistake(item.origin, shown + ".venue",
              fmt::format("missing (known venues: {})", fmt::join(surroundings_.venues, ", ")));
    }
    const std::string& venue = checked_.config.feeds[feed_].venue;
    const auto& wanting = surroundings_.token_venues;
    const bool wants_token = std::find(wanting.begin(), wanting.end(), venue) != wanting.end();
    if (wants_token && !has("token") && !has("token_file")) {
      mistake(item.origin, shown + ".token",
              fmt::format("missing: {} wants one (${{NAME}} of the environment; or say token_file)",
                          venue));
    }
    const auto& single = surroundings_.one_line_venues;
    const bool is_single = std::find(single.begin(), single.end(), venue) != single.end();
    if (is_single && checked_.config.feeds[feed_].lines > 1) {
      mistake(checked_.origins[shown + ".lines"], shown + ".lines",
              fmt::format("the trades of {} have no ids, and a second line would double each of "
                          "them; leave it at 1",
                          venue));
    }
  }

  void value(const TreeNode& node, const Key& key, const std::string& shown) {
    take(node, key, shown);
    checked_.origins[shown] = node.key_origin;
  }

  void list(const TreeNode& node, const Key& key, const std::string& shown) {
    const std::size_t mistakes_before = mistakes_;
    key.clear(place());
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const TreeNode& item = node.children[i];
      const std::string item_shown = fmt::format("{}[{}]", shown, i);
      if (item.kind != TreeNode::Kind::kText) {
        mistake(item.origin, item_shown,
                fmt::format("expected one value (allowed: {}), found {}", key.allowed,
                            kind_name(item.kind)));
      } else {
        take(item, key, item_shown);
      }
    }
    if (key.finish != nullptr && mistakes_ == mistakes_before) {
      mistake_if(node.origin, shown, key.finish(place()));
    }
    checked_.origins[shown] = node.key_origin;
  }

  void take(const TreeNode& node, const Key& key, const std::string& shown) {
    const bool is_of_file = node.origin.by.empty();
    const auto text = is_of_file ? expand(node.text, surroundings_.variable)
                                 : tl::expected<std::string, std::string>(node.text);
    if (!text) return mistake(node.origin, shown, text.error());
    std::string wrong = key.take(*text, place());
    // A variable may hold a secret that was meant for another key.
    if (!wrong.empty() && !key.is_secret && *text != node.text) {
      wrong = key.take(node.text, place());
      if (wrong.empty()) wrong = "what the environment says is not allowed";
    }
    mistake_if(node.origin, shown, wrong);
  }

  void mistake_if(Origin origin, const std::string& shown, const std::string& text) {
    if (!text.empty()) mistake(origin, shown, text);
  }

  void mistake(Origin origin, const std::string& shown, const std::string& text) {
    if (++mistakes_ > kMistakesMax) {
      ++unreported_;
      return;
    }
    const std::string where = describe(origin, file_) + (origin.by.empty() ? ": " : " ");
    checked_.mistakes.push_back(where + shown + (shown.empty() ? "" : ": ") + text);
  }

  Place place() {
    return {.config = checked_.config, .feed = feed_, .surroundings = surroundings_};
  }

  const std::string& file_;
  const Surroundings& surroundings_;
  Checked checked_;
  std::size_t feed_ = 0;
  std::size_t mistakes_ = 0;
  std::size_t unreported_ = 0;
};

}  // namespace

std::string describe(Origin origin, const std::string& file) {
  return origin.by.empty() ? fmt::format("{}:{}", file, origin.line) : std::string(origin.by);
}

Checked check_tree(const TreeNode& root, const std::string& file,
                   const Surroundings& surroundings) {
  return Checker(file, surroundings).run(root);
}

}  // namespace tapeline::app::config
