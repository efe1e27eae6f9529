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
#include "journal/record.h"

namespace tapeline::journal {

// A segment as it is found on disk.
struct Segment {
  std::string path;
  std::uint64_t bytes = 0;  // of its header, records and marks
  SegmentHeader header;
  bool is_sealed = false;
  std::uint64_t disk_bytes = 0;   // of the file
  std::uint64_t end_ordinal = 0;  // behind its last record, where it is sealed
  bool is_link = false;           // to a file elsewhere
  // Where it is plain and its sealed one stands beside it, whole by its index.
  std::optional<std::string> sealed_copy{};
};

// "00000000000000004096.journal": the name of the segment whose first record has this ordinal.
std::string segment_name(std::uint64_t first_ordinal);
// What a sealed segment's name ends with beside that; `zstd -d` makes the segment of it again.
inline constexpr std::string_view kSealedEnding = ".zst";
// A segment under construction; one that is left over was never part of the journal.
inline constexpr std::string_view kUnfinished = ".unfinished";
inline constexpr std::string_view kSegmentEnding = ".journal";

// "00000000000000004096.beginning", an empty file: what stood before this ordinal was removed on
// purpose, and whatever is left of it does not count. The highest one is in force, and the segment
// that it names must be there.
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
// Tapeline wrote, is an Error, and so is a beginning that nothing stands at or behind. Empty when
// there is none, and never was. Of a segment that is there twice, since a
// crash came when it was just sealed or somebody brought it back, the plain one counts unless it is
// shorter than the sealed one was or its header is damaged. Another process may write and seal
// meanwhile.
[[nodiscard]] Result<std::vector<FoundSegment>> look_at_segments(Disk& disk,
                                                                 const std::string& folder);

// The segments of a journal in order, with only their headers read: each follows the one before
// it, none is missing from the journal's beginning on, cut short or from another journal. Empty
// when there is none, and never was.
[[nodiscard]] Result<std::vector<Segment>> list_segments(Disk& disk, const std::string& folder);

// Whether a segment whose first record this is can be read without those before it: a recorder
// begins each one with the epoch and what else is in force, and whatever begins anew begins so too.
[[nodiscard]] bool says_what_is_in_force(const Record& first);

// Clears away segments that a crash left under construction: those whose names end with `ending`
// and kUnfinished.
[[nodiscard]] Result<void> remove_unfinished(Disk& disk, const std::string& folder,
                                             std::string_view ending);

// What to do about damage in a segment, where its sealed one stands beside it; "" where not.
[[nodiscard]] std::string way_out_beside(const Segment& segment);

// An Error that says the way out, unless the folder is there and holds a segment, or did.
[[nodiscard]] Result<void> require_segments(Disk& disk, const std::string& folder);
// The segments, for those who want to read; never empty.
[[nodiscard]] Result<std::vector<Segment>> find_segments(Disk& disk, const std::string& folder);

}  // namespace tapeline::journal
