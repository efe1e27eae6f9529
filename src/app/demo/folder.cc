// SPDX-License-Identifier: Apache-2.0
#include "app/demo/folder.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <utility>

#include "journal/posix_disk.h"

namespace tapeline::app::demo {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNamePrefix = "tapeline-demo-";
// Until it is locked a folder has another name, so that nobody takes it for left behind.
constexpr std::string_view kUnlockedPrefix = "tapeline-starting-";
constexpr std::time_t kUnlockedMaxSeconds = 60;
constexpr mode_t kOwnerOnlyMode = 0700;

std::string hold_of(const std::string& folder) { return folder + "/hold"; }

// A folder of this user, not a link to one.
bool is_own_folder(const std::string& path, struct stat& about) {
  return ::lstat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode) &&
         about.st_uid == ::geteuid();
}

// Nobody holds it: its demo was killed.
bool is_left_behind(const std::string& path) {
  journal::PosixDisk disk;
  return disk.lock(hold_of(path), "runs a demo").has_value();
}

void remove_left_behind(const std::string& parent) {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(parent, failed)) {
    const std::string name = entry.path().filename().string();
    const std::string path = entry.path().string();
    struct stat about = {};
    if (name.starts_with(kUnlockedPrefix) && is_own_folder(path, about)) {
      if (std::time(nullptr) - about.st_mtime > kUnlockedMaxSeconds) fs::remove_all(path, failed);
    } else if (name.starts_with(kNamePrefix) && is_own_folder(path, about)) {
      if (is_left_behind(path)) fs::remove_all(path, failed);
    }
  }
}

tl::unexpected<Error> cannot_make(const std::string& path) {
  const int reason = errno;
  return fail(Fault::kCaller, fmt::format("{}: cannot make the folder: {}; choose one with "
                                          "--data-dir",
                                          path, std::generic_category().message(reason)));
}

}  // namespace

std::string parent_of_temporary(const std::string& tmpdir) {
  return tmpdir.empty() ? "/tmp" : tmpdir;
}

std::vector<std::string> running_in(const std::string& parent) {
  std::vector<std::string> running;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(parent, failed)) {
    std::string path = entry.path().string();
    struct stat about = {};
    if (entry.path().filename().string().starts_with(kNamePrefix) && is_own_folder(path, about) &&
        !is_left_behind(path)) {
      running.push_back(std::move(path));
    }
  }
  std::sort(running.begin(), running.end());
  return running;
}

Folder::Folder(std::string path, std::unique_ptr<journal::FileLock> lock)
    : path_(std::move(path)), lock_(std::move(lock)) {}

Result<std::unique_ptr<Folder>> Folder::make_temporary(const std::string& parent) {
  remove_left_behind(parent);
  std::string unlocked = fmt::format("{}/{}XXXXXX", parent, kUnlockedPrefix);
  if (::mkdtemp(unlocked.data()) == nullptr) return cannot_make(unlocked);
  journal::PosixDisk disk;
  auto lock = disk.lock(hold_of(unlocked), "runs a demo");
  const std::string suffix = unlocked.substr(unlocked.size() - 6);
  std::string path = fmt::format("{}/{}{}", parent, kNamePrefix, suffix);
  std::error_code failed;
  if (lock) fs::rename(unlocked, path, failed);
  if (!lock || failed) {
    std::error_code ignored;
    fs::remove_all(unlocked, ignored);
    if (!lock) return tl::make_unexpected(lock.error());
    errno = failed.value();
    return cannot_make(path);
  }
  return std::unique_ptr<Folder>(new Folder(std::move(path), std::move(*lock)));
}

Result<std::unique_ptr<Folder>> Folder::make_lasting(const std::string& path) {
  std::error_code failed;
  if (fs::exists(path, failed) && !fs::is_empty(path, failed)) {
    return fail(Fault::kCaller, path +
                                    ": is not empty, and a demo keeps what it stores in a "
                                    "folder of its own; choose another --data-dir");
  }
  if (!fs::exists(path, failed)) {
    const fs::path parent = fs::path(path).parent_path();
    if (!parent.empty()) fs::create_directories(parent, failed);
    if (::mkdir(path.c_str(), kOwnerOnlyMode) != 0) return cannot_make(path);
  }
  return std::unique_ptr<Folder>(new Folder(path, nullptr));
}

Folder::~Folder() {
  if (!is_temporary()) return;
  std::error_code ignored;  // the next demo tries again
  fs::remove_all(path_, ignored);
}

}  // namespace tapeline::app::demo
