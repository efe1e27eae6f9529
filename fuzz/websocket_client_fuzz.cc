// SPDX-License-Identifier: Apache-2.0
// Any bytes from a server behind its answer to the upgrade: the client shows the messages that they
// hold, in order and each with zeros behind it, whether it takes a frame where it stands or reads
// it in pieces; and tells of the end once.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/clock.h"
#include "base/padding.h"
#include "net/network.h"
#include "reference/websocket_reference.h"
#include "stream_peer.h"

namespace {

using tapeline::fuzz::Script;
using tapeline::fuzz::StreamPeer;
namespace net = tapeline::net;

constexpr std::size_t kMessageBytesMax = 2000;
constexpr int kTurnsMax = 100'000;

// A port of loopback.
class ListeningSocket {
 public:
  ListeningSocket() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof(address);
    TAPELINE_CHECK(::bind(socket_, plain, size) == 0, "there is a port");
    TAPELINE_CHECK(::listen(socket_, 8) == 0, "which listens");
    TAPELINE_CHECK(::getsockname(socket_, plain, &size) == 0, "and has a number");
    port_ = ntohs(address.sin_port);
  }
  ListeningSocket(const ListeningSocket&) = delete;
  ListeningSocket& operator=(const ListeningSocket&) = delete;
  ~ListeningSocket() { ::close(socket_); }

  [[nodiscard]] std::string url() const { return "ws://127.0.0.1:" + std::to_string(port_) + "/"; }
  [[nodiscard]] std::unique_ptr<StreamPeer> accept() const {
    const int accepted = ::accept4(socket_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted < 0) return nullptr;
    // Ends with a reset: thousands of ends that wait would use up the ports.
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(accepted, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    return std::make_unique<StreamPeer>(accepted);
  }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

std::string answer_to(std::string_view upgrade) {
  constexpr std::string_view kKey = "Sec-WebSocket-Key: ";
  const std::size_t at = upgrade.find(kKey) + kKey.size();
  const std::string text(std::string(upgrade.substr(at, upgrade.find("\r\n", at) - at)) +
                         "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 2 * SHA_DIGEST_LENGTH> base64{};
  const int size = EVP_EncodeBlock(base64.data(), digest.data(), SHA_DIGEST_LENGTH);
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: " +
         std::string(base64.begin(), base64.begin() + size) + "\r\n\r\n";
}

class Watching final : public net::WebSocketListener {
 public:
  void on_open() override { is_open = true; }
  net::Taken on_message(std::string_view message, tapeline::RecvTime ts_recv) override {
    TAPELINE_CHECK(is_open && !has_ended, "a message of who is there");
    const char* const behind = message.data() + message.size();
    TAPELINE_CHECK(
        std::all_of(behind, behind + tapeline::kReadPadding, [](char c) { return c == '\0'; }),
        "zeros behind each message");
    if (is_shown_again_) {
      TAPELINE_CHECK(message == shown_ && ts_recv == stamp_, "the same message once more");
    }
    shown_ = message;
    stamp_ = ts_recv;
    is_shown_again_ = hesitates && !is_shown_again_;
    if (is_shown_again_) return net::Taken::kLater;
    messages.push_back(shown_);
    return net::Taken::kYes;
  }
  void on_close(const tapeline::Error& why) override {
    TAPELINE_CHECK(!has_ended, "one end");
    TAPELINE_CHECK(!why.text.empty(), "which has a reason");
    has_ended = true;
  }

  bool hesitates = false;
  bool is_open = false;
  bool has_ended = false;
  std::vector<std::string> messages;

 private:
  bool is_shown_again_ = false;
  std::string shown_;
  tapeline::RecvTime stamp_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ListeningSocket kListening;
  static const tapeline::SystemClock kClock;
  Script script({reinterpret_cast<const char*>(data), size});
  Watching listener;
  const std::uint8_t how = script.choice();
  listener.hesitates = (how & 1) != 0;
  const bool is_in_one_go = (how & 2) != 0;  // with the answer to the upgrade
  const std::uint8_t piece_bytes = script.choice();
  const std::string all(Script(script).piece(0));

  const auto network = net::make_network(kClock);
  const auto socket = network->open(
      {.url = kListening.url(), .deflate = false, .message_bytes_max = kMessageBytesMax}, listener);
  std::unique_ptr<StreamPeer> peer;
  bool is_answered = false;
  bool is_finished = false;
  for (int i = 0; !listener.has_ended; ++i) {
    TAPELINE_CHECK(i < kTurnsMax, "an input has an end");
    const std::size_t done = network->run(tapeline::Duration(0));
    if (!peer) peer = kListening.accept();
    if (!peer || peer->hear() || done > 0) continue;
    if (!is_answered) {
      if (!peer->heard().ends_with("\r\n\r\n")) continue;
      is_answered = true;
      peer->say(answer_to(peer->heard()) + (is_in_one_go ? all : std::string()));
      if (is_in_one_go) script = Script({});
    } else if (!script.empty()) {
      peer->say(script.piece(piece_bytes));
    } else if (!std::exchange(is_finished, true)) {
      peer->finish();
    }
  }
  TAPELINE_CHECK(listener.is_open, "a good answer opens it");
  const auto heard = tapeline::fuzz::messages_of(all, kMessageBytesMax);
  if (heard.may_go_on) listener.messages.resize(heard.messages.size());
  TAPELINE_CHECK(listener.messages == heard.messages, "what was sent is shown");
  return 0;
}
