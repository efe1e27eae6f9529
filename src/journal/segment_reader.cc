// SPDX-License-Identifier: Apache-2.0
#include "journal/segment_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/padding.h"
#include "journal/sealed_file.h"

namespace tapeline::journal {

SegmentReader::SegmentReader(std::unique_ptr<ReadableFile> file, const Segment& segment,
                             std::size_t chunk_bytes)
    : file_(std::move(file)),
      file_bytes_(segment.bytes),
      chunk_bytes_(std::max(chunk_bytes, kMarkBytes)),
      position_{segment.header.journal, segment.header.first_ordinal},
      buffer_(chunk_bytes_ + kReadPadding) {}

Result<SegmentReader> SegmentReader::open(Disk& disk, const Segment& segment,
                                          std::size_t chunk_bytes) {
  if (!segment.is_sealed) {
    auto file = disk.open_readable(segment.path);
    if (file) return SegmentReader(std::move(*file), segment, chunk_bytes);
    // It may have been sealed since it was listed.
    const std::string sealed = segment.path + std::string(kSealedEnding);
    if (!disk.open_readable(sealed)) return tl::make_unexpected(file.error());
    return open_sealed(disk, sealed, segment, chunk_bytes);
  }
  return open_sealed(disk, segment.path, segment, chunk_bytes);
}

Result<SegmentReader> SegmentReader::open_sealed(Disk& disk, const std::string& path,
                                                 const Segment& segment, std::size_t chunk_bytes) {
  auto file = SealedFile::open(disk, path);
  if (!file) return tl::make_unexpected(file.error());
  const SealedIndex* index = &(*file)->index();
  SegmentReader reader(std::move(*file), segment, chunk_bytes);
  reader.index_ = index;
  reader.file_bytes_ = index->plain_bytes;
  return reader;
}

// False when the file has no more, or not as much as is wanted from at_ on.
Result<bool> SegmentReader::read_more(std::size_t wanted) {
  const std::size_t kept = bytes_ - at_;
  const std::uint64_t end = buffer_offset_ + bytes_;
  if (file_bytes_ - end < wanted - kept) return false;
  if (wanted > buffer_.size() - kReadPadding) buffer_.resize(wanted + kReadPadding);
  std::memmove(buffer_.data(), buffer_.data() + at_, kept);
  buffer_offset_ += at_;
  at_ = 0;
  const std::uint64_t room = buffer_.size() - kReadPadding - kept;
  const auto n = file_->read_at(end, buffer_.data() + kept,
                                static_cast<std::size_t>(std::min(room, file_bytes_ - end)));
  if (!n) return tl::make_unexpected(n.error());
  bytes_ = kept + *n;
  return bytes_ >= wanted;
}

Result<SegmentStatus> SegmentReader::next(Record& record) {
  for (;;) {
    const ParsedRecord parsed =
        parse_record({buffer_.data() + at_, bytes_ - at_}, offset(), position_, record);
    switch (parsed.status) {
      case ParseStatus::kRecord:
        at_ += parsed.bytes;
        ++position_.ordinal;
        ended_with_mark_ = false;
        return SegmentStatus::kRecord;
      case ParseStatus::kMark:
        pass_mark({buffer_.data() + at_, parsed.bytes});
        at_ += parsed.bytes;
        ended_with_mark_ = true;
        break;
      case ParseStatus::kBad:
        return SegmentStatus::kBroken;
      case ParseStatus::kShort: {
        if (offset() >= file_bytes_) return SegmentStatus::kEnd;
        const auto more = read_more(parsed.bytes);
        if (!more) return tl::make_unexpected(more.error());
        if (!*more) return SegmentStatus::kBroken;
        break;
      }
    }
  }
}

void SegmentReader::pass_mark(std::string_view bytes) {
  const auto mark = parse_mark(bytes, position_.journal, offset());
  if (mark) durable_bytes_ = std::max(durable_bytes_, mark->durable_bytes);
}

// Not behind file_bytes_: what a writer adds meanwhile says nothing of what was there at open().
Result<std::optional<Mark>> SegmentReader::find_mark(std::uint64_t from,
                                                     std::uint64_t durable_above) {
  std::vector<char> chunk(std::max<std::size_t>(chunk_bytes_, 2 * kMarkBytes));
  while (from < file_bytes_) {
    const auto n = file_->read_at(
        from, chunk.data(),
        static_cast<std::size_t>(std::min<std::uint64_t>(chunk.size(), file_bytes_ - from)));
    if (!n) return tl::make_unexpected(n.error());
    const std::string_view bytes(chunk.data(), *n);
    for (std::size_t text = bytes.find(kMarkText); text != std::string_view::npos;
         text = bytes.find(kMarkText, text + 1)) {
      if (text < kMarkTextAt) continue;
      const std::size_t start = text - kMarkTextAt;
      const auto mark = parse_mark(bytes.substr(start), position_.journal, from + start);
      const bool is_stale = mark && mark->next_ordinal < position_.ordinal;
      if (mark && !is_stale && mark->durable_bytes > durable_above) return mark;
    }
    // A mark may straddle the end of the chunk.
    if (*n < chunk.size()) break;
    from += *n - (kMarkBytes - 1);
  }
  return std::nullopt;
}

Result<bool> SegmentReader::reread() {
  buffer_offset_ = offset();
  at_ = 0;
  bytes_ = 0;
  Record record;
  for (;;) {
    const ParsedRecord parsed = parse_record({buffer_.data(), bytes_}, offset(), position_, record);
    if (parsed.status == ParseStatus::kBad) return false;
    if (parsed.status != ParseStatus::kShort) return true;
    const auto more = read_more(parsed.bytes);
    if (!more || !*more) return more;
  }
}

void SegmentReader::pass_to(std::uint64_t ordinal) {
  if (index_ == nullptr || index_->next_ordinal == index_->header.first_ordinal) return;
  // Behind the last record there may be blocks that begin inside a mark.
  ordinal = std::min(ordinal, index_->next_ordinal - 1);
  const auto after = std::upper_bound(
      index_->blocks.begin() + 1, index_->blocks.end(), ordinal,
      [](std::uint64_t o, const SealedBlock& block) { return o < block.first_ordinal; });
  if (after == index_->blocks.begin() + 1) return;
  const SealedBlock& block = *(after - 1);
  position_.ordinal = block.first_ordinal;
  buffer_offset_ = block.plain_offset;
  lines_passed_ = block.first_line;
}

Result<std::uint64_t> SegmentReader::look_again() {
  const auto bytes = file_->size();
  if (!bytes) return bytes;
  buffer_offset_ = offset();
  at_ = 0;
  bytes_ = 0;
  file_bytes_ = *bytes;
  return bytes;
}

void SegmentReader::resume_at(const Mark& mark) {
  position_.ordinal = mark.next_ordinal;
  buffer_offset_ = mark.offset;
  at_ = 0;
  bytes_ = 0;
}

}  // namespace tapeline::journal
