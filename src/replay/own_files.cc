// SPDX-License-Identifier: Apache-2.0
#include "replay/own_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include "journal/format.h"
#include "journal/sealed_format.h"
#include "replay/journal_records.h"
#include "replay/text_output.h"

namespace tapeline::replay {
namespace {

namespace fs = std::filesystem;

// docs/formats/data_folder.md; another file in such a folder is the user's.
constexpr std::array<std::string_view, 14> kOwnNames{
    "tapeline",  "tapeline.new",       "tapeline.sock", "lock",         "journal",
    "windows",   "windows.unfinished", "store.lock",    "store.duckdb", "store.duckdb.wal",
    "store.tmp", "snapshots",          "state",         "proofs"};
constexpr std::string_view kMarker = "tapeline data folder ";

// As far as there are so many.
std::string first_bytes(const fs::path& path, std::size_t count) {
  std::error_code unknown;
  if (!fs::is_regular_file(path, unknown)) return {};
  std::string bytes(count, '\0');
  std::ifstream in(path, std::ios::binary);
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

bool is_segment_file(const std::string& path) {
  const std::string begin = first_bytes(path, journal::kSegmentHeaderBytes);
  return journal::begins_a_segment(begin) || journal::begins_sealed(begin);
}

bool is_data_folder(const fs::path& folder, const std::string& known) {
  if (first_bytes(folder / "tapeline", kMarker.size()) == kMarker) return true;
  std::error_code unknown;
  return !known.empty() && fs::weakly_canonical(known, unknown) == folder && !unknown;
}

bool is_in_journal(const fs::path& target, const std::string& data_dir) {
  const fs::path folder = target.parent_path();
  std::error_code unknown;
  if (!data_dir.empty() && folder == fs::weakly_canonical(journal_folder(data_dir), unknown)) {
    return true;
  }
  return folder.filename() == "journal" && is_data_folder(folder.parent_path(), data_dir);
}

bool is_own_name(const fs::path& target) {
  return std::find(kOwnNames.begin(), kOwnNames.end(), target.filename().string()) !=
         kOwnNames.end();
}

}  // namespace

Result<void> check_output(const std::string& path, const std::string& data_dir) {
  if (is_standard_stream(path)) return {};
  const auto refuse = [&](std::string_view what) {
    return fail(Fault::kCaller, fmt::format("{}: is {}", path, what));
  };
  std::error_code unknown;
  const fs::path target = fs::weakly_canonical(path, unknown);
  if (!unknown && is_in_journal(target, data_dir)) return refuse("a place in the journal itself");
  if (is_segment_file(path)) return refuse("a segment of a journal");
  if (!unknown && is_own_name(target) && is_data_folder(target.parent_path(), data_dir)) {
    return refuse("a file of the data folder itself; give another name");
  }
  return {};
}

}  // namespace tapeline::replay
