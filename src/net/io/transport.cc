// SPDX-License-Identifier: Apache-2.0
#include "net/io/transport.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/ssl/error.hpp>
#include <cerrno>
#include <tuple>
#include <utility>
#include <vector>

#include "net/io/steps.h"

namespace tapeline::net {

Transport::Tls& Transport::start_tls(asio::ssl::context& context) {
  Tls& tls = state_->tls.emplace(state_->socket, context);
  // What OpenSSL is given it takes as a whole, not a record's head and then its body; and a buffer
  // for each record is not made anew.
  SSL_set_read_ahead(tls.native_handle(), 1);
  SSL_clear_mode(tls.native_handle(), SSL_MODE_RELEASE_BUFFERS);
  return tls;
}

void Transport::unread(std::string_view bytes) {
  State& state = *state_;
  std::vector<char> all(bytes.begin(), bytes.end());
  all.insert(all.end(), state.ahead.data() + state.at, state.ahead.data() + state.end);
  state.at = 0;
  state.end = all.size();
  all.resize(state.end + kReadPadding);
  state.ahead = std::move(all);
}

asio::mutable_buffer Transport::State::room() {
  if (at > 0) {
    std::copy(ahead.data() + at, ahead.data() + end, ahead.data());
    end -= at;
    at = 0;
  }
  ahead.resize(std::max(ahead.size(), kReadAheadBytes + kReadPadding));
  return {ahead.data() + end, kReadAheadBytes - std::min(end, kReadAheadBytes)};
}

bool Transport::State::read_ahead() {
  SSL* const ssl = tls ? tls->native_handle() : nullptr;
  if (ssl == nullptr || SSL_is_init_finished(ssl) != 1) return false;
  const std::size_t before = end - at;
  std::size_t bytes = 0;
  ERR_clear_error();
  for (asio::mutable_buffer to = room();
       to.size() > 0 && SSL_read_ex(ssl, to.data(), to.size(), &bytes) == 1; to += bytes) {
    end += bytes;
  }
  // OpenSSL says it once: Asio, which asks again, would not hear what is wrong.
  if (const auto why = ERR_peek_error(); why != 0 && !failure) {
    failure = ErrorCode(static_cast<int>(why), asio::error::get_ssl_category());
  }
  ERR_clear_error();
  return end - at > before;
}

bool Transport::is_stale() const {
  if (state_->at < state_->end) return true;  // nobody has asked for what is there
  char byte = 0;
  const ssize_t read =
      ::recv(state_->socket.native_handle(), &byte, sizeof(byte), MSG_PEEK | MSG_DONTWAIT);
  return read >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

bool Transport::has_hung_up() const {
  pollfd about{.fd = state_->socket.native_handle(), .events = POLLRDHUP, .revents = 0};
  return ::poll(&about, 1, 0) == 1 && (about.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

Task<void> Transport::hang_up(State& state, boost::beast::role_type role) {
  Socket& socket = state.socket;
  Steps steps(socket.get_executor(), [&socket] {
    ErrorCode ignored;
    socket.close(ignored);
  });
  steps.begin("while hanging up", state.hang_up_max);
  // Fails if the peer goes on sending: it is discarded below.
  if (state.tls && !state.is_silent) co_await state.tls->async_shutdown(kAwait);
  ErrorCode error;
  // The server ends the connection, the client waits for that (RFC 6455, 7.1.1).
  if (role == boost::beast::role_type::server) {
    socket.shutdown(asio::socket_base::shutdown_send, error);
  }
  std::array<char, 4096> discarded;
  for (std::size_t all = 0; !error && all < kDiscardedBytesMax;) {
    std::size_t bytes = 0;
    std::tie(error, bytes) = co_await socket.async_read_some(asio::buffer(discarded), kAwait);
    all += bytes;
  }
  steps.end();
  socket.close(error);
}

}  // namespace tapeline::net
