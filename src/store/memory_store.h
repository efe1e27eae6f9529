// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "store/writer.h"

namespace tapeline::store {

// A store in memory, for tests and the simulation: what is committed stays while it lives, and
// destroying a writer in the middle of anything loses nothing but what was not committed - a crash.
// One thread. It answers no SQL.
class MemoryStore {
 public:
  MemoryStore();
  MemoryStore(const MemoryStore&) = delete;
  MemoryStore& operator=(const MemoryStore&) = delete;
  ~MemoryStore();

  // Refused while another writer is open, and when the store holds the other kind of data.
  [[nodiscard]] Result<std::unique_ptr<Writer>> open_writer(DataKind kind);

  enum class Failure : std::uint8_t {
    kDiskFull,    // the next commit stores nothing
    kAnswerLost,  // the next commit stores everything, and says that it failed
  };
  // Happens once.
  void fail_next_commit(Failure failure);

  struct Tables;

 private:
  std::shared_ptr<Tables> tables_;  // the store's and its writer's and readers'
};

}  // namespace tapeline::store
