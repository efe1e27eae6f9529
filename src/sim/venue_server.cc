// SPDX-License-Identifier: Apache-2.0
#include "sim/venue_server.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "net/url.h"

namespace tapeline::sim {
namespace {

constexpr std::uint16_t kNormalClosure = 1000;

// Whom a client may call it: by the loopback's names and by where it listens.
net::CertificateOptions certificate_for(const std::string& listen) {
  net::CertificateOptions options;
  const auto address = net::parse_host_port(listen);
  if (!address) return options;  // a unix socket has no name; what is no address fails to open
  const auto known = std::find(options.names.begin(), options.names.end(), address->host);
  if (known == options.names.end()) options.names.push_back(address->host);
  return options;
}

net::HttpResponse response_of(Answer answer) {
  net::HttpResponse response{.status = answer.status, .headers = std::move(answer.headers)};
  response.headers.emplace_back("Content-Type", answer.content_type);
  response.body = std::move(answer.body);
  return response;
}

}  // namespace

Result<std::unique_ptr<VenueServer>> VenueServer::open(const VenueServerOptions& options,
                                                       const Clock& clock) {
  auto authority = net::Authority::make(clock.wall());
  if (!authority) return tl::make_unexpected(authority.error());
  auto identity = authority->issue(certificate_for(options.listen));
  if (!identity) return tl::make_unexpected(identity.error());
  auto exchange = Exchange::make(options.exchange, EventTime(clock.wall().unix_ns()));
  if (!exchange) return tl::make_unexpected(exchange.error());
  std::unique_ptr<VenueServer> made(
      new VenueServer(clock, std::move(*authority), std::move(*exchange)));
  auto server = net::Server::open({.listen = options.listen,
                                   .identity = std::move(*identity),
                                   .limits = {.connections_max = Exchange::kConnectionsMax}},
                                  clock, *made);
  if (!server) return tl::make_unexpected(server.error());
  made->server_ = std::move(*server);
  return made;
}

std::size_t VenueServer::run(Duration wait_max) {
  exchange_->advance(now());
  const std::size_t sent = send_due();
  return sent + server_->run(wait_for(wait_max));
}

Duration VenueServer::wait_for(Duration wait_max) const {
  if (is_blocked_) return std::min(wait_max, kPace);
  const EventTime next = exchange_->next_at();
  const EventTime present = now();
  const Duration until = next > present ? next - present : Duration(0);
  return std::min(wait_max, std::max(until, kPace));
}

std::size_t VenueServer::send_due() {
  is_blocked_ = false;
  std::size_t done = 0;
  for (auto at = peers_.begin(); at != peers_.end();) {
    const Passed passed = pass_on(at->first, at->second, done);
    is_blocked_ |= passed == Passed::kBlocked;
    at = passed == Passed::kEnded ? peers_.erase(at) : std::next(at);
  }
  return done;
}

VenueServer::Passed VenueServer::pass_on(net::PeerId id, Peer& peer, std::size_t& done) {
  for (Frame frame; server_->outbox_bytes(id) < kQueuedBytesMax; ++done) {
    if (!exchange_->take(peer.connection, frame)) {
      if (peer.is_silenced || !exchange_->is_silent(peer.connection)) return Passed::kAll;
      // What was said before still leaves.
      if (server_->outbox_bytes(id) > 0) return Passed::kBlocked;
      server_->silence(id);
      peer.is_silenced = true;
      return Passed::kAll;
    }
    switch (frame.kind) {
      case FrameKind::kData:
      case FrameKind::kControl:
        // A peer that is gone is about to be told so.
        TAPELINE_CHECK(server_->send(id, frame.text) != net::Sent::kFull,
                       "a queue below kQueuedBytesMax has room for a frame");
        break;
      case FrameKind::kPing:
        server_->ping(id);
        break;
      case FrameKind::kClose:
        server_->close(id, kNormalClosure, frame.text);
        return Passed::kEnded;
      case FrameKind::kCut:
        server_->cut(id);
        return Passed::kEnded;
    }
  }
  if (!exchange_->end_if_due(peer.connection)) return Passed::kBlocked;
  server_->cut(id);
  return Passed::kEnded;
}

std::optional<net::HttpResponse> VenueServer::on_request(net::RequestId /*id*/,
                                                         const net::ServerRequest& request) {
  return response_of(exchange_->answer(
      {.method = request.method, .target = request.target, .body = request.body}, now()));
}

std::optional<net::HttpResponse> VenueServer::on_upgrade(net::PeerId peer,
                                                         const net::ServerRequest& request) {
  if (const auto refusal = exchange_->refuse(request.target)) return response_of(*refusal);
  const auto connection = exchange_->connect(request.target, now());
  if (!connection) {
    return response_of({.status = 404,
                        .content_type = "text/plain",
                        .body = "no such stream here, or no room for one more connection\n"});
  }
  peers_.emplace(peer, Peer{.connection = *connection});
  return std::nullopt;
}

net::Taken VenueServer::on_message(net::PeerId peer, std::string_view message,
                                   RecvTime /*ts_recv*/) {
  const auto at = peers_.find(peer);
  if (at != peers_.end()) exchange_->receive(at->second.connection, message, now());
  return net::Taken::kYes;
}

void VenueServer::on_close(net::PeerId peer, const Error& /*why*/) {
  const auto at = peers_.find(peer);
  if (at == peers_.end()) return;
  exchange_->disconnect(at->second.connection, now());
  peers_.erase(at);
}

}  // namespace tapeline::sim
