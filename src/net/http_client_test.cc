// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/net_fixture.h"
#include "net/network.h"
#include "net/raw_peer.h"

namespace tapeline::net {
namespace {

// A server that answers each request with the same bytes.
class Saying {
 public:
  explicit Saying(std::string answer, bool then_hangs_up = false) {
    world.others.push_back(&server);
    server.on_bytes = [answer = std::move(answer), then_hangs_up, this](RawSocket& socket) {
      if (!socket.heard().ends_with("\r\n\r\n")) return;
      requests.push_back(socket.heard());
      socket.forget();
      socket.bytes_per_step = bytes_per_step;
      socket.say(answer);
      hangs_up = then_hangs_up ? &socket : nullptr;
    };
  }

  Result<HttpResponse> fetch(const std::string& method = "GET", std::size_t body_bytes_max = 1000) {
    HttpRequest request{.method = method, .url = server.url("http")};
    request.body_bytes_max = body_bytes_max;
    std::optional<Result<HttpResponse>> response;
    world.network->fetch(request, [&](const Result<HttpResponse>& got) { response = got; });
    EXPECT_TRUE(world.run_until([&] {
      if (hangs_up != nullptr && hangs_up->has_said_all()) {
        std::exchange(hangs_up, nullptr)->hang_up();
      }
      return response.has_value();
    }));
    return response.value_or(Result<HttpResponse>(HttpResponse{}));
  }

  World world{{}, false};
  RawServer server;
  RawSocket* hangs_up = nullptr;
  std::vector<std::string> requests;
  std::size_t bytes_per_step = 0;
};

std::string error_of(const Result<HttpResponse>& response) {
  return response ? "(answered)" : response.error().text;
}

TEST(HttpClient, reads_bodies_however_their_end_is_told) {
  struct Case {
    const char* answer;
    bool then_hangs_up;
    const char* body;
  };
  for (const Case& of : std::vector<Case>{
           {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false, "hello"},
           {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false, ""},
           {"HTTP/1.1 204 No Content\r\n\r\n", false, ""},
           {"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", false, ""},
           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: t\r\n\r\n",
            false, "hello"},
           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", false, ""},
           {"HTTP/1.1 200 OK\r\n\r\nuntil the end", true, "until the end"},
           {"HTTP/1.0 200 OK\r\n\r\n", true, ""},
           {"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n"
            "Content-Length: 5\r\n\r\nhello",
            false, "hello"},
       }) {
    for (const std::size_t bytes_per_step : {0U, 1U}) {
      Saying peer(of.answer, of.then_hangs_up);
      peer.bytes_per_step = bytes_per_step;
      const auto response = peer.fetch();
      ASSERT_TRUE(response) << of.answer << error_of(response);
      EXPECT_EQ(response->body, of.body) << of.answer;
      EXPECT_EQ(peer.requests.size(), 1U);
    }
  }
}

TEST(HttpClient, sends_what_it_is_asked_to) {
  Saying peer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  ASSERT_TRUE(peer.fetch());
  const std::string host = peer.server.address();
  EXPECT_EQ(peer.requests.at(0),
            "GET / HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: tapeline\r\n\r\n");
}

TEST(HttpClient, takes_a_body_up_to_its_bound_and_no_more) {
  const std::string body(1000, 'x');
  for (const std::string& head :
       {std::string("Content-Length: 1000\r\n\r\n"), std::string("\r\n")}) {
    Saying peer("HTTP/1.1 200 OK\r\n" + head + body, true);
    const auto whole = peer.fetch("GET", 1000);
    ASSERT_TRUE(whole) << error_of(whole);
    EXPECT_EQ(whole->body, body);
    EXPECT_NE(error_of(peer.fetch("GET", 999)).find("more than 999 bytes: ask for less"),
              std::string::npos);
  }
  Saying chunked("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3E8\r\n" + body +
                 "\r\n0\r\n\r\n");
  EXPECT_TRUE(chunked.fetch("GET", 1000));
  EXPECT_NE(error_of(chunked.fetch("GET", 999)).find("more than 999 bytes"), std::string::npos);
  // A claim alone costs nothing.
  Saying claiming("HTTP/1.1 200 OK\r\nContent-Length: 9999999999999\r\n\r\n");
  EXPECT_NE(error_of(claiming.fetch()).find("more than 1000 bytes"), std::string::npos);
}

TEST(HttpClient, names_an_answer_that_is_cut) {
  for (const char* const answer :
       {"", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n"}) {
    Saying peer(answer, true);
    const auto response = peer.fetch();
    ASSERT_FALSE(response) << answer;
    EXPECT_NE(response.error().text.find("before its HTTP answer was complete"), std::string::npos)
        << response.error().text;
    EXPECT_EQ(response.error().retry, Retry::kAfterBackoff);
    EXPECT_EQ(peer.requests.size(), 1U) << "not asked again";
  }
}

TEST(HttpClient, names_an_answer_that_is_none) {
  for (const std::string& answer :
       {std::string("SSH-2.0-OpenSSH_9.2\r\n\r\n"), std::string("HTTP/1.1 2000 OK\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
        std::string("HTTP/1.1 200 OK\r\nno colon\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        "HTTP/1.1 200 OK\r\nX: " + std::string(std::size_t{65} << 10, 'x') + "\r\n\r\n",
        std::string("\x16\x03\x01\x00\x05hello\r\n\r\n", 14)}) {
    Saying peer(answer, true);
    const auto response = peer.fetch();
    ASSERT_FALSE(response) << answer.substr(0, 80);
    EXPECT_NE(response.error().text.find("what came is no HTTP answer"), std::string::npos)
        << response.error().text;
  }
  std::string interim;
  for (int i = 0; i < 8; ++i) interim += "HTTP/1.1 102 Processing\r\n\r\n";
  Saying endless(interim + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  EXPECT_NE(error_of(endless.fetch()).find("too many interim answers"), std::string::npos);
}

TEST(HttpClient, reads_no_body_of_a_head) {
  Saying peer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  for (int i = 0; i < 2; ++i) {
    const auto response = peer.fetch("HEAD");
    ASSERT_TRUE(response) << error_of(response);
    EXPECT_EQ(response->body, "");
  }
  EXPECT_EQ(peer.server.sockets.size(), 1U);
}

TEST(HttpClient, uses_a_connection_again) {
  for (const bool with_tls : {false, true}) {
    World world({}, with_tls);
    for (int i = 0; i < 5; ++i) {
      const auto response = world.fetch(world.get("/" + std::to_string(i)));
      ASSERT_TRUE(response) << error_of(response);
      EXPECT_EQ(response->body, "GET /" + std::to_string(i) + " ");
    }
    EXPECT_EQ(world.server->stats().accepted, 1U);
    HttpRequest post = world.get("/post");
    post.method = "POST";
    post.body = "some";
    const auto response = world.fetch(post);
    ASSERT_TRUE(response) << error_of(response);
    EXPECT_EQ(response->body, "POST /post some");
    EXPECT_EQ(world.server->stats().accepted, 1U);
  }
}

TEST(HttpClient, does_not_use_a_connection_again_that_the_peer_gives_up) {
  for (const char* const answer :
       {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 x"}) {
    Saying peer(answer);
    ASSERT_TRUE(peer.fetch());
    ASSERT_TRUE(peer.fetch());
    EXPECT_EQ(peer.server.sockets.size(), 2U) << answer;
  }
  // Hung up, or said something, between two requests.
  for (const bool hangs_up : {false, true}) {
    Saying peer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    ASSERT_TRUE(peer.fetch());
    if (hangs_up) peer.server.sockets.at(0)->hang_up();
    if (!hangs_up) peer.server.sockets.at(0)->say("HTTP/1.1 408 Request Timeout\r\n\r\n");
    peer.world.settle();
    ASSERT_TRUE(peer.fetch("POST"));
    EXPECT_EQ(peer.server.sockets.size(), 2U);
  }
}

TEST(HttpClient, asks_again_if_a_kept_connection_ends_with_its_request) {
  for (const char* const method : {"GET", "POST"}) {
    Saying peer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    ASSERT_TRUE(peer.fetch());
    const auto answers = peer.server.on_bytes;
    peer.server.on_bytes = [&](RawSocket& socket) {
      peer.server.on_bytes = answers;
      socket.reset();
    };
    const auto response = peer.fetch(method);
    // The peer may have done what it was asked to: only what changes nothing is asked again.
    EXPECT_EQ(response.has_value(), method == std::string("GET")) << error_of(response);
    EXPECT_EQ(peer.server.sockets.size(), response ? 2U : 1U);
  }
}

TEST(HttpClient, refuses_what_it_cannot_ask) {
  World world({}, false);
  const std::vector<HttpRequest> requests{
      {.url = "http://example.com/"},
      {.url = "wss://localhost/"},
      {.url = "ftp://localhost/"},
      {.method = "GET /x HTTP/1.1\r\nX:", .url = "http://localhost:1/"},
      {.method = "", .url = "http://localhost:1/"},
      {.url = "http://localhost:1/", .headers = {{"X", "a\r\nY: b"}}},
      {.url = "http://localhost:1/", .headers = {{"X:", "a"}}},
      {.url = "http://localhost/", .unix_socket = "/" + std::string(108, 'x')},
  };
  for (const HttpRequest& request : requests) {
    const auto response = world.fetch(request);
    ASSERT_FALSE(response) << request.url;
    EXPECT_EQ(response.error().fault, Fault::kCaller) << response.error().text;
    EXPECT_EQ(response.error().retry, Retry::kNever) << response.error().text;
  }
  const auto nobody = world.fetch({.url = "http://localhost/", .unix_socket = "/nowhere/x.sock"});
  EXPECT_NE(error_of(nobody).find("unix:/nowhere/x.sock: cannot connect"), std::string::npos);
}

TEST(HttpClient, refuses_more_requests_than_its_bound) {
  World world({}, false);
  world.handler.answer = [](const ServerRequest&) { return std::nullopt; };
  std::size_t refused = 0;
  std::size_t answered = 0;
  for (std::size_t i = 0; i < Network::kFetchesMax + 10; ++i) {
    world.network->fetch(world.get(), [&](const Result<HttpResponse>& response) {
      ++(response ? answered : refused);
      if (!response) {
        EXPECT_EQ(response.error().retry, Retry::kAfterBackoff);
      }
    });
  }
  ASSERT_TRUE(world.run_until([&] {
    return world.handler.request_ids.size() == Network::kFetchesMax;
  })) << world.handler.request_ids.size();
  EXPECT_EQ(refused, 10U);
  for (const RequestId id : world.handler.request_ids) world.server->respond(id, HttpResponse{});
  ASSERT_TRUE(world.run_until([&] { return answered == Network::kFetchesMax; })) << answered;
  EXPECT_EQ(refused, 10U);
}

}  // namespace
}  // namespace tapeline::net
