// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/spsc_ring.h"
#include "journal/record.h"

namespace tapeline::feed {

// Records on their way from the thread of the network to the recorder's: a bounded ring of bytes
// between exactly one producer and one consumer, without locks and without an allocation per
// record. When it is full the producer stops reading its sockets, and TCP pushes back.
class RecordRing {
 public:
  // Rounded up to a multiple of 8. Memory that was never used, or not for long, is only reserved.
  explicit RecordRing(std::size_t bytes);

  // Producer: takes type, connection, ts_recv and bytes, or declines. A record longer than
  // record_bytes_max() is a bug.
  [[nodiscard]] Offer offer(const journal::Record& record);
  // What the ring could hold when it is empty.
  [[nodiscard]] std::size_t record_bytes_max() const;

  // Consumer: the oldest record, whose bytes are valid until pop(); false when there is none.
  [[nodiscard]] bool front(journal::Record& out);
  void pop();

  // Consumer: whether records are wanted at all; the producer closes its connections when not. What
  // is in the ring stays there.
  void set_open(bool is_open) { is_open_.store(is_open, std::memory_order_relaxed); }
  [[nodiscard]] bool is_open() const { return is_open_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kCacheLine = 64;
  // From here on an empty ring starts again at its beginning, so that one that is seldom behind
  // uses no more memory, and that of the processor's cache.
  static constexpr std::size_t kWarmBytes = std::size_t{256} << 10;

  struct Header {
    std::uint32_t bytes = 0;
    std::uint32_t connection = 0;
    std::int64_t ts_recv = 0;
    std::uint64_t type = 0;  // or kWrap: nothing more stands between here and the ring's end
  };
  static constexpr std::uint64_t kWrap = 255;

  // How many bytes a record takes.
  static std::size_t footprint(std::size_t bytes) {
    return (sizeof(Header) + bytes + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t) *
           sizeof(std::uint64_t);
  }
  // Of what an empty ring has used beyond this the memory goes back: it was far behind, and is not.
  static constexpr std::size_t kKeptBytes = std::size_t{4} << 20;
  void give_back(std::size_t used);
  [[nodiscard]] bool has_room(std::size_t bytes);
  [[nodiscard]] bool wrap();

  std::size_t size_;
  std::unique_ptr<char[]> bytes_;  // NOLINT(modernize-avoid-c-arrays): sized once, at run time
  std::atomic<bool> is_open_{true};
  // Counted in bytes since the start, so that full and empty differ. A place is its count modulo
  // size_.
  alignas(kCacheLine) std::atomic<std::uint64_t> head_{0};
  std::uint64_t tail_seen_ = 0;  // consumer's copy
  std::size_t front_bytes_ = 0;  // consumer's: what pop() frees
  alignas(kCacheLine) std::atomic<std::uint64_t> tail_{0};
  std::uint64_t head_seen_ = 0;  // producer's copy
  std::size_t used_ = 0;         // producer's: how far into the ring it came since it gave back
};

}  // namespace tapeline::feed
