// SPDX-License-Identifier: Apache-2.0
#include "journal/check.h"

#include <utility>

#include "journal/segment_reader.h"
#include "journal/segments.h"

namespace tapeline::journal {
namespace {

class Check {
 public:
  Check(Disk& disk, std::vector<Segment> segments,
        const std::function<bool(std::uint64_t)>& on_bytes)
      : disk_(disk), segments_(std::move(segments)), on_bytes_(on_bytes) {}

  Result<CheckReport> run() {
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      if (auto done = check_segment(i); !done) return tl::make_unexpected(done.error());
      if (stopped_) break;
      report_.bytes += segments_[i].bytes;
      ++report_.segments;
    }
    return std::move(report_);
  }

 private:
  Result<void> check_segment(std::size_t index) {
    constexpr std::uint64_t kRecordsPerLook = 8192;
    auto reader = SegmentReader::open(disk_, segments_[index], Reader::kChunkBytes);
    if (!reader) return tl::make_unexpected(reader.error());
    Record record;
    for (;;) {
      const auto status = reader->next(record);
      if (!status) return tl::make_unexpected(status.error());
      if (*status == SegmentStatus::kRecord) {
        if (++report_.records % kRecordsPerLook == 0 &&
            !on_bytes_(report_.bytes + reader->offset())) {
          stopped_ = true;
          report_.bytes += reader->offset();
          return {};
        }
        continue;
      }
      const auto goes_on = end_or_damage(index, *reader, *status);
      if (!goes_on) return tl::make_unexpected(goes_on.error());
      if (!*goes_on) return {};
    }
  }

  // False when the segment has no more to read.
  Result<bool> end_or_damage(std::size_t index, SegmentReader& reader, SegmentStatus status) {
    const Segment& segment = segments_[index];
    const bool is_last = index + 1 == segments_.size();
    if (status == SegmentStatus::kEnd) {
      if (is_last || reader.next_ordinal() == segments_[index + 1].header.first_ordinal)
        return false;
      add_damage(segment, reader, segment.bytes, segments_[index + 1].header.first_ordinal);
      return false;
    }
    if (is_last) {
      const auto torn = is_torn(reader);
      if (!torn) return tl::make_unexpected(torn.error());
      if (*torn) {
        report_.torn_tail = {segment.path, reader.offset(), segment.bytes - reader.offset()};
        return false;
      }
    }
    const auto mark = reader.find_mark(reader.offset() + 1);
    if (!mark) return tl::make_unexpected(mark.error());
    if (!*mark || (*mark)->next_ordinal < reader.next_ordinal()) {
      add_damage(segment, reader, segment.bytes,
                 is_last ? std::nullopt : std::optional(segments_[index + 1].header.first_ordinal));
      return false;
    }
    add_damage(segment, reader, (*mark)->offset, (*mark)->next_ordinal);
    reader.resume_at(**mark);
    return true;
  }

  void add_damage(const Segment& segment, const SegmentReader& reader, std::uint64_t end,
                  std::optional<std::uint64_t> next_ordinal) {
    Damage damage{segment.path, reader.offset(), end - reader.offset(), reader.next_ordinal(), {}};
    if (next_ordinal) damage.records = *next_ordinal - reader.next_ordinal();
    report_.damage.push_back(std::move(damage));
  }

  Disk& disk_;
  std::vector<Segment> segments_;
  const std::function<bool(std::uint64_t)>& on_bytes_;
  CheckReport report_;
  bool stopped_ = false;
};

}  // namespace

Result<CheckReport> check(Disk& disk, const std::string& folder,
                          const std::function<bool(std::uint64_t)>& on_bytes) {
  auto segments = find_segments(disk, folder);
  if (!segments) return tl::make_unexpected(segments.error());
  return Check(disk, std::move(*segments), on_bytes).run();
}

}  // namespace tapeline::journal
