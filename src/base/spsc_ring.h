// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/check.h"

namespace tapeline {

enum class Offer : std::uint8_t { kTaken, kFull };

// A bounded queue between exactly one producer thread and one consumer thread, without locks.
// Slots are filled and read in place, so that a large event is copied once. What happens when it
// is full is the producer's named policy (block, drop_oldest_counted, refuse), not the ring's.
template <typename T>
class SpscRing {
 public:
  // Capacity is rounded up to a power of two.
  explicit SpscRing(std::size_t capacity)
      : size_(std::bit_ceil(capacity)), slots_(std::make_unique<T[]>(size_)) {
    TAPELINE_CHECK(capacity > 0, "a ring holds at least one element");
  }

  // Producer: fills the next slot by `fill(T&)` and publishes it, or declines.
  template <typename Fill>
  [[nodiscard]] Offer try_emplace(Fill&& fill) {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_seen_ == size_) {
      head_seen_ = head_.load(std::memory_order_acquire);
      if (tail - head_seen_ == size_) return Offer::kFull;
    }
    fill(slots_[tail & (size_ - 1)]);
    tail_.store(tail + 1, std::memory_order_release);
    return Offer::kTaken;
  }

  [[nodiscard]] Offer offer(const T& value) {
    return try_emplace([&](T& slot) { slot = value; });
  }

  // Consumer: the oldest element, valid until pop(); null when empty.
  [[nodiscard]] T* front() {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    if (head == tail_seen_) {
      tail_seen_ = tail_.load(std::memory_order_acquire);
      if (head == tail_seen_) return nullptr;
    }
    return &slots_[head & (size_ - 1)];
  }

  void pop() { head_.store(head_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }

  [[nodiscard]] std::size_t capacity() const { return size_; }

 private:
  static constexpr std::size_t kCacheLine = 64;

  std::size_t size_;
  std::unique_ptr<T[]> slots_;  // NOLINT(modernize-avoid-c-arrays): sized once, at run time
  alignas(kCacheLine) std::atomic<std::size_t> head_{0};
  std::size_t tail_seen_ = 0;  // consumer's copy, so that it touches the other line seldom
  alignas(kCacheLine) std::atomic<std::size_t> tail_{0};
  std::size_t head_seen_ = 0;  // producer's copy
};

}  // namespace tapeline
