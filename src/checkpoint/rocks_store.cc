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

Error error_of(const std::string& folder, const rocksdb::Status& status) {
  if (status.IsCorruption()) {
    return {Fault::kTheirs, Retry::kNever, folder + ": is damaged: " + status.ToString()};
  }
  return {Fault::kOurs, status.IsNoSpace() ? Retry::kAfterBackoff : Retry::kNever,
          folder + ": " + status.ToString()};
}

}  // namespace

Result<std::unique_ptr<RocksStore>> RocksStore::create(const std::string& folder) {
  rocksdb::Options options = rocks_options();
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
  if (!status.ok()) return tl::make_unexpected(error_of(folder, status));
  return std::unique_ptr<RocksStore>(new RocksStore(folder, std::unique_ptr<rocksdb::DB>(db)));
}

void RocksStore::put(std::string_view key, std::string_view value) {
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  note(db_->Put(options, slice_of(key), slice_of(value)));
}

void RocksStore::scan(std::string_view first, std::string_view last, const OnEntry& on_entry) {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(options));
  for (at->Seek(slice_of(first)); at->Valid() && view_of(at->key()) <= last; at->Next()) {
    on_entry(view_of(at->key()), view_of(at->value()));
  }
  note(at->status());
}

Result<void> RocksStore::copy_to(const std::string& folder) {
  if (const auto failed = failure()) return tl::make_unexpected(*failed);
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(db_.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(folder);
  if (!status.ok()) return tl::make_unexpected(error_of(folder, status));
  return {};
}

void RocksStore::note(const rocksdb::Status& status) {
  if (!status.ok()) fail_with(error_of(folder_, status));
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
