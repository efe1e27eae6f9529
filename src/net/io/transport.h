// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/padding.h"
#include "base/time.h"
#include "net/io/asio.h"
#include "net/io/plain_frame.h"

namespace tapeline::net {

// A connected stream of bytes: TCP or unix socket, with TLS or without. Beast's and Asio's
// operations run on it as on a socket; what is pending when it closes ends with an error. It moves
// while nothing is pending.
class Transport {
 public:
  using executor_type = Executor;
  using Tls = asio::ssl::stream<Socket&>;

  static constexpr std::size_t kDiscardedBytesMax = std::size_t{1} << 20;
  // Decrypted at once, at most: about what Asio takes from the socket at once.
  static constexpr std::size_t kReadAheadBytes = std::size_t{32} << 10;

  // How much a read gives at most, so that whoever reads does not hold what others want to read.
  enum class Portion : std::uint8_t {
    kAny,
    kByte,
    kFrame,  // of a WebSocket: what it gave until now ended with a frame
  };

  explicit Transport(Socket socket) : state_(std::make_unique<State>(std::move(socket))) {}

  [[nodiscard]] executor_type get_executor() noexcept { return state_->socket.get_executor(); }
  [[nodiscard]] Socket& socket() { return state_->socket; }

  // From now on everything goes through TLS; the handshake is the caller's next step.
  Tls& start_tls(asio::ssl::context& context);

  // Bytes that were read too far: they are read again first.
  void unread(std::string_view bytes);
  void give(Portion portion) { state_->portion = portion; }
  // What can be read without waiting, with kReadPadding bytes of room behind it.
  [[nodiscard]] std::span<char> ahead() {
    return {state_->ahead.data() + state_->at, state_->end - state_->at};
  }
  void skip(std::size_t bytes) { state_->at += bytes; }
  // Whether there is more to it now: what TLS has taken from the socket.
  bool read_ahead() { return state_->read_ahead(); }
  // What is written from now on goes nowhere.
  void silence() { state_->is_silent = true; }
  void close() {
    ErrorCode ignored;
    state_->socket.close(ignored);
  }
  // An orderly end, after which the socket is closed: TLS and TCP say good-bye, and what the peer
  // still sends is discarded until it hangs up too, so that it gets to read what it was told. Takes
  // no longer than hang_up_within() says, and reads no more than kDiscardedBytesMax.
  Task<void> hang_up(boost::beast::role_type role) { return hang_up(*state_, role); }
  void hang_up_within(Duration deadline) { state_->hang_up_max = deadline; }
  // Whether the peer has hung up, or said something that nobody asked for.
  [[nodiscard]] bool is_stale() const;

  // Whether the peer sends nothing any more: it has ended the connection, or its half of it.
  [[nodiscard]] bool has_hung_up() const;

  // Grow while bytes go.
  [[nodiscard]] std::uint64_t reads() const { return state_->reads; }
  [[nodiscard]] std::uint64_t writes() const { return state_->writes; }

  template <typename Buffers, typename Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(ErrorCode, std::size_t)>(
        [state = state_.get()](auto handler, const Buffers& to) {
          ++state->reads;
          if (state->has_unread()) {
            complete_later(*state, std::move(handler), {}, state->take(to));
          } else if (state->failure) {
            complete_later(*state, std::move(handler), state->failure, 0);
          } else if (state->portion != Portion::kAny) {
            read_then_take(*state, to, std::move(handler));
          } else if (state->tls) {
            state->tls->async_read_some(to, std::move(handler));
          } else {
            state->socket.async_read_some(to, std::move(handler));
          }
        },
        token, buffers);
  }

  template <typename Buffers, typename Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(ErrorCode, std::size_t)>(
        [state = state_.get()](auto handler, const Buffers& from) {
          ++state->writes;
          if (state->is_silent) {
            complete_later(*state, std::move(handler), {}, asio::buffer_size(from));
          } else if (state->tls) {
            state->tls->async_write_some(from, std::move(handler));
          } else {
            state->socket.async_write_some(from, std::move(handler));
          }
        },
        token, buffers);
  }

 private:
  struct State {
    explicit State(Socket connected) : socket(std::move(connected)) {}

    // Whether there is something to read without asking the socket.
    [[nodiscard]] bool has_unread() { return at < end || read_ahead(); }
    // Decrypts at once what TLS has taken from the socket: Asio would come back for each record.
    bool read_ahead();
    // Room behind what is unread.
    asio::mutable_buffer room();
    // What is unread, as far as the portion goes.
    template <typename Buffers>
    std::size_t take(const Buffers& to) {
      std::size_t bytes = std::min(asio::buffer_size(to), end - at);
      if (portion == Portion::kByte) bytes = std::min<std::size_t>(bytes, 1);
      if (portion == Portion::kFrame) bytes = frames.take({ahead.data() + at, bytes});
      asio::buffer_copy(to, asio::const_buffer(ahead.data() + at, bytes));
      at += bytes;
      return bytes;
    }

    Socket socket;
    std::optional<Tls> tls{};
    std::vector<char> ahead{};  // what is still to be read stands from `at` to `end`
    std::size_t at = 0;
    std::size_t end = 0;
    ErrorCode failure{};  // of TLS, behind what is unread
    Portion portion = Portion::kAny;
    FrameCutter frames{};
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;
    Duration hang_up_max = std::chrono::seconds(10);
    bool is_silent = false;
  };

  static Task<void> hang_up(State& state, boost::beast::role_type role);

  // Never from within the call that began the operation.
  template <typename Handler>
  static void complete_later(State& state, Handler handler, ErrorCode error, std::size_t bytes) {
    const auto executor = asio::get_associated_executor(handler, state.socket.get_executor());
    asio::post(executor, boost::beast::bind_front_handler(std::move(handler), error, bytes));
  }

  template <typename Buffers, typename Handler>
  static void read_then_take(State& state, const Buffers& to, Handler handler) {
    auto take = [&state, to, handler = std::move(handler)](ErrorCode error,
                                                           std::size_t bytes) mutable {
      state.end += bytes;
      const std::size_t taken = state.take(to);
      complete_later(state, std::move(handler), taken > 0 ? ErrorCode() : error, taken);
    };
    const asio::mutable_buffer room = state.room();
    if (state.tls) {
      state.tls->async_read_some(room, std::move(take));
    } else {
      state.socket.async_read_some(room, std::move(take));
    }
  }

  // Beast finds the two by their names when a WebSocket ends.
  friend void beast_close_socket(Transport& transport) { transport.close(); }
  // Beast's own would wait for a peer that does not hang up, without a deadline, read from one that
  // floods without a pause, and pass on its own failure instead of why the WebSocket ended.
  template <typename Handler>
  friend void async_teardown(boost::beast::role_type role, Transport& transport,
                             Handler&& handler) {
    asio::co_spawn(transport.get_executor(), transport.hang_up(role),
                   [handler = std::forward<Handler>(handler)](const std::exception_ptr&) mutable {
                     std::move(handler)(ErrorCode());
                   });
  }

  std::unique_ptr<State> state_;  // TLS refers to the socket, which may not move
};

}  // namespace tapeline::net
