// SPDX-License-Identifier: Apache-2.0
#include "net/net_fixture.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "base/check.h"

namespace tapeline::net {

TempFile::TempFile(std::string_view content) : path_("/tmp/tapeline_net_XXXXXX") {
  const int file = ::mkstemp(path_.data());
  TAPELINE_CHECK(file >= 0, "a temporary file can be made");
  const ssize_t written = ::write(file, content.data(), content.size());
  TAPELINE_CHECK(written == static_cast<ssize_t>(content.size()), "and written");
  ::close(file);
}

TempFile::~TempFile() { ::unlink(path_.c_str()); }

Authority authority_or_die() {
  auto authority = Authority::make(SystemClock().wall());
  TAPELINE_CHECK(authority.has_value(), "OpenSSL makes an authority");
  return std::move(*authority);
}

Identity identity_or_die(const Authority& authority, const CertificateOptions& options) {
  auto identity = authority.issue(options);
  TAPELINE_CHECK(identity.has_value(), "OpenSSL issues a certificate");
  return std::move(*identity);
}

void KeepingListener::on_open() {
  ++opens;
  at_open();
}

Taken KeepingListener::on_message(std::string_view message, RecvTime ts_recv) {
  stamps.push_back(ts_recv);
  behind.assign(message.data() + message.size(), kReadPadding);
  const Taken taken = take(message);
  if (taken == Taken::kYes) messages.emplace_back(message);
  return taken;
}

void KeepingListener::on_close(const Error& why) {
  EXPECT_FALSE(closed) << "on_close() is the last call";
  closed = why;
  at_close();
}

std::optional<HttpResponse> EchoHandler::on_request(RequestId id, const ServerRequest& request) {
  requests.push_back(request);
  request_ids.push_back(id);
  if (answer) return answer(request);
  return HttpResponse{.body = request.method + " " + request.target + " " + request.body};
}

std::optional<HttpResponse> EchoHandler::on_upgrade(PeerId peer, const ServerRequest& request) {
  requests.push_back(request);
  if (grant) {
    if (auto refusal = grant(request)) return refusal;
  }
  peers.push_back(peer);
  return std::nullopt;
}

Taken EchoHandler::on_message(PeerId peer, std::string_view message, RecvTime /*ts_recv*/) {
  const Taken taken = take(message);
  if (taken == Taken::kLater) return taken;
  messages.emplace_back(message);
  if (echoes) {
    EXPECT_EQ(server->send(peer, message), Sent::kYes);
  }
  return taken;
}

void EchoHandler::on_close(PeerId /*peer*/, const Error& why) { closed.push_back(why); }

World::World(ServerOptions options, bool with_tls) : is_secure(with_tls) {
  if (with_tls && !options.identity) options.identity = identity_or_die(authority);
  auto opened = Server::open(options, clock, handler);
  TAPELINE_CHECK(opened.has_value(), opened ? "" : opened.error().text.c_str());
  server = std::move(*opened);
  handler.server = server.get();
  network = make_network(clock);
}

bool World::run_until(const std::function<bool()>& holds) {
  const std::int64_t end_ns = clock.monotonic_ns() + kPatience.count();
  while (!holds()) {
    if (clock.monotonic_ns() > end_ns) return false;
    std::size_t done = server->run(Duration(0));
    for (Stepping* const other : others) other->step();
    done += network->run(Duration(0));
    if (done == 0) network->run(std::chrono::milliseconds(1));
  }
  return true;
}

void World::settle() {
  int quiet = 0;
  const bool settled = run_until([&] { return ++quiet > 20; });
  TAPELINE_CHECK(settled, "twenty rounds take no time");
}

std::string World::url(std::string_view scheme, std::string_view target) const {
  const std::string& address = server->address();
  const std::size_t colon = address.rfind(':');
  return fmt::format("{}{}://localhost{}{}", scheme, is_secure ? "s" : "", address.substr(colon),
                     target);
}

WebSocketOptions World::web_socket(std::string_view target) const {
  return WebSocketOptions{.url = url("ws", target), .trust = {.ca_file = ca_file.path()}};
}

HttpRequest World::get(std::string_view target) const {
  return HttpRequest{.url = url("http", target), .trust = {.ca_file = ca_file.path()}};
}

Result<HttpResponse> World::fetch(HttpRequest request) {
  // The other owner is the callback, which comes later than this returns if the patience ends.
  const auto response = std::make_shared<std::optional<Result<HttpResponse>>>();
  network->fetch(std::move(request),
                 [response](const Result<HttpResponse>& answer) { *response = answer; });
  EXPECT_FALSE(*response) << "never from within fetch()";
  if (!run_until([&] { return response->has_value(); })) return fail(Fault::kOurs, "no answer");
  return **response;
}

Error World::error_of_opening(const WebSocketOptions& options) {
  KeepingListener listener;
  const auto web_socket = network->open(options, listener);
  EXPECT_TRUE(run_until([&] { return listener.closed.has_value() || listener.opens > 0; }));
  EXPECT_EQ(listener.opens, 0);
  return listener.closed.value_or(Error{});
}

}  // namespace tapeline::net
