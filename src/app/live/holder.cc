// SPDX-License-Identifier: Apache-2.0
#include "app/live/holder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>

#include "base/lock_holders.h"

namespace tapeline::app::live {
namespace {

// By a writer: who only reads has it shared.
bool is_locked(const std::string& path) {
  const auto holders = lock_holders(path);
  return std::any_of(holders.begin(), holders.end(),
                     [](const LockHolder& holder) { return holder.is_exclusive; });
}

}  // namespace

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
