// SPDX-License-Identifier: Apache-2.0
#include "net/io/steps.h"

#include <fmt/format.h>

#include <utility>

namespace tapeline::net {

struct Steps::State {
  State(const Executor& executor, std::function<void()> call)
      : timer(executor), on_expiry(std::move(call)) {}

  SteadyTimer timer;
  std::function<void()> on_expiry;
  std::string_view what;
  Duration deadline{};
  std::uint64_t generation = 0;  // of the step: an expiry of an earlier one means nothing
  bool has_expired = false;
};

Steps::Steps(const Executor& executor, std::function<void()> on_expiry)
    : state_(std::make_shared<State>(executor, std::move(on_expiry))) {}

Steps::~Steps() { end(); }

void Steps::begin(std::string_view what, Duration deadline) {
  State& state = *state_;
  state.what = what;
  state.deadline = deadline;
  state.has_expired = false;
  const std::uint64_t generation = ++state.generation;
  state.timer.expires_after(deadline);
  state.timer.async_wait([kept = state_, generation](ErrorCode error) {
    if (error || kept->generation != generation) return;
    kept->has_expired = true;
    kept->on_expiry();
  });
}

void Steps::end() {
  ++state_->generation;
  state_->timer.cancel();
}

bool Steps::has_expired() const { return state_->has_expired; }

Error Steps::timed_out(std::string_view where) const {
  return Error{
      Fault::kTheirs, Retry::kAfterBackoff,
      fmt::format("{}: no answer within {} {}: check the network and that the peer is well", where,
                  format_duration(state_->deadline), state_->what)};
}

}  // namespace tapeline::net
