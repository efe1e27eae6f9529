// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rocksdb/db.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/state_store.h"

namespace tapeline::checkpoint {

// A StateStore in a folder of RocksDB's, without a log: what is not in a copy is made again.
class RocksStore final : public StateStore {
 public:
  // In a new folder, or the one of a copy, all of whose files must be there.
  [[nodiscard]] static Result<std::unique_ptr<RocksStore>> create(const std::string& folder);
  [[nodiscard]] static Result<std::unique_ptr<RocksStore>> open(const std::string& folder);

  void put(std::string_view key, std::string_view value) override;
  void scan(std::string_view first, std::string_view last, const OnEntry& on_entry) override;
  void fail_with(const Error& error) override;
  [[nodiscard]] std::optional<Error> failure() const override;

  // A store of its own with all that is here, durable, in a folder that is not there yet.
  [[nodiscard]] Result<void> copy_to(const std::string& folder);

 private:
  [[nodiscard]] static Result<std::unique_ptr<RocksStore>> open_with(
      const rocksdb::Options& options, const std::string& folder);

  RocksStore(std::string folder, std::unique_ptr<rocksdb::DB> db)
      : folder_(std::move(folder)), db_(std::move(db)) {}

  void note(const rocksdb::Status& status);

  std::string folder_;
  std::unique_ptr<rocksdb::DB> db_;
  mutable std::mutex mutex_;  // guards failure_
  std::optional<Error> failure_;
};

}  // namespace tapeline::checkpoint
