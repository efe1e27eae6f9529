// SPDX-License-Identifier: Apache-2.0
#include "app/values/address.h"

#include <gtest/gtest.h>

namespace tapeline::app::values {
namespace {

TEST(Address, urls_are_secure_or_stay_on_this_machine) {
  for (const char* good :
       {"wss://ws-feed.exchange.coinbase.com", "wss://h:443/ws?x=y", "ws://127.0.0.1:9001/ws",
        "ws://localhost", "ws://[::1]:80/", "wss://[2001:db8::1]:443", "wss://a_b/"}) {
    EXPECT_EQ(read_url(good, kWebSocketUrl), good);
  }
  for (const char* bad : {"",
                          "wss://",
                          "wss:///x",
                          "wss:/h",
                          "h:443",
                          "https://h",
                          "ws://h",
                          "ws://127.evil.com",
                          "ws://127.0.0.1.evil.com",
                          "ws://localhost.evil.com",
                          "ws://127.0.0.1@evil.com",
                          "WSS://h",
                          "wss://user:password@h",
                          "wss://h:65536",
                          "wss://h:",
                          "wss://h:x",
                          "wss://h /x",
                          "wss://h/\n",
                          "wss://[::1",
                          "wss://[]",
                          "wss://::1",
                          "wss://h/\xc3\xa9"}) {
    EXPECT_FALSE(read_url(bad, kWebSocketUrl)) << bad;
  }
  EXPECT_FALSE(read_url("wss://h/" + std::string(2048, 'x'), kWebSocketUrl));
  EXPECT_TRUE(read_url("https://api.exchange.coinbase.com", kHttpUrl));
  EXPECT_EQ(read_url("http://h", kHttpUrl).error(),
            "\"http://h\" is not such an address (allowed: https://HOST[:PORT][/PATH], or http:// "
            "to this machine)");
}

TEST(Address, proxies_have_a_port) {
  EXPECT_EQ(read_proxy("http://proxy.example:3128"), "http://proxy.example:3128");
  EXPECT_EQ(read_proxy("http://proxy.example").error(),
            "\"http://proxy.example\" is not a proxy (allowed: "
            "http://[USER:PASSWORD@]HOST:PORT)");
  EXPECT_EQ(read_proxy("http://me:p@ss:w@proxy:3128"), "http://me:p@ss:w@proxy:3128");
  for (const char* bad : {"", "proxy:3128", "https://proxy:3128", "http://user@proxy:3128",
                          "http://:pw@proxy:3128", "http://:3128", "http://proxy:3128/"}) {
    EXPECT_FALSE(read_proxy(bad)) << bad;
  }
}

TEST(Address, what_stands_before_an_at_is_never_repeated) {
  EXPECT_EQ(read_proxy("http://me:geheim@proxy").error(),
            "\"http://***@proxy\" is not a proxy (allowed: http://[USER:PASSWORD@]HOST:PORT)");
  EXPECT_EQ(read_url("wss://me:ge@heim@host/", kWebSocketUrl).error().find("geheim"),
            std::string::npos);
  EXPECT_EQ(without_user("wss://me:ge@heim@host/"), "wss://***@host/");
  EXPECT_EQ(without_user("me:geheim@host:1"), "***@host:1");
  EXPECT_EQ(without_user("http://host:1"), "http://host:1");
}

TEST(Address, listeners_are_a_host_and_a_port) {
  for (const char* good : {"127.0.0.1:8080", "0.0.0.0:0", "[::]:65535", "localhost:80"}) {
    EXPECT_EQ(read_listen(good), good);
  }
  for (const char* bad : {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "[::]",
                          "::1:80", "a b:80", "127.0.0.1:+80"}) {
    EXPECT_FALSE(read_listen(bad)) << bad;
  }
  EXPECT_EQ(read_listen("8080").error(),
            "\"8080\" is not an address (allowed: HOST:PORT, like 127.0.0.1:8080)");
}

}  // namespace
}  // namespace tapeline::app::values
