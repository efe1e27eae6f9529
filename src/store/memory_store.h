// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "store/writer.h"

namespace tapeline::store {

struct MemoryTables;

// A store in memory, for tests and the simulation: what is committed stays while it lives, and a
// writer destroyed in the middle of anything loses what was not committed and nothing else, as in a
// crash. It answers no SQL. One thread.
class MemoryStore {
 public:
  MemoryStore();
  MemoryStore(const MemoryStore&) = delete;
  MemoryStore& operator=(const MemoryStore&) = delete;
  ~MemoryStore();

  // Refused while another writer is open, and when the store holds the other kind of data.
  [[nodiscard]] Result<std::unique_ptr<Writer>> open_writer(DataKind kind);
  // Must go before the store.
  [[nodiscard]] std::unique_ptr<Reader> open_reader();

  // All that was recorded, in its order.
  [[nodiscard]] const std::vector<Reconciliation>& reconciliations() const;

  enum class Failure : std::uint8_t {
    kNone,
    kDiskFull,    // a commit stores nothing
    kAnswerLost,  // a commit stores everything, and says that it failed
    // A commit stores the rows without their position, and says that it failed: what no store may
    // do. It shows that a test would notice.
    kTorn,
  };
  // Of the next commit alone.
  void fail_next_commit(Failure failure);

 private:
  std::unique_ptr<MemoryTables> tables_;
};

}  // namespace tapeline::store
