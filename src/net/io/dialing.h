// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "net/http.h"
#include "net/io/asio.h"
#include "net/io/proxy.h"
#include "net/io/steps.h"
#include "net/io/tls.h"
#include "net/io/transport.h"
#include "net/url.h"

namespace tapeline::net {

// What a client may be asked to open: plain text goes no further than this machine.
Result<Url> parse_url_to_dial(std::string_view text, std::string_view unix_socket);

struct DialOptions {
  Url url{};
  Trust trust{};
  std::string unix_socket{};  // instead of the URL's host and port
  Duration step_deadline = std::chrono::seconds(10);
};

// One attempt to reach a server: resolve, connect, ask the proxy, agree on TLS; each with the
// deadline.
class Dialing {
 public:
  static constexpr std::size_t kAddressesMax = 8;  // of one name; more are not tried

  // The contexts outlive it.
  Dialing(const Executor& executor, TlsContexts& contexts, DialOptions options);

  // Once; the Dialing lives until it ends.
  Task<Result<Transport>> run();
  // Ends what it waits for: run() fails soon.
  void abort();

  // Whom to name in errors: "host:port", with the proxy or the socket.
  [[nodiscard]] const std::string& where() const { return where_; }

 private:
  using Endpoint = asio::generic::stream_protocol::endpoint;

  Task<Result<std::vector<Endpoint>>> resolve(HostPort to);
  Task<Result<void>> connect(std::vector<Endpoint> endpoints);
  Task<Result<void>> ask_proxy(Proxy proxy);
  Task<Result<void>> agree_on_tls();
  Task<Result<void>> reach();
  void stop_waiting();
  [[nodiscard]] std::optional<Error> interruption() const;

  DialOptions options_;
  std::string where_;
  TlsContexts* contexts_;
  Steps steps_;
  SteadyTimer resolved_;  // never expires: cancelled when there is something to see
  std::optional<Transport> transport_;
  bool is_aborted_ = false;
};

}  // namespace tapeline::net
