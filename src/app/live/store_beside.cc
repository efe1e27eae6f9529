// SPDX-License-Identifier: Apache-2.0
#include "app/live/store_beside.h"

#include "checkpoint/recovery.h"
#include "journal/segments.h"
#include "pipeline/restore.h"
#include "store/duckdb/open.h"

namespace tapeline::app::live {
namespace {

constexpr const char* kStoreName = "store.duckdb";

}  // namespace

Result<std::unique_ptr<store::Reader>> open_store_beside(journal::Disk& disk,
                                                         const std::string& data_dir) {
  const auto has_store = disk.has_file(store::duckdb::store_path(data_dir));
  if (!has_store) return tl::make_unexpected(has_store.error());
  if (!*has_store) return nullptr;
  return store::duckdb::open_reader(data_dir, {});
}

Result<void> require_journal_of(journal::Disk& disk, store::Reader& store,
                                const std::string& journal_folder) {
  const auto stored = store.position();
  if (!stored) return tl::make_unexpected(stored.error());
  if (!*stored) return {};
  const auto is_there = disk.is_folder(journal_folder);
  if (!is_there) return tl::make_unexpected(is_there.error());
  if (*is_there) {
    const auto found = journal::look_at_segments(disk, journal_folder);
    if (!found) return tl::make_unexpected(found.error());
    if (!found->empty()) return {};
  }
  return tl::make_unexpected(checkpoint::journal_is_missing(
      {.journal_folder = journal_folder, .store_name = kStoreName, .stored = *stored}));
}

journal::WriterOptions::Accepts accepts_for(store::Reader& store, journal::Disk& disk,
                                            const std::string& journal_folder) {
  return [&store, &disk, journal_folder](JournalId journal,
                                         std::uint64_t end_ordinal) -> Result<void> {
    checkpoint::Situation situation{.journal_folder = journal_folder,
                                    .store_name = kStoreName,
                                    .journal = journal,
                                    .end_ordinal = end_ordinal};
    const auto stored = store.position();
    if (!stored) return tl::make_unexpected(stored.error());
    situation.stored = *stored;
    if (!situation.stored) return {};
    if (auto done = checkpoint::check_store(situation); !done) return done;
    return pipeline::check_same_journal(disk, situation, store);
  };
}

}  // namespace tapeline::app::live
