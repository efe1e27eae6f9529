// SPDX-License-Identifier: Apache-2.0
#include "base/lock_holders.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace tapeline {

// A line is `1: FLOCK  ADVISORY  WRITE 1234 08:01:5678 0 EOF`; of one that waits for the lock it
// begins with `1: -> FLOCK`. The device is left alone: some file systems say another one in stat().
std::vector<LockHolder> lock_holders(const std::string& path) {
  std::vector<LockHolder> holders;
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0) return holders;
  const std::string inode = fmt::format(":{}", file.st_ino);
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words(line);
    std::string number;
    std::string kind;
    std::string advisory;
    std::string access;
    std::string place;
    LockHolder holder;
    words >> number >> kind >> advisory >> access >> holder.pid >> place;
    if (kind != "FLOCK" || !place.ends_with(inode)) continue;
    holder.is_exclusive = access == "WRITE";
    holder.pid = std::max(holder.pid, 0);
    holders.push_back(holder);
  }
  return holders;
}

std::string name_of(const std::vector<LockHolder>& holders) {
  std::string names;
  std::size_t named = 0;
  for (const LockHolder& holder : holders) {
    if (holder.pid == 0) continue;
    if (named++ > 0) names += " and ";
    names += std::to_string(holder.pid);
  }
  if (named == 0) return "another process";
  return (named == 1 ? "process " : "processes ") + names;
}

}  // namespace tapeline
