// SPDX-License-Identifier: Apache-2.0
#include "base/redactor.h"

#include <gtest/gtest.h>

#include <string>

#include "base/percent.h"

namespace tapeline {
namespace {

TEST(Redactor, a_text_has_stars_for_the_secret) {
  const Redactor redactor{Secret("s3cretTOKEN12345")};
  EXPECT_EQ(redactor.text("bad s3cretTOKEN12345, s3cretTOKEN12345!"), "bad ***, ***!");
  EXPECT_EQ(redactor.text("Invalid token"), "Invalid token");
}

TEST(Redactor, a_beginning_that_somebody_has_cut_off_is_no_text_either) {
  const Redactor redactor{Secret("s3cretTOKEN12345")};
  EXPECT_EQ(redactor.text("refused with s3cretTOK: try again"), "refused with ***: try again");
  EXPECT_EQ(redactor.text("ends with s3cret"), "ends with ***");
}

TEST(Redactor, bytes_keep_their_size_and_all_else) {
  const Redactor redactor{Secret("s3cretTOKEN12345")};
  const std::string frame = R"({"msg":"s3cretTOKEN12345","again":"s3cretTOKEN12345"})";
  EXPECT_EQ(redactor.bytes(frame), R"({"msg":"****************","again":"****************"})");
  EXPECT_FALSE(redactor.bytes(R"({"msg":"s3cretTOKEN1234"})"));
  EXPECT_FALSE(redactor.bytes(""));
}

TEST(Redactor, knows_it_as_a_url_and_as_json_write_it) {
  const std::string token = R"(a/b"c\d+e=)";
  const Redactor redactor{Secret(token)};
  EXPECT_EQ(percent_encoded(token), "a%2Fb%22c%5Cd%2Be%3D");
  for (const std::string& form :
       {token, percent_encoded(token), std::string("a%2fb%22c%5cd%2be%3d"),
        std::string(R"(a/b\"c\\d+e=)"), std::string(R"(a\/b\"c\\d+e=)")}) {
    EXPECT_EQ(redactor.bytes("<" + form + ">"), "<" + std::string(form.size(), '*') + ">");
    EXPECT_EQ(redactor.text("<" + form + ">"), "<***>");
  }
}

TEST(Redactor, what_is_too_short_for_a_secret_takes_nothing_away) {
  EXPECT_TRUE(Redactor{Secret()}.is_idle());
  const Redactor demo{Secret("demo")};
  EXPECT_TRUE(demo.is_idle());
  EXPECT_EQ(demo.text("a demo"), "a demo");
}

}  // namespace
}  // namespace tapeline
