// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tapeline::journal {

// The journal's view of a file system, so that tests can lose power at any step. An Error names the
// path. Nothing is durable before its sync: contents by the file's, names by the folder's.

class WritableFile {
 public:
  WritableFile() = default;
  WritableFile(const WritableFile&) = delete;
  WritableFile& operator=(const WritableFile&) = delete;
  virtual ~WritableFile() = default;

  // All of the bytes, or an Error; after an Error the same write may be tried again.
  [[nodiscard]] virtual Result<void> write_at(std::uint64_t offset, std::string_view bytes) = 0;
  // After a failed sync nobody knows what is durable: it is never tried again.
  [[nodiscard]] virtual Result<void> sync() = 0;
  [[nodiscard]] virtual Result<void> truncate(std::uint64_t bytes) = 0;
};

class ReadableFile {
 public:
  ReadableFile() = default;
  ReadableFile(const ReadableFile&) = delete;
  ReadableFile& operator=(const ReadableFile&) = delete;
  virtual ~ReadableFile() = default;

  // How many bytes were read: fewer than asked for only at the end.
  [[nodiscard]] virtual Result<std::size_t> read_at(std::uint64_t offset, char* to,
                                                    std::size_t bytes) = 0;
  // How many bytes it has by now.
  [[nodiscard]] virtual Result<std::uint64_t> size() = 0;
};

// Held while it lives.
class FileLock {
 public:
  FileLock() = default;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  virtual ~FileLock() = default;
};

// What stands under a name.
enum class EntryKind : std::uint8_t {
  kFile,
  kLink,   // to a file, whose size it has
  kOther,  // no file: a folder, a pipe, a link that leads nowhere
};

struct FileEntry {
  std::string name;
  std::uint64_t bytes = 0;
  EntryKind kind = EntryKind::kFile;
};

// What the holder of a writer's lock does, as a refusal says it.
inline constexpr std::string_view kIsWriting =
    "is writing here; stop it, or choose another --data-dir";

class Disk {
 public:
  Disk() = default;
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;
  virtual ~Disk() = default;

  // An empty file, whatever stood there before.
  [[nodiscard]] virtual Result<std::unique_ptr<WritableFile>> create(const std::string& path) = 0;
  [[nodiscard]] virtual Result<std::unique_ptr<WritableFile>> open_writable(
      const std::string& path) = 0;
  [[nodiscard]] virtual Result<std::unique_ptr<ReadableFile>> open_readable(
      const std::string& path) = 0;
  // What is in a folder, in no order. A folder that does not exist is an Error.
  [[nodiscard]] virtual Result<std::vector<FileEntry>> list(const std::string& folder) = 0;
  // False when nothing is there; an Error when nobody may look, or something else is.
  [[nodiscard]] virtual Result<bool> is_folder(const std::string& path) = 0;
  // False when nothing is there, or no regular file is; an Error when nobody may look.
  [[nodiscard]] virtual Result<bool> has_file(const std::string& path) = 0;
  // With all its parents; durable when it returns. Fine when it exists.
  [[nodiscard]] virtual Result<void> create_folder(const std::string& folder) = 0;
  // Whatever stood under the new name before is gone.
  [[nodiscard]] virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  // Refused when anything stands under the new name.
  [[nodiscard]] virtual Result<void> rename_new(const std::string& from, const std::string& to) = 0;
  [[nodiscard]] virtual Result<void> remove(const std::string& path) = 0;
  [[nodiscard]] virtual Result<void> sync_folder(const std::string& folder) = 0;
  // How many bytes can still be written where the folder is.
  [[nodiscard]] virtual Result<std::uint64_t> free_bytes(const std::string& folder) = 0;
  // Refused while another process, or this one, holds it; the Error names the process if it can,
  // and what it does.
  [[nodiscard]] virtual Result<std::unique_ptr<FileLock>> lock(const std::string& path,
                                                               std::string_view holder_does) = 0;
};

}  // namespace tapeline::journal
