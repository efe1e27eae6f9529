// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/snapshots.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/crc32c.h"

namespace tapeline::checkpoint {
namespace {

constexpr std::size_t kDigits = 20;
constexpr std::string_view kEnding = ".snapshot";
constexpr std::string_view kUnfinished = ".unfinished";

// The ordinal of a snapshot's name; nothing where it is none.
std::optional<std::uint64_t> ordinal_of(std::string_view name) {
  if (name.size() != kDigits + kEnding.size() || !name.ends_with(kEnding)) return std::nullopt;
  std::uint64_t ordinal = 0;
  for (const char digit : name.substr(0, kDigits)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    ordinal = ordinal * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return ordinal;
}

Result<std::vector<journal::FileEntry>> list_folder(journal::Disk& disk,
                                                    const std::string& folder) {
  const auto is_there = disk.is_folder(folder);
  if (!is_there) return tl::make_unexpected(is_there.error());
  if (!*is_there) return std::vector<journal::FileEntry>();
  return disk.list(folder);
}

tl::unexpected<Error> damaged(const std::string& path, std::string_view what) {
  return fail(Fault::kTheirs, fmt::format("{}: is damaged: {}", path, what));
}

// The header of the file, which is as long as `file_bytes`.
Result<SnapshotHeader> read_header(journal::ReadableFile& file, const Snapshot& snapshot,
                                   std::uint64_t file_bytes) {
  std::array<char, kHeaderBytes> bytes{};
  const auto size = file.read_at(0, bytes.data(), bytes.size());
  if (!size) return tl::make_unexpected(size.error());
  auto header = parse_header({bytes.data(), *size});
  if (!header) return tl::make_unexpected(header.error().within(snapshot.path));
  if (header->tick.position.ordinal != snapshot.ordinal) {
    return damaged(snapshot.path, fmt::format("it is the snapshot at record {} under a wrong name",
                                              header->tick.position.ordinal));
  }
  if (header->state_bytes != file_bytes - kHeaderBytes) {
    return damaged(snapshot.path, fmt::format("it has {} bytes instead of {}", file_bytes,
                                              kHeaderBytes + header->state_bytes));
  }
  return header;
}

Result<void> write_file(journal::Disk& disk, const std::string& path, const SnapshotHeader& header,
                        std::span<const std::string_view> state) {
  auto file = disk.create(path);
  if (!file) return tl::make_unexpected(file.error());
  if (auto done = (*file)->write_at(0, encode_header(header)); !done) return done;
  std::uint64_t offset = kHeaderBytes;
  for (const std::string_view part : state) {
    if (auto done = (*file)->write_at(offset, part); !done) return done;
    offset += part.size();
  }
  return (*file)->sync();
}

bool is_newer_version(const Error& error) { return error.fault == Fault::kCaller; }

}  // namespace

std::string snapshot_name(std::uint64_t ordinal) {
  return fmt::format("{:0{}}{}", ordinal, kDigits, kEnding);
}

Result<std::vector<Snapshot>> list_snapshots(journal::Disk& disk, const std::string& folder) {
  auto entries = list_folder(disk, folder);
  if (!entries) return tl::make_unexpected(entries.error());
  std::sort(entries->begin(), entries->end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  std::vector<Snapshot> snapshots;
  for (const journal::FileEntry& entry : *entries) {
    const auto ordinal = ordinal_of(entry.name);
    if (!ordinal) continue;
    Snapshot snapshot{folder + "/" + entry.name, *ordinal, {}};
    const auto file = disk.open_readable(snapshot.path);
    if (!file) {
      const auto is_there = disk.has_file(snapshot.path);
      if (is_there && !*is_there) continue;
      return tl::make_unexpected(file.error());
    }
    snapshot.header = read_header(**file, snapshot, entry.bytes);
    if (!snapshot.header && is_newer_version(snapshot.header.error())) {
      return tl::make_unexpected(snapshot.header.error());
    }
    snapshots.push_back(std::move(snapshot));
  }
  return snapshots;
}

Result<std::string> read_state(journal::Disk& disk, const Snapshot& snapshot) {
  const SnapshotHeader& header = *snapshot.header;
  const auto file = disk.open_readable(snapshot.path);
  if (!file) return tl::make_unexpected(file.error());
  std::string state(header.state_bytes, '\0');
  const auto size = (*file)->read_at(kHeaderBytes, state.data(), state.size());
  if (!size) return tl::make_unexpected(size.error());
  Crc32c crc;
  crc.add(state);
  if (*size != state.size() || crc.value() != header.state_crc) {
    return damaged(snapshot.path, "its state's checksum does not match");
  }
  return state;
}

Result<void> write_snapshot(journal::Disk& disk, const std::string& folder, SnapshotHeader header,
                            std::span<const std::string_view> state) {
  Crc32c crc;
  header.state_bytes = 0;
  for (const std::string_view part : state) {
    crc.add(part);
    header.state_bytes += part.size();
  }
  header.state_crc = crc.value();
  const std::string path = folder + "/" + snapshot_name(header.tick.position.ordinal);
  const std::string unfinished = path + std::string(kUnfinished);
  if (auto done = disk.create_folder(folder); !done) return done;
  auto done = write_file(disk, unfinished, header, state)
                  .and_then([&] { return disk.rename(unfinished, path); })
                  .and_then([&] { return disk.sync_folder(folder); });
  // What a full disk cut short takes room that the next one needs.
  if (!done) ignore(disk.remove(unfinished), "a start removes it too");
  return done;
}

Result<void> remove_unfinished(journal::Disk& disk, const std::string& folder) {
  const auto entries = list_folder(disk, folder);
  if (!entries) return tl::make_unexpected(entries.error());
  for (const journal::FileEntry& entry : *entries) {
    if (entry.kind != journal::EntryKind::kFile || !entry.name.ends_with(kUnfinished)) continue;
    if (auto done = disk.remove(folder + "/" + entry.name); !done) return done;
  }
  return {};
}

Result<void> keep_newest(journal::Disk& disk, const std::string& folder, JournalId journal,
                         std::size_t keep) {
  auto snapshots = list_snapshots(disk, folder);
  if (!snapshots) return tl::make_unexpected(snapshots.error());
  std::erase_if(*snapshots, [&](const Snapshot& s) { return !s.may_be_of(journal); });
  for (std::size_t i = 0; i + keep < snapshots->size(); ++i) {
    if (auto done = disk.remove((*snapshots)[i].path); !done) return done;
  }
  return {};
}

std::optional<std::uint64_t> needed_from(const std::vector<Snapshot>& snapshots,
                                         JournalId journal) {
  for (const Snapshot& snapshot : snapshots) {
    if (snapshot.may_be_of(journal)) return snapshot.needs_from();
  }
  return std::nullopt;
}

}  // namespace tapeline::checkpoint
