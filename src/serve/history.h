// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>

#include "store/reader.h"

namespace tapeline::serve {

// Questions to the store, one after the other on a thread of its own, so that a long one holds up
// nobody who is pushed to. What is found goes back as a function to the thread that asked.
class History {
 public:
  static constexpr std::size_t kWaitingMax = 32;

  using Found = std::function<void()>;                  // runs on the thread that asked
  using Search = std::function<Found(store::Reader&)>;  // runs on the history's

  // The asking side. False: too many wait.
  [[nodiscard]] bool ask(Search search);
  // Runs what was found; gives how many.
  std::size_t take_found();

  // The history's side: one question, or 0.
  std::size_t run(store::Reader& reader);

 private:
  std::mutex mutex_;  // guards both
  std::deque<Search> waiting_;
  std::deque<Found> found_;
};

}  // namespace tapeline::serve
