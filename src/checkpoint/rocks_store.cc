// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/rocks_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>

namespace tapeline::checkpoint {
namespace {

// Small: the hot bars are in memory, and what is asked for is a few neighbours at a time.
constexpr std::size_t kWriteBufferBytes = std::size_t{8} << 20;
constexpr std::size_t kCacheBytes = std::size_t{8} << 20;
constexpr int kOpenFilesMax = 128;

rocksdb::Slice slice_of(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
std::string_view view_of(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

rocksdb::Options rocks_options() {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(kCacheBytes);
  rocksdb::Options options;
  options.write_buffer_size = kWriteBufferBytes;
  options.max_open_files = kOpenFilesMax;
  options.max_background_jobs = 2;
  options.info_log_level = rocksdb::InfoLogLevel::ERROR_LEVEL;
  options.keep_log_file_num = 1;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

// What RocksDB says comes last, in brackets: it is for whoever mends it.
std::string said(const rocksdb::Status& status) { return " (RocksDB: " + status.ToString() + ")"; }

Error unwritable(const std::string& folder, const rocksdb::Status& status) {
  return {Fault::kOurs, status.IsNoSpace() ? Retry::kAfterBackoff : Retry::kNever,
          folder +
              ": older bars cannot be written: make room on its disk, or see to what is wrong "
              "with it" +
              said(status)};
}

Error unreadable(const std::string& folder, const rocksdb::Status& status) {
  return {Fault::kTheirs, Retry::kNever,
          folder + (status.IsCorruption() ? ": is damaged" : "") +
              ": older bars cannot be read: start again, which makes them anew from a "
              "snapshot; when it ends so again, move the snapshots of the data folder away, "
              "and they are made anew from the journal" +
              said(status)};
}

Error unreadable_copy(const std::string& folder, const rocksdb::Status& status) {
  return {Fault::kTheirs, Retry::kNever, folder + ": cannot be opened" + said(status)};
}

}  // namespace

Result<std::unique_ptr<RocksStore>> RocksStore::create(const std::string& folder,
                                                       rocksdb::Env* files) {
  rocksdb::Options options = rocks_options();
  if (files != nullptr) options.env = files;
  options.create_if_missing = true;
  options.error_if_exists = true;
  return open_with(options, folder);
}

Result<std::unique_ptr<RocksStore>> RocksStore::open(const std::string& folder) {
  return open_with(rocks_options(), folder);
}

Result<std::unique_ptr<RocksStore>> RocksStore::open_with(const rocksdb::Options& options,
                                                          const std::string& folder) {
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, folder, &db);
  if (status.IsNoSpace()) return tl::make_unexpected(unwritable(folder, status));
  if (!status.ok()) return tl::make_unexpected(unreadable_copy(folder, status));
  return std::unique_ptr<RocksStore>(new RocksStore(folder, std::unique_ptr<rocksdb::DB>(db)));
}

rocksdb::Status RocksStore::write(std::string_view key, std::string_view value) {
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  return db_->Put(options, slice_of(key), slice_of(value));
}

void RocksStore::put(std::string_view key, std::string_view value) {
  rocksdb::Status status;
  if (!is_short_.load(std::memory_order_acquire)) {
    status = write(key, value);
    if (status.ok()) return;
    if (!status.IsNoSpace()) return fail_with(unwritable(folder_, status));
  }
  const std::lock_guard lock(mutex_);
  if (!status.ok()) shortage_ = unwritable(folder_, status);
  waiting_.insert_or_assign(std::string(key), std::string(value));
  is_short_.store(true, std::memory_order_release);
}

rocksdb::Status RocksStore::write_waiting() {
  rocksdb::Status status = db_->Resume();  // after a failed write it takes no other
  while (status.ok() && !waiting_.empty()) {
    const auto& [key, value] = *waiting_.begin();
    status = write(key, value);
    if (status.ok()) waiting_.erase(waiting_.begin());
  }
  if (!status.ok()) return status;
  shortage_.reset();
  is_short_.store(false, std::memory_order_release);
  return status;
}

std::optional<Error> RocksStore::shortage(std::int64_t monotonic_ns) {
  if (!is_short_.load(std::memory_order_acquire)) return std::nullopt;
  const std::lock_guard lock(mutex_);
  if (tried_ns_ && monotonic_ns - *tried_ns_ < kTryEveryNs) return shortage_;
  tried_ns_ = monotonic_ns;
  const rocksdb::Status status = write_waiting();
  const bool is_final = !status.ok() && !status.IsNoSpace() && !status.IsBusy();
  if (is_final && !failure_) failure_ = unwritable(folder_, status);  // busy: it tries by itself
  return shortage_;
}

RocksStore::Entries RocksStore::waiting_between(std::string_view first,
                                                std::string_view last) const {
  if (!is_short_.load(std::memory_order_acquire)) return {};
  const std::lock_guard lock(mutex_);
  return {waiting_.lower_bound(first), waiting_.upper_bound(last)};
}

void RocksStore::scan(std::string_view first, std::string_view last, const OnEntry& on_entry) {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  const Entries waiting = waiting_between(first, last);
  auto newer = waiting.begin();
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(options));
  for (at->Seek(slice_of(first)); at->Valid() && view_of(at->key()) <= last; at->Next()) {
    for (; newer != waiting.end() && newer->first < view_of(at->key()); ++newer) {
      on_entry(newer->first, newer->second);
    }
    if (newer != waiting.end() && newer->first == view_of(at->key())) continue;
    on_entry(view_of(at->key()), view_of(at->value()));
  }
  for (; newer != waiting.end(); ++newer) on_entry(newer->first, newer->second);
  if (!at->status().ok()) fail_with(unreadable(folder_, at->status()));
}

// A copy holds files alone. After a flush that found no room, RocksDB counts a later one as done
// when it has caught up with the failed one, while what was put since is still in memory.
rocksdb::Status RocksStore::flush_all() {
  constexpr int kTriesMax = 8;
  for (int tries = 0; tries < kTriesMax; ++tries) {
    if (auto status = db_->Flush({}); !status.ok()) return status;
    std::uint64_t newest = 1;
    std::uint64_t older = 1;
    db_->GetIntProperty(rocksdb::DB::Properties::kNumEntriesActiveMemTable, &newest);
    db_->GetIntProperty(rocksdb::DB::Properties::kNumEntriesImmMemTables, &older);
    if (newest == 0 && older == 0) return {};
  }
  return rocksdb::Status::Incomplete("what was put is not in files yet");
}

Result<void> RocksStore::copy_to(const std::string& folder) {
  if (const auto failed = failure()) return tl::make_unexpected(*failed);
  rocksdb::Status status;
  {
    // RocksDB may have found room by itself: a copy without what waits here would be a wrong one.
    const std::lock_guard lock(mutex_);
    if (!waiting_.empty()) status = write_waiting();
  }
  if (status.ok()) status = flush_all();
  if (!status.ok()) return tl::make_unexpected(unwritable(folder_, status));
  rocksdb::Checkpoint* made = nullptr;
  status = rocksdb::Checkpoint::Create(db_.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(folder);
  if (!status.ok()) return tl::make_unexpected(unwritable(folder, status));
  return {};
}

void RocksStore::fail_with(const Error& error) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = error;
}

std::optional<Error> RocksStore::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace tapeline::checkpoint
