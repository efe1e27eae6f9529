// SPDX-License-Identifier: Apache-2.0
// Any bytes as answers to a client's requests: each request has one outcome, no body is longer than
// was asked for, and what belongs to one answer never becomes part of the next.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/clock.h"
#include "net/network.h"
#include "stream_peer.h"

namespace {

using tapeline::fuzz::Script;
using tapeline::fuzz::StreamPeer;
namespace net = tapeline::net;

constexpr std::size_t kBodyBytesMax = 500;
constexpr int kTurnsMax = 10'000;

// Listens in a folder of its own, which goes at the end of the process.
class ListeningSocket {
 public:
  ListeningSocket() {
    TAPELINE_CHECK(::mkdtemp(folder_.data()) != nullptr, "there is room for a folder");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(address.sun_path, sizeof(address.sun_path) - 1);
    socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const auto* const plain = reinterpret_cast<const sockaddr*>(&address);
    TAPELINE_CHECK(::bind(socket_, plain, sizeof(address)) == 0, "and for a socket in it");
    TAPELINE_CHECK(::listen(socket_, 8) == 0, "which listens");
  }
  ListeningSocket(const ListeningSocket&) = delete;
  ListeningSocket& operator=(const ListeningSocket&) = delete;
  ~ListeningSocket() {
    ::close(socket_);
    ::unlink(path().c_str());
    ::rmdir(folder_.c_str());
  }

  [[nodiscard]] std::string path() const { return folder_ + "/x.sock"; }
  [[nodiscard]] std::unique_ptr<StreamPeer> accept() const {
    const int accepted = ::accept4(socket_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    return accepted < 0 ? nullptr : std::make_unique<StreamPeer>(accepted);
  }

 private:
  std::string folder_ = "/tmp/tapeline_fuzz_XXXXXX";
  int socket_ = -1;
};

const ListeningSocket& listening() {
  static const ListeningSocket kListening;
  return kListening;
}

// Answers with the script, once something was asked.
class Answering {
 public:
  Answering(net::Network& network, Script& script, std::uint8_t piece_bytes)
      : network_(&network), script_(&script), piece_bytes_(piece_bytes) {}

  void fetch(const std::string& method) {
    int outcomes = 0;
    net::HttpRequest request{.method = method, .url = "http://x/"};
    request.unix_socket = listening().path();
    request.body_bytes_max = kBodyBytesMax;
    network_->fetch(request, [&](const tapeline::Result<net::HttpResponse>& response) {
      ++outcomes;
      if (!response) return;
      TAPELINE_CHECK(response->status >= 200 && response->status <= 999, "a final status");
      TAPELINE_CHECK(response->body.size() <= kBodyBytesMax, "no body beyond the bound");
      TAPELINE_CHECK(method != "HEAD" || response->body.empty(), "no body of a head");
    });
    for (int i = 0; i < kTurnsMax && outcomes == 0; ++i) turn();
    TAPELINE_CHECK(outcomes == 1, "one outcome of each request");
    network_->run(tapeline::Duration(0));
    TAPELINE_CHECK(outcomes == 1, "and no other");
  }

 private:
  void turn() {
    const std::size_t done = network_->run(tapeline::Duration(0));
    // A new connection: the one before is of no more use to the client.
    if (auto accepted = listening().accept()) peer_ = std::move(accepted);
    if (!peer_) return;
    const bool heard = peer_->hear();
    if (done > 0 || heard || peer_->heard().empty()) return;
    if (script_->empty()) {
      peer_->finish();
    } else {
      peer_->say(script_->piece(piece_bytes_));
    }
  }

  net::Network* network_;
  Script* script_;
  std::uint8_t piece_bytes_;
  std::unique_ptr<StreamPeer> peer_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Script script({reinterpret_cast<const char*>(data), size});
  const std::uint8_t how = script.choice();
  const std::uint8_t piece_bytes = script.choice();
  static const tapeline::SystemClock kClock;
  const auto network = net::make_network(kClock);
  Answering server(*network, script, piece_bytes);
  constexpr std::array<const char*, 3> kMethods{"GET", "HEAD", "POST"};
  for (int i = 0; i < 3; ++i) server.fetch(kMethods[(how >> (2 * i)) % kMethods.size()]);
  return 0;
}
