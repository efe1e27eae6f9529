// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "journal/disk.h"
#include "journal/segment_reader.h"
#include "journal/segments.h"

namespace tapeline::journal {

// What a crash left behind the last whole record: never acknowledged, and cut off by the next
// writer.
struct TornTail {
  std::string path;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

// Half a sentence.
std::string describe(const TornTail& tail);

// What a broken place of the last segment is.
enum class BrokenPlace : std::uint8_t {
  kTorn,
  kDamaged,  // a mark behind it says that more was synced
  kMended,   // a writer has cut off a torn tail meanwhile and gone on: it can be read by now
};
[[nodiscard]] Result<BrokenPlace> judge_broken_place(SegmentReader& reader);
// The sentence for a broken place that is no torn tail.
Error damage_at(const Segment& segment, std::uint64_t offset, std::uint64_t ordinal);

// The records of a journal in their order, each checked; what is damaged is an Error, and nothing
// is passed over. Another process may write and seal meanwhile: what it adds after open() is seen
// after look_again(), before it is durable: after a crash, other records may have those ordinals.
// One thread.
class Reader {
 public:
  static constexpr std::size_t kChunkBytes = std::size_t{1} << 20;

  // Begins at the record with that ordinal; behind the last one, at the end. From 0: at the first
  // record there is. One that retention has removed is an Error.
  [[nodiscard]] static Result<std::unique_ptr<Reader>> open(Disk& disk, const std::string& folder,
                                                            std::uint64_t from = 0,
                                                            std::size_t chunk_bytes = kChunkBytes);

  // False at the end. The record's bytes live until the next call.
  [[nodiscard]] Result<bool> next(Record& record);

  // After next() has returned false: looks for what a writer has added since. False when that is
  // nothing; else next() may go on.
  [[nodiscard]] Result<bool> look_again();

  // Known when next() has returned false.
  [[nodiscard]] const std::optional<TornTail>& torn_tail() const { return torn_tail_; }
  [[nodiscard]] const std::vector<Segment>& segments() const { return segments_; }
  [[nodiscard]] std::uint64_t next_ordinal() const { return segment_.next_ordinal(); }
  [[nodiscard]] std::uint64_t bytes_done() const { return bytes_before_ + segment_.offset(); }
  [[nodiscard]] std::uint64_t bytes_total() const;
  // The lines of foreign inputs before the first record that next() gave or will give.
  [[nodiscard]] std::uint64_t lines_before() const { return lines_before_; }

 private:
  Reader(Disk& disk, std::string folder, std::vector<Segment> segments, std::size_t index,
         SegmentReader segment, std::size_t chunk_bytes);

  [[nodiscard]] Result<bool> end_segment(SegmentStatus status);
  [[nodiscard]] Result<bool> has_next_segment();
  [[nodiscard]] Result<bool> open_again();

  Disk* disk_;
  std::string folder_;
  std::vector<Segment> segments_;
  std::size_t index_;
  SegmentReader segment_;  // of segments_[index_]
  std::size_t chunk_bytes_;
  std::uint64_t bytes_before_ = 0;
  std::uint64_t lines_before_ = 0;
  std::optional<TornTail> torn_tail_;
};

}  // namespace tapeline::journal
