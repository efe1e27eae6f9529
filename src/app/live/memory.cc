// SPDX-License-Identifier: Apache-2.0
#include "app/live/memory.h"

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace tapeline::app::live {
namespace {

// A segment that could be written, if only by the loader, is not what its file says.
int give_back_pages(dl_phdr_info* module, std::size_t /*bytes*/, void* page_bytes) {
  const std::uintptr_t page = *static_cast<const std::uintptr_t*>(page_bytes);
  for (int i = 0; i < module->dlpi_phnum; ++i) {
    const auto& segment = module->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const std::uintptr_t begin = module->dlpi_addr + segment.p_vaddr;
    const std::uintptr_t end = begin + segment.p_filesz;
    const std::uintptr_t first = (begin + page - 1) / page * page;
    if (first + page > end) continue;
    // Advice: where it is not taken, nothing is lost.
    static_cast<void>(
        ::madvise(reinterpret_cast<void*>(first), (end - first) / page * page, MADV_DONTNEED));
  }
  return 0;
}

}  // namespace

void give_back_free_memory() { ::malloc_trim(0); }

void give_back_memory() {
  give_back_free_memory();
  auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  ::dl_iterate_phdr(give_back_pages, &page);
}

}  // namespace tapeline::app::live
