// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/client_fields.h"

#include <gtest/gtest.h>

namespace tapeline::sim {
namespace {

TEST(ClientFields, a_text_is_found_where_it_stands) {
  EXPECT_EQ(text_at(R"({"a":{"b":"x"}})", "/a/b"), "x");
  EXPECT_FALSE(text_at(R"({"a":{"b":7}})", "/a/b"));
  EXPECT_FALSE(text_at(R"({"a":1})", "/a/b"));
  EXPECT_FALSE(text_at("no json", "/a"));
}

TEST(ClientFields, a_list_is_an_array_or_a_text_with_commas) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(texts_at(R"({"a":["x","y"]})", "/a"), (Texts{"x", "y"}));
  EXPECT_EQ(texts_at(R"({"a":"x,y"})", "/a"), (Texts{"x", "y"}));
  EXPECT_EQ(texts_at(R"({"a":"x"})", "/a"), Texts{"x"});
  EXPECT_FALSE(texts_at(R"({"a":["x",7]})", "/a"));
  EXPECT_FALSE(texts_at(R"({"b":[]})", "/a"));
}

}  // namespace
}  // namespace tapeline::sim
