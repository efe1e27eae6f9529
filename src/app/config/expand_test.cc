// SPDX-License-Identifier: Apache-2.0
#include "app/config/expand.h"

#include <gtest/gtest.h>

namespace tapeline::app::config {
namespace {

std::string variable(const char* name) {
  const std::string text = name;
  return text == "A" ? "one" : text == "B_2" ? "${A}" : "";
}

TEST(Expand, puts_variables_in_place) {
  EXPECT_EQ(expand("", variable), "");
  EXPECT_EQ(expand("plain $A {A} $", variable), "plain $A {A} $");
  EXPECT_EQ(expand("${A}", variable), "one");
  EXPECT_EQ(expand("<${A}${A}>", variable), "<oneone>");
  EXPECT_EQ(expand("${B_2}", variable), "${A}") << "what a variable says is not looked at again";
  EXPECT_EQ(expand("$${A}", variable), "${A}");
  EXPECT_EQ(expand("$${A}${A}", variable), "${A}one");
}

TEST(Expand, names_a_variable_that_is_not_set) {
  EXPECT_EQ(expand("x${NAME}y", variable).error(), "${NAME} is not set in the environment");
  EXPECT_EQ(expand("${A}", {}).error(), "${A} is not set in the environment");
}

TEST(Expand, refuses_what_is_no_name_without_showing_it) {
  for (const char* bad : {"${", "${}", "${A", "x${1}", "${A B}", "${A-b}", "${${A}}", "${\xc3}"}) {
    EXPECT_EQ(expand(bad, variable).error(),
              "\"${\" begins no ${NAME} of the environment ($${ stands for ${ itself)")
        << bad;
  }
}

}  // namespace
}  // namespace tapeline::app::config
