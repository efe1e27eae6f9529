// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "base/result.h"
#include "journal/disk.h"

namespace tapeline::app {

// What a data folder holds; the two never share one.
enum class Holds : std::uint8_t { kReal, kSimulated };

// The folder of the configuration, the home folder in the place of "~".
Result<std::string> data_dir_path(const std::string& configured, const std::string& home);

// The data folder, held by the one process that writes in it until this goes. It remembers what it
// holds in the file "tapeline", two lines (docs/formats/data_folder.md):
//
//   marker := "tapeline data folder " FORMAT LF "holds " ("real" | "simulated") LF
//
// A folder without one that has a journal was written before there were markers, and is real.
class DataDir {
 public:
  static constexpr unsigned kFormat = 1;

  // Makes the folder where there is none, for its owner alone. Refuses one that another process
  // holds, that holds the other kind, or that a newer version wrote: nothing in it is changed then.
  static Result<DataDir> open(const std::string& path, Holds holds);

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  DataDir(std::string path, std::unique_ptr<journal::FileLock> lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;
  std::unique_ptr<journal::FileLock> lock_;
};

}  // namespace tapeline::app
