// SPDX-License-Identifier: Apache-2.0
#include "feed/record_ring.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/check.h"

namespace tapeline::feed {

RecordRing::RecordRing(std::size_t bytes)
    : size_(footprint(bytes)), bytes_(std::make_unique_for_overwrite<char[]>(size_)) {}

std::size_t RecordRing::record_bytes_max() const {
  return std::min(size_ - sizeof(Header), std::size_t{UINT32_MAX});
}

bool RecordRing::has_room(std::size_t bytes) {
  const std::uint64_t tail = tail_.load(std::memory_order_relaxed);
  if (size_ - (tail - head_seen_) >= bytes) return true;
  head_seen_ = head_.load(std::memory_order_acquire);
  return size_ - (tail - head_seen_) >= bytes;
}

// Goes on at the ring's beginning. What is left before its end counts as used until the consumer
// has passed it.
bool RecordRing::wrap() {
  const std::uint64_t tail = tail_.load(std::memory_order_relaxed);
  const std::size_t at = tail % size_;
  const std::size_t left = size_ - at;
  if (!has_room(left)) return false;
  if (left >= sizeof(Header)) {
    const Header header{.type = kWrap};
    std::memcpy(bytes_.get() + at, &header, sizeof(header));
  }
  tail_.store(tail + left, std::memory_order_release);
  return true;
}

// The consumer has passed all of it, and reads nothing.
void RecordRing::give_back(std::size_t used) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<std::uintptr_t>(bytes_.get());
  const std::uintptr_t first = (begin + kWarmBytes + page - 1) / page * page;
  const std::uintptr_t end = (begin + used) / page * page;
  if (first >= end) return;
  // Advice: where it is not taken, nothing is lost.
  static_cast<void>(::madvise(reinterpret_cast<void*>(first), end - first, MADV_DONTNEED));
}

Offer RecordRing::offer(const journal::Record& record) {
  TAPELINE_CHECK(record.bytes.size() <= record_bytes_max(), "whoever reads bounds what it reads");
  const std::size_t bytes = footprint(record.bytes.size());
  const std::size_t at = tail_.load(std::memory_order_relaxed) % size_;
  used_ = std::max(used_, at);
  const bool is_warm = at < kWarmBytes;
  const bool is_empty = !is_warm && has_room(size_);
  if (size_ - at < bytes || is_empty) {
    // Before the consumer is shown that it goes on at the beginning.
    if (is_empty && used_ > kKeptBytes) give_back(std::exchange(used_, 0));
    if (!wrap()) return Offer::kFull;
  }
  if (!has_room(bytes)) return Offer::kFull;
  const std::uint64_t tail = tail_.load(std::memory_order_relaxed);
  const Header header{.bytes = static_cast<std::uint32_t>(record.bytes.size()),
                      .connection = record.connection.value(),
                      .ts_recv = record.ts_recv.unix_ns(),
                      .type = static_cast<std::uint64_t>(record.type)};
  char* const to = bytes_.get() + tail % size_;
  std::memcpy(to, &header, sizeof(header));
  if (!record.bytes.empty()) {
    std::memcpy(to + sizeof(header), record.bytes.data(), record.bytes.size());
  }
  tail_.store(tail + bytes, std::memory_order_release);
  return Offer::kTaken;
}

bool RecordRing::front(journal::Record& out) {
  for (;;) {
    const std::uint64_t head = head_.load(std::memory_order_relaxed);
    if (head == tail_seen_) {
      tail_seen_ = tail_.load(std::memory_order_acquire);
      if (head == tail_seen_) return false;
    }
    const std::size_t at = head % size_;
    const std::size_t left = size_ - at;
    Header header{.type = kWrap};
    if (left >= sizeof(header)) std::memcpy(&header, bytes_.get() + at, sizeof(header));
    if (header.type == kWrap) {
      head_.store(head + left, std::memory_order_release);
      continue;
    }
    out = {};
    out.type = static_cast<journal::RecordType>(header.type);
    out.connection = ConnectionId(header.connection);
    out.ts_recv = RecvTime(header.ts_recv);
    out.bytes = {bytes_.get() + at + sizeof(header), header.bytes};
    front_bytes_ = footprint(header.bytes);
    return true;
  }
}

void RecordRing::pop() {
  TAPELINE_CHECK(front_bytes_ != 0, "only what front() showed is popped");
  head_.store(head_.load(std::memory_order_relaxed) + front_bytes_, std::memory_order_release);
  front_bytes_ = 0;
}

}  // namespace tapeline::feed
