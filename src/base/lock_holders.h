// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace tapeline {

// A process that has the flock() of a file.
struct LockHolder {
  pid_t pid = 0;  // 0: one that this process cannot see
  bool is_exclusive = false;
};

// Who has it, as the system tells in /proc/locks: to try the lock would be to take it for a moment,
// from whoever starts then. Nobody where the file is not there, or the system does not tell.
std::vector<LockHolder> lock_holders(const std::string& path);

// "process 12", "processes 12 and 13"; "another process" where nobody is named.
std::string name_of(const std::vector<LockHolder>& holders);

}  // namespace tapeline
