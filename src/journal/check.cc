// SPDX-License-Identifier: Apache-2.0
#include "journal/check.h"

#include <fmt/format.h>

#include <utility>

#include "journal/segment_reader.h"
#include "journal/segments.h"

namespace tapeline::journal {
namespace {

using Standing = FoundSegment::Standing;

std::uint64_t count(std::uint64_t first, std::uint64_t end) {
  return end > first ? end - first : 0;
}

class Check {
 public:
  Check(Disk& disk, const std::vector<FoundSegment>& found, const OnBytes& on_bytes)
      : disk_(disk), on_bytes_(on_bytes) {
    for (const FoundSegment& each : found) {
      total_ += each.segment.bytes;
      if (each.standing == Standing::kForeign) {
        Damage damage{.path = each.fault_path, .what = each.fault->text};
        damage.costs_no_records = true;
        report_.damage.push_back(std::move(damage));
      } else {
        chain_.push_back(each);
      }
    }
  }

  Result<CheckReport> run() {
    for (std::size_t i = 0; i < chain_.size(); ++i) {
      add_fault(i);
      if (chain_[i].standing != Standing::kUnreadable) {
        if (auto done = check_segment(i); !done) return tl::make_unexpected(done.error());
        if (stopped_) break;
      }
      report_.bytes += chain_[i].segment.bytes;
      ++report_.segments;
    }
    return std::move(report_);
  }

 private:
  // What its header alone says of a segment, or of the one before it.
  void add_fault(std::size_t index) {
    const FoundSegment& found = chain_[index];
    if (!found.fault) return;
    const bool is_said = !report_.damage.empty() && report_.damage.back().path == found.fault_path;
    if (is_said) return;
    const SegmentHeader& header = found.segment.header;
    Damage damage{.path = found.fault_path, .what = found.fault->text};
    if (found.standing == Standing::kUnreadable) {
      damage.bytes = found.segment.bytes;
      damage.first_ordinal = header.first_ordinal;
      if (const auto end = end_of(index)) damage.records = count(header.first_ordinal, *end);
    } else if (found.standing == Standing::kUnfollowed) {
      damage.first_ordinal = found.segment.end_ordinal;
    } else {
      // Missing, or cut where no record stood.
      const bool is_missing = index == 0 || chain_[index - 1].segment.path != found.fault_path;
      damage.first_ordinal = is_missing ? header.previous_ordinal : header.first_ordinal;
      damage.records = count(damage.first_ordinal, header.first_ordinal);
    }
    report_.damage.push_back(std::move(damage));
  }

  // The ordinal behind the last record of a segment, where what follows says it.
  [[nodiscard]] std::optional<std::uint64_t> end_of(std::size_t index) const {
    if (index + 1 == chain_.size()) return std::nullopt;
    const SegmentHeader& next = chain_[index + 1].segment.header;
    // The segment between the two is missing.
    if (next.previous_ordinal > chain_[index].segment.header.first_ordinal) {
      return next.previous_ordinal;
    }
    return next.first_ordinal;
  }

  // Whether the next segment in the folder is the one that followed it.
  [[nodiscard]] bool is_followed(std::size_t index) const {
    return chain_[index + 1].segment.header.previous_ordinal ==
           chain_[index].segment.header.first_ordinal;
  }

  Result<void> check_segment(std::size_t index) {
    constexpr std::uint64_t kRecordsPerLook = 8192;
    auto reader = SegmentReader::open(disk_, chain_[index].segment, Reader::kChunkBytes);
    if (!reader) return tl::make_unexpected(reader.error());
    Record record;
    for (;;) {
      const auto status = reader->next(record);
      if (!status) return tl::make_unexpected(status.error());
      if (*status == SegmentStatus::kRecord) {
        if (index == 0 && record.position.ordinal == chain_[0].segment.header.first_ordinal) {
          check_beginning(record);
        }
        if (++report_.records % kRecordsPerLook == 0 &&
            !on_bytes_(report_.bytes + reader->offset(), total_)) {
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

  // The journal may begin later than it once did only where what is in force is said again.
  void check_beginning(const Record& first) {
    const FoundSegment& found = chain_[0];
    const bool was_cut =
        found.standing == Standing::kFine && found.segment.header.previous_bytes > 0;
    if (!was_cut || says_what_is_in_force(first)) return;
    Damage damage{.path = found.segment.path};
    damage.first_ordinal = first.position.ordinal;
    damage.costs_no_records = true;
    damage.what = fmt::format(
        "{}: the journal begins with it, but it does not say which inputs and connections were "
        "open before, so a replay cannot read it; bring the segments before it back from a copy "
        "and remove the file that ends with {}",
        found.segment.path, kBeginningEnding);
    report_.damage.push_back(std::move(damage));
  }

  // False when the segment has no more to read.
  Result<bool> end_or_damage(std::size_t index, SegmentReader& reader, SegmentStatus status) {
    const Segment& segment = chain_[index].segment;
    const std::optional<std::uint64_t> end = end_of(index);
    if (status == SegmentStatus::kEnd) {
      if (!end) report_.closed = reader.ended_with_mark();
      if (!end || reader.next_ordinal() == *end) return false;
      if (is_followed(index)) {
        add_damage(segment, reader, segment.bytes, end);
      } else {
        add_missing(segment, reader.next_ordinal(), *end);
      }
      return false;
    }
    if (!end) {
      const auto place = judge_broken_place(reader);
      if (!place) return tl::make_unexpected(place.error());
      if (*place == BrokenPlace::kMended) return true;
      if (*place == BrokenPlace::kTorn) {
        report_.torn_tail = {segment.path, reader.offset(), segment.bytes - reader.offset()};
        return false;
      }
    }
    const auto mark = reader.find_mark(reader.offset() + 1);
    if (!mark) return tl::make_unexpected(mark.error());
    if (!*mark) {
      add_damage(segment, reader, segment.bytes, end);
      return false;
    }
    add_damage(segment, reader, (*mark)->offset, (*mark)->next_ordinal);
    reader.resume_at(**mark);
    return true;
  }

  // A segment ended with a whole record, and what follows begins later.
  void add_missing(const Segment& segment, std::uint64_t first, std::uint64_t end) {
    const std::string folder = segment.path.substr(0, segment.path.rfind('/'));
    Damage damage;
    damage.path = segment.path;
    damage.offset = segment.bytes;
    damage.first_ordinal = first;
    damage.records = count(first, end);
    damage.what = fmt::format("{}/{}: is missing, or {} was cut at byte {}", folder,
                              segment_name(first), segment.path, segment.bytes);
    report_.damage.push_back(std::move(damage));
  }

  void add_damage(const Segment& segment, const SegmentReader& reader, std::uint64_t end,
                  std::optional<std::uint64_t> next_ordinal) {
    Damage damage;
    damage.path = segment.path;
    damage.offset = reader.offset();
    damage.bytes = end - reader.offset();
    damage.first_ordinal = reader.next_ordinal();
    if (next_ordinal) damage.records = count(reader.next_ordinal(), *next_ordinal);
    damage.what =
        damage.bytes == 0
            ? fmt::format("{}: was cut at byte {}", segment.path, damage.offset)
            : fmt::format("{}: bytes {} to {} are damaged", segment.path, damage.offset, end - 1);
    if (segment.sealed_copy) damage.what += fmt::format(" ({})", way_out_beside(segment));
    report_.damage.push_back(std::move(damage));
  }

  Disk& disk_;
  const OnBytes& on_bytes_;
  std::vector<FoundSegment> chain_;  // without what belongs elsewhere
  std::uint64_t total_ = 0;
  CheckReport report_;
  bool stopped_ = false;
};

}  // namespace

Result<CheckReport> check(Disk& disk, const std::string& folder, const OnBytes& on_bytes) {
  if (auto done = require_segments(disk, folder); !done) return tl::make_unexpected(done.error());
  const auto found = look_at_segments(disk, folder);
  if (!found) return tl::make_unexpected(found.error());
  return Check(disk, *found, on_bytes).run();
}

}  // namespace tapeline::journal
