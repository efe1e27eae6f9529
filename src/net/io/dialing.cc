// SPDX-License-Identifier: Apache-2.0
#include "net/io/dialing.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <tuple>
#include <utility>

#include "net/io/failures.h"
#include "net/io/proxy.h"

namespace tapeline::net {
namespace {

constexpr std::size_t kProxyAnswerBytesMax = std::size_t{16} << 10;
constexpr std::size_t kSocketPathBytesMax = 107;  // of the system's address

using Resolver = asio::ip::basic_resolver<asio::ip::tcp, Executor>;

// What comes back from the resolver, whose work cannot be stopped: whoever waited may be gone.
struct Lookup {
  explicit Lookup(const Executor& executor) : resolver(executor) {}

  Resolver resolver;
  ErrorCode error{};
  std::vector<asio::generic::stream_protocol::endpoint> found{};
  bool is_done = false;
  SteadyTimer* waiting = nullptr;
};

std::string where_of(const DialOptions& options) {
  if (!options.unix_socket.empty()) return "unix:" + options.unix_socket;
  return options.url.host_port();
}

}  // namespace

Result<Url> parse_url_to_dial(std::string_view text, std::string_view unix_socket) {
  auto url = parse_url(text);
  if (url && !url->is_secure && !url->is_loopback() && unix_socket.empty()) {
    return fail(Fault::kCaller,
                fmt::format("{}: plain text goes to loopback only: write https:// or wss://",
                            url->host_port()));
  }
  return url;
}

Dialing::Dialing(const Executor& executor, TlsContexts& contexts, DialOptions options)
    : options_(std::move(options)),
      where_(where_of(options_)),
      contexts_(&contexts),
      steps_(executor, [this] { stop_waiting(); }),
      resolved_(executor, SteadyTimer::time_point::max()) {}

void Dialing::abort() {
  is_aborted_ = true;
  stop_waiting();
}

void Dialing::stop_waiting() {
  resolved_.cancel();
  if (transport_) transport_->close();
}

std::optional<Error> Dialing::interruption() const {
  if (steps_.has_expired()) return steps_.timed_out(where_);
  if (is_aborted_) return Error{Fault::kCaller, Retry::kNever, where_ + ": closed by us"};
  return std::nullopt;
}

Task<Result<Transport>> Dialing::run() {
  const Result<void> reached = co_await reach();
  steps_.end();
  if (const auto error = interruption()) co_return tl::make_unexpected(*error);
  if (!reached) co_return tl::make_unexpected(reached.error());
  Transport transport = std::move(*transport_);
  transport_.reset();  // from here on it is the caller's to close
  co_return transport;
}

Task<Result<void>> Dialing::reach() {
  if (!options_.unix_socket.empty()) {
    if (options_.unix_socket.size() > kSocketPathBytesMax) {
      co_return fail(Fault::kCaller, fmt::format("{}: the path has more than {} bytes", where_,
                                                 kSocketPathBytesMax));
    }
    std::vector<Endpoint> endpoint{asio::local::stream_protocol::endpoint(options_.unix_socket)};
    co_return co_await connect(std::move(endpoint));
  }
  HostPort to{options_.url.host, options_.url.port};
  std::optional<Proxy> proxy;
  std::string through;
  if (!options_.trust.proxy.empty()) {
    auto parsed = parse_proxy(options_.trust.proxy);
    if (!parsed) co_return tl::make_unexpected(parsed.error().within(where_));
    to = parsed->at;
    proxy = std::move(*parsed);
    through = format_host_port(to.host, to.port);
    where_ += ": the proxy " + through;  // until it is reached, what fails is the way there
  }
  auto endpoints = co_await resolve(to);
  if (!endpoints) co_return tl::make_unexpected(endpoints.error());
  auto connected = co_await connect(std::move(*endpoints));
  if (!connected) co_return connected;
  if (proxy) {
    where_ = options_.url.host_port() + " through the proxy " + through;
    auto granted = co_await ask_proxy(*proxy);
    if (!granted) co_return granted;
  }
  if (!options_.url.is_secure) co_return Result<void>();
  co_return co_await agree_on_tls();
}

Task<Result<std::vector<Dialing::Endpoint>>> Dialing::resolve(HostPort to) {
  ErrorCode no_address;
  const auto address = asio::ip::make_address(to.host, no_address);
  if (!no_address) {
    co_return std::vector<Endpoint>{asio::ip::tcp::endpoint(address, to.port)};
  }
  steps_.begin("while resolving its name", options_.step_deadline);
  const auto lookup = std::make_shared<Lookup>(resolved_.get_executor());
  lookup->waiting = &resolved_;
  lookup->resolver.async_resolve(
      to.host, std::to_string(to.port),
      [lookup](const ErrorCode& error, const Resolver::results_type& results) {
        lookup->error = error;
        lookup->is_done = true;
        for (const auto& result : results) lookup->found.emplace_back(result.endpoint());
        if (lookup->waiting != nullptr) lookup->waiting->cancel();
      });
  co_await resolved_.async_wait(kAwait);
  lookup->waiting = nullptr;
  if (const auto error = interruption()) co_return tl::make_unexpected(*error);
  if (lookup->error) co_return tl::make_unexpected(resolve_failed(where_, lookup->error));
  co_return std::move(lookup->found);
}

Task<Result<void>> Dialing::connect(std::vector<Endpoint> endpoints) {
  if (endpoints.size() > kAddressesMax) endpoints.resize(kAddressesMax);
  // One address that swallows what it gets leaves time for the others.
  const Duration part = options_.step_deadline / std::max<std::size_t>(endpoints.size(), 1);
  Error failure{Fault::kTheirs, Retry::kAfterBackoff, where_ + ": its name has no address"};
  for (const Endpoint& endpoint : endpoints) {
    steps_.begin("while connecting", part);
    ErrorCode error;
    Socket socket(resolved_.get_executor());
    socket.open(endpoint.protocol(), error);
    transport_.emplace(std::move(socket));
    if (!error) std::tie(error) = co_await transport_->socket().async_connect(endpoint, kAwait);
    if (is_aborted_) break;
    if (!error && !steps_.has_expired()) {
      // A message is written whole: there is nothing to wait for. (A unix socket has no such
      // thing.)
      transport_->socket().set_option(asio::ip::tcp::no_delay(true), error);
      co_return Result<void>();
    }
    failure = steps_.has_expired() ? steps_.timed_out(where_) : connect_failed(where_, error);
  }
  co_return tl::make_unexpected(failure);
}

Task<Result<void>> Dialing::ask_proxy(Proxy proxy) {
  steps_.begin("while waiting for the proxy", options_.step_deadline);
  const std::string host_port = options_.url.host_port();
  std::string text = connect_request(proxy, host_port);
  auto [error, written] = co_await asio::async_write(*transport_, asio::buffer(text), kAwait);
  std::size_t read = 0;
  text.clear();
  if (!error) {
    std::tie(error, read) = co_await asio::async_read_until(
        *transport_, asio::dynamic_buffer(text, kProxyAnswerBytesMax), "\r\n\r\n", kAwait);
  }
  if (const auto interrupted = interruption()) co_return tl::make_unexpected(*interrupted);
  if (error == asio::error::not_found) {
    co_return fail(Fault::kTheirs,
                   fmt::format("{}: the proxy's answer has more than {} bytes: set another one",
                               where_, kProxyAnswerBytesMax),
                   Retry::kAfterBackoff);
  }
  const bool has_hung_up = error == asio::error::eof || error == asio::error::connection_reset;
  if (has_hung_up && !text.empty() && !text.starts_with("HTTP/")) {
    co_return read_connect_answer(text, proxy, host_port);  // it says what that is
  }
  if (has_hung_up) {
    co_return fail(Fault::kTheirs,
                   fmt::format("{}: it hung up before it answered ({}): check that it is an HTTP "
                               "proxy, or try again later",
                               where_, error.message()),
                   Retry::kAfterBackoff);
  }
  if (error) {
    co_return tl::make_unexpected(broken(where_, "while waiting for the proxy", error));
  }
  // A refusal often brings a page along.
  auto granted = read_connect_answer(std::string_view(text).substr(0, read), proxy, host_port);
  // Who calls speaks first: there is nothing to read behind a tunnel's beginning.
  if (granted && read != text.size()) {
    co_return fail(Fault::kTheirs,
                   where_ + ": the proxy says more than its answer: set another one",
                   Retry::kAfterBackoff);
  }
  co_return granted;
}

Task<Result<void>> Dialing::agree_on_tls() {
  steps_.begin("during the TLS handshake", options_.step_deadline);
  const auto context = contexts_->of(options_.trust.ca_file);
  if (!context) co_return tl::make_unexpected(context.error().within(where_));
  Transport::Tls& tls = transport_->start_tls(**context);
  const auto expected = expect_peer(tls.native_handle(), options_.url.host);
  if (!expected) co_return tl::make_unexpected(expected.error());
  const auto [error] = co_await tls.async_handshake(asio::ssl::stream_base::client, kAwait);
  if (const auto interrupted = interruption()) co_return tl::make_unexpected(*interrupted);
  if (error) {
    co_return tl::make_unexpected(
        tls_failed(tls.native_handle(), error, where_, options_.trust.ca_file));
  }
  co_return Result<void>();
}

}  // namespace tapeline::net
