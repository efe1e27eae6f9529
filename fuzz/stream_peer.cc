// SPDX-License-Identifier: Apache-2.0
#include "stream_peer.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/check.h"

namespace tapeline::fuzz {

StreamPeer::~StreamPeer() { ::close(socket_); }

int StreamPeer::pair(int& given_away) {
  std::array<int, 2> sockets{};
  const int made =
      ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, sockets.data());
  TAPELINE_CHECK(made == 0, "the system has a pair of sockets");
  given_away = sockets[1];
  return sockets[0];
}

std::size_t StreamPeer::say(std::string_view bytes) {
  const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) has_ended_ = true;
  return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

void StreamPeer::finish() { ::shutdown(socket_, SHUT_WR); }

bool StreamPeer::hear() {
  std::array<char, 65536> piece;
  const ssize_t read = ::recv(socket_, piece.data(), piece.size(), 0);
  if (read < 0 && errno == EAGAIN) return false;
  if (read > 0) heard_.append(piece.data(), static_cast<std::size_t>(read));
  const bool is_news = read > 0 || !has_ended_;
  has_ended_ = has_ended_ || read <= 0;
  return is_news;
}

std::uint8_t Script::choice() {
  if (left_.empty()) return 0;
  const auto out = static_cast<std::uint8_t>(left_.front());
  left_.remove_prefix(1);
  return out;
}

std::string_view Script::piece(std::uint8_t how) {
  // 0: all at once.
  const std::size_t size = how == 0 ? left_.size() : how;
  const std::string_view out = left_.substr(0, size);
  left_.remove_prefix(out.size());
  return out;
}

}  // namespace tapeline::fuzz
