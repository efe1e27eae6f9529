// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

#include "net/io/asio.h"

namespace tapeline::net {

// Begins a coroutine with the next turn of the loop. co_spawn alone begins it at once if a handler
// calls it: whoever asks again from within an answer that came at once would fill the stack.
// What it throws reaches the loop, as what a handler throws does; it would be lost otherwise, and
// whoever waits would wait for ever.
template <typename Begin>
void spawn(const Executor& executor, Begin begin) {
  asio::post(executor, [executor, begin = std::move(begin)]() mutable {
    asio::co_spawn(executor, std::move(begin), [executor](const std::exception_ptr& thrown) {
      if (thrown) asio::post(executor, [thrown] { std::rethrow_exception(thrown); });
    });
  });
}

}  // namespace tapeline::net
