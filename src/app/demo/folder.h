// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "journal/disk.h"

namespace tapeline::app::demo {

// Where temporary folders are made: what $TMPDIR says, or /tmp.
std::string parent_of_temporary(const std::string& tmpdir);
// The temporary folders there in which a demo of this user runs.
std::vector<std::string> running_in(const std::string& parent);

// The data folder of one demo, for its owner alone.
class Folder {
 public:
  // Makes PARENT/tapeline-demo-XXXXXX, which goes with this; and removes those there that a killed
  // demo has left behind: of the same user, and held by nobody.
  [[nodiscard]] static Result<std::unique_ptr<Folder>> make_temporary(const std::string& parent);
  // One that stays. It has to be empty, because the truth of another demo is gone.
  [[nodiscard]] static Result<std::unique_ptr<Folder>> make_lasting(const std::string& path);

  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] bool is_temporary() const { return lock_ != nullptr; }

 private:
  Folder(std::string path, std::unique_ptr<journal::FileLock> lock);

  std::string path_;
  std::unique_ptr<journal::FileLock> lock_;  // of a temporary one: it has an owner
};

}  // namespace tapeline::app::demo
