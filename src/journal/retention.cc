// SPDX-License-Identifier: Apache-2.0
#include "journal/retention.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "journal/reader.h"
#include "journal/sealed_file.h"
#include "journal/sealer.h"
#include "journal/segment_reader.h"
#include "journal/segments.h"

namespace tapeline::journal {
namespace {

// When the last record of a segment was received, or not much later: of one that is not sealed, the
// time of the record behind it.
Result<RecvTime> newest_recv(Disk& disk, const Segment& segment, const Segment& next) {
  if (segment.is_sealed) {
    const auto file = SealedFile::open(disk, segment.path);
    if (!file) return tl::make_unexpected(file.error());
    return (*file)->index().newest_recv;
  }
  auto reader = SegmentReader::open(disk, next, Reader::kChunkBytes);
  if (!reader) return tl::make_unexpected(reader.error());
  Record record;
  const auto status = reader->next(record);
  if (!status) return tl::make_unexpected(status.error());
  // Nothing stands behind it yet, so it is not old.
  return *status == SegmentStatus::kRecord ? record.ts_recv : RecvTime(INT64_MAX);
}

// Whether the journal may begin with it. What is damaged may not; where nothing stands yet, whoever
// writes there says what is in force.
Result<bool> may_begin(Disk& disk, const Segment& segment) {
  constexpr std::size_t kChunkBytes = std::size_t{16} << 10;  // for the first record alone
  auto reader = SegmentReader::open(disk, segment, kChunkBytes);
  if (!reader) return tl::make_unexpected(reader.error());
  Record record;
  const auto status = reader->next(record);
  if (!status) return tl::make_unexpected(status.error());
  if (*status == SegmentStatus::kRecord) return says_what_is_in_force(record);
  return *status == SegmentStatus::kEnd;
}

// The first segment behind that one which the journal may begin with; none: the number of them.
Result<std::size_t> next_beginning(Disk& disk, const std::vector<Segment>& segments,
                                   std::size_t index) {
  for (++index; index < segments.size(); ++index) {
    const auto may = may_begin(disk, segments[index]);
    if (!may) return tl::make_unexpected(may.error());
    if (*may) break;
  }
  return index;
}

// Whether the segments from one to before another were received before the time.
Result<bool> are_older(Disk& disk, const std::vector<Segment>& segments, std::size_t from,
                       std::size_t end, RecvTime than) {
  for (; from < end; ++from) {
    const auto newest = newest_recv(disk, segments[from], segments[from + 1]);
    if (!newest) return tl::make_unexpected(newest.error());
    if (*newest >= than) return false;
  }
  return true;
}

// How many segments go.
Result<std::size_t> count_to_remove(Disk& disk, const std::vector<Segment>& segments,
                                    const RetainOptions& options) {
  std::uint64_t bytes = 0;
  for (const Segment& segment : segments) bytes += segment.disk_bytes;
  std::size_t count = 0;
  while (count + 1 < segments.size()) {
    // Before the next beginning is looked for, which costs more.
    if (segments[count + 1].header.first_ordinal > options.keep_from) break;
    const bool is_too_much = options.bytes_max && bytes > *options.bytes_max;
    if (!is_too_much && !options.older_than) break;
    const auto next = next_beginning(disk, segments, count);
    if (!next) return next;
    if (*next == segments.size()) break;
    if (segments[*next].header.first_ordinal > options.keep_from) break;
    if (!is_too_much) {
      const auto older = are_older(disk, segments, count, *next, *options.older_than);
      if (!older) return tl::make_unexpected(older.error());
      if (!*older) break;
    }
    for (; count < *next; ++count) bytes -= segments[count].disk_bytes;
  }
  return count;
}

// Whether a file belongs to what stood before the beginning.
bool is_before(const std::string& name, std::uint64_t beginning) {
  const std::string first = segment_name(beginning);
  const std::string_view digits = std::string_view(first).substr(0, first.find('.'));
  const bool is_ours = name.ends_with(kSegmentEnding) || name.ends_with(kBeginningEnding) ||
                       name.ends_with(std::string(kSegmentEnding) + std::string(kSealedEnding));
  return is_ours && name.size() > digits.size() && name[digits.size()] == '.' &&
         std::string_view(name).substr(0, digits.size()) < digits;
}

Result<void> remove_before(Disk& disk, const std::string& folder, std::uint64_t beginning) {
  auto entries = disk.list(folder);
  if (!entries) return tl::make_unexpected(entries.error());
  std::sort(entries->begin(), entries->end(),
            [](const FileEntry& a, const FileEntry& b) { return a.name < b.name; });
  for (const FileEntry& entry : *entries) {
    if (entry.kind == EntryKind::kOther || !is_before(entry.name, beginning)) continue;
    if (auto done = disk.remove(folder + "/" + entry.name); !done) return done;
  }
  return {};
}

Result<void> begin_at(Disk& disk, const std::string& folder, std::uint64_t beginning) {
  if (const auto file = disk.create(folder + "/" + beginning_name(beginning)); !file) {
    return tl::make_unexpected(file.error());
  }
  return disk.sync_folder(folder);
}

}  // namespace

Result<RetainReport> retain(Disk& disk, const std::string& folder, const RetainOptions& options) {
  const auto segments = find_segments(disk, folder);
  if (!segments) return tl::make_unexpected(segments.error());
  const auto lock = lock_sealing(disk, folder);
  if (!lock) return tl::make_unexpected(lock.error());
  const auto count = count_to_remove(disk, *segments, options);
  if (!count) return tl::make_unexpected(count.error());
  const std::uint64_t beginning = (*segments)[*count].header.first_ordinal;
  if (*count > 0) {
    if (auto done = begin_at(disk, folder, beginning); !done) {
      return tl::make_unexpected(done.error());
    }
  }
  if (auto done = remove_before(disk, folder, beginning); !done) {
    return tl::make_unexpected(done.error());
  }
  RetainReport report;
  for (std::size_t i = 0; i < segments->size(); ++i) {
    (i < *count ? report.bytes : report.kept_bytes) += (*segments)[i].disk_bytes;
  }
  report.segments = *count;
  return report;
}

}  // namespace tapeline::journal
