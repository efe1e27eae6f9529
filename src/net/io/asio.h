// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <string>

// What the files below net/io share of Asio. The folder is net's own: nobody outside net includes
// it, so that Asio's and OpenSSL's types end here.
namespace tapeline::net {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

// One kind of executor and one of sockets (TCP and unix alike): each more would compile every
// template of Asio and Beast once more.
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::generic::stream_protocol, Executor>;
using SteadyTimer =
    asio::basic_waitable_timer<std::chrono::steady_clock,
                               asio::wait_traits<std::chrono::steady_clock>, Executor>;

// A coroutine that yields to the loop wherever it waits.
template <typename T>
using Task = asio::awaitable<T, Executor>;

// `const auto [error, ...] = co_await x.async_y(..., kAwait)`: errors are values.
inline constexpr auto kAwait = asio::as_tuple(asio::use_awaitable_t<Executor>{});

}  // namespace tapeline::net
