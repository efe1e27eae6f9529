// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "net/io/asio.h"
#include "net/io/io_loop.h"

namespace tapeline::net {

// A socket that listens on a port or at a path, and hands over who connects. It goes before the
// loop.
class Listener {
 public:
  using OnAccept = std::function<void(int socket)>;  // whose owner it becomes

  static Result<std::unique_ptr<Listener>> open(IoLoop& loop, const std::string& listen,
                                                OnAccept on_accept);

  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  [[nodiscard]] const std::string& address() const { return address_; }

 private:
  // Out of descriptors: a connection stays in the queue, and to ask at once would spin.
  static constexpr Duration kPause = std::chrono::milliseconds(100);

  Listener(IoLoop& loop, int socket, OnAccept on_accept);
  void wait();
  void accept_all();

  IoLoop* loop_;
  OnAccept on_accept_;
  asio::posix::basic_stream_descriptor<Executor> socket_;
  SteadyTimer pause_;
  std::string address_;
  std::string path_;  // of a unix socket: removed with it
};

}  // namespace tapeline::net
