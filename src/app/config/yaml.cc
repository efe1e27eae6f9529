// SPDX-License-Identifier: Apache-2.0
#include "app/config/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

namespace tapeline::app::config {
namespace {

[[noreturn]] void refuse(const YAML::Mark& mark, const std::string& why) {
  throw YAML::ParserException(mark, why);  // caught in parse_yaml
}

// Builds the tree from the parser's events, which come balanced. The open lists and maps are a
// stack of their own, no deeper than kDepthMax.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeNode take_root() { return std::move(root_); }
  // Of the last key or value that was read.
  [[nodiscard]] int last_line() const { return last_line_; }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    if (expects_key()) refuse(mark, "a key has no name");
    add(make(TreeNode::Kind::kNull, mark));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    refuse(mark, "aliases (*name) are not supported; write the value out");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                const std::string& value) override {
    last_line_ = mark.line + 1;
    if (expects_key()) {
      Level& level = open_.back();
      level.key = value;
      level.key_line = mark.line + 1;
      level.has_key = true;
      return;
    }
    TreeNode node = make(TreeNode::Kind::kText, mark);
    node.text = value;
    add(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/,
                       YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value /*style*/) override {
    open(mark, TreeNode::Kind::kList);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, TreeNode::Kind::kMap);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    TreeNode node{};
    std::string key{};
    int key_line = 0;
    bool has_key = false;
  };

  static TreeNode make(TreeNode::Kind kind, const YAML::Mark& mark) {
    TreeNode node;
    node.kind = kind;
    node.origin.line = mark.line + 1;
    return node;
  }

  [[nodiscard]] bool expects_key() const {
    return !open_.empty() && open_.back().node.kind == TreeNode::Kind::kMap &&
           !open_.back().has_key;
  }

  void open(const YAML::Mark& mark, TreeNode::Kind kind) {
    if (expects_key()) refuse(mark, "a key must be text");
    if (open_.size() == kDepthMax) {
      refuse(mark, fmt::format("nested deeper than {} levels", kDepthMax));
    }
    open_.push_back({.node = make(kind, mark)});
  }

  void close() {
    TreeNode node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
  }

  void add(TreeNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& level = open_.back();
    if (level.node.kind == TreeNode::Kind::kMap) {
      node.key = std::move(level.key);
      node.key_origin.line = level.key_line;
      level.has_key = false;
    }
    level.node.children.push_back(std::move(node));
  }

  TreeNode root_;
  std::vector<Level> open_;
  int last_line_ = 0;
};

int line_of(const YAML::Mark& mark, const std::string& text) {
  if (mark.is_null()) return 0;
  const auto ends = std::count(text.begin(), text.end(), '\n');
  const auto lines = static_cast<int>(ends) + (text.ends_with('\n') ? 0 : 1);
  return std::min(mark.line + 1, lines);  // our end marker is no line of the file
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }  // only read from: nothing to lose
};

}  // namespace

Result<std::string> read_file(const std::string& path) {
  const auto reason = [&] {
    return fail(Fault::kCaller,
                fmt::format("{}: {}", path, std::generic_category().message(errno)));
  };
  errno = 0;
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
  if (!file) return reason();
  std::string text(kFileBytesMax + 1, '\0');
  const std::size_t size = std::fread(text.data(), 1, text.size(), file.get());
  if (std::ferror(file.get()) != 0) return reason();
  if (size > kFileBytesMax) {
    return fail(Fault::kCaller,
                fmt::format("{}: larger than 1 MiB, which no configuration is", path));
  }
  text.resize(size);
  return text;
}

tl::expected<TreeNode, SyntaxMistake> parse_yaml(const std::string& text) {
  if (text.find('\0') != std::string::npos) {
    return tl::make_unexpected(SyntaxMistake{0, "holds a NUL byte; a configuration is UTF-8 text"});
  }
  // Without the end marker yaml-cpp 0.7 takes an open quote for a closed one at the end of the
  // text, and all keys behind it are lost in silence.
  std::istringstream stream(text + "\n...\n");
  TreeBuilder builder;
  try {
    YAML::Parser parser(stream);
    TreeNode root;
    if (parser.HandleNextDocument(builder)) {
      root = builder.take_root();
      TreeBuilder second;
      if (parser.HandleNextDocument(second)) {
        return tl::make_unexpected(SyntaxMistake{0, "more than one YAML document"});
      }
    }
    if (root.kind == TreeNode::Kind::kNull) root.kind = TreeNode::Kind::kMap;
    return root;
  } catch (const YAML::Exception& e) {
    if (e.msg == YAML::ErrorMsg::DOC_IN_SCALAR || e.msg == YAML::ErrorMsg::EOF_IN_SCALAR) {
      return tl::make_unexpected(SyntaxMistake{builder.last_line(), "a quote is not closed"});
    }
    return tl::make_unexpected(SyntaxMistake{line_of(e.mark, text), e.msg});
  }
}

}  // namespace tapeline::app::config
