// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rocksdb/db.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/state_store.h"

namespace tapeline::checkpoint {

// A StateStore in a folder of RocksDB's, without a log: what is not in a copy is made again. What
// finds no room waits in memory and is tried again; every other failure is final.
class RocksStore final : public StateStore {
 public:
  static constexpr std::int64_t kTryEveryNs = 1'000'000'000;

  // In a new folder (on files that tests may exchange, which outlive it), or the one of a copy, all
  // of whose files must be there.
  [[nodiscard]] static Result<std::unique_ptr<RocksStore>> create(const std::string& folder,
                                                                  rocksdb::Env* files = nullptr);
  [[nodiscard]] static Result<std::unique_ptr<RocksStore>> open(const std::string& folder);

  void put(std::string_view key, std::string_view value) override;
  void scan(std::string_view first, std::string_view last, const OnEntry& on_entry) override;
  [[nodiscard]] std::optional<Error> shortage(std::int64_t monotonic_ns) override;
  void fail_with(const Error& error) override;
  [[nodiscard]] std::optional<Error> failure() const override;

  // A store of its own with all that is here, durable, in a folder that is not there yet.
  [[nodiscard]] Result<void> copy_to(const std::string& folder);

 private:
  [[nodiscard]] static Result<std::unique_ptr<RocksStore>> open_with(
      const rocksdb::Options& options, const std::string& folder);

  RocksStore(std::string folder, std::unique_ptr<rocksdb::DB> db)
      : folder_(std::move(folder)), db_(std::move(db)) {}

  using Entries = std::map<std::string, std::string, std::less<>>;

  [[nodiscard]] rocksdb::Status write(std::string_view key, std::string_view value);
  [[nodiscard]] Entries waiting_between(std::string_view first, std::string_view last) const;
  [[nodiscard]] rocksdb::Status flush_all();
  [[nodiscard]] rocksdb::Status write_waiting();  // under mutex_

  std::string folder_;
  std::unique_ptr<rocksdb::DB> db_;
  std::optional<std::int64_t> tried_ns_;  // of the thread that asks for a shortage
  std::atomic<bool> is_short_{false};     // goes back under mutex_, when nothing waits any more
  mutable std::mutex mutex_;              // guards the three below
  std::optional<Error> failure_;
  std::optional<Error> shortage_;
  Entries waiting_;  // newer than what the database has
};

}  // namespace tapeline::checkpoint
