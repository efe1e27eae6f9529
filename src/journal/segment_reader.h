// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "journal/disk.h"
#include "journal/format.h"
#include "journal/sealed_format.h"
#include "journal/segments.h"

namespace tapeline::journal {

enum class SegmentStatus : std::uint8_t {
  kRecord,
  kEnd,
  kBroken,  // what stands at offset() is no whole record
};

// The records of one segment, checked. One thread.
class SegmentReader {
 public:
  // `chunk_bytes` are read at once, more only for a record that is larger.
  [[nodiscard]] static Result<SegmentReader> open(Disk& disk, const Segment& segment,
                                                  std::size_t chunk_bytes);

  // The next record; its bytes live until the next call. An Error is the disk's.
  [[nodiscard]] Result<SegmentStatus> next(Record& record);

  // Where the next record stands, or what is broken; the end, after the last.
  [[nodiscard]] std::uint64_t offset() const { return buffer_offset_ + at_; }
  // Up to where the segment was synced, by the marks before offset().
  [[nodiscard]] std::uint64_t durable_bytes() const { return durable_bytes_; }
  // Whether the last thing before offset() was a mark.
  [[nodiscard]] bool ended_with_mark() const { return ended_with_mark_; }
  [[nodiscard]] std::uint64_t next_ordinal() const { return position_.ordinal; }
  [[nodiscard]] bool is_sealed() const { return index_ != nullptr; }
  // The first mark at or behind `from` that says more than `durable_above` bytes were synced, found
  // by its own bytes, whatever stands before it. One that counts fewer records than were read is
  // left of a file that was here before, and passed over.
  [[nodiscard]] Result<std::optional<Mark>> find_mark(std::uint64_t from,
                                                      std::uint64_t durable_above = 0);
  // Whether, read anew from the disk, a whole record or mark stands at offset() by now.
  [[nodiscard]] Result<bool> reread();
  // Goes on behind a broken place, at a mark that find_mark() found.
  void resume_at(const Mark& mark);
  // Before the first call of next(): passes over what stands before the record, as far as that is
  // possible without reading it.
  void pass_to(std::uint64_t ordinal);
  // Lines of foreign inputs before the next record, where pass_to() passed over some.
  [[nodiscard]] std::uint64_t lines_passed() const { return lines_passed_; }
  // Looks again at how long the file is; what was read of the place at offset() is read anew.
  [[nodiscard]] Result<std::uint64_t> look_again();

 private:
  SegmentReader(std::unique_ptr<ReadableFile> file, const Segment& segment,
                std::size_t chunk_bytes);

  [[nodiscard]] static Result<SegmentReader> open_sealed(Disk& disk, const std::string& path,
                                                         const Segment& segment,
                                                         std::size_t chunk_bytes);
  [[nodiscard]] Result<bool> read_more(std::size_t wanted);
  void pass_mark(std::string_view bytes);

  std::unique_ptr<ReadableFile> file_;
  std::uint64_t file_bytes_;
  std::size_t chunk_bytes_;
  Position position_;  // of the next record
  // bytes_ of the file from buffer_offset_ on, and kReadPadding behind them.
  std::vector<char> buffer_;
  std::size_t bytes_ = 0;
  std::size_t at_ = 0;
  std::uint64_t buffer_offset_ = kSegmentHeaderBytes;
  bool ended_with_mark_ = false;
  std::uint64_t durable_bytes_ = kSegmentHeaderBytes;
  const SealedIndex* index_ = nullptr;  // of file_, where it is a sealed segment's
  std::uint64_t lines_passed_ = 0;
};

}  // namespace tapeline::journal
