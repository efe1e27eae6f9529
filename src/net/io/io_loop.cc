// SPDX-License-Identifier: Apache-2.0
#include "net/io/io_loop.h"

#include <boost/asio/executor_work_guard.hpp>
#include <exception>
#include <utility>

#include "base/check.h"

namespace tapeline::net {

// One thread runs the loop, but the resolver has a thread of its own that posts to it.
IoLoop::IoLoop()
    : context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO), ready_work_(ready()), work_(executor()) {}

// What waits there may own sockets.
IoLoop::~IoLoop() { ready_.clear(); }

std::size_t IoLoop::resume_paused() {
  resuming_.clear();
  std::swap(resuming_, paused_);
  for (const std::weak_ptr<Resumable>& paused : resuming_) {
    if (const auto alive = paused.lock()) alive->resume();
  }
  // Who pauses again made no progress.
  return resuming_.size() - std::min(resuming_.size(), paused_.size());
}

// Not poll_one() in a loop: Asio recycles the memory of handlers within one call only.
std::size_t IoLoop::run_ready() {
  std::size_t all = 0;
  while (messages_left_ > 0) {
    const std::size_t done = context_.poll() + ready_.poll();
    if (done == 0) break;
    all += done;
  }
  return all;
}

std::size_t IoLoop::run(Duration wait_max) {
  TAPELINE_CHECK(!is_running_, "run() is not called by what it calls");
  is_running_ = true;
  std::size_t done = 0;
  try {
    messages_left_ = kMessagesPerRunMax;
    context_.restart();
    ready_.restart();
    done = resume_paused();
    done += run_ready();
    if (done == 0) {
      done = context_.run_one_for(wait_max);
      if (done > 0) done += run_ready();
    }
  } catch (const std::exception& thrown) {
    // Failures come as values; what is thrown is memory that ran out, or a bug of ours.
    check_failed("no exception in the network's loop", thrown.what(), __FILE__, __LINE__);
  }
  is_running_ = false;
  return done;
}

void IoLoop::note_message() {
  if (messages_left_ > 0) --messages_left_;
  if (messages_left_ > 0) return;
  context_.stop();
  ready_.stop();
}

}  // namespace tapeline::net
