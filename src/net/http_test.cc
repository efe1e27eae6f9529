// SPDX-License-Identifier: Apache-2.0
#include "net/http.h"

#include <gtest/gtest.h>

namespace tapeline::net {
namespace {

TEST(Headers, are_found_in_any_case_and_only_whole) {
  const Headers headers{{"Retry-After", "7"}, {"retry-after", "8"}, {"X", ""}};
  EXPECT_EQ(find_header(headers, "RETRY-AFTER"), "7");
  EXPECT_EQ(find_header(headers, "x"), "");
  EXPECT_FALSE(find_header(headers, "retry"));
  EXPECT_FALSE(find_header(headers, "retry-after2"));
}

}  // namespace
}  // namespace tapeline::net
