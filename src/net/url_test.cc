// SPDX-License-Identifier: Apache-2.0
#include "net/url.h"

#include <gtest/gtest.h>

#include <string>

namespace tapeline::net {
namespace {

TEST(Url, takes_the_four_schemes_and_their_ports) {
  const auto wss = parse_url("wss://Stream.Binance.com:9443/stream?streams=btcusdt@trade/a");
  ASSERT_TRUE(wss) << wss.error().text;
  EXPECT_TRUE(wss->is_secure);
  EXPECT_TRUE(wss->is_websocket);
  EXPECT_EQ(wss->host, "stream.binance.com");
  EXPECT_EQ(wss->port, 9443);
  EXPECT_EQ(wss->target, "/stream?streams=btcusdt@trade/a");
  EXPECT_EQ(wss->host_port(), "stream.binance.com:9443");

  EXPECT_EQ(parse_url("https://a.example")->port, 443);
  EXPECT_EQ(parse_url("wss://a.example")->port, 443);
  EXPECT_EQ(parse_url("http://a.example")->port, 80);
  EXPECT_EQ(parse_url("ws://a.example")->port, 80);
  EXPECT_FALSE(parse_url("http://a.example")->is_secure);
  EXPECT_FALSE(parse_url("https://a.example")->is_websocket);
}

TEST(Url, has_a_target_that_begins_with_a_slash) {
  EXPECT_EQ(parse_url("https://a.example")->target, "/");
  EXPECT_EQ(parse_url("wss://ws.example?token=x")->target, "/?token=x");
}

TEST(Url, takes_ipv6_in_brackets) {
  const auto url = parse_url("https://[::1]:8443/x");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->host_port(), "[::1]:8443");
  EXPECT_TRUE(url->is_loopback());
}

TEST(Url, has_a_host_header_without_the_usual_port) {
  EXPECT_EQ(parse_url("https://a.example:443/")->host_header(), "a.example");
  EXPECT_EQ(parse_url("wss://a.example:80/")->host_header(), "a.example:80");
  EXPECT_EQ(parse_url("ws://[::1]/")->host_header(), "[::1]");
  EXPECT_EQ(parse_url("ws://[::1]:81/")->host_header(), "[::1]:81");
}

TEST(Url, knows_loopback) {
  EXPECT_TRUE(parse_url("ws://localhost:1")->is_loopback());
  EXPECT_TRUE(parse_url("ws://127.1.2.3:1")->is_loopback());
  EXPECT_FALSE(parse_url("ws://128.0.0.1:1")->is_loopback());
  EXPECT_FALSE(parse_url("ws://127.0.0.1.example:1")->is_loopback());
  EXPECT_FALSE(parse_url("ws://localhost.example:1")->is_loopback());
}

TEST(Url, refuses_what_is_none) {
  for (const char* text :
       {"", "wss://", "wss:///x", "ftp://a.example", "a.example", "https://a.example:0/",
        "https://a.example:65536/", "https://a.example:x/", "https://a.example:/",
        "https://a b.example/", "https://[::1/", "https://[::1]x/", "https://[nonsense]/",
        "https://a.example/a b", "https://a.example/a\tb", "https://a.example/\xc3\xa4",
        "https://a.example/#part", "https://a.example#part", "https://a.example\\x/"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().fault, Fault::kCaller) << text;
    EXPECT_EQ(url.error().retry, Retry::kNever) << text;
  }
  EXPECT_FALSE(parse_url("https://a.example/" + std::string(10'000, 'x')));
  EXPECT_FALSE(parse_url("https://" + std::string(254, 'x')));
}

TEST(Url, repeats_no_secret_in_its_refusal) {
  for (const char* text :
       {"https://user:SECRET@a.example/", "https://a.example/x y?token=SECRET",
        "https://a.example:x/?token=SECRET", "ftp://a.example?SECRET", "a.example/SECRET"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().text.find("SECRET"), std::string::npos) << url.error().text;
  }
}

TEST(HostPort, needs_a_port) {
  EXPECT_EQ(parse_host_port("127.0.0.1:0")->port, 0);
  EXPECT_EQ(parse_host_port("127.0.0.1:0")->host, "127.0.0.1");
  EXPECT_EQ(parse_host_port("[::1]:80")->host, "::1");
  EXPECT_EQ(parse_host_port("a.example:1")->port, 1);
  EXPECT_EQ(parse_host_port("a.example:65535")->port, 65535);
  for (const char* text : {"", ":80", "a.example", "[::1]", "::1:80", "a.example:65536", "a:b"}) {
    EXPECT_FALSE(parse_host_port(text)) << text;
  }
}

}  // namespace
}  // namespace tapeline::net
