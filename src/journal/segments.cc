// SPDX-License-Identifier: Apache-2.0
#include "journal/segments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace tapeline::journal {
namespace {

constexpr std::string_view kEnding = ".journal";
constexpr std::size_t kDigits = 20;

bool is_segment_name(std::string_view name) {
  return name.size() == kDigits + kEnding.size() && name.ends_with(kEnding) &&
         std::all_of(name.begin(), name.begin() + kDigits,
                     [](char c) { return c >= '0' && c <= '9'; });
}

Result<SegmentHeader> read_header(Disk& disk, const std::string& path) {
  auto file = disk.open_readable(path);
  if (!file) return tl::make_unexpected(file.error());
  std::array<char, kSegmentHeaderBytes> bytes{};
  const auto n = (*file)->read_at(0, bytes.data(), bytes.size());
  if (!n) return tl::make_unexpected(n.error());
  auto header = parse_segment_header({bytes.data(), *n});
  if (!header) return tl::make_unexpected(header.error().within(path));
  return header;
}

// What is wrong with a segment in its place behind `previous` (null: the first), or nothing.
Result<void> check_place(const Segment& segment, const Segment* previous,
                         const std::string& folder) {
  const SegmentHeader& header = segment.header;
  if (!segment.path.ends_with(segment_name(header.first_ordinal))) {
    return fail(
        Fault::kCaller,
        fmt::format("{}: holds the records from {} on, so its name was {}; name it so again",
                    segment.path, header.first_ordinal, segment_name(header.first_ordinal)));
  }
  if (previous != nullptr && previous->header.journal != header.journal) {
    return fail(Fault::kCaller,
                fmt::format("{}: is from another journal than {}; move it out of {}", segment.path,
                            previous->path, folder));
  }
  const bool follows = previous == nullptr
                           ? header.previous_bytes == 0
                           : header.previous_ordinal == previous->header.first_ordinal;
  if (!follows || (header.previous_bytes == 0 && previous != nullptr)) {
    return fail(Fault::kCaller,
                fmt::format("{}/{}: is missing, and {} follows it; bring it back from a copy",
                            folder, segment_name(header.previous_ordinal), segment.path));
  }
  if (previous != nullptr && previous->bytes != header.previous_bytes) {
    return fail(Fault::kTheirs,
                fmt::format("{}: is damaged: it has {} bytes instead of {}; bring it back from a "
                            "copy",
                            previous->path, previous->bytes, header.previous_bytes));
  }
  return {};
}

}  // namespace

std::string segment_name(std::uint64_t first_ordinal) {
  return fmt::format("{:020}{}", first_ordinal, kEnding);
}

Result<std::vector<Segment>> list_segments(Disk& disk, const std::string& folder) {
  auto entries = disk.list(folder);
  if (!entries) return tl::make_unexpected(entries.error());
  std::sort(entries->begin(), entries->end(),
            [](const FileEntry& a, const FileEntry& b) { return a.name < b.name; });
  std::vector<Segment> segments;
  for (const FileEntry& entry : *entries) {
    if (!is_segment_name(entry.name)) continue;
    Segment segment{folder + "/" + entry.name, entry.bytes, {}};
    auto header = read_header(disk, segment.path);
    if (!header) return tl::make_unexpected(header.error());
    segment.header = *header;
    const Segment* previous = segments.empty() ? nullptr : &segments.back();
    if (auto done = check_place(segment, previous, folder); !done) {
      return tl::make_unexpected(done.error());
    }
    segments.push_back(std::move(segment));
  }
  return segments;
}

Result<void> remove_unfinished(Disk& disk, const std::string& folder) {
  const auto entries = disk.list(folder);
  if (!entries) return tl::make_unexpected(entries.error());
  for (const FileEntry& entry : *entries) {
    if (!entry.name.ends_with(kUnfinished)) continue;
    if (auto done = disk.remove(folder + "/" + entry.name); !done) return done;
  }
  return {};
}

Result<std::vector<Segment>> find_segments(Disk& disk, const std::string& folder) {
  const auto is_there = disk.is_folder(folder);
  if (!is_there) return tl::make_unexpected(is_there.error());
  if (!*is_there) {
    return fail(Fault::kCaller, fmt::format("{}: there is no journal; tapeline journal import "
                                            "makes one from recordings",
                                            folder));
  }
  auto segments = list_segments(disk, folder);
  if (segments && segments->empty()) {
    return fail(Fault::kCaller, fmt::format("{}: the journal is empty; tapeline journal import "
                                            "fills it from recordings",
                                            folder));
  }
  return segments;
}

}  // namespace tapeline::journal
