// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/state_store.h"

namespace tapeline {

// For tests and simulations.
class MemoryStateStore final : public StateStore {
 public:
  using Entries = std::map<std::string, std::string, std::less<>>;

  MemoryStateStore() = default;
  explicit MemoryStateStore(Entries entries) : entries_(std::move(entries)) {}

  void put(std::string_view key, std::string_view value) override {
    const std::lock_guard lock(mutex_);
    entries_.insert_or_assign(std::string(key), std::string(value));
  }
  void scan(std::string_view first, std::string_view last, const OnEntry& on_entry) override {
    const std::lock_guard lock(mutex_);
    for (auto at = entries_.lower_bound(first); at != entries_.end() && at->first <= last; ++at) {
      on_entry(at->first, at->second);
    }
  }
  [[nodiscard]] std::optional<Error> shortage(std::int64_t /*monotonic_ns*/) override {
    const std::lock_guard lock(mutex_);
    return shortage_;
  }
  // From now on there is no room, or there is.
  void run_short(std::optional<Error> shortage) {
    const std::lock_guard lock(mutex_);
    shortage_ = std::move(shortage);
  }
  void fail_with(const Error& error) override {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = error;
  }
  [[nodiscard]] std::optional<Error> failure() const override {
    const std::lock_guard lock(mutex_);
    return failure_;
  }

  [[nodiscard]] Entries entries() const {
    const std::lock_guard lock(mutex_);
    return entries_;
  }

 private:
  mutable std::mutex mutex_;  // guards all
  Entries entries_;
  std::optional<Error> failure_;
  std::optional<Error> shortage_;
};

}  // namespace tapeline
