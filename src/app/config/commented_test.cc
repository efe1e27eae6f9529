// SPDX-License-Identifier: Apache-2.0
#include "app/config/commented.h"

#include <gtest/gtest.h>

#include <sstream>

#include "app/config/feeds.h"
#include "app/config/load.h"
#include "app/config/yaml.h"

namespace tapeline::app::config {
namespace {

using Texts = std::vector<std::string>;

Checked check_commented(const std::string& text) {
  const auto tree = parse_yaml(text);
  EXPECT_TRUE(tree) << text;
  return check_tree(*tree, "F",
                    {.venues = {"coinbase"}, .variable = [](const char*) { return "x"; }});
}

Texts lines_of(const std::string& text) {
  Texts lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// What is in force, without where it comes from.
std::string values_of(const Checked& checked) {
  std::string out;
  for (const std::string& line : lines_of(show(checked, ""))) {
    out += line.substr(0, line.find(" #")) + "\n";
  }
  return out;
}

TEST(CommentedFile, is_read_without_a_mistake_and_changes_nothing) {
  const Checked checked = check_commented(commented_file());
  EXPECT_EQ(checked.mistakes, Texts{});
  Checked defaults;
  defaults.config.feeds = default_feeds();
  EXPECT_EQ(values_of(checked), values_of(defaults));
}

TEST(CommentedFile, holds_every_key_with_its_help) {
  const Texts lines = lines_of(commented_file());
  std::size_t at = 0;  // they stand in the order of the schema
  for (const Key& key : schema()) {
    const std::string name = std::string(name_of(key)) + ":";
    const auto is_key = [&](const std::string& line) {
      const std::size_t word = line.find_first_not_of(" -#");
      return word != std::string::npos && (line.substr(word) + " ").starts_with(name + " ");
    };
    while (at < lines.size() && !is_key(lines[at])) ++at;
    ASSERT_LT(at, lines.size()) << key.path;
    std::string above;
    for (std::size_t i = at > 2 ? at - 2 : 0; i < at; ++i) above += lines[i] + "\n";
    EXPECT_NE(above.find("# " + std::string(key.help) + "\n"), std::string::npos) << key.path;
    if (key.show != nullptr) {
      EXPECT_NE(above.find("# " + std::string(key.type) + ": " + std::string(key.allowed) +
                           " (default: "),
                std::string::npos)
          << key.path;
    }
  }
  for (const std::string& line : lines) EXPECT_LE(line.size(), 100U) << line;
}

TEST(CommentedFile, what_is_commented_out_may_be_switched_on) {
  int switched = 0;
  for (const Key& key : schema()) {
    if (key.example.empty()) continue;
    std::string text = commented_file();
    const std::string line = "# " + std::string(name_of(key)) + ": " + std::string(key.example);
    const std::size_t at = text.find(line);
    ASSERT_NE(at, std::string::npos) << key.path;
    text.erase(at, 2);
    ++switched;
    const Checked checked = check_commented(text);
    const bool is_file = key.type == "a path";
    EXPECT_EQ(checked.mistakes.size(), is_file ? 1U : 0U) << key.path;
    for (const std::string& mistake : checked.mistakes) {
      EXPECT_TRUE(mistake.ends_with(": No such file or directory")) << mistake;
    }
    EXPECT_EQ(checked.origins.count("feeds[0]." + std::string(name_of(key))), 1U);
  }
  EXPECT_EQ(switched, 6);
}

}  // namespace
}  // namespace tapeline::app::config
