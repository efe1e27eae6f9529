// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>

namespace tapeline::store::duckdb {

// While it lives, the thread that made it gets no large piece of memory any more once the process
// has grown by so many bytes. DuckDB computes a call like repeat() or range() in one go, while it
// prepares a statement too, in memory that its own limit does not count, and looks at no interrupt
// meanwhile; a piece that is refused ends it there, as a lack of memory. It reaches all of a
// statement because the database has one thread: the one that asks. Without effect in a build with
// a sanitizer, which has an allocator of its own.
class MemoryBound {
 public:
  // Whether this build has it.
  static bool is_built();

  explicit MemoryBound(std::size_t bytes);
  MemoryBound(const MemoryBound&) = delete;
  MemoryBound& operator=(const MemoryBound&) = delete;
  // What the statement left unused goes back to the system.
  ~MemoryBound();

  // Any thread: nothing large is given from now on, which ends what no interrupt reaches.
  void close() { is_closed_.store(true, std::memory_order_relaxed); }
  // Any thread: whether the process has grown by more, which free memory that the allocator kept
  // makes possible; or something was refused.
  [[nodiscard]] bool is_reached();

  // Of the allocator: whether the thread may have a piece of this size.
  [[nodiscard]] bool allows(std::size_t bytes);

 private:
  struct Size {
    std::size_t mapped = 0;
    std::size_t resident = 0;
  };

  [[nodiscard]] Size size_of_process() const;

  std::size_t bytes_;
  int statm_;  // the file that tells the process's size
  Size start_;
  std::atomic<bool> is_reached_{false};
  std::atomic<bool> is_closed_{false};
};

}  // namespace tapeline::store::duckdb
