// SPDX-License-Identifier: Apache-2.0
// Any bytes from a client that is, or wants to be, a WebSocket: the upgrade itself, or what follows
// a good one. The server takes no message beyond its bound, tells each granted peer's end once, and
// is rid of the connection when the client is.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/clock.h"
#include "base/padding.h"
#include "net/server.h"
#include "stream_peer.h"

namespace {

using tapeline::fuzz::Script;
using tapeline::fuzz::StreamPeer;
namespace net = tapeline::net;

constexpr std::size_t kMessageBytesMax = 2000;
constexpr int kTurnsMax = 10'000;  // far more than any input needs

constexpr std::string_view kUpgrade =
    "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
constexpr std::string_view kDeflate = "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n";

class Watching final : public net::ServerHandler {
 public:
  std::optional<net::HttpResponse> on_request(net::RequestId,
                                              const net::ServerRequest& request) override {
    return net::HttpResponse{.body = request.body};
  }
  std::optional<net::HttpResponse> on_upgrade(net::PeerId peer,
                                              const net::ServerRequest&) override {
    open_.insert(peer.value());
    return std::nullopt;
  }
  net::Taken on_message(net::PeerId peer, std::string_view message, tapeline::RecvTime) override {
    TAPELINE_CHECK(open_.contains(peer.value()), "a message of who is there");
    TAPELINE_CHECK(message.size() <= kMessageBytesMax, "no message beyond the bound");
    const char* const behind = message.data() + message.size();
    TAPELINE_CHECK(
        std::all_of(behind, behind + tapeline::kReadPadding, [](char c) { return c == '\0'; }),
        "zeros behind each message");
    if (hesitates && (is_shown_again_ = !is_shown_again_)) return net::Taken::kLater;
    if (server != nullptr) static_cast<void>(server->send(peer, message));
    return net::Taken::kYes;
  }
  void on_close(net::PeerId peer, const tapeline::Error& why) override {
    TAPELINE_CHECK(open_.erase(peer.value()) == 1, "one end of each peer");
    TAPELINE_CHECK(!why.text.empty(), "an end has a reason");
  }

  [[nodiscard]] bool is_empty() const { return open_.empty(); }

  net::Server* server = nullptr;  // to echo with
  bool hesitates = false;

 private:
  std::set<std::uint64_t> open_;
  bool is_shown_again_ = false;
};

// Until nothing moves.
void turn(net::Server& server, StreamPeer& peer) {
  for (int i = 0; i < kTurnsMax; ++i) {
    const std::size_t done = server.run(tapeline::Duration(0));
    if (!peer.hear() && done == 0) return;
  }
  TAPELINE_CHECK(false, "an input has an end");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Script script({reinterpret_cast<const char*>(data), size});
  const std::uint8_t how = script.choice();
  const std::uint8_t piece_bytes = script.choice();
  static const tapeline::SystemClock kClock;
  Watching handler;
  handler.hesitates = (how & 1) != 0;
  const bool is_upgraded = (how & 2) != 0;
  const auto server = net::Server::open(
      {.listen = "", .limits = {.message_bytes_max = kMessageBytesMax}}, kClock, handler);
  TAPELINE_CHECK(server, "a server without a port opens");
  if ((how & 4) != 0) handler.server = server->get();
  int servers_end = -1;
  StreamPeer peer(StreamPeer::pair(servers_end));
  (*server)->adopt(servers_end);
  if (is_upgraded) {
    peer.say(kUpgrade);
    peer.say((how & 8) != 0 ? kDeflate : "\r\n");
    turn(**server, peer);
    TAPELINE_CHECK(peer.heard().starts_with("HTTP/1.1 101 "), "a good upgrade is granted");
  }
  while (!script.empty() && !peer.has_ended()) {
    peer.say(script.piece(piece_bytes));
    turn(**server, peer);
  }
  if ((how & 16) != 0) return 0;  // the server goes in the middle of it
  peer.finish();
  turn(**server, peer);
  TAPELINE_CHECK((*server)->stats().connections == 0 && handler.is_empty(),
                 "who has gone is forgotten");
  return 0;
}
