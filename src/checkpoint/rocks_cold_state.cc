// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/rocks_cold_state.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "checkpoint/copy_identity.h"
#include "checkpoint/rocks_store.h"
#include "checkpoint/snapshots.h"
#include "journal/posix_disk.h"

namespace tapeline::checkpoint {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kColdEnding = ".cold";

tl::unexpected<Error> failed_at(const fs::path& path, std::string_view doing,
                                const std::error_code& reason) {
  return fail(Fault::kOurs, path.string() + ": " + std::string(doing) + ": " + reason.message());
}

Result<void> remove_tree(const fs::path& path) {
  std::error_code failed;
  fs::remove_all(path, failed);
  if (failed) return failed_at(path, "cannot remove", failed);
  return {};
}

// The tables of RocksDB never change: they are shared. The rest is small, and copied; what the copy
// says of itself is not of the live store.
Result<void> link_all(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  fs::create_directories(to, failed);
  if (failed) return failed_at(to, "cannot make the folder", failed);
  fs::directory_iterator at(from, failed);
  for (; !failed && at != fs::directory_iterator(); at.increment(failed)) {
    if (at->path().filename() == kIdentityName) continue;
    const fs::path target = to / at->path().filename();
    if (at->path().extension() == ".sst") {
      fs::create_hard_link(at->path(), target, failed);
    } else {
      fs::copy_file(at->path(), target, failed);
    }
    if (failed) return failed_at(target, "cannot copy", failed);
  }
  if (failed) return failed_at(from, "cannot list", failed);
  return {};
}

class RocksColdState final : public ColdState {
 public:
  explicit RocksColdState(RocksFolders folders) : folders_(std::move(folders)) {}
  ~RocksColdState() override {
    store_.reset();
    ignore(remove_tree(folders_.live), "the next start removes it too");
  }

  [[nodiscard]] Result<void> restore(const std::optional<Position>& snapshot) override {
    store_.reset();
    if (auto done = remove_tree(folders_.live); !done) return done;
    if (snapshot) {
      const fs::path copy = path_of(snapshot->ordinal);
      std::error_code unknown;
      if (!fs::is_directory(copy, unknown)) {
        return fail(Fault::kTheirs, copy.string() + ": the older bars of a snapshot are missing");
      }
      if (auto done = check_identity(disk_, copy.string(), *snapshot); !done) return done;
      if (auto done = link_all(copy, folders_.live); !done) return done;
    }
    std::error_code failed;
    fs::create_directories(folders_.live, failed);
    if (failed) return failed_at(folders_.live, "cannot make the folder", failed);
    auto store = snapshot ? RocksStore::open(folders_.live) : RocksStore::create(folders_.live);
    if (!store) {
      Error error = store.error();
      if (snapshot && error.retry == Retry::kNever) {
        error.text = path_of(snapshot->ordinal).string() +
                     ": the older bars of a snapshot cannot be read: " + error.text;
      }
      return tl::make_unexpected(std::move(error));
    }
    store_ = std::move(*store);
    return {};
  }

  [[nodiscard]] StateStore& store() override { return *store_; }

  [[nodiscard]] Result<void> copy(const Position& snapshot) override {
    std::error_code failed;
    fs::create_directories(folders_.copies, failed);
    if (failed) return failed_at(folders_.copies, "cannot make the folder", failed);
    const fs::path path = path_of(snapshot.ordinal);
    const fs::path unfinished = path.string() + ".unfinished";
    for (const fs::path& old : {path, unfinished}) {
      if (auto done = remove_tree(old); !done) return done;
    }
    if (auto done = store_->copy_to(unfinished); !done) return done;
    if (auto done = write_identity(disk_, unfinished.string(), snapshot); !done) return done;
    fs::rename(unfinished, path, failed);
    if (failed) return failed_at(path, "cannot rename to", failed);
    return disk_.sync_folder(folders_.copies);
  }

  [[nodiscard]] Result<void> keep_only(const std::vector<std::uint64_t>& snapshots) override {
    std::vector<std::string> kept;
    for (const std::uint64_t snapshot : snapshots) {
      kept.push_back(path_of(snapshot).filename().string());
    }
    std::error_code failed;
    if (!fs::is_directory(folders_.copies, failed)) return {};
    std::vector<fs::path> gone;
    fs::directory_iterator at(folders_.copies, failed);
    for (; !failed && at != fs::directory_iterator(); at.increment(failed)) {
      const std::string name = at->path().filename().string();
      const bool is_copy = name.find(kColdEnding) != std::string::npos;
      if (is_copy && std::find(kept.begin(), kept.end(), name) == kept.end()) {
        gone.push_back(at->path());
      }
    }
    if (failed) return failed_at(folders_.copies, "cannot list", failed);
    for (const fs::path& path : gone) {
      if (auto done = remove_tree(path); !done) return done;
    }
    return {};
  }

 private:
  [[nodiscard]] fs::path path_of(std::uint64_t snapshot) const {
    fs::path path = fs::path(folders_.copies) / snapshot_name(snapshot);
    return path.replace_extension(kColdEnding);
  }

  journal::PosixDisk disk_;
  RocksFolders folders_;
  std::unique_ptr<RocksStore> store_;
};

}  // namespace

std::unique_ptr<ColdState> make_rocks_cold_state(const RocksFolders& folders) {
  return std::make_unique<RocksColdState>(folders);
}

}  // namespace tapeline::checkpoint
