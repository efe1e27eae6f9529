// SPDX-License-Identifier: Apache-2.0
#include "net/io/http_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

#include "net/io/dialing.h"
#include "net/io/failures.h"
#include "net/io/header_rules.h"
#include "net/io/spawn.h"
#include "net/network.h"

namespace tapeline::net {
namespace {

namespace http = boost::beast::http;
using ResponseParser = http::response_parser<http::string_body>;

constexpr unsigned kHttp11 = 11;

Result<Url> check_request(const HttpRequest& request) {
  auto url = parse_url_to_dial(request.url, request.unix_socket);
  if (url && url->is_websocket) {
    return fail(Fault::kCaller, url->host_port() + ": HTTP begins with https:// or http://");
  }
  if (url && !are_sendable(Headers{{request.method, ""}})) {
    return fail(Fault::kCaller, url->host_port() + ": the HTTP method is no word");
  }
  if (url && !are_sendable(request.headers)) {
    return fail(Fault::kCaller, url->host_port() + ": a header of the request cannot be sent");
  }
  return url;
}

http::request<http::string_body> message_of(const HttpRequest& request, const Url& url) {
  http::request<http::string_body> message;
  message.version(kHttp11);
  message.method_string(request.method);
  message.target(url.target);
  message.set(http::field::host, url.host_header());
  message.set(http::field::user_agent, "tapeline");
  for (const auto& [name, value] : request.headers) message.set(name, value);
  message.body() = request.body;
  message.prepare_payload();
  return message;
}

HttpResponse response_of(http::response<http::string_body> message) {
  HttpResponse response;
  response.status = static_cast<int>(message.result_int());
  for (const auto& field : message) {
    const auto name = field.name_string();
    response.headers.emplace_back(std::string(name.data(), name.size()),
                                  std::string(field.value().data(), field.value().size()));
  }
  response.body = std::move(message.body());
  return response;
}

// Repeating it changes nothing: it may be sent again when a kept connection turns out dead.
bool is_repeatable(const HttpRequest& request) {
  return request.method == "GET" || request.method == "HEAD";
}

}  // namespace

struct HttpClient::Exchange {
  Exchange(const Executor& executor, HttpRequest what, OnResponse whom)
      : request(std::move(what)),
        on_response(std::move(whom)),
        deadline(executor, [this] { abort(); }),
        buffer(2 * kHeaderBytesMax) {}

  void abort() {
    if (dialing) dialing->abort();
    if (transport) transport->close();
  }

  HttpRequest request;
  OnResponse on_response;
  Steps deadline;
  Url url{};
  std::string key{};
  std::string where = "the HTTP request";
  std::optional<Dialing> dialing{};
  std::optional<Transport> transport{};
  boost::beast::flat_buffer buffer;
  bool is_answered = false;  // in part at least
};

void HttpClient::fetch(HttpRequest request, OnResponse on_response) {
  ++under_way_;
  auto exchange = std::make_shared<Exchange>(world_.loop.executor(), std::move(request),
                                             std::move(on_response));
  spawn(world_.loop.executor(), [this, exchange] { return run(exchange); });
}

Task<void> HttpClient::run(std::shared_ptr<Exchange> exchange) {
  Result<HttpResponse> response =
      fail(Fault::kOurs,
           fmt::format("more than {} HTTP requests are under way: ask again when some are "
                       "answered",
                       Network::kFetchesMax),
           Retry::kAfterBackoff);
  if (under_way_ <= Network::kFetchesMax) response = co_await perform(*exchange);
  if (exchange->deadline.has_expired()) {
    response = tl::make_unexpected(exchange->deadline.timed_out(exchange->where));
  }
  exchange->deadline.end();
  --under_way_;
  exchange->on_response(response);
}

Task<Result<HttpResponse>> HttpClient::perform(Exchange& exchange) {
  const HttpRequest& request = exchange.request;
  auto url = check_request(request);
  if (!url) co_return tl::make_unexpected(url.error());
  exchange.url = std::move(*url);
  exchange.where = exchange.url.host_port();
  exchange.key = fmt::format("{}\n{}\n{}\n{}\n{}", exchange.url.is_secure, exchange.where,
                             request.unix_socket, request.trust.proxy, request.trust.ca_file);
  exchange.deadline.begin("to an HTTP request", request.deadline);
  exchange.transport = take_idle(exchange.key);
  if (exchange.transport) {
    auto response = co_await talk(exchange);
    const bool is_dead = !response && !exchange.is_answered && !exchange.deadline.has_expired();
    if (!is_dead || !is_repeatable(request)) co_return response;
  }
  auto reached = co_await reach(exchange);
  if (!reached) co_return tl::make_unexpected(reached.error());
  co_return co_await talk(exchange);
}

Task<Result<void>> HttpClient::reach(Exchange& exchange) {
  const HttpRequest& request = exchange.request;
  exchange.transport.reset();
  exchange.dialing.emplace(world_.loop.executor(), world_.contexts,
                           DialOptions{.url = exchange.url,
                                       .trust = request.trust,
                                       .unix_socket = request.unix_socket,
                                       .step_deadline = request.deadline});
  auto dialed = co_await exchange.dialing->run();
  exchange.where = exchange.dialing->where();
  if (!dialed) co_return tl::make_unexpected(dialed.error());
  exchange.transport.emplace(std::move(*dialed));
  co_return Result<void>();
}

Task<Result<HttpResponse>> HttpClient::talk(Exchange& exchange) {
  const auto message = message_of(exchange.request, exchange.url);
  const auto [error, written] = co_await http::async_write(*exchange.transport, message, kAwait);
  if (error) {
    co_return tl::make_unexpected(broken(exchange.where, "while sending an HTTP request", error));
  }
  for (int i = 0; i < kInterimAnswersMax; ++i) {
    auto response = co_await read_answer(exchange);
    if (!response || response->status >= 200) co_return response;
  }
  co_return fail(Fault::kTheirs, exchange.where + ": too many interim answers: try again later",
                 Retry::kAfterBackoff);
}

Task<Result<HttpResponse>> HttpClient::read_answer(Exchange& exchange) {
  ResponseParser parser;
  parser.header_limit(kHeaderBytesMax);
  parser.body_limit(exchange.request.body_bytes_max);
  if (exchange.request.method == "HEAD") parser.skip(true);
  const auto [error, read] =
      co_await http::async_read(*exchange.transport, exchange.buffer, parser, kAwait);
  exchange.is_answered = exchange.is_answered || parser.got_some();
  if (error == http::error::body_limit) {
    co_return fail(Fault::kTheirs,
                   fmt::format("{}: the answer has more than {} bytes: ask for less",
                               exchange.where, exchange.request.body_bytes_max));
  }
  if (error.category() == http::make_error_code(http::error::bad_value).category() &&
      error != http::error::end_of_stream && error != http::error::partial_message) {
    co_return fail(Fault::kTheirs,
                   fmt::format("{}: what came is no HTTP answer ({}): check the URL",
                               exchange.where, error.message()),
                   Retry::kAfterBackoff);
  }
  if (error) {
    co_return tl::make_unexpected(
        broken(exchange.where, "before its HTTP answer was complete", error));
  }
  const RecvTime ts_recv = world_.clock.wall();
  world_.loop.note_message();
  const bool is_final = parser.get().result_int() >= 200;
  const bool may_go_on = parser.keep_alive() && exchange.buffer.size() == 0;
  HttpResponse response = response_of(parser.release());
  response.ts_recv = ts_recv;
  if (is_final && may_go_on) keep(exchange);
  co_return response;
}

void HttpClient::keep(Exchange& exchange) {
  drop_old();
  if (idle_.size() >= kIdleMax) {
    idle_.erase(std::min_element(idle_.begin(), idle_.end(), [](const auto& a, const auto& b) {
      return a.second.since_ns < b.second.since_ns;
    }));
  }
  idle_.emplace(exchange.key, Idle{std::move(*exchange.transport), world_.clock.monotonic_ns()});
  exchange.transport.reset();
}

std::optional<Transport> HttpClient::take_idle(const std::string& key) {
  drop_old();
  for (auto found = idle_.find(key); found != idle_.end(); found = idle_.find(key)) {
    Transport transport = std::move(found->second.transport);
    idle_.erase(found);
    if (!transport.is_stale()) return transport;
  }
  return std::nullopt;
}

void HttpClient::drop_old() {
  const std::int64_t oldest = world_.clock.monotonic_ns() - kIdleTimeMax.count();
  std::erase_if(idle_, [&](const auto& kept) { return kept.second.since_ns < oldest; });
}

}  // namespace tapeline::net
