// SPDX-License-Identifier: Apache-2.0
#include "journal/segments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "journal/sealed_file.h"

namespace tapeline::journal {
namespace {

constexpr std::size_t kDigits = 20;

// Sealed or not.
bool is_segment_name(std::string_view name) {
  if (name.ends_with(kSealedEnding)) name.remove_suffix(kSealedEnding.size());
  return name.size() == kDigits + kEnding.size() && name.ends_with(kEnding) &&
         std::all_of(name.begin(), name.begin() + kDigits,
                     [](char c) { return c >= '0' && c <= '9'; });
}

// Its header and, of a sealed one, its size as it was.
Result<void> read_header(Disk& disk, Segment& segment) {
  if (segment.is_sealed) {
    const auto file = SealedFile::open(disk, segment.path);
    if (!file) return tl::make_unexpected(file.error());
    segment.header = (*file)->index().header;
    segment.bytes = (*file)->index().plain_bytes;
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

bool has_name(const std::vector<FileEntry>& entries, const std::string& name) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const FileEntry& entry) { return entry.name == name; });
}

// Says what is wrong with a segment in its place among the entries of its folder, behind `previous`
// (null: the first).
void judge_place(FoundSegment& found, const Segment* previous, const std::string& folder,
                 const std::vector<FileEntry>& entries) {
  const Segment& segment = found.segment;
  const SegmentHeader& header = segment.header;
  if (previous != nullptr && previous->header.journal != header.journal) {
    return set_fault(
        found, Standing::kForeign, segment.path, Fault::kCaller,
        fmt::format("is from another journal than {}; move it out of {}", previous->path, folder));
  }
  const std::string plain = segment_name(header.first_ordinal);
  const std::string sealed = plain + std::string(kSealedEnding);
  const std::string& name = segment.is_sealed ? sealed : plain;
  if (!segment.path.ends_with(name)) {
    const std::string what = fmt::format("holds the records from {} on", header.first_ordinal);
    return set_fault(found, Standing::kForeign, segment.path, Fault::kCaller,
                     has_name(entries, plain) || has_name(entries, sealed)
                         ? fmt::format("{}, and so does {}; move it out of {}", what, name, folder)
                         : fmt::format("{}, so its name was {}; name it so again", what, name));
  }
  const bool follows = previous == nullptr
                           ? header.previous_bytes == 0
                           : header.previous_ordinal == previous->header.first_ordinal;
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

// The segments among the entries, which are sorted; of one that is there twice, one.
Result<std::vector<FoundSegment>> read_headers(Disk& disk, const std::string& folder,
                                               const std::vector<FileEntry>& entries) {
  std::vector<FoundSegment> out;
  std::string_view name_before;  // without the ending of sealed ones
  for (const FileEntry& entry : entries) {
    if (!is_segment_name(entry.name)) continue;
    FoundSegment found;
    found.segment.path = folder + "/" + entry.name;
    found.segment.bytes = found.segment.disk_bytes = entry.bytes;
    found.segment.is_sealed = entry.name.ends_with(kSealedEnding);
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
    } else if (found.standing != Standing::kUnreadable) {
      out.back() = std::move(found);
    }
    name_before = name;
  }
  return out;
}

}  // namespace

std::string segment_name(std::uint64_t first_ordinal) {
  return fmt::format("{:020}{}", first_ordinal, kEnding);
}

Result<std::vector<FoundSegment>> look_at_segments(Disk& disk, const std::string& folder) {
  auto entries = disk.list(folder);
  if (!entries) return tl::make_unexpected(entries.error());
  std::sort(entries->begin(), entries->end(),
            [](const FileEntry& a, const FileEntry& b) { return a.name < b.name; });
  const auto read = read_headers(disk, folder, *entries);
  if (!read) return tl::make_unexpected(read.error());
  std::vector<FoundSegment> segments;
  std::optional<std::size_t> previous;
  for (const FoundSegment& each : *read) {
    FoundSegment found = each;
    if (found.standing != Standing::kUnreadable) {
      const bool is_behind_unreadable =
          previous && segments[*previous].standing == Standing::kUnreadable;
      if (!is_behind_unreadable) {
        judge_place(found, previous ? &segments[*previous].segment : nullptr, folder, *entries);
      }
    }
    if (found.standing != Standing::kForeign) previous = segments.size();
    segments.push_back(std::move(found));
  }
  return segments;
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
    return fail(Fault::kCaller, fmt::format("{}: there is no journal; tapeline journal import "
                                            "makes one from recordings",
                                            folder));
  }
  const auto entries = disk.list(folder);
  if (!entries) return tl::make_unexpected(entries.error());
  const bool any = std::any_of(entries->begin(), entries->end(),
                               [](const FileEntry& entry) { return is_segment_name(entry.name); });
  if (any) return {};
  return fail(Fault::kCaller, fmt::format("{}: the journal is empty; tapeline journal import "
                                          "fills it from recordings",
                                          folder));
}

Result<std::vector<Segment>> find_segments(Disk& disk, const std::string& folder) {
  if (auto done = require_segments(disk, folder); !done) return tl::make_unexpected(done.error());
  return list_segments(disk, folder);
}

}  // namespace tapeline::journal
