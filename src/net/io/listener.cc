// SPDX-License-Identifier: Apache-2.0
#include "net/io/listener.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/posix/descriptor_base.hpp>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "net/url.h"

namespace tapeline::net {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";
constexpr int kBacklog = 128;
constexpr mode_t kOwnerOnly = 0600;

// Closes what nobody took over.
class OwnedSocket {
 public:
  explicit OwnedSocket(int family)
      : socket_(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {}
  OwnedSocket(const OwnedSocket&) = delete;
  OwnedSocket& operator=(const OwnedSocket&) = delete;
  ~OwnedSocket() {
    if (socket_ >= 0) ::close(socket_);
  }

  [[nodiscard]] int get() const { return socket_; }
  int release() { return std::exchange(socket_, -1); }

 private:
  int socket_;
};

tl::unexpected<Error> cannot_listen(std::string_view listen, std::string_view way_out) {
  return fail(Fault::kCaller, fmt::format("{}: cannot listen there ({}): {}", listen,
                                          std::strerror(errno), way_out));
}

struct Address {
  sockaddr_storage bytes{};
  socklen_t size = 0;

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&bytes); }
  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&bytes); }
};

// Only addresses: what a name stands for may change, and so would who can connect.
std::optional<Address> address_of(const HostPort& at) {
  Address out;
  auto* const v4 = reinterpret_cast<sockaddr_in*>(&out.bytes);
  auto* const v6 = reinterpret_cast<sockaddr_in6*>(&out.bytes);
  const std::string host = at.host == "localhost" ? "127.0.0.1" : at.host;
  if (inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(at.port);
    out.size = sizeof(*v4);
  } else if (inet_pton(AF_INET6, host.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(at.port);
    out.size = sizeof(*v6);
  } else {
    return std::nullopt;
  }
  return out;
}

std::uint16_t port_of(int socket) {
  Address bound;
  bound.size = sizeof(bound.bytes);
  if (::getsockname(socket, bound.get(), &bound.size) != 0) return 0;
  return ntohs(bound.bytes.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6*>(&bound.bytes)->sin6_port
                   : reinterpret_cast<const sockaddr_in*>(&bound.bytes)->sin_port);
}

struct Bound {
  int socket = -1;
  std::string address{};
  std::string path{};
};

Result<Bound> listen_on_port(const std::string& listen) {
  const auto at = parse_host_port(listen);
  const auto address = at ? address_of(*at) : std::nullopt;
  if (!address) {
    return fail(Fault::kCaller, fmt::format("\"{}\" is no place to listen at: write ADDRESS:PORT, "
                                            "[IPV6]:PORT or unix:PATH",
                                            listen));
  }
  OwnedSocket socket(address->get()->sa_family);
  const int on = 1;
  // A server that starts again finds its port free, whatever its last connections still wait for.
  if (socket.get() < 0 ||
      ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
      ::bind(socket.get(), address->get(), address->size) != 0 ||
      ::listen(socket.get(), kBacklog) != 0) {
    return cannot_listen(listen, "choose another port, or stop what uses it");
  }
  const std::string host = at->host == "localhost" ? "127.0.0.1" : at->host;
  const std::uint16_t port = port_of(socket.get());
  return Bound{socket.release(), format_host_port(host, port), ""};
}

// Whether a file of that name is a socket that nobody listens at any more.
bool is_left_over(const Address& address, const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
  const OwnedSocket probe(AF_UNIX);
  return ::connect(probe.get(), address.get(), address.size) != 0 && errno == ECONNREFUSED;
}

Result<Bound> listen_at_path(const std::string& listen) {
  const std::string path = listen.substr(kUnixPrefix.size());
  Address address;
  auto* const un = reinterpret_cast<sockaddr_un*>(&address.bytes);
  if (path.empty() || path.size() >= sizeof(un->sun_path)) {
    return fail(Fault::kCaller, fmt::format("{}: the path of a socket has 1 to {} bytes", listen,
                                            sizeof(un->sun_path) - 1));
  }
  un->sun_family = AF_UNIX;
  path.copy(un->sun_path, path.size());
  address.size = sizeof(*un);
  OwnedSocket socket(AF_UNIX);
  // Before the name exists: nobody else can connect even for a moment.
  bool is_bound = socket.get() >= 0 && ::fchmod(socket.get(), kOwnerOnly) == 0 &&
                  ::bind(socket.get(), address.get(), address.size) == 0;
  if (!is_bound && errno == EADDRINUSE && is_left_over(address, path)) {
    is_bound =
        ::unlink(path.c_str()) == 0 && ::bind(socket.get(), address.get(), address.size) == 0;
  }
  if (!is_bound || ::listen(socket.get(), kBacklog) != 0) {
    return cannot_listen(listen, "stop the process that listens there, or choose another path");
  }
  return Bound{socket.release(), listen, path};
}

}  // namespace

Listener::Listener(IoLoop& loop, int socket, OnAccept on_accept)
    : loop_(&loop),
      on_accept_(std::move(on_accept)),
      socket_(loop.executor(), socket),
      pause_(loop.executor()) {}

Listener::~Listener() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

Result<std::unique_ptr<Listener>> Listener::open(IoLoop& loop, const std::string& listen,
                                                 OnAccept on_accept) {
  auto bound = listen.starts_with(kUnixPrefix) ? listen_at_path(listen) : listen_on_port(listen);
  if (!bound) return tl::make_unexpected(bound.error());
  std::unique_ptr<Listener> listener(new Listener(loop, bound->socket, std::move(on_accept)));
  listener->address_ = std::move(bound->address);
  listener->path_ = std::move(bound->path);
  listener->wait();
  return listener;
}

// The handlers see `this` only without an error: destroying the descriptor and the timer cancels.
void Listener::wait() {
  socket_.async_wait(asio::posix::descriptor_base::wait_read, [this](ErrorCode error) {
    if (!error) accept_all();
  });
}

void Listener::accept_all() {
  for (int i = 0; i < kBacklog; ++i) {
    const int accepted =
        ::accept4(socket_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted >= 0) {
      loop_->note_message();
      on_accept_(accepted);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      break;
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      pause_.expires_after(kPause);
      pause_.async_wait([this](ErrorCode error) {
        if (!error) wait();
      });
      return;
    }
  }
  wait();
}

}  // namespace tapeline::net
