// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/thread_sanitizer.h"
#include "net/authority.h"
#include "net/http.h"
#include "net/network.h"
#include "net/server.h"
#include "net/websocket.h"

namespace tapeline::net {

// What tests of the network share. Everything runs on the test's own thread over loopback; only
// run_until() waits, for at most kPatience.
inline constexpr Duration kPatience = std::chrono::seconds(kHasThreadSanitizer ? 60 : 20);

// A file that goes with it.
class TempFile {
 public:
  explicit TempFile(std::string_view content);
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  ~TempFile();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Authority authority_or_die();
Identity identity_or_die(const Authority& authority, const CertificateOptions& options = {});

// Keeps what it hears.
class KeepingListener final : public WebSocketListener {
 public:
  void on_open() override;
  Taken on_message(std::string_view message, RecvTime ts_recv) override;
  void on_close(const Error& why) override;

  [[nodiscard]] std::string error() const { return closed ? closed->text : "(not closed)"; }

  int opens = 0;
  std::vector<std::string> messages;
  std::vector<RecvTime> stamps;  // of each call of on_message(), taken or not
  std::optional<Error> closed;
  std::string behind;  // the padding of the last message
  std::function<void()> at_open = [] {};
  std::function<void()> at_close = [] {};
  std::function<Taken(std::string_view)> take = [](std::string_view) { return Taken::kYes; };
};

// Answers with what `answer` says and echoes the messages of WebSockets.
class EchoHandler final : public ServerHandler {
 public:
  std::optional<HttpResponse> on_request(RequestId id, const ServerRequest& request) override;
  void on_gone(RequestId id) override { gone.push_back(id); }
  std::optional<HttpResponse> on_upgrade(PeerId peer, const ServerRequest& request) override;
  Taken on_message(PeerId peer, std::string_view message, RecvTime ts_recv) override;
  void on_close(PeerId peer, const Error& why) override;

  Server* server = nullptr;
  std::vector<ServerRequest> requests;
  std::vector<RequestId> request_ids;
  std::vector<RequestId> gone;
  std::vector<PeerId> peers;  // ever granted
  std::vector<std::string> messages;
  std::vector<Error> closed;
  bool echoes = true;
  std::function<std::optional<HttpResponse>(const ServerRequest&)> answer;
  std::function<std::optional<HttpResponse>(const ServerRequest&)> grant;
  std::function<Taken(std::string_view)> take = [](std::string_view) { return Taken::kYes; };
};

// Something else that moves bytes beside network and server.
class Stepping {
 public:
  Stepping() = default;
  Stepping(const Stepping&) = delete;
  Stepping& operator=(const Stepping&) = delete;
  virtual ~Stepping() = default;

  virtual void step() = 0;
};

// A server with its authority, a client network, and the loop over both.
class World {
 public:
  explicit World(ServerOptions options = {}, bool with_tls = true);

  // Runs all until it holds, or the patience ends: false.
  bool run_until(const std::function<bool()>& holds);
  // Runs until nothing more happens.
  void settle();

  [[nodiscard]] std::string url(std::string_view scheme, std::string_view target) const;
  // Of this server, trusting its authority; "ws" or "wss" as it speaks.
  [[nodiscard]] WebSocketOptions web_socket(std::string_view target = "/") const;
  [[nodiscard]] HttpRequest get(std::string_view target = "/") const;
  Result<HttpResponse> fetch(HttpRequest request);
  // Opens one, and gives how it went.
  [[nodiscard]] Error error_of_opening(const WebSocketOptions& options);

  SystemClock clock;
  Authority authority = authority_or_die();
  TempFile ca_file{authority.certificate_pem()};
  EchoHandler handler;
  std::unique_ptr<Server> server;
  std::unique_ptr<Network> network;
  std::vector<Stepping*> others;
  bool is_secure;
};

}  // namespace tapeline::net
