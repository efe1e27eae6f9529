// SPDX-License-Identifier: Apache-2.0
#include "net/raw_peer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <thread>

#include "base/check.h"

namespace tapeline::net {
namespace {

constexpr std::string_view kUnixAddress = "unix:";
constexpr std::size_t kPieceBytes = std::size_t{64} << 10;
constexpr int kReceiveBytes = 64 << 10;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

const sockaddr* plain(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

int listening_socket(int backlog, std::uint16_t& port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof(address);
  TAPELINE_CHECK(::bind(socket, plain(address), sizeof(address)) == 0, "loopback has a port");
  TAPELINE_CHECK(::listen(socket, backlog) == 0, "a socket listens");
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
  return socket;
}

// Of "127.0.0.1:PORT".
std::uint16_t port_in(const std::string& address) {
  return static_cast<std::uint16_t>(std::atoi(address.c_str() + address.rfind(':') + 1));
}

std::string base64_of(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

}  // namespace

RawSocket::~RawSocket() { hang_up(); }

std::unique_ptr<RawSocket> RawSocket::connect_to(const std::string& address) {
  int socket = -1;
  int connected = -1;
  if (address.starts_with(kUnixAddress)) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    address.copy(to.sun_path, sizeof(to.sun_path) - 1, kUnixAddress.size());
    socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    connected = ::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof(to));
  } else {
    const sockaddr_in to = loopback(port_in(address));
    socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    // One that hears nothing is full soon; the window is agreed on with the connection.
    ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &kReceiveBytes, sizeof(kReceiveBytes));
    connected = ::connect(socket, plain(to), sizeof(to));
  }
  TAPELINE_CHECK(connected == 0, "the server listens");
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  ::fcntl(socket, F_SETFL, O_NONBLOCK);
  return std::make_unique<RawSocket>(socket);
}

void RawSocket::step() {
  if (socket_ < 0) return;
  if (rest_per_step > Duration()) std::this_thread::sleep_for(rest_per_step);
  if (unsaid_.empty()) unsaid_ = repeated_;
  const std::size_t bytes = bytes_per_step == 0 ? kPieceBytes : bytes_per_step;
  if (!unsaid_.empty()) {
    const ssize_t sent =
        ::send(socket_, unsaid_.data(), std::min(unsaid_.size(), bytes), MSG_NOSIGNAL);
    if (sent > 0) unsaid_.erase(0, static_cast<std::size_t>(sent));
    if (sent < 0 && errno != EAGAIN) has_ended_ = true;
  }
  if (!hears) return;
  std::array<char, kPieceBytes> piece;
  const ssize_t read = ::recv(socket_, piece.data(), piece.size(), 0);
  if (read > 0) heard_.append(piece.data(), static_cast<std::size_t>(read));
  if (read == 0 || (read < 0 && errno != EAGAIN)) has_ended_ = true;
}

void RawSocket::hang_up() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

void RawSocket::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  hang_up();
}

RawServer::RawServer() : socket_(listening_socket(SOMAXCONN, port_)) {}
RawServer::~RawServer() { ::close(socket_); }

std::string RawServer::address() const { return fmt::format("127.0.0.1:{}", port_); }

std::string RawServer::url(std::string_view scheme) const {
  return fmt::format("{}://127.0.0.1:{}/", scheme, port_);
}

void RawServer::step() {
  const int accepted = ::accept4(socket_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (accepted >= 0) sockets.push_back(std::make_unique<RawSocket>(accepted));
  for (const auto& socket : sockets) {
    const std::size_t heard = socket->heard().size();
    socket->step();
    if (socket->heard().size() > heard) on_bytes(*socket);
  }
}

FullQueue::FullQueue() {
  sockets_.push_back(listening_socket(0, port_));
  const sockaddr_in to = loopback(port_);
  // The system rounds a queue up.
  for (int i = 0; i < 8; ++i) {
    sockets_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    ::connect(sockets_.back(), plain(to), sizeof(to));
  }
}

FullQueue::~FullQueue() {
  for (const int socket : sockets_) ::close(socket);
}

std::string FullQueue::address() const { return fmt::format("127.0.0.1:{}", port_); }

std::string bytes_of(const RawFrame& frame) {
  constexpr std::string_view kMask = "\x11\x22\x33\x44";
  std::string out(1, static_cast<char>(frame.first));
  const std::uint64_t size = frame.payload.size();
  const std::uint8_t mask = frame.is_masked ? 0x80 : 0;
  const int bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
  const std::uint8_t code = bytes == 0 ? static_cast<std::uint8_t>(size) : bytes == 2 ? 126 : 127;
  out += static_cast<char>(mask | code);
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(size >> (8 * i) & 0xFF);
  if (!frame.is_masked) return out + frame.payload;
  out += kMask;
  for (std::size_t i = 0; i < size; ++i) {
    out += static_cast<char>(frame.payload[i] ^ kMask[i % kMask.size()]);
  }
  return out;
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
  std::string out{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
  return out.append(reason);
}

std::string upgrade_request(std::string_view more_headers) {
  return fmt::format(
      "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{}\r\n",
      more_headers);
}

std::string upgrade_answer(std::string_view request) {
  constexpr std::string_view kName = "Sec-WebSocket-Key: ";
  const std::size_t at = request.find(kName) + kName.size();
  const std::string key(request.substr(at, request.find("\r\n", at) - at));
  const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: " +
         base64_of({reinterpret_cast<const char*>(digest.data()), digest.size()}) + "\r\n\r\n";
}

std::size_t count_of(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1))
    ++count;
  return count;
}

}  // namespace tapeline::net
