// SPDX-License-Identifier: Apache-2.0
#include "net/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <utility>

#include "net/io/io_loop.h"
#include "net/io/listener.h"
#include "net/io/server_connection.h"
#include "net/io/tls.h"
#include "net/url.h"

namespace tapeline::net {
namespace {

// "127.0.0.1:50123", or "unix".
std::string name_of_peer(int socket, int& family) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  std::array<char, INET6_ADDRSTRLEN> text{};
  family = ::getpeername(socket, plain, &size) == 0 ? plain->sa_family : AF_UNIX;
  if (family == AF_INET) {
    const auto* const v4 = reinterpret_cast<const sockaddr_in*>(&address);
    inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
    return format_host_port(text.data(), ntohs(v4->sin_port));
  }
  if (family == AF_INET6) {
    const auto* const v6 = reinterpret_cast<const sockaddr_in6*>(&address);
    inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
    return format_host_port(text.data(), ntohs(v6->sin6_port));
  }
  return "unix";
}

class SocketServer final : public Server {
 public:
  SocketServer(const ServerOptions& options, const Clock& clock, ServerHandler& handler)
      : world_{.loop = loop_, .clock = clock, .handler = handler, .options = options} {}

  Result<void> listen() {
    if (world_.options.identity) {
      auto tls = make_server_context(*world_.options.identity);
      if (!tls) return tl::make_unexpected(tls.error());
      world_.tls = std::move(*tls);
    }
    if (world_.options.listen.empty()) return {};
    auto listener =
        Listener::open(loop_, world_.options.listen, [this](int socket) { adopt(socket); });
    if (!listener) return tl::make_unexpected(listener.error());
    listener_ = std::move(*listener);
    address_ = listener_->address();
    return {};
  }

  [[nodiscard]] const std::string& address() const override { return address_; }
  std::size_t run(Duration wait_max) override { return loop_.run(wait_max); }

  void respond(RequestId id, HttpResponse response) override {
    const auto waiting = world_.waiting.find(id);
    if (waiting != world_.waiting.end()) waiting->second->respond(std::move(response));
  }

  Sent send(PeerId peer, std::string_view text) override {
    WebSocketChannel* const channel = channel_of(peer);
    return channel == nullptr ? Sent::kGone : channel->send(text);
  }
  void ping(PeerId peer) override {
    if (WebSocketChannel* const channel = channel_of(peer)) channel->ping();
  }
  [[nodiscard]] std::size_t outbox_bytes(PeerId peer) const override {
    const WebSocketChannel* const channel = channel_of(peer);
    return channel == nullptr ? 0 : channel->outbox_bytes();
  }
  void close(PeerId peer, std::uint16_t code, std::string_view reason) override {
    if (WebSocketChannel* const channel = channel_of(peer)) channel->close(code, reason);
  }
  void cut(PeerId peer) override {
    if (channel_of(peer) == nullptr) return;
    const auto connection = world_.connections.at(peer.value());
    connection->cut();
  }
  void silence(PeerId peer) override {
    if (WebSocketChannel* const channel = channel_of(peer)) channel->silence();
  }

  void adopt(int socket) override {
    if (world_.connections.size() >= world_.options.limits.connections_max) {
      ++world_.stats.refused_connections;
      ::close(socket);
      return;
    }
    int family = 0;
    std::string peer = name_of_peer(socket, family);
    Socket owned(loop_.executor());
    ErrorCode error;
    owned.assign(asio::generic::stream_protocol(family, 0), socket, error);
    if (error) {
      ::close(socket);
      return;
    }
    // A message is written whole: there is nothing to wait for. (A unix socket has no such thing.)
    owned.set_option(asio::ip::tcp::no_delay(true), error);
    ++world_.stats.accepted;
    const std::uint64_t id = world_.next_id++;
    auto connection =
        std::make_shared<ServerConnection>(world_, id, std::move(owned), std::move(peer));
    world_.connections.emplace(id, connection);
    connection->start();
  }

  [[nodiscard]] ServerStats stats() const override {
    ServerStats stats = world_.stats;
    stats.connections = world_.connections.size();
    return stats;
  }

 private:
  [[nodiscard]] WebSocketChannel* channel_of(PeerId peer) const {
    const auto found = world_.connections.find(peer.value());
    return found == world_.connections.end() ? nullptr : found->second->channel();
  }

  IoLoop loop_;
  ServerWorld world_;
  std::unique_ptr<Listener> listener_;
  std::string address_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::open(const ServerOptions& options, const Clock& clock,
                                             ServerHandler& handler) {
  auto server = std::make_unique<SocketServer>(options, clock, handler);
  if (auto listening = server->listen(); !listening) {
    return tl::make_unexpected(listening.error());
  }
  return server;
}

}  // namespace tapeline::net
