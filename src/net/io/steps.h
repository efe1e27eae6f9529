// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "net/io/asio.h"

namespace tapeline::net {

// The step that a connection is at, and its deadline. When it passes, `on_expiry` is called, once,
// and is to end what the step waits for; never after the Steps have gone.
class Steps {
 public:
  Steps(const Executor& executor, std::function<void()> on_expiry);
  Steps(const Steps&) = delete;
  Steps& operator=(const Steps&) = delete;
  ~Steps();

  // Ends the step before. `what` outlives it: "while connecting".
  void begin(std::string_view what, Duration deadline);
  void end();

  // Whether a deadline passed; stays so until the next begin().
  [[nodiscard]] bool has_expired() const;
  // Of a deadline that passed at `where`, which is "host:port".
  [[nodiscard]] Error timed_out(std::string_view where) const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // the other owner is the timer's handler, which may come late
};

}  // namespace tapeline::net
