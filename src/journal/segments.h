// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "journal/disk.h"
#include "journal/format.h"

namespace tapeline::journal {

// A segment as it is found on disk.
struct Segment {
  std::string path;
  std::uint64_t bytes = 0;  // of its header, records and marks
  SegmentHeader header;
  bool is_sealed = false;
  std::uint64_t disk_bytes = 0;   // of the file
  std::uint64_t end_ordinal = 0;  // behind its last record, where it is sealed
};

// "00000000000000004096.journal": the name of the segment whose first record has this ordinal.
std::string segment_name(std::uint64_t first_ordinal);
// What a sealed segment's name ends with beside that; `zstd -d` makes the segment of it again.
inline constexpr std::string_view kSealedEnding = ".zst";
// A segment under construction; one that is left over was never part of the journal.
inline constexpr std::string_view kUnfinished = ".unfinished";
inline constexpr std::string_view kSegmentEnding = ".journal";

// "00000000000000004096.beginning", an empty file: what stood before this ordinal was removed on
// purpose, and whatever is left of it does not count. The highest one is in force.
std::string beginning_name(std::uint64_t ordinal);
inline constexpr std::string_view kBeginningEnding = ".beginning";

// A segment as its header and its place among the others show it.
struct FoundSegment {
  enum class Standing : std::uint8_t {
    kFine,
    kMisplaced,   // fine itself, but what should stand before it is missing or was cut
    kUnfollowed,  // fine itself, but what should stand behind it is missing
    kUnreadable,  // its header is damaged; first_ordinal is its name's
    kForeign,     // of another journal, or under a wrong name
  };

  Segment segment;
  Standing standing = Standing::kFine;
  std::string fault_path;  // what the fault is in: this segment, or one beside it
  std::optional<Error> fault{};
};

// Every segment of a folder in order, whatever is wrong with it. What nobody may read, or a newer
// Tapeline wrote, is an Error. Empty when there is none. Of a segment that is there twice, since a
// crash came when it was just sealed or somebody brought it back, the plain one counts unless it is
// shorter than the sealed one was or its header is damaged. Another process may write and seal
// meanwhile.
[[nodiscard]] Result<std::vector<FoundSegment>> look_at_segments(Disk& disk,
                                                                 const std::string& folder);

// The segments of a journal in order, with only their headers read: each follows the one before
// it, none is missing from the journal's beginning on, cut short or from another journal. Empty
// when there is none.
[[nodiscard]] Result<std::vector<Segment>> list_segments(Disk& disk, const std::string& folder);

// Clears away segments that a crash left under construction: those whose names end with `ending`
// and kUnfinished.
[[nodiscard]] Result<void> remove_unfinished(Disk& disk, const std::string& folder,
                                             std::string_view ending);

// An Error that says the way out, unless the folder is there and holds a segment.
[[nodiscard]] Result<void> require_segments(Disk& disk, const std::string& folder);
// The segments, for those who want to read; never empty.
[[nodiscard]] Result<std::vector<Segment>> find_segments(Disk& disk, const std::string& folder);

}  // namespace tapeline::journal
