// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace tapeline {

// What operators keep out of memory, as bytes by key. Any thread, as long as each key is one
// thread's. Calls do not fail: a store that has failed says so in failure() from then on, and what
// it gives means nothing any more, so whoever passes results on asks it first.
class StateStore {
 public:
  StateStore() = default;
  StateStore(const StateStore&) = delete;
  StateStore& operator=(const StateStore&) = delete;
  virtual ~StateStore() = default;

  virtual void put(std::string_view key, std::string_view value) = 0;
  // Every entry with first <= key <= last, ascending bytewise; the views live for the call.
  using OnEntry = std::function<void(std::string_view key, std::string_view value)>;
  virtual void scan(std::string_view first, std::string_view last, const OnEntry& on_entry) = 0;

  // Why there is no room, or nothing. What is put without room waits in memory, so whoever feeds
  // the operators stops meanwhile, and asks again: that is what tries again, by and by. One thread.
  [[nodiscard]] virtual std::optional<Error> shortage(std::int64_t monotonic_ns) = 0;

  // Somebody could not read what it gave.
  virtual void fail_with(const Error& error) = 0;
  [[nodiscard]] virtual std::optional<Error> failure() const = 0;
};

}  // namespace tapeline
