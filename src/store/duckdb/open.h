// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "store/writer.h"

namespace tapeline::store::duckdb {

// The bounds of the embedded database.
struct Limits {
  // Blocks of the file are kept up to this, so a run holds it by and by. For each thread DuckDB
  // wants some 125 MB; what needs more spills.
  std::size_t memory_bytes = std::size_t{128} << 20;
  std::uint32_t threads = 1;
  std::size_t spill_bytes = std::size_t{4} << 30;  // of large sorts, in the data folder
  // Of the log, before it is folded in. Until then its rows stand in memory, three times as large.
  std::size_t checkpoint_bytes = std::size_t{8} << 20;
};

struct WriterOptions {
  DataKind kind = DataKind::kReal;
  Limits limits{};
  // Asked some times a second while processes that only read have the store open, and told which;
  // false gives up. Without it nobody is waited for.
  std::function<bool(const std::string& who)> waits_for{};
};

// The store of a data folder: DATA_DIR/store.duckdb.
std::string store_path(const std::string& data_dir);

// Opens or founds the store as its only process: another one that has it open, the other kind of
// data, a newer schema and a damaged file are refused with the way out. Those that only read its
// files are waited for, since they leave when they see that it is wanted.
[[nodiscard]] Result<std::unique_ptr<Writer>> open_writer(const std::string& data_dir,
                                                          const WriterOptions& options);

// Opens the files of a store that nobody writes, and changes nothing in them.
[[nodiscard]] Result<std::unique_ptr<Reader>> open_reader(const std::string& data_dir,
                                                          const Limits& limits);

// Whether a writer waits for those that read the files of this data folder.
[[nodiscard]] bool is_wanted(const std::string& data_dir);

}  // namespace tapeline::store::duckdb
