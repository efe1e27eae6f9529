// SPDX-License-Identifier: Apache-2.0
#include "serve/access.h"

#include <gtest/gtest.h>

namespace tapeline::serve {
namespace {

bool lets_in(net::Headers headers, bool is_act = false, std::string method = "GET") {
  net::ServerRequest request;
  request.method = std::move(method);
  request.headers = std::move(headers);
  return !refuse_access(request, is_act).has_value();
}

TEST(Access, is_for_this_machine_alone) {
  EXPECT_TRUE(check_listen("127.0.0.1:8080"));
  EXPECT_TRUE(check_listen("127.8.9.1:0"));
  EXPECT_TRUE(check_listen("localhost:1"));
  EXPECT_TRUE(check_listen("[::1]:8080"));
  EXPECT_FALSE(check_listen("0.0.0.0:8080"));
  EXPECT_FALSE(check_listen("[::]:8080"));
  EXPECT_FALSE(check_listen("192.168.1.1:8080"));
  EXPECT_FALSE(check_listen("example.com:8080"));
  EXPECT_FALSE(check_listen("unix:/tmp/x"));
  EXPECT_NE(check_listen("0.0.0.0:8080").error().text.find("ssh -L"), std::string::npos);
}

TEST(Access, a_name_that_somebody_points_here_reaches_nothing) {
  EXPECT_TRUE(lets_in({{"Host", "127.0.0.1:8080"}}));
  EXPECT_TRUE(lets_in({{"host", "LOCALHOST:8080"}}));
  EXPECT_TRUE(lets_in({{"Host", "[::1]:8080"}}));
  EXPECT_TRUE(lets_in({{"Host", "10.1.2.3"}})) << "an address is nobody's name";
  EXPECT_FALSE(lets_in({{"Host", "evil.example:8080"}}));
  EXPECT_FALSE(lets_in({{"Host", "127.0.0.1.evil.example"}}));
  EXPECT_FALSE(lets_in({{"Host", "localhost.evil.example"}}));
  EXPECT_FALSE(lets_in({{"Host", "[::1"}}));
  EXPECT_FALSE(lets_in({{"Host", ""}}));
  EXPECT_FALSE(lets_in({}));
}

TEST(Access, acts_come_from_pages_of_the_own_origin) {
  const auto socket_from = [](const char* origin) {
    return lets_in({{"Host", "localhost:8080"}, {"Origin", origin}}, true);
  };
  EXPECT_TRUE(socket_from("http://localhost:8080"));
  EXPECT_FALSE(socket_from("http://localhost:8081"));
  EXPECT_FALSE(socket_from("https://localhost:8080"));
  EXPECT_FALSE(socket_from("http://evil.example"));
  EXPECT_FALSE(socket_from("null"));
  EXPECT_TRUE(lets_in({{"Host", "localhost:8080"}}, true)) << "no page";
}

TEST(Access, a_post_carries_our_header) {
  const net::Headers own{{"Host", "localhost:8080"}, {"Origin", "http://localhost:8080"}};
  EXPECT_FALSE(lets_in(own, true, "POST"));
  net::Headers with = own;
  with.emplace_back("X-Tapeline", "1");
  EXPECT_TRUE(lets_in(with, true, "POST"));
}

}  // namespace
}  // namespace tapeline::serve
