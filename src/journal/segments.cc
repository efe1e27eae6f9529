// SPDX-License-Identifier: Apache-2.0
#include "journal/segments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include "journal/sealed_file.h"

namespace tapeline::journal {
namespace {

constexpr std::size_t kDigits = 20;
constexpr int kLooksMax = 16;

// An ordinal and the ending.
bool is_name(std::string_view name, std::string_view ending) {
  return name.size() == kDigits + ending.size() && name.ends_with(ending) &&
         std::all_of(name.begin(), name.begin() + kDigits,
                     [](char c) { return c >= '0' && c <= '9'; });
}

// Sealed or not.
bool is_segment_name(std::string_view name) {
  if (name.ends_with(kSealedEnding)) name.remove_suffix(kSealedEnding.size());
  return is_name(name, kSegmentEnding);
}

// Its header and, of a sealed one, its size as it was.
Result<void> read_header(Disk& disk, Segment& segment) {
  if (segment.is_sealed) {
    const auto file = SealedFile::open(disk, segment.path);
    if (!file) return tl::make_unexpected(file.error());
    segment.header = (*file)->index().header;
    segment.bytes = (*file)->index().plain_bytes;
    segment.end_ordinal = (*file)->index().next_ordinal;
    return {};
  }
  auto file = disk.open_readable(segment.path);
  if (!file) return tl::make_unexpected(file.error());
  std::array<char, kSegmentHeaderBytes> bytes{};
  const auto n = (*file)->read_at(0, bytes.data(), bytes.size());
  if (!n) return tl::make_unexpected(n.error());
  auto header = parse_segment_header({bytes.data(), *n});
  if (!header) return tl::make_unexpected(header.error().within(segment.path));
  segment.header = *header;
  return {};
}

using Standing = FoundSegment::Standing;

std::uint64_t ordinal_of(std::string_view name) {
  std::uint64_t ordinal = 0;
  for (const char digit : name.substr(0, kDigits)) {
    ordinal = ordinal * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return ordinal;
}

void set_fault(FoundSegment& found, Standing standing, const std::string& path, Fault fault,
               std::string_view what) {
  found.standing = standing;
  found.fault_path = path;
  found.fault = Error{fault, Retry::kNever, fmt::format("{}: {}", path, what)};
}

// What a folder holds of a journal.
struct Entries {
  std::vector<FileEntry> segments;  // sorted by name; without those that were removed on purpose
  std::optional<std::uint64_t> beginning{};
  bool has_earlier = false;  // segments before the beginning

  [[nodiscard]] bool has(const std::string& name) const {
    return std::any_of(segments.begin(), segments.end(),
                       [&](const FileEntry& entry) { return entry.name == name; });
  }
};

// Says what is wrong with a segment in its place among the entries of its folder, behind `previous`
// (null: the first).
void judge_place(FoundSegment& found, const Segment* previous, const std::string& folder,
                 const Entries& entries) {
  const Segment& segment = found.segment;
  const SegmentHeader& header = segment.header;
  if (previous != nullptr && previous->header.journal != header.journal) {
    return set_fault(
        found, Standing::kForeign, segment.path, Fault::kCaller,
        fmt::format("is from another journal than {}; move it out of {}", previous->path, folder));
  }
  const std::string plain = segment_name(header.first_ordinal);
  const std::string sealed = plain + std::string(kSealedEnding);
  if (!segment.path.ends_with(segment.is_sealed ? sealed : plain)) {
    const std::string what = fmt::format("holds the records from {} on", header.first_ordinal);
    const bool is_there = entries.has(plain) || entries.has(sealed);
    const std::string& name = entries.has(plain) || !segment.is_sealed ? plain : sealed;
    return set_fault(found, Standing::kForeign, segment.path, Fault::kCaller,
                     is_there
                         ? fmt::format("{}, and so does {}; move it out of {}", what, name, folder)
                         : fmt::format("{}, so its name was {}; name it so again", what, name));
  }
  const bool begins = header.previous_bytes == 0 || header.first_ordinal == entries.beginning;
  const bool follows =
      previous == nullptr ? begins : header.previous_ordinal == previous->header.first_ordinal;
  if (!follows || (header.previous_bytes == 0 && previous != nullptr)) {
    return set_fault(
        found, Standing::kMisplaced, folder + "/" + segment_name(header.previous_ordinal),
        Fault::kTheirs,
        fmt::format("is missing, and {} follows it; bring it back from a copy", segment.path));
  }
  if (previous != nullptr && previous->bytes != header.previous_bytes) {
    set_fault(found, Standing::kMisplaced, previous->path, Fault::kTheirs,
              fmt::format("is damaged: it has {} bytes instead of {}; bring it back from a copy",
                          previous->bytes, header.previous_bytes));
  }
}

// Only what something follows is sealed.
void judge_end(FoundSegment& last, const std::string& folder) {
  const Segment& segment = last.segment;
  if (!segment.is_sealed || last.fault) return;
  set_fault(last, Standing::kUnfollowed, folder + "/" + segment_name(segment.end_ordinal),
            Fault::kTheirs,
            fmt::format("is missing, though {} was sealed before it; bring it back from a copy, or "
                        "go on without it: zstd -d --rm {}",
                        segment.path, segment.path));
}

bool is_of_journal(const FileEntry& entry) {
  return is_segment_name(entry.name) || is_name(entry.name, kBeginningEnding);
}

Result<Entries> look_at_names(Disk& disk, const std::string& folder) {
  auto listed = disk.list(folder);
  if (!listed) return tl::make_unexpected(listed.error());
  Entries entries;
  for (const FileEntry& entry : *listed) {
    if (entry.kind == EntryKind::kOther && is_of_journal(entry)) {
      return fail(Fault::kTheirs,
                  fmt::format("{}/{}: is no file, but has the name of one of the journal; bring "
                              "the file back from a copy, or move this away",
                              folder, entry.name));
    }
    if (!is_name(entry.name, kBeginningEnding)) continue;
    entries.beginning = std::max(entries.beginning.value_or(0), ordinal_of(entry.name));
  }
  entries.segments = std::move(*listed);
  std::erase_if(entries.segments,
                [](const FileEntry& entry) { return !is_segment_name(entry.name); });
  entries.has_earlier = std::erase_if(entries.segments, [&](const FileEntry& entry) {
                          return ordinal_of(entry.name) < entries.beginning.value_or(0);
                        }) > 0;
  std::sort(entries.segments.begin(), entries.segments.end(),
            [](const FileEntry& a, const FileEntry& b) { return a.name < b.name; });
  return entries;
}

// Nothing may be founded in the place of what was lost: its records would get numbers that others
// have had.
tl::unexpected<Error> missing_beginning(const std::string& folder, const Entries& entries) {
  const std::string mark = folder + "/" + beginning_name(*entries.beginning);
  std::string text = fmt::format(
      "{}/{}: is missing, and {} says that the journal begins there; bring it and what followed it "
      "back from a copy, or go on in a new journal (--data-dir)",
      folder, segment_name(*entries.beginning), mark);
  if (entries.has_earlier) {
    text += fmt::format("; to go back to the segments before it, remove {}", mark);
  }
  return fail(Fault::kTheirs, std::move(text));
}

// Whether nobody rotated, sealed or removed in between: the last one may have grown.
bool is_same(const Entries& a, const Entries& b) {
  if (a.segments.size() != b.segments.size() || a.beginning != b.beginning) return false;
  for (std::size_t i = 0; i < a.segments.size(); ++i) {
    const bool is_last = i + 1 == a.segments.size();
    if (a.segments[i].name != b.segments[i].name) return false;
    if (!is_last && a.segments[i].bytes != b.segments[i].bytes) return false;
  }
  return true;
}

// Whether a plain segment is damaged, or was not brought back to its end.
bool is_less(const FoundSegment& plain, const Segment& sealed) {
  return plain.standing == Standing::kUnreadable || plain.segment.bytes < sealed.bytes;
}

// The entries' segments. Of one that is there twice, the plain one counts, which somebody may have
// brought back from a copy, unless it is less than the sealed one.
Result<std::vector<FoundSegment>> read_headers(Disk& disk, const std::string& folder,
                                               const std::vector<FileEntry>& entries) {
  std::vector<FoundSegment> out;
  std::string_view name_before;  // without the ending of sealed ones
  for (const FileEntry& entry : entries) {
    FoundSegment found;
    found.segment.path = folder + "/" + entry.name;
    found.segment.bytes = found.segment.disk_bytes = entry.bytes;
    found.segment.is_sealed = entry.name.ends_with(kSealedEnding);
    found.segment.is_link = entry.kind == EntryKind::kLink;
    if (auto done = read_header(disk, found.segment); !done) {
      if (done.error().fault != Fault::kTheirs) return tl::make_unexpected(done.error());
      found.segment.header.first_ordinal = ordinal_of(entry.name);
      found.standing = Standing::kUnreadable;
      found.fault_path = found.segment.path;
      found.fault = done.error();
    }
    const std::string_view name = std::string_view(entry.name).substr(0, kDigits);
    if (name != name_before) {
      out.push_back(std::move(found));
    } else if (found.standing == Standing::kUnreadable) {
      // Whatever is wrong with the plain one, this is no help.
    } else if (is_less(out.back(), found.segment)) {
      out.back() = std::move(found);
    } else {
      out.back().segment.sealed_copy = found.segment.path;
    }
    name_before = name;
  }
  return out;
}

Result<std::vector<FoundSegment>> look_once(Disk& disk, const std::string& folder,
                                            const Entries& entries) {
  if (entries.segments.empty() && entries.beginning) return missing_beginning(folder, entries);
  auto segments = read_headers(disk, folder, entries.segments);
  if (!segments) return segments;
  FoundSegment* previous = nullptr;
  for (FoundSegment& found : *segments) {
    const bool is_behind_unreadable =
        previous != nullptr && previous->standing == Standing::kUnreadable;
    if (found.standing != Standing::kUnreadable && !is_behind_unreadable) {
      judge_place(found, previous != nullptr ? &previous->segment : nullptr, folder, entries);
    }
    if (found.standing != Standing::kForeign) previous = &found;
  }
  if (previous != nullptr) judge_end(*previous, folder);
  return segments;
}

bool is_whole(const Result<std::vector<FoundSegment>>& found) {
  return found && std::none_of(found->begin(), found->end(),
                               [](const FoundSegment& each) { return each.fault.has_value(); });
}

tl::unexpected<Error> empty_journal(const std::string& folder) {
  return fail(Fault::kCaller, fmt::format("{}: the journal is empty; tapeline journal import "
                                          "fills it from recordings",
                                          folder));
}

// The folder that one is in, as people would write it.
std::string above(const std::string& folder) {
  const std::filesystem::path path(folder);
  const std::string name = path.filename().string();
  if (name.empty() || name == "." || name == "..") return (path / "..").string();
  return path.has_parent_path() ? path.parent_path().string() : ".";
}

bool holds_segments(Disk& disk, const std::string& folder) {
  const auto is_there = disk.is_folder(folder);
  if (!is_there || !*is_there) return false;
  const auto entries = disk.list(folder);
  return entries && std::any_of(entries->begin(), entries->end(), is_of_journal);
}

}  // namespace

std::string way_out_beside(const Segment& segment) {
  if (!segment.sealed_copy) return {};
  return fmt::format(
      "its sealed copy {} stands beside it: move the damaged file away, and that one counts",
      *segment.sealed_copy);
}

std::string segment_name(std::uint64_t first_ordinal) {
  return fmt::format("{:020}{}", first_ordinal, kSegmentEnding);
}

std::string beginning_name(std::uint64_t ordinal) {
  return fmt::format("{:020}{}", ordinal, kBeginningEnding);
}

Result<std::vector<FoundSegment>> look_at_segments(Disk& disk, const std::string& folder) {
  auto entries = look_at_names(disk, folder);
  if (!entries) return tl::make_unexpected(entries.error());
  for (int looks = 1;; ++looks) {
    auto found = look_once(disk, folder, *entries);
    if (is_whole(found) || looks == kLooksMax) return found;
    // Somebody may have rotated or sealed between the look at the names and that at the files.
    auto again = look_at_names(disk, folder);
    if (!again) return tl::make_unexpected(again.error());
    if (is_same(*entries, *again)) return found;
    entries = std::move(again);
  }
}

Result<std::vector<Segment>> list_segments(Disk& disk, const std::string& folder) {
  auto found = look_at_segments(disk, folder);
  if (!found) return tl::make_unexpected(found.error());
  std::vector<Segment> segments;
  for (FoundSegment& each : *found) {
    if (each.fault) return tl::make_unexpected(*each.fault);
    segments.push_back(std::move(each.segment));
  }
  return segments;
}

bool says_what_is_in_force(const Record& first) { return first.type == RecordType::kEpoch; }

Result<void> remove_unfinished(Disk& disk, const std::string& folder, std::string_view ending) {
  const auto entries = disk.list(folder);
  if (!entries) return tl::make_unexpected(entries.error());
  for (const FileEntry& entry : *entries) {
    if (!entry.name.ends_with(std::string(ending) + std::string(kUnfinished))) continue;
    if (auto done = disk.remove(folder + "/" + entry.name); !done) return done;
  }
  return {};
}

Result<void> require_segments(Disk& disk, const std::string& folder) {
  const auto is_there = disk.is_folder(folder);
  if (!is_there) return tl::make_unexpected(is_there.error());
  if (!*is_there) {
    if (holds_segments(disk, above(folder))) {
      return fail(Fault::kCaller,
                  fmt::format("{}: there is no journal; {} is the journal itself: give the data "
                              "folder that it is in, {}",
                              folder, above(folder), above(above(folder))));
    }
    return fail(Fault::kCaller, fmt::format("{}: there is no journal; tapeline journal import "
                                            "makes one from recordings",
                                            folder));
  }
  const auto entries = disk.list(folder);
  if (!entries) return tl::make_unexpected(entries.error());
  if (std::none_of(entries->begin(), entries->end(), is_of_journal)) return empty_journal(folder);
  return {};
}

Result<std::vector<Segment>> find_segments(Disk& disk, const std::string& folder) {
  if (auto done = require_segments(disk, folder); !done) return tl::make_unexpected(done.error());
  auto segments = list_segments(disk, folder);
  if (segments && segments->empty()) return empty_journal(folder);  // they went in between
  return segments;
}

}  // namespace tapeline::journal
