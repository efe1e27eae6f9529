// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "journal/disk.h"

// What a copy of older bars says of itself, in a file beside its own, so that none is taken for
// another snapshot's; docs/formats/snapshot.md says why.
//
//   identity := "tapeline older bars 1" LF "journal " 16 hex digits LF "record " ORDINAL LF file*
//   file     := "file " BYTES " " NAME LF
//
// Every other file of the copy, by name.
namespace tapeline::checkpoint {

inline constexpr std::string_view kIdentityName = "identity";

// Of the files that are in the folder; durable when it returns, and so are their names.
[[nodiscard]] Result<void> write_identity(journal::Disk& disk, const std::string& folder,
                                          const Position& snapshot);

// An Error, which names the folder, where it is not the whole copy of that snapshot.
[[nodiscard]] Result<void> check_identity(journal::Disk& disk, const std::string& folder,
                                          const Position& snapshot);

}  // namespace tapeline::checkpoint
