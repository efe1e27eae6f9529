// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "net/authority.h"
#include "net/http.h"
#include "net/websocket.h"

namespace tapeline::net {

// A request that waits for its answer, and a WebSocket that was accepted.
using RequestId = StrongId<struct RequestTag, std::uint64_t>;
using PeerId = StrongId<struct PeerTag, std::uint64_t>;

struct ServerRequest {
  std::string method{};
  std::string target{};  // as it was sent: path and query, nothing decoded
  Headers headers{};
  std::string body{};
  std::string peer_address{};  // "127.0.0.1:50123"; "unix" for a unix socket
};

// Whatever a peer does, it costs no more than this.
struct ServerLimits {
  std::size_t connections_max = 256;  // a further one is closed at once
  std::size_t header_bytes_max = std::size_t{16} << 10;
  std::size_t body_bytes_max = std::size_t{1} << 20;
  std::size_t message_bytes_max = std::size_t{1} << 20;  // from a WebSocket, after inflating
  std::size_t outbox_bytes_max = std::size_t{8} << 20;   // to a WebSocket
  Duration idle = std::chrono::seconds(60);              // between two requests of a connection
  // TLS, reading a request, writing an answer or a message, an orderly close.
  Duration step_deadline = std::chrono::seconds(10);
  Duration answer_deadline = std::chrono::seconds(60);  // for respond()
  Duration ping_after = std::chrono::seconds(20);       // as WebSocketOptions says
};

struct ServerOptions {
  // "127.0.0.1:0" (the system chooses the port), "[::1]:8080", "unix:/path/to.sock"; empty: nobody
  // but adopt() brings connections.
  std::string listen = "127.0.0.1:0";
  std::optional<Identity> identity{};  // with it TLS, without it plain text
  bool deflate = true;                 // agrees to permessage-deflate
  ServerLimits limits{};
};

struct ServerStats {
  std::uint64_t connections = 0;          // open now, of any kind
  std::uint64_t accepted = 0;             // ever
  std::uint64_t refused_connections = 0;  // ever, beyond connections_max
  std::uint64_t requests = 0;             // ever, upgrades too
  std::uint64_t refused_requests = 0;     // ever: malformed, or beyond a limit
};

// What a server does, called only from within Server::run().
class ServerHandler {
 public:
  ServerHandler() = default;
  ServerHandler(const ServerHandler&) = delete;
  ServerHandler& operator=(const ServerHandler&) = delete;
  virtual ~ServerHandler() = default;

  // Nothing: Server::respond() will follow.
  virtual std::optional<HttpResponse> on_request(RequestId id, const ServerRequest& request) = 0;
  // Whoever asked has hung up before the answer, which no longer matters to anybody; noticed within
  // kLookEvery.
  static constexpr Duration kLookEvery = std::chrono::milliseconds(200);
  virtual void on_gone(RequestId /*id*/) {}  // for who answers at once, nothing can come of it
  // Someone asks for a WebSocket. Nothing: granted, and what is sent to `peer` from now on follows
  // the handshake. A response refuses it, and `peer` is never heard of again.
  virtual std::optional<HttpResponse> on_upgrade(PeerId peer, const ServerRequest& request) = 0;
  // A whole message, as WebSocketListener has it.
  virtual Taken on_message(PeerId peer, std::string_view message, RecvTime ts_recv) = 0;
  // The last call for a granted peer.
  virtual void on_close(PeerId peer, const Error& why) = 0;
};

// HTTP/1.1 and WebSocket, over TLS or plain, on a port or a unix socket. One thread owns it and
// calls run() in a loop. Destroying it closes everything without further calls.
class Server {
 public:
  Server() = default;
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  virtual ~Server() = default;

  // Listens when it returns. Clock and handler outlive the server. A unix socket is made readable
  // by its owner alone; one that a dead process left is replaced, one in use is refused.
  static Result<std::unique_ptr<Server>> open(const ServerOptions& options, const Clock& clock,
                                              ServerHandler& handler);

  // Where it listens, with the real port: "127.0.0.1:43817", "unix:/path/to.sock".
  [[nodiscard]] virtual const std::string& address() const = 0;
  // As Network::run() does.
  virtual std::size_t run(Duration wait_max) = 0;

  // The answer to a request that on_request() left open; nobody waits for it any more: no effect.
  virtual void respond(RequestId id, HttpResponse response) = 0;

  // Queues a text message.
  [[nodiscard]] virtual Sent send(PeerId peer, std::string_view text) = 0;
  virtual void ping(PeerId peer) = 0;
  // What is queued and not yet given to the system; 0 for a peer that is gone.
  [[nodiscard]] virtual std::size_t outbox_bytes(PeerId peer) const = 0;
  // An orderly close with a code of RFC 6455, behind what is queued; on_close() follows.
  virtual void close(PeerId peer, std::uint16_t code, std::string_view reason) = 0;
  // Ends the connection here and now, without a good-bye, as a broken line does; no on_close().
  virtual void cut(PeerId peer) = 0;
  // From now on nothing reaches the peer, no pong either, and what it sends is ignored: a dead line
  // that nobody has noticed. For simulations.
  virtual void silence(PeerId peer) = 0;

  // Serves a connected stream socket that someone else opened. The server owns it from now on.
  virtual void adopt(int socket) = 0;

  [[nodiscard]] virtual ServerStats stats() const = 0;
};

}  // namespace tapeline::net
