// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/time.h"
#include "net/io/asio.h"

namespace tapeline::net {

// Something that stopped because its message was not taken.
class Resumable {
 public:
  Resumable() = default;
  Resumable(const Resumable&) = delete;
  Resumable& operator=(const Resumable&) = delete;
  virtual ~Resumable() = default;

  virtual void resume() = 0;
};

// What Network::run() and Server::run() are made of.
class IoLoop {
 public:
  // In one run(): so that whoever calls it in a loop gets back to its other work under any load.
  static constexpr std::size_t kMessagesPerRunMax = 1024;

  IoLoop();
  IoLoop(const IoLoop&) = delete;
  IoLoop& operator=(const IoLoop&) = delete;
  ~IoLoop();

  // For handlers that come one after the other without waiting for a socket: between two of them
  // nothing looks at the sockets, which would be a system call for each message.
  [[nodiscard]] Executor ready() { return ready_.get_executor(); }
  [[nodiscard]] Executor executor() { return context_.get_executor(); }
  [[nodiscard]] asio::io_context& context() { return context_; }

  // Resumes what is paused; runs what is ready; if there was nothing, waits.
  std::size_t run(Duration wait_max);
  // A message was read, a request answered, a connection accepted.
  void note_message();
  // Whether this run() has room for another one.
  [[nodiscard]] bool has_room() const { return messages_left_ > 0; }
  // Its resume() comes with the next run(), if it still lives.
  void pause(std::weak_ptr<Resumable> paused) { paused_.push_back(std::move(paused)); }

 private:
  // No socket is ever opened on it.
  class Ready final : public asio::io_context {
   public:
    Ready() : asio::io_context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE) {}
    // What waits to be called is destroyed.
    void clear() { shutdown(); }
  };

  std::size_t resume_paused();
  std::size_t run_ready();

  Ready ready_;  // goes last: operations on the sockets count as its work
  asio::io_context context_;
  // A loop with nothing to do waits, and does not end.
  asio::executor_work_guard<Executor> ready_work_;
  asio::executor_work_guard<Executor> work_;
  std::size_t messages_left_ = 0;
  bool is_running_ = false;
  std::vector<std::weak_ptr<Resumable>> paused_;
  std::vector<std::weak_ptr<Resumable>> resuming_;  // scratch
};

}  // namespace tapeline::net
