// SPDX-License-Identifier: Apache-2.0
#include "app/config/yaml.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>

#include "app/config/check.h"

namespace tapeline::app::config {
namespace {

SyntaxMistake mistake_of(const std::string& text) {
  const auto tree = parse_yaml(text);
  EXPECT_FALSE(tree.has_value()) << text;
  return tree ? SyntaxMistake{} : tree.error();
}

TEST(Yaml, empty_documents_are_empty_maps) {
  for (const char* text : {"", "\n\n", "# only a comment\n", "---\n", "~\n", "{}\n"}) {
    const auto tree = parse_yaml(text);
    ASSERT_TRUE(tree) << text;
    EXPECT_EQ(tree->kind, TreeNode::Kind::kMap) << text;
    EXPECT_TRUE(tree->children.empty()) << text;
  }
}

TEST(Yaml, keeps_lines_and_repeated_keys) {
  const auto tree = parse_yaml("a: 1\nb:\n  - x\n  - {c: y}\na: 2\n");
  ASSERT_TRUE(tree);
  ASSERT_EQ(tree->children.size(), 3U);
  EXPECT_EQ(tree->children[0].key, "a");
  EXPECT_EQ(tree->children[0].key_origin.line, 1);
  const TreeNode& list = tree->children[1];
  ASSERT_EQ(list.children.size(), 2U);
  EXPECT_EQ(list.children[0].text, "x");
  EXPECT_EQ(list.children[0].origin.line, 3);
  EXPECT_EQ(list.children[1].children.at(0).key, "c");
  EXPECT_EQ(tree->children[2].text, "2");
  EXPECT_EQ(tree->children[2].key_origin.line, 5);
}

TEST(Yaml, syntax_mistakes_have_a_line) {
  EXPECT_EQ(mistake_of("a: 1\nb: [1, 2\n").line, 2);
  EXPECT_EQ(mistake_of("a: 1\n\tb: 2\n").line, 2);
  EXPECT_EQ(mistake_of("a: 1\nb: @x\n").line, 2);
  EXPECT_FALSE(mistake_of("a: [1\n").text.empty());
}

TEST(Yaml, an_open_quote_swallows_nothing) {
  for (const char* text : {"a: 1\nb: \"x\nc: 2\n", "a: 1\nb: 'x\n", "a: 1\nb: 'x"}) {
    EXPECT_EQ(mistake_of(text).line, 2) << text;
    EXPECT_EQ(mistake_of(text).text, "a quote is not closed") << text;
  }
  EXPECT_TRUE(parse_yaml("a: 1\nb: 'x'\n...\n"));
  EXPECT_EQ(parse_yaml("a: |\n  x\n")->children.at(0).text, "x\n");
}

TEST(Yaml, refuses_aliases_so_that_nothing_multiplies) {
  std::string bomb = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 30; ++i) {
    bomb += fmt::format("a{0}: &a{0} [*a{1}, *a{1}]\n", i, i - 1);
  }
  const SyntaxMistake mistake = mistake_of(bomb);
  EXPECT_EQ(mistake.line, 2);
  EXPECT_EQ(mistake.text, "aliases (*name) are not supported; write the value out");
}

TEST(Yaml, refuses_deep_nesting) {
  EXPECT_FALSE(parse_yaml("a: " + std::string(50'000, '[')));
  EXPECT_FALSE(parse_yaml("a: " + std::string(50'000, '{')));
  std::string block;
  for (std::size_t i = 0; i < 1000; ++i) block += std::string(i, ' ') + "a:\n";
  EXPECT_EQ(mistake_of(block).text, "nested deeper than 16 levels");
  EXPECT_TRUE(parse_yaml("a: " + std::string(15, '[') + std::string(15, ']')));
  EXPECT_FALSE(parse_yaml("a: " + std::string(16, '[') + std::string(16, ']')));
}

TEST(Yaml, refuses_what_a_configuration_never_needs) {
  EXPECT_EQ(mistake_of(std::string("a: \0", 4)).text,
            "holds a NUL byte; a configuration is UTF-8 text");
  EXPECT_EQ(mistake_of("? [a, b]\n: 1\n").text, "a key must be text");
  EXPECT_EQ(mistake_of("~: 1\n").text, "a key has no name");
  EXPECT_EQ(mistake_of("a: 1\n---\nb: 2\n").text, "more than one YAML document");
}

TEST(Yaml, damaged_text_ends_as_a_tree_or_a_mistake) {
  const std::string good =
      "data_dir: ./data\nfeeds:\n  - venue: coinbase\n    symbols: [BTC-USD, \"ETH-*\"]\n"
      "stream: {intervals: [1s, 1m], disorder: 2s}\n";
  const std::string wounds = "[]{}:,-?&*!|>'\"%@`#~\n\t\r \\\x01\xff\xc3";
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    std::mt19937 rng(seed);
    std::string text = good;
    for (int i = 0; i < 4; ++i) {
      const std::size_t at = rng() % text.size();
      const char wound = wounds[rng() % wounds.size()];
      switch (rng() % 3) {
        case 0:
          text[at] = wound;
          break;
        case 1:
          text.insert(at, 1, wound);
          break;
        default:
          text.erase(at, 1 + rng() % 8);
          break;
      }
      if (text.empty()) break;
    }
    const auto tree = parse_yaml(text);
    if (!tree) {
      EXPECT_FALSE(tree.error().text.empty()) << "seed " << seed;
      continue;
    }
    const Checked checked = check_tree(*tree, "F", {.venues = {"coinbase"}});
    const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
    for (const std::string& mistake : checked.mistakes) {
      ASSERT_TRUE(mistake.starts_with("F:")) << mistake;
      EXPECT_GE(std::stoi(mistake.substr(2)), 1) << mistake;
      EXPECT_LE(std::stoi(mistake.substr(2)), lines) << "seed " << seed << ": " << mistake;
    }
  }
}

TEST(Yaml, files_name_the_reason) {
  EXPECT_EQ(read_file("/nonexistent/x.yaml").error().text,
            "/nonexistent/x.yaml: No such file or directory");
  EXPECT_EQ(read_file("/nonexistent/x.yaml").error().fault, Fault::kCaller);
  EXPECT_EQ(read_file("/").error().text, "/: Is a directory");
}

TEST(Yaml, files_are_bounded) {
  const auto path = std::filesystem::path(testing::TempDir()) / "tapeline_yaml_test.yaml";
  std::ofstream(path, std::ios::binary) << std::string(kFileBytesMax, '#');
  EXPECT_EQ(read_file(path.string())->size(), kFileBytesMax);
  std::ofstream(path, std::ios::binary) << std::string(kFileBytesMax + 1, '#');
  EXPECT_EQ(read_file(path.string()).error().text,
            path.string() + ": larger than 1 MiB, which no configuration is");
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace tapeline::app::config
