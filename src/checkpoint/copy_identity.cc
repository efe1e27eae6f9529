// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/copy_identity.h"

#include <fmt/format.h>

#include <algorithm>

namespace tapeline::checkpoint {
namespace {

std::string path_in(const std::string& folder) {
  return fmt::format("{}/{}", folder, kIdentityName);
}

std::string head_of(const Position& snapshot) {
  return fmt::format("tapeline older bars 1\njournal {:016x}\nrecord {}\n",
                     snapshot.journal.value(), snapshot.ordinal);
}

Result<std::string> files_of(journal::Disk& disk, const std::string& folder) {
  auto files = disk.list(folder);
  if (!files) return tl::make_unexpected(files.error());
  std::sort(files->begin(), files->end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  std::string text;
  for (const journal::FileEntry& file : *files) {
    if (file.name != kIdentityName) text += fmt::format("file {} {}\n", file.bytes, file.name);
  }
  return text;
}

Result<std::string> read_identity(journal::Disk& disk, const std::string& path) {
  const auto file = disk.open_readable(path);
  if (!file) return tl::make_unexpected(file.error());
  const auto bytes = (*file)->size();
  if (!bytes) return tl::make_unexpected(bytes.error());
  constexpr std::uint64_t kBytesMax = std::uint64_t{16} << 20;
  std::string text(std::min(*bytes, kBytesMax), '\0');
  const auto size = (*file)->read_at(0, text.data(), text.size());
  if (!size) return tl::make_unexpected(size.error());
  text.resize(*size);
  return text;
}

}  // namespace

Result<void> write_identity(journal::Disk& disk, const std::string& folder,
                            const Position& snapshot) {
  const auto files = files_of(disk, folder);
  if (!files) return tl::make_unexpected(files.error());
  const auto file = disk.create(path_in(folder));
  if (!file) return tl::make_unexpected(file.error());
  return (*file)
      ->write_at(0, head_of(snapshot) + *files)
      .and_then([&] { return (*file)->sync(); })
      .and_then([&] { return disk.sync_folder(folder); });
}

Result<void> check_identity(journal::Disk& disk, const std::string& folder,
                            const Position& snapshot) {
  const std::string path = path_in(folder);
  const auto is_there = disk.has_file(path);
  if (!is_there) return tl::make_unexpected(is_there.error());
  if (!*is_there) {
    return fail(Fault::kTheirs, folder + ": does not say of which snapshot its older bars are");
  }
  const auto text = read_identity(disk, path);
  if (!text) return tl::make_unexpected(text.error());
  const std::string head = head_of(snapshot);
  if (!text->starts_with(head)) {
    return fail(Fault::kTheirs, fmt::format("{}: holds the older bars of another snapshot than "
                                            "that of journal {:016x} at record {}",
                                            folder, snapshot.journal.value(), snapshot.ordinal));
  }
  const auto files = files_of(disk, folder);
  if (!files) return tl::make_unexpected(files.error());
  if (text->substr(head.size()) != *files) {
    return fail(Fault::kTheirs, folder + ": is damaged: its files are not those that were written");
  }
  return {};
}

}  // namespace tapeline::checkpoint
