// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/config/check.h"

namespace tapeline::app::config {

// Where a configuration comes from, what counts less first; empty: nowhere.
struct Given {
  std::string file{};
  std::vector<std::string> sets{};  // KEY=VALUE, of --set
  std::string data_dir{};           // of --data-dir
};

// The configuration that is in force, or everything that is wrong with it, one sentence each. The
// later of two that say the same key wins; $TAPELINE_DATA stands between the file and --set.
Checked load(const Given& given, const Surroundings& surroundings);

// A key, feeds apart, of which two configurations differ, and what each says; secrets are none.
struct KeyChange {
  std::string path{};
  std::string before{};
  std::string after{};
};
std::vector<KeyChange> changes_beside_feeds(const Config& before, const Config& after);

// Every value in force, a line each: `stream.disorder: 5s  # tapeline.yaml:12`.
std::string show(const Checked& checked, const std::string& file);

}  // namespace tapeline::app::config
