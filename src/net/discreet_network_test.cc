// SPDX-License-Identifier: Apache-2.0
#include "net/discreet_network.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/padding.h"

namespace tapeline::net {
namespace {

constexpr const char* kToken = "s3cretTOKEN12345";

// Says what it is told to say.
class Echo final : public Network {
 public:
  class Socket final : public WebSocket {
   public:
    [[nodiscard]] Sent send(std::string_view /*text*/) override { return Sent::kYes; }
    void close() override {}
  };

  std::unique_ptr<WebSocket> open(const WebSocketOptions& /*options*/,
                                  WebSocketListener& to) override {
    listener = &to;
    return std::make_unique<Socket>();
  }
  void fetch(HttpRequest /*request*/, OnResponse on_response) override { on_response(answer); }
  std::size_t run(Duration /*wait_max*/) override { return 0; }

  WebSocketListener* listener = nullptr;
  Result<HttpResponse> answer = HttpResponse{};
};

class Heard final : public WebSocketListener {
 public:
  void on_open() override { ++opened; }
  Taken on_message(std::string_view message, RecvTime /*ts_recv*/) override {
    messages.emplace_back(message.data(), message.size() + kReadPadding);
    messages.back().resize(message.size());
    socket.reset();  // as a listener may
    last = std::string(message);
    return Taken::kLater;
  }
  void on_close(const Error& error) override { why = error; }

  std::unique_ptr<WebSocket> socket;
  int opened = 0;
  std::vector<std::string> messages;
  std::string last;
  Error why{};
};

TEST(DiscreetNetwork, messages_and_ends_come_without_the_secret) {
  Echo echo;
  DiscreetNetwork network(echo, Secret(kToken));
  Heard heard;
  const auto kept = network.open({}, heard);
  echo.listener->on_open();
  EXPECT_EQ(heard.opened, 1);
  std::string padded = std::string(R"({"msg":"no s3cretTOKEN12345"})");
  const std::size_t size = padded.size();
  padded.append(kReadPadding, '\0');
  EXPECT_EQ(echo.listener->on_message({padded.data(), size}, RecvTime(1)), Taken::kLater);
  echo.listener->on_close({Fault::kTheirs, Retry::kNever, "closed: s3cretTOKEN12345 is bad"});
  EXPECT_EQ(heard.messages, std::vector<std::string>{R"({"msg":"no ****************"})"});
  EXPECT_EQ(heard.why.text, "closed: *** is bad");
  EXPECT_EQ(heard.why.retry, Retry::kNever);
}

TEST(DiscreetNetwork, a_message_outlives_the_socket_that_its_listener_destroys) {
  Echo echo;
  DiscreetNetwork network(echo, Secret(kToken));
  Heard heard;
  heard.socket = network.open({}, heard);
  std::string padded = kToken + std::string(kReadPadding, '\0');
  EXPECT_EQ(echo.listener->on_message({padded.data(), 16}, RecvTime(1)), Taken::kLater);
  EXPECT_EQ(heard.last, std::string(16, '*'));
}

TEST(DiscreetNetwork, answers_come_without_it) {
  Echo echo;
  DiscreetNetwork network(echo, Secret(kToken));
  Result<HttpResponse> got = HttpResponse{};
  const auto take = [&](const auto& answer) { got = answer; };
  echo.answer = HttpResponse{.status = 302,
                             .headers = {{"Location", "wss://other/?token=s3cretTOKEN12345"}},
                             .body = "s3cretTOKEN12345....",
                             .ts_recv = RecvTime(7)};
  network.fetch({}, take);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 302);
  EXPECT_EQ(got->body, "****************....");
  EXPECT_EQ(got->headers[0].second, "wss://other/?token=***");
  EXPECT_EQ(got->ts_recv, RecvTime(7));
  echo.answer = fail(Fault::kTheirs, "no s3cretTOKEN12345", Retry::kAfterBackoff);
  network.fetch({}, take);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().text, "no ***");
}

TEST(DiscreetNetwork, without_a_secret_nothing_stands_between) {
  Echo echo;
  DiscreetNetwork network(echo, Secret());
  Heard heard;
  const auto socket = network.open({}, heard);
  EXPECT_EQ(echo.listener, &heard);
}

}  // namespace
}  // namespace tapeline::net
