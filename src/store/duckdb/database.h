// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "base/result.h"
#include "store/duckdb/handles.h"
#include "store/duckdb/open.h"

namespace tapeline::store::duckdb {

enum class Access : std::uint8_t { kRead, kWrite };

// Held while it lives: no other process, and nobody else in this one, opens the store.
class FolderLock {
 public:
  [[nodiscard]] static Result<FolderLock> take(const std::string& data_dir, Access access);
  FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;  // -1: the folder cannot be written, so nobody else writes there either
};

// A connection of a reader; the database is not closed before it goes.
struct Session {
  std::shared_lock<std::shared_mutex> open;
  Connection connection;
};

// The database of a data folder. DuckDB gives a database up after some failures: it is then closed
// and opened again, for which the sessions of readers are waited for.
class Database {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Database>> open(const std::string& data_dir,
                                                              const Limits& limits, Access access);

  // For the writer, who drops it before reopen().
  [[nodiscard]] Result<Connection> connect();
  // For readers, on any thread.
  [[nodiscard]] Result<Session> begin_session();
  [[nodiscard]] Result<void> reopen();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  Database(const std::string& data_dir, const Limits& limits, Access access, FolderLock lock);

  [[nodiscard]] Result<void> open_instance();

  std::string data_dir_;
  std::string path_;
  Limits limits_;
  Access access_;
  FolderLock lock_;
  std::shared_mutex open_;  // guards instance_: shared while a reader's connection lives
  Instance instance_;       // none: it could not be opened again
};

}  // namespace tapeline::store::duckdb
