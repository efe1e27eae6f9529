// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "journal/disk.h"
#include "journal/writer.h"
#include "store/reader.h"

namespace tapeline::app::live {

// What stands between a journal and whoever is about to write it: the store in the same data
// folder, whose rows are from records of it, and which nobody may give others in their place.

// That store, for who only asks; null: there is none. Nobody has it open.
[[nodiscard]] Result<std::unique_ptr<store::Reader>> open_store_beside(journal::Disk& disk,
                                                                       const std::string& data_dir);

// An Error where the journal that the store was made of is gone. Asked before the journal is
// opened, which would found one, and then there were two.
[[nodiscard]] Result<void> require_journal_of(journal::Disk& disk, store::Reader& store,
                                              const std::string& journal_folder);

// journal::WriterOptions::accepts for that store. Both outlive it.
[[nodiscard]] journal::WriterOptions::Accepts accepts_for(store::Reader& store, journal::Disk& disk,
                                                          const std::string& journal_folder);

}  // namespace tapeline::app::live
