// SPDX-License-Identifier: Apache-2.0
#include "app/live/holder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>

namespace tapeline::app::live {
namespace {

bool is_locked(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool is_free = ::flock(fd, LOCK_SH | LOCK_NB) == 0;
  const bool is_held = !is_free && errno == EWOULDBLOCK;
  ::close(fd);
  return is_held;
}

}  // namespace

// A lock is only tried where its holder seems to live: trying it takes it for a moment, and whoever
// starts at that moment would be refused.
std::optional<std::string> holder_of(const std::string& data_dir, Held held) {
  const std::string folder_lock = data_dir + "/lock";
  pid_t pid = 0;
  if (!(std::ifstream(folder_lock) >> pid) || pid <= 0) return std::nullopt;
  if (::kill(pid, 0) != 0 && errno == ESRCH) return std::nullopt;
  if (!is_locked(held == Held::kFolder ? folder_lock : data_dir + "/store.lock")) {
    return std::nullopt;
  }
  return fmt::format("process {}", pid);
}

}  // namespace tapeline::app::live
