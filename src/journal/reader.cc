// SPDX-License-Identifier: Apache-2.0
#include "journal/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tapeline::journal {
namespace {

bool begins_behind(std::uint64_t ordinal, const Segment& segment) {
  return ordinal < segment.header.first_ordinal;
}

}  // namespace

Result<BrokenPlace> judge_broken_place(SegmentReader& reader) {
  // Sealing copied whole records and nothing else.
  if (reader.is_sealed()) return BrokenPlace::kDamaged;
  const auto mark = reader.find_mark(reader.offset(), reader.offset());
  if (!mark) return tl::make_unexpected(mark.error());
  if (!mark->has_value()) return BrokenPlace::kTorn;
  // Only now: whoever wrote that mark had written this place before.
  const auto is_whole = reader.reread();
  if (!is_whole) return tl::make_unexpected(is_whole.error());
  return *is_whole ? BrokenPlace::kMended : BrokenPlace::kDamaged;
}

std::string describe(const TornTail& tail) {
  return fmt::format(
      "{}: {} bytes behind the last whole record, from byte {} on, were left "
      "unfinished by a crash, or are being written",
      tail.path, tail.bytes, tail.offset);
}

Error damage_at(const Segment& segment, std::uint64_t offset, std::uint64_t ordinal) {
  const std::string way_out = segment.sealed_copy
                                  ? way_out_beside(segment)
                                  : "bring the file back from a copy, or, without one, go on in a "
                                    "new journal (--data-dir)";
  return {Fault::kTheirs, Retry::kNever,
          fmt::format("{}: is damaged at byte {} (record {}); tapeline journal check names all "
                      "damage; {}",
                      segment.path, offset, ordinal, way_out)};
}

Reader::Reader(Disk& disk, std::string folder, std::vector<Segment> segments, std::size_t index,
               SegmentReader segment, std::size_t chunk_bytes)
    : disk_(&disk),
      folder_(std::move(folder)),
      segments_(std::move(segments)),
      index_(index),
      segment_(std::move(segment)),
      chunk_bytes_(chunk_bytes) {
  for (std::size_t i = 0; i < index_; ++i) bytes_before_ += segments_[i].bytes;
}

Result<std::unique_ptr<Reader>> Reader::open(Disk& disk, const std::string& folder,
                                             std::uint64_t from, std::size_t chunk_bytes) {
  auto segments = find_segments(disk, folder);
  if (!segments) return tl::make_unexpected(segments.error());
  const std::uint64_t beginning = segments->front().header.first_ordinal;
  if (from != 0 && from < beginning) {
    return fail(Fault::kCaller, fmt::format("{}: record {} was removed by retention; the journal "
                                            "begins with record {}",
                                            folder, from, beginning));
  }
  const auto after = std::upper_bound(segments->begin() + 1, segments->end(), from, begins_behind);
  const auto index = static_cast<std::size_t>(after - segments->begin() - 1);
  auto segment = SegmentReader::open(disk, (*segments)[index], chunk_bytes);
  if (!segment) return tl::make_unexpected(segment.error());
  segment->pass_to(from);
  std::unique_ptr<Reader> reader(
      new Reader(disk, folder, std::move(*segments), index, std::move(*segment), chunk_bytes));
  reader->lines_before_ =
      std::max(reader->segments_[index].header.first_line, reader->segment_.lines_passed());
  Record passed;
  while (reader->next_ordinal() < from) {
    const auto more = reader->next(passed);
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) break;
    reader->lines_before_ = std::max(reader->lines_before_, passed.line);
  }
  return reader;
}

Result<bool> Reader::next(Record& record) {
  for (;;) {
    const auto status = segment_.next(record);
    if (!status) return tl::make_unexpected(status.error());
    if (*status == SegmentStatus::kRecord) return true;
    const auto more = end_segment(*status);
    if (!more || !*more) return more;
  }
}

// Goes on to the segment after this one, if there is one.
Result<bool> Reader::end_segment(SegmentStatus status) {
  const Segment& segment = segments_[index_];
  const bool is_last = index_ + 1 == segments_.size();
  if (status == SegmentStatus::kBroken && is_last) {
    const auto place = judge_broken_place(segment_);
    if (!place) return tl::make_unexpected(place.error());
    if (*place == BrokenPlace::kMended) return true;
    if (*place == BrokenPlace::kTorn) {
      torn_tail_ = {segment.path, segment_.offset(), segment.bytes - segment_.offset()};
      return false;
    }
  }
  // A segment that was cut between two records ends too early.
  if (status == SegmentStatus::kBroken ||
      (!is_last && segment_.next_ordinal() != segments_[index_ + 1].header.first_ordinal)) {
    return tl::make_unexpected(damage_at(segment, segment_.offset(), segment_.next_ordinal()));
  }
  if (is_last) return false;
  auto next = SegmentReader::open(*disk_, segments_[index_ + 1], chunk_bytes_);
  if (!next) return tl::make_unexpected(next.error());
  bytes_before_ += segment.bytes;
  ++index_;
  segment_ = std::move(*next);
  return true;
}

Result<bool> Reader::look_again() {
  const auto bytes = segment_.look_again();
  if (!bytes) return tl::make_unexpected(bytes.error());
  if (*bytes < segment_.offset()) return open_again();
  segments_[index_].bytes = *bytes;
  if (*bytes > segment_.offset()) {
    const auto is_whole = segment_.reread();
    if (!is_whole) return is_whole;
    const auto place =
        *is_whole ? Result<BrokenPlace>(BrokenPlace::kMended) : judge_broken_place(segment_);
    if (!place) return tl::make_unexpected(place.error());
    // Damage, or other records than were read stand here by now: its start tells.
    if (*place == BrokenPlace::kDamaged) return open_again();
    if (*place == BrokenPlace::kMended) {
      torn_tail_.reset();
      return true;
    }
  }
  const auto has_next = has_next_segment();
  if (!has_next || !*has_next) return has_next;
  // What was cut off in between is cut off by now.
  const auto last_bytes = segment_.look_again();
  if (!last_bytes) return tl::make_unexpected(last_bytes.error());
  if (*last_bytes < segment_.offset()) return open_again();
  segments_[index_].bytes = *last_bytes;
  auto segments = find_segments(*disk_, folder_);
  if (!segments) return tl::make_unexpected(segments.error());
  const auto after = std::upper_bound(segments->begin(), segments->end(),
                                      segments_[index_].header.first_ordinal, begins_behind);
  segments_.resize(index_ + 1);
  segments_.insert(segments_.end(), after, segments->end());
  torn_tail_.reset();
  return true;
}

// Its name is known, so nothing else needs to be looked at.
Result<bool> Reader::has_next_segment() {
  if (next_ordinal() == segments_[index_].header.first_ordinal) return false;
  const std::string next = folder_ + "/" + segment_name(next_ordinal());
  const auto is_there = disk_->has_file(next);
  if (!is_there || *is_there) return is_there;
  return disk_->has_file(next + std::string(kSealedEnding));
}

// A write that failed half-way, and of which records were read, has been cut off: they are written
// again, here or at the start of the next segment.
Result<bool> Reader::open_again() {
  auto again = Reader::open(*disk_, folder_, next_ordinal(), chunk_bytes_);
  if (!again) return tl::make_unexpected(again.error());
  if ((*again)->next_ordinal() < next_ordinal()) return false;
  (*again)->lines_before_ = lines_before_;
  *this = std::move(**again);
  return look_again();
}

std::uint64_t Reader::bytes_total() const {
  std::uint64_t bytes = 0;
  for (const Segment& segment : segments_) bytes += segment.bytes;
  return bytes;
}

}  // namespace tapeline::journal
