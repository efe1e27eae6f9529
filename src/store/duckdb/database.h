// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
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
  // Refused while another has it: an Error that may pass where that one only reads.
  [[nodiscard]] static Result<FolderLock> take(const std::string& data_dir, Access access);
  FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;  // -1: the folder cannot be written, so nobody else writes there either
};

class Database;

// A connection of a reader; the database is not closed before it goes.
class Session {
 public:
  // Whose connection it is, for interrupt().
  Session(Database& database, const void* owner, std::shared_lock<std::shared_mutex> open,
          Connection connection);
  Session(Session&& other) noexcept = default;
  Session& operator=(Session&&) = delete;
  ~Session();

  [[nodiscard]] duckdb_connection get() const { return connection_.get(); }

 private:
  Database* database_;
  std::shared_lock<std::shared_mutex> open_;
  Connection connection_;  // none: it has moved on
};

// The database of a data folder. DuckDB gives a database up after some failures: it is then closed
// and opened again, for which the sessions of readers are ended.
class Database {
 public:
  // As long as `waits_for` says so, a writer waits for readers (open.h).
  [[nodiscard]] static Result<std::unique_ptr<Database>> open(
      const std::string& data_dir, const Limits& limits, Access access,
      const std::function<bool(const std::string&)>& waits_for = {});

  // For the writer, who drops it before reopen().
  [[nodiscard]] Result<Connection> connect();
  // For readers, on any thread.
  [[nodiscard]] Result<Session> begin_session(const void* owner);
  // Any thread: what the sessions of this owner run now ends with an error; of all, without one.
  // DuckDB forgets an interrupt that comes between two steps: to be repeated until it has worked.
  void interrupt(const void* owner);
  // An Error that passes where a session has not ended by then.
  static constexpr std::chrono::seconds kReadersEnd{2};
  [[nodiscard]] Result<void> reopen();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  Database(const std::string& data_dir, const Limits& limits, Access access, FolderLock lock);

  friend class Session;

  [[nodiscard]] Result<void> open_instance();

  std::string data_dir_;
  std::string path_;
  Limits limits_;
  Access access_;
  FolderLock lock_;
  std::mutex gate_;            // held while the database is opened again: no session begins
  std::shared_mutex open_;     // guards instance_: shared while a reader's connection lives
  Instance instance_;          // none: it could not be opened again
  std::mutex sessions_mutex_;  // guards sessions_
  std::map<duckdb_connection, const void*> sessions_;
};

}  // namespace tapeline::store::duckdb
