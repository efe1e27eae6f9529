// SPDX-License-Identifier: Apache-2.0
// Any bytes as requests to a server. Each request that the handler sees is answered, in order; what
// is no request is refused once and ends the connection; nothing else is ever said.
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/clock.h"
#include "net/server.h"
#include "stream_peer.h"

namespace {

using tapeline::fuzz::Script;
using tapeline::fuzz::StreamPeer;
namespace net = tapeline::net;

constexpr std::size_t kHeaderBytesMax = 1000;
constexpr std::size_t kBodyBytesMax = 500;
constexpr int kTurnsMax = 10'000;

class Counting final : public net::ServerHandler {
 public:
  std::optional<net::HttpResponse> on_request(net::RequestId id,
                                              const net::ServerRequest& request) override {
    TAPELINE_CHECK(request.body.size() <= kBodyBytesMax, "no body beyond the bound");
    TAPELINE_CHECK(!request.method.empty() && !request.target.empty(), "what was asked");
    is_head.push_back(request.method == "HEAD");
    if (!answers_late) return answer();
    waiting.push_back(id);
    return std::nullopt;
  }
  std::optional<net::HttpResponse> on_upgrade(net::PeerId, const net::ServerRequest&) override {
    is_head.push_back(false);
    return answer();
  }
  net::Taken on_message(net::PeerId, std::string_view, tapeline::RecvTime) override {
    TAPELINE_CHECK(false, "nobody was granted a WebSocket");
  }
  void on_close(net::PeerId, const tapeline::Error&) override {
    TAPELINE_CHECK(false, "nobody was granted a WebSocket");
  }
  // Numbered, to see the order.
  net::HttpResponse answer() {
    return net::HttpResponse{.body = fmt::format("answer {:08}", is_head.size())};
  }

  std::vector<bool> is_head;  // of each request
  std::vector<net::RequestId> waiting;
  bool answers_late = false;
};

void turn(net::Server& server, Counting& handler, StreamPeer& peer) {
  for (int i = 0; i < kTurnsMax; ++i) {
    const std::size_t done = server.run(tapeline::Duration(0));
    const bool heard = peer.hear();
    const bool answers = !handler.waiting.empty();
    for (const net::RequestId id : handler.waiting) server.respond(id, handler.answer());
    handler.waiting.clear();
    if (!heard && done == 0 && !answers) return;
  }
  TAPELINE_CHECK(false, "an input has an end");
}

// Takes the answers off what was said, by hand: each has the length that is told.
std::string_view without_answers(std::string_view said, const std::vector<bool>& is_head) {
  constexpr std::string_view kBegin = "HTTP/1.1 200 OK\r\n";
  constexpr std::string_view kBody = "answer 00000001";
  for (std::size_t i = 0; i < is_head.size(); ++i) {
    TAPELINE_CHECK(said.starts_with(kBegin), "every request has an answer");
    const std::size_t end = said.find("\r\n\r\n");
    TAPELINE_CHECK(end != std::string_view::npos, "a whole one");
    said.remove_prefix(end + 4);
    if (is_head[i]) continue;
    TAPELINE_CHECK(said.starts_with(fmt::format("answer {:08}", i + 1)), "in order");
    said.remove_prefix(kBody.size());
  }
  return said;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Script script({reinterpret_cast<const char*>(data), size});
  const std::uint8_t how = script.choice();
  const std::uint8_t piece_bytes = script.choice();
  static const tapeline::SystemClock kClock;
  Counting handler;
  handler.answers_late = (how & 1) != 0;
  const auto server = net::Server::open(
      {.listen = "",
       .limits = {.header_bytes_max = kHeaderBytesMax, .body_bytes_max = kBodyBytesMax}},
      kClock, handler);
  TAPELINE_CHECK(server, "a server without a port opens");
  int servers_end = -1;
  StreamPeer peer(StreamPeer::pair(servers_end));
  (*server)->adopt(servers_end);
  while (!script.empty() && !peer.has_ended()) {
    peer.say(script.piece(piece_bytes));
    turn(**server, handler, peer);
  }
  peer.finish();
  turn(**server, handler, peer);
  const net::ServerStats stats = (*server)->stats();
  TAPELINE_CHECK(stats.connections == 0, "who has gone is forgotten");
  TAPELINE_CHECK(stats.requests == handler.is_head.size(), "as many as were counted");
  const std::string_view rest = without_answers(peer.heard(), handler.is_head);
  const bool is_refused = stats.refused_requests == 1;
  TAPELINE_CHECK(rest.empty() != is_refused, "a refusal, or nothing more");
  TAPELINE_CHECK(!is_refused || rest.starts_with("HTTP/1.1 4"), "a refusal is the client's fault");
  return 0;
}
