// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "net/net_fixture.h"
#include "net/raw_peer.h"

namespace tapeline::net {
namespace {

// What a plain server answers to bytes, until it closes or has nothing more to say.
std::string answer_to(World& world, const std::string& bytes, std::size_t bytes_per_step = 0) {
  const auto client = RawSocket::connect_to(world.server->address());
  client->bytes_per_step = bytes_per_step;
  world.others = {client.get()};
  client->say(bytes);
  world.run_until([&] { return client->has_ended() || client->has_said_all(); });
  world.settle();
  world.others.clear();
  return client->heard();
}

TEST(HttpServer, answers_requests_one_after_the_other) {
  World world({}, false);
  const std::string both =
      "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody";
  for (const std::size_t bytes_per_step : {0U, 1U, 7U}) {
    const std::string answer = answer_to(world, both, bytes_per_step);
    EXPECT_EQ(answer,
              "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nGET /a "
              "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nPOST /b body")
        << bytes_per_step;
  }
  EXPECT_EQ(world.server->stats().requests, 6U);
  EXPECT_EQ(world.server->stats().refused_requests, 0U);
}

TEST(HttpServer, keeps_a_connection_as_its_client_asks) {
  World world({}, false);
  struct Case {
    const char* request;
    bool is_kept;
  };
  for (const Case& of : std::vector<Case>{{"GET / HTTP/1.1\r\n\r\n", true},
                                          {"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", false},
                                          {"GET / HTTP/1.0\r\n\r\n", false}}) {
    const auto client = RawSocket::connect_to(world.server->address());
    world.others = {client.get()};
    client->say(of.request);
    ASSERT_TRUE(world.run_until([&] { return !client->heard().empty(); }));
    world.settle();
    EXPECT_EQ(client->has_ended(), !of.is_kept) << of.request;
    EXPECT_TRUE(client->heard().starts_with("HTTP/1.1 200 OK\r\n")) << client->heard();
  }
}

TEST(HttpServer, answers_a_head_without_a_body) {
  World world({}, false);
  EXPECT_EQ(answer_to(world, "HEAD / HTTP/1.1\r\n\r\nHEAD / HTTP/1.1\r\n\r\n"),
            "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"
            "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n");
}

TEST(HttpServer, bounds_the_head_of_a_request) {
  World world({.limits = {.header_bytes_max = 1000}}, false);
  const std::string head = "GET / HTTP/1.1\r\nX: ";
  const std::string end = "\r\n\r\n";
  const std::string fits(1000 - head.size() - end.size(), 'x');
  EXPECT_TRUE(answer_to(world, head + fits + end).starts_with("HTTP/1.1 200 "));
  for (const std::string& more : {fits + std::string(100, 'x') + end, std::string(500'000, 'x')}) {
    const std::string answer = answer_to(world, head + more);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 431 ")) << answer;
    EXPECT_NE(answer.find("at most 1000 bytes"), std::string::npos) << answer;
  }
  const std::string target = answer_to(world, "GET /" + std::string(2000, 'x'));
  EXPECT_TRUE(target.starts_with("HTTP/1.1 431 ")) << target;
  EXPECT_EQ(world.server->stats().refused_requests, 3U);
  EXPECT_EQ(world.handler.requests.size(), 1U);
  EXPECT_TRUE(world.run_until([&] { return world.server->stats().connections == 0; }));
}

TEST(HttpServer, bounds_the_body_of_a_request) {
  World world({.limits = {.body_bytes_max = 1000}}, false);
  const std::string post = "POST / HTTP/1.1\r\n";
  const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
  const std::string piece = "1F4\r\n" + std::string(500, 'x') + "\r\n";
  const std::string body(1000, 'x');
  EXPECT_TRUE(
      answer_to(world, post + "Content-Length: 1000\r\n\r\n" + body).starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(answer_to(world, chunked + piece + piece + "0\r\n\r\n").starts_with("HTTP/1.1 200 "));
  ASSERT_EQ(world.handler.requests.size(), 2U);
  EXPECT_EQ(world.handler.requests[0].body, body);
  EXPECT_EQ(world.handler.requests[1].body, body);
  for (const std::string& more :
       {post + "Content-Length: 1001\r\n\r\n",
        post + "Content-Length: 18446744073709551615\r\n\r\n",
        chunked + piece + piece + "1\r\nx\r\n0\r\n\r\n", chunked + "FFFFFFFFFFFFFFF0\r\n"}) {
    const std::string answer = answer_to(world, more);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 413 ")) << more.substr(0, 80) << answer;
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  }
  EXPECT_EQ(world.handler.requests.size(), 2U);
  EXPECT_TRUE(world.run_until([&] { return world.server->stats().connections == 0; }));
}

TEST(HttpServer, refuses_what_is_no_request) {
  World world({}, false);
  const std::vector<std::string> bad{
      "hello\r\n\r\n",
      "GET  / HTTP/1.1\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n",
      "GET / HTTP/1.1\r\nno colon\r\n\r\n",
      "GET / HTTP/1.1\r\nX : y\r\n\r\n",
      "GET / HTTP/1.1\r\nX: a\x01b\r\n\r\n",
      "GET / HTTP/1.1\nX: y\n\n\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      // Two readers that disagree on which of the two holds would see different requests.
      "POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15),
      std::string("GET /\0 HTTP/1.1\r\n\r\n", 19),
  };
  for (const std::string& bytes : bad) {
    const std::string answer = answer_to(world, bytes);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 Bad Request\r\n")) << bytes << answer;
    EXPECT_EQ(count_of(answer, "HTTP/1.1"), 1U) << answer;
  }
  EXPECT_EQ(world.server->stats().refused_requests, bad.size());
  EXPECT_EQ(world.server->stats().requests, 0U);
  EXPECT_TRUE(world.handler.requests.empty());
  EXPECT_TRUE(world.run_until([&] { return world.server->stats().connections == 0; }));
}

TEST(HttpServer, never_sends_a_header_that_holds_a_line_break) {
  World world({}, false);
  world.handler.answer = [](const ServerRequest&) {
    return HttpResponse{.headers = {{"X", "a\r\nSet-Cookie: b"}}};
  };
  const std::string answer = answer_to(world, "GET / HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 500 ")) << answer;
  EXPECT_EQ(answer.find("Set-Cookie"), std::string::npos) << answer;
}

TEST(HttpServer, accepts_no_more_connections_than_its_bound) {
  World world({.limits = {.connections_max = 3}}, false);
  std::vector<std::unique_ptr<RawSocket>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(RawSocket::connect_to(world.server->address()));
    world.others.push_back(clients.back().get());
  }
  ASSERT_TRUE(world.run_until([&] { return world.server->stats().connections == 3; }));
  const auto beyond = RawSocket::connect_to(world.server->address());
  world.others.push_back(beyond.get());
  ASSERT_TRUE(world.run_until([&] { return beyond->has_ended(); }));
  EXPECT_EQ(world.server->stats().refused_connections, 1U);
  EXPECT_EQ(beyond->heard(), "");
  for (const auto& client : clients) EXPECT_FALSE(client->has_ended());
  clients[0]->hang_up();
  ASSERT_TRUE(world.run_until([&] { return world.server->stats().connections == 2; }));
  EXPECT_TRUE(world.fetch(world.get()));
}

TEST(HttpServer, serves_others_while_many_are_slow) {
  World world({.limits = {.step_deadline = std::chrono::milliseconds(100)}}, false);
  std::vector<std::unique_ptr<RawSocket>> slow;
  for (int i = 0; i < 100; ++i) {
    slow.push_back(RawSocket::connect_to(world.server->address()));
    slow.back()->bytes_per_step = 1;
    slow.back()->say("GET / HTTP/1.1\r\n");
    slow.back()->repeat("X: y\r\n");
    world.others.push_back(slow.back().get());
  }
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(world.fetch(world.get()));
  const auto have_all_ended = [&] {
    for (const auto& client : slow) {
      if (!client->has_ended()) return false;
    }
    return true;
  };
  EXPECT_TRUE(world.run_until(have_all_ended));
  EXPECT_EQ(world.handler.requests.size(), 20U);
}

TEST(HttpServer, answers_a_request_that_waits_when_it_is_told_to) {
  World world({}, false);
  world.handler.answer = [](const ServerRequest&) { return std::nullopt; };
  std::vector<int> statuses;
  for (int i = 0; i < 3; ++i) {
    world.network->fetch(world.get(), [&](const Result<HttpResponse>& response) {
      statuses.push_back(response ? response->status : 0);
    });
  }
  ASSERT_TRUE(world.run_until([&] { return world.handler.request_ids.size() == 3; }));
  const auto ids = world.handler.request_ids;
  world.server->respond(ids[1], HttpResponse{.status = 201});
  world.server->respond(ids[1], HttpResponse{.status = 202});
  ASSERT_TRUE(world.run_until([&] { return statuses == std::vector{201}; }));
  world.server->respond(ids[0], HttpResponse{.status = 404});
  world.server->respond(ids[2], HttpResponse{.status = 204, .body = "dropped: 204 has none"});
  ASSERT_TRUE(world.run_until([&] { return statuses.size() == 3; }));
  for (const RequestId id : ids) world.server->respond(id, HttpResponse{});
  world.settle();
}

// Who waits may be gone when the answer comes.
TEST(HttpServer, outlives_clients_that_go_while_they_wait) {
  World world({}, false);
  world.handler.answer = [](const ServerRequest&) { return std::nullopt; };
  for (const bool with_reset : {false, true}) {
    const auto client = RawSocket::connect_to(world.server->address());
    world.others = {client.get()};
    client->say("GET / HTTP/1.1\r\n\r\n");
    const std::size_t before = world.handler.request_ids.size();
    ASSERT_TRUE(world.run_until([&] { return world.handler.request_ids.size() > before; }));
    if (with_reset) {
      client->reset();
    } else {
      client->hang_up();
    }
    world.settle();
    world.server->respond(world.handler.request_ids.back(),
                          HttpResponse{.body = std::string(1'000'000, 'x')});
    EXPECT_TRUE(world.run_until([&] { return world.server->stats().connections == 0; }));
  }
}

TEST(HttpServer, says_who_has_gone_before_the_answer_and_nobody_else) {
  World world({}, false);
  world.handler.answer = [](const ServerRequest&) { return std::nullopt; };
  const auto patient = RawSocket::connect_to(world.server->address());
  const auto goes = RawSocket::connect_to(world.server->address());
  const auto resets = RawSocket::connect_to(world.server->address());
  world.others = {patient.get(), goes.get(), resets.get()};
  for (RawSocket* client : {patient.get(), goes.get(), resets.get()}) {
    const std::size_t before = world.handler.request_ids.size();
    client->say("GET / HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(world.run_until([&] { return world.handler.request_ids.size() > before; }));
  }
  goes->hang_up();
  resets->reset();
  const auto ids = world.handler.request_ids;
  ASSERT_TRUE(world.run_until([&] { return world.handler.gone.size() == 2; }));
  EXPECT_EQ(world.handler.gone, (std::vector{ids[1], ids[2]}));
  world.server->respond(ids[0], HttpResponse{.status = 201});
  ASSERT_TRUE(world.run_until([&] { return !patient->heard().empty(); }));
  EXPECT_TRUE(patient->heard().starts_with("HTTP/1.1 201 ")) << patient->heard();
  EXPECT_EQ(world.handler.gone.size(), 2U);
}

// A folder that goes with what is in it.
class TempFolder {
 public:
  TempFolder() : path_("/tmp/tapeline_net_XXXXXX") { EXPECT_NE(::mkdtemp(path_.data()), nullptr); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    ::unlink(socket().c_str());
    ::rmdir(path_.c_str());
  }
  [[nodiscard]] std::string socket() const { return path_ + "/x.sock"; }

 private:
  std::string path_;
};

TEST(UnixSocket, is_for_its_owner_alone_and_goes_with_the_server) {
  const TempFolder folder;
  const mode_t before = ::umask(0);
  {
    World world({.listen = "unix:" + folder.socket()}, false);
    struct stat status {};
    ASSERT_EQ(::stat(folder.socket().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    EXPECT_EQ(world.server->address(), "unix:" + folder.socket());
    for (int i = 0; i < 2; ++i) {
      const auto response =
          world.fetch({.url = "http://api/status", .unix_socket = folder.socket()});
      ASSERT_TRUE(response) << response.error().text;
      EXPECT_EQ(response->body, "GET /status ");
    }
    EXPECT_EQ(world.handler.requests.at(0).peer_address, "unix");
    EXPECT_EQ(world.server->stats().accepted, 1U);
  }
  ::umask(before);
  struct stat status {};
  EXPECT_NE(::stat(folder.socket().c_str(), &status), 0);
}

TEST(UnixSocket, that_a_dead_process_left_is_replaced_and_others_are_not) {
  const TempFolder folder;
  const std::string listen = "unix:" + folder.socket();
  SystemClock clock;
  EchoHandler handler;
  // Bound, and closed without unlink.
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  folder.socket().copy(address.sun_path, sizeof(address.sun_path) - 1);
  const int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(left, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  ::close(left);
  {
    const auto first = Server::open({.listen = listen}, clock, handler);
    ASSERT_TRUE(first) << first.error().text;
    const auto second = Server::open({.listen = listen}, clock, handler);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().fault, Fault::kCaller);
    EXPECT_NE(second.error().text.find("stop the process that listens there"), std::string::npos);
    EXPECT_EQ(::access(folder.socket().c_str(), F_OK), 0) << "the first one's";
  }
  // Some other file is no one's to remove.
  const TempFile file("kept");
  EXPECT_FALSE(Server::open({.listen = "unix:" + file.path()}, clock, handler));
  EXPECT_EQ(::access(file.path().c_str(), F_OK), 0);
  for (const std::string& path :
       {std::string(), std::string("/nowhere/x.sock"), "/" + std::string(107, 'x')}) {
    const auto refused = Server::open({.listen = "unix:" + path}, clock, handler);
    ASSERT_FALSE(refused) << path;
    EXPECT_EQ(refused.error().fault, Fault::kCaller);
  }
}

TEST(HttpServer, listens_where_it_is_told_or_says_why_not) {
  SystemClock clock;
  EchoHandler handler;
  const auto first = Server::open({.listen = "localhost:0"}, clock, handler);
  ASSERT_TRUE(first);
  EXPECT_TRUE((*first)->address().starts_with("127.0.0.1:"));
  const auto taken = Server::open({.listen = (*first)->address()}, clock, handler);
  ASSERT_FALSE(taken);
  EXPECT_NE(taken.error().text.find("choose another port"), std::string::npos);
  for (const char* const listen : {"example.com:80", "8080", ":0", "127.0.0.1", "127.0.0.1:x"}) {
    EXPECT_FALSE(Server::open({.listen = listen}, clock, handler)) << listen;
  }
}

}  // namespace
}  // namespace tapeline::net
