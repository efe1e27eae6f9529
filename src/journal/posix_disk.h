// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "journal/disk.h"

namespace tapeline::journal {

// The real file system. A full disk may be tried again after a while; a path that does not exist or
// may not be used is the caller's fault.
class PosixDisk final : public Disk {
 public:
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
};

}  // namespace tapeline::journal
