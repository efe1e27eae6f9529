// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "journal/disk.h"

namespace tapeline::journal {

// Thrown by a MemoryDisk at the step where the machine stops. Only tests meet it.
struct Crash {};

// What happens at a step that changes something: a write, a sync, a rename.
enum class CrashKind : std::uint8_t {
  kBefore,  // the step is not done any more
  kAfter,   // it is done, and nobody is told
};

struct DiskFaults {
  std::optional<std::uint64_t> crash_at{};  // the number of the step, from 0
  CrashKind kind = CrashKind::kBefore;
  std::optional<std::uint64_t> full_at{};  // from this step on, a write is cut short and fails
  std::optional<std::uint64_t> sync_fails_at{};  // this sync and what follows it
  bool drops_syncs = false;                      // says yes, and does nothing: a lying disk
};

// A disk in memory that knows what is durable: contents with the file's sync, names with the
// folder's. One folder deep. After lose_power() it holds what a real one might.
class MemoryDisk : public Disk {
 public:
  // How much of what was not synced is gone: all of it, or each sector and each name as it falls.
  enum class Loss : std::uint8_t { kAll, kSome };

  explicit MemoryDisk(DiskFaults faults = {}) : faults_(faults) {}

  void set_faults(DiskFaults faults) {
    faults_ = faults;
    steps_ = 0;
  }
  void lose_power(Loss loss, std::uint64_t seed);
  // A write that would make all files together longer than this is cut short and fails. A file
  // that lost its name takes no room.
  void set_capacity(std::uint64_t bytes) { capacity_ = bytes; }
  [[nodiscard]] std::uint64_t steps() const { return steps_; }

  // Called by each sync before it does anything: a disk that takes its time moves a clock here.
  void set_on_sync(std::function<void()> on_sync) { on_sync_ = std::move(on_sync); }

  // For tests that damage files by hand.
  [[nodiscard]] std::string& contents(const std::string& path) { return names_.at(path)->now; }
  [[nodiscard]] std::vector<std::string> paths() const;
  void add(const std::string& path, std::string contents);
  void copy_files(MemoryDisk& from);
  // Every file that was removed and is not there now, as it was then.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> removed() const;

  [[nodiscard]] Result<std::unique_ptr<WritableFile>> create(const std::string& path) override;
  [[nodiscard]] Result<std::unique_ptr<WritableFile>> open_writable(
      const std::string& path) override;
  [[nodiscard]] Result<std::unique_ptr<ReadableFile>> open_readable(
      const std::string& path) override;
  [[nodiscard]] Result<std::vector<FileEntry>> list(const std::string& folder) override;
  [[nodiscard]] Result<bool> is_folder(const std::string& path) override;
  [[nodiscard]] Result<bool> has_file(const std::string& path) override;
  [[nodiscard]] Result<void> create_folder(const std::string& folder) override;
  [[nodiscard]] Result<void> rename(const std::string& from, const std::string& to) override;
  [[nodiscard]] Result<void> rename_new(const std::string& from, const std::string& to) override;
  [[nodiscard]] Result<void> remove(const std::string& path) override;
  [[nodiscard]] Result<void> sync_folder(const std::string& folder) override;
  [[nodiscard]] Result<std::uint64_t> free_bytes(const std::string& folder) override;
  [[nodiscard]] Result<std::unique_ptr<FileLock>> lock(const std::string& path,
                                                       std::string_view holder_does) override;

 private:
  class Writable;
  class Readable;
  class Lock;

  struct Change {
    bool is_truncation = false;
    std::uint64_t offset = 0;
    std::string bytes;
  };
  struct Node {
    std::string now;
    std::string durable;
    std::vector<Change> unsynced;  // of `durable`, in their order
  };
  using Names = std::map<std::string, std::shared_ptr<Node>>;  // shared: names, handles and history

  static void apply(const Change& change, std::string& contents);
  // Runs one step, or what a fault leaves of it.
  template <typename Do>
  Result<void> step(Do effect);

  DiskFaults faults_;
  std::function<void()> on_sync_;
  std::uint64_t capacity_ = UINT64_MAX;
  std::uint64_t steps_ = 0;
  Names names_;
  Names durable_names_;
  Names removed_;
  std::vector<Names> names_since_;  // after each change of a name since the last sync of the folder
  std::vector<std::string> folders_;
  std::map<std::string, std::shared_ptr<bool>> locks_;  // by path, shared with their holders
};

}  // namespace tapeline::journal
