// SPDX-License-Identifier: Apache-2.0
#include "app/live/data_dir.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

#include "app/values/text.h"
#include "journal/posix_disk.h"
#include "replay/journal_records.h"

namespace tapeline::app {
namespace {

constexpr std::string_view kMarkerHead = "tapeline data folder ";
constexpr std::string_view kHoldsReal = "\nholds real\n";
constexpr std::string_view kHoldsSimulated = "\nholds simulated\n";
constexpr std::size_t kMarkerBytesMax = 256;
constexpr std::string_view kAnotherFolder = "choose another --data-dir";

std::string_view word_of(Holds holds) { return holds == Holds::kReal ? "real" : "simulated"; }

// Everything after the folder's own name is for its owner: it may hold what a venue says to a key.
Result<void> make_folder(journal::Disk& disk, const std::string& path) {
  const auto is_there = disk.is_folder(path);
  if (!is_there) return tl::make_unexpected(is_there.error());
  if (*is_there) return {};
  std::string parent = std::filesystem::path(path).parent_path().string();
  if (parent.empty()) parent = ".";
  if (auto made = disk.create_folder(parent); !made) return made;
  constexpr mode_t kOwnerOnly = 0700;
  if (::mkdir(path.c_str(), kOwnerOnly) != 0 && errno != EEXIST) {
    const int reason = errno;
    return fail(Fault::kCaller,
                fmt::format("{}: cannot make the folder: {}; {}", path,
                            std::generic_category().message(reason), kAnotherFolder));
  }
  return disk.sync_folder(parent);
}

// What the marker says, or nothing when there is none.
Result<std::optional<Holds>> read_marker(journal::Disk& disk, const std::string& marker) {
  const auto is_there = disk.has_file(marker);
  if (!is_there) return tl::make_unexpected(is_there.error());
  if (!*is_there) return std::nullopt;
  auto file = disk.open_readable(marker);
  if (!file) return tl::make_unexpected(file.error());
  std::array<char, kMarkerBytesMax> bytes{};
  const auto size = (*file)->read_at(0, bytes.data(), bytes.size());
  if (!size) return tl::make_unexpected(size.error());

  std::string_view text(bytes.data(), *size);
  unsigned format = 0;
  const bool has_head = text.starts_with(kMarkerHead);
  if (has_head) text.remove_prefix(kMarkerHead.size());
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), format);
  if (has_head && error == std::errc{} && format > DataDir::kFormat) {
    return fail(
        Fault::kCaller,
        fmt::format("{}: a newer Tapeline wrote this folder (format {}, this one knows {}); "
                    "use that version, or {}",
                    marker, format, DataDir::kFormat, kAnotherFolder));
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (has_head && format == DataDir::kFormat) {
    if (text == kHoldsReal) return Holds::kReal;
    if (text == kHoldsSimulated) return Holds::kSimulated;
  }
  return fail(
      Fault::kTheirs,
      fmt::format("{}: says not whether the folder holds real or simulated data (damaged?); "
                  "put back one that does, or {}",
                  marker, kAnotherFolder));
}

// In full or not at all, whenever the power goes.
Result<void> write_marker(journal::Disk& disk, const std::string& folder, const std::string& marker,
                          Holds holds) {
  const std::string fresh = marker + ".new";
  auto file = disk.create(fresh);
  if (!file) return tl::make_unexpected(file.error());
  const std::string text = fmt::format("{}{}{}", kMarkerHead, DataDir::kFormat,
                                       holds == Holds::kReal ? kHoldsReal : kHoldsSimulated);
  return (*file)
      ->write_at(0, text)
      .and_then([&] { return (*file)->sync(); })
      .and_then([&] { return disk.rename(fresh, marker); })
      .and_then([&] { return disk.sync_folder(folder); });
}

}  // namespace

Result<std::string> data_dir_path(const std::string& configured, const std::string& home) {
  std::string path = values::expand_home(configured, home);
  if (path != "~" && !path.starts_with("~/")) return path;
  return fail(Fault::kCaller, "there is no $HOME to find the data folder in; say --data-dir");
}

Result<DataDir> DataDir::open(const std::string& path, Holds holds) {
  std::string folder = path;
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  journal::PosixDisk disk;
  if (auto made = make_folder(disk, folder); !made) return tl::make_unexpected(made.error());
  auto lock = disk.lock(folder + "/lock", journal::kIsWriting);
  if (!lock) return tl::make_unexpected(lock.error());

  const std::string marker = folder + "/tapeline";
  auto held = read_marker(disk, marker);
  if (!held) return tl::make_unexpected(held.error());
  if (!*held) {
    const auto has_journal = disk.is_folder(replay::journal_folder(folder));
    if (!has_journal) return tl::make_unexpected(has_journal.error());
    const Holds found = *has_journal ? Holds::kReal : holds;
    if (auto done = write_marker(disk, folder, marker, found); !done) {
      return tl::make_unexpected(done.error());
    }
    held = found;
  }
  if (**held != holds) {
    return fail(Fault::kCaller,
                fmt::format("{}: holds {} data, which {} data never joins; {}", folder,
                            word_of(**held), word_of(holds), kAnotherFolder));
  }
  return DataDir(std::move(folder), std::move(*lock));
}

}  // namespace tapeline::app
