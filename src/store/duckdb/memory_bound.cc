// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/memory_bound.h"

#include <fcntl.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TAPELINE_HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TAPELINE_HAS_SANITIZER 1
#endif
#endif

// Of its C++ interface, which has no header here: its allocator keeps what is free for seconds, and
// the next bound would begin above that.
namespace duckdb {
class Allocator {
 public:
  static void FlushAll();
};
}  // namespace duckdb

namespace tapeline::store::duckdb {
namespace {

// Smaller pieces are always given: a few lines behind a failure need some, and code that may not
// throw asks for no larger ones.
constexpr std::size_t kLarge = std::size_t{64} << 10;
// What a statement leaves free is given back where it was much.
constexpr std::size_t kMuch = std::size_t{32} << 20;

// Of the thread that answers a question.
thread_local MemoryBound* bound_here = nullptr;

}  // namespace

bool MemoryBound::is_built() {
#ifdef TAPELINE_HAS_SANITIZER
  return false;
#else
  return true;
#endif
}

MemoryBound::MemoryBound(std::size_t bytes)
    : bytes_(bytes),
      statm_(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC)),
      start_(size_of_process()) {
  bound_here = this;
}

MemoryBound::~MemoryBound() {
  bound_here = nullptr;
  if (size_of_process().resident > start_.resident + kMuch) {
    ::duckdb::Allocator::FlushAll();
    ::malloc_trim(0);
  }
  if (statm_ >= 0) ::close(statm_);
}

// Nothing where the system does not tell it: then no large piece is given.
MemoryBound::Size MemoryBound::size_of_process() const {
  std::array<char, 64> text{};
  const ssize_t length = ::pread(statm_, text.data(), text.size(), 0);
  if (length <= 0) return {};
  const char* const end = text.data() + length;
  Size pages;
  const auto mapped = std::from_chars(text.data(), end, pages.mapped);
  if (mapped.ptr == end) return {};
  std::from_chars(mapped.ptr + 1, end, pages.resident);
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return {pages.mapped * page, pages.resident * page};
}

// What is mapped grows at once, and what is resident also where free memory is used again.
bool MemoryBound::allows(std::size_t bytes) {
  if (bytes < kLarge) return true;
  if (is_closed_.load(std::memory_order_relaxed)) return false;
  const Size now = size_of_process();
  const bool is_known = now.mapped > 0 && start_.mapped > 0;
  if (is_known && bytes <= bytes_ && now.mapped + bytes <= start_.mapped + bytes_ &&
      now.resident + bytes <= start_.resident + bytes_) {
    return true;
  }
  is_reached_.store(true, std::memory_order_relaxed);
  return false;
}

bool MemoryBound::is_reached() {
  if (size_of_process().resident > start_.resident + bytes_) {
    is_reached_.store(true, std::memory_order_relaxed);
  }
  return is_reached_.load(std::memory_order_relaxed);
}

}  // namespace tapeline::store::duckdb

#ifndef TAPELINE_HAS_SANITIZER

// What a program defines stands before what libraries have, for those libraries too: DuckDB's
// allocator maps its memory, or where that is refused moves the end of the heap, and its containers
// use operator new. free() is that of the library's operator delete.
extern "C" void* __sbrk(intptr_t increment);

extern "C" void* sbrk(intptr_t increment) noexcept {
  auto* const bound = tapeline::store::duckdb::bound_here;
  if (bound != nullptr && increment > 0 && !bound->allows(static_cast<std::size_t>(increment))) {
    errno = ENOMEM;
    return reinterpret_cast<void*>(-1);
  }
  return __sbrk(increment);
}

extern "C" void* mmap(void* address, std::size_t bytes, int protection, int flags, int file,
                      off_t offset) noexcept {
  auto* const bound = tapeline::store::duckdb::bound_here;
  if (bound != nullptr && !bound->allows(bytes)) {
    errno = ENOMEM;
    return MAP_FAILED;
  }
  return reinterpret_cast<void*>(
      ::syscall(SYS_mmap, address, bytes, protection, flags, file, offset));
}

void* operator new(std::size_t bytes) {
  auto* const bound = tapeline::store::duckdb::bound_here;
  if (bound != nullptr && !bound->allows(bytes)) throw std::bad_alloc();
  void* const piece = std::malloc(bytes > 0 ? bytes : 1);
  if (piece == nullptr) throw std::bad_alloc();
  return piece;
}

#endif
