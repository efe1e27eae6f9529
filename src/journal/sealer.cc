// SPDX-License-Identifier: Apache-2.0
#include "journal/sealer.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "journal/reader.h"
#include "journal/sealed_file.h"
#include "journal/sealed_format.h"
#include "journal/segment_reader.h"
#include "journal/segments.h"

namespace tapeline::journal {
namespace {

constexpr std::string_view kSealLock = "/seal.lock";

std::string sealed_path(const Segment& segment) {
  return segment.path + std::string(kSealedEnding);
}

// Writes one sealed segment, block by block.
class SealedWriter {
 public:
  SealedWriter(std::unique_ptr<ReadableFile> plain, std::unique_ptr<WritableFile> out,
               const SegmentHeader& header, int level)
      : plain_(std::move(plain)), out_(std::move(out)), context_(ZSTD_createCCtx()) {
    TAPELINE_CHECK(context_ != nullptr, "out of memory");
    for (const auto& [parameter, value] :
         {std::pair(ZSTD_c_compressionLevel, level), std::pair(ZSTD_c_checksumFlag, 1)}) {
      TAPELINE_CHECK(!ZSTD_isError(ZSTD_CCtx_setParameter(context_, parameter, value)),
                     "the library knows the parameter");
    }
    index_.header = header;
    next_ = {0, 0, header.first_ordinal, header.first_line};
  }
  ~SealedWriter() { ZSTD_freeCCtx(context_); }
  SealedWriter(const SealedWriter&) = delete;
  SealedWriter& operator=(const SealedWriter&) = delete;

  [[nodiscard]] std::uint64_t block_start() const { return next_.plain_offset; }

  Result<void> begin() { return write(encode_sealed_head()); }

  // What stands between the block before and `plain_end` is the next block; behind it follows the
  // record with that ordinal.
  Result<void> add_block(std::uint64_t plain_end, std::uint64_t next_ordinal, std::uint64_t lines) {
    read_.resize(static_cast<std::size_t>(plain_end - next_.plain_offset));
    const auto n = plain_->read_at(next_.plain_offset, read_.data(), read_.size());
    if (!n) return tl::make_unexpected(n.error());
    compressed_.resize(ZSTD_compressBound(*n));
    const std::size_t bytes =
        ZSTD_compress2(context_, compressed_.data(), compressed_.size(), read_.data(), *n);
    TAPELINE_CHECK(!ZSTD_isError(bytes), ZSTD_getErrorName(bytes));  // out of memory, or a bug
    TAPELINE_CHECK(index_.blocks.size() < kBlocksMax, "no segment is that large");
    next_.file_offset = file_bytes_;
    index_.blocks.push_back(next_);
    next_ = {plain_end, 0, next_ordinal, lines};
    return write({compressed_.data(), bytes});
  }

  Result<void> finish(RecvTime newest_recv) {
    index_.plain_bytes = next_.plain_offset;
    index_.next_ordinal = next_.first_ordinal;
    index_.newest_recv = newest_recv;
    if (auto done = write(encode_sealed_index(index_)); !done) return done;
    return out_->sync();
  }

  [[nodiscard]] std::uint64_t file_bytes() const { return file_bytes_; }

 private:
  Result<void> write(std::string_view bytes) {
    if (auto done = out_->write_at(file_bytes_, bytes); !done) return done;
    file_bytes_ += bytes.size();
    return {};
  }

  std::unique_ptr<ReadableFile> plain_;
  std::unique_ptr<WritableFile> out_;
  ZSTD_CCtx* context_;
  SealedIndex index_;
  SealedBlock next_;
  std::uint64_t file_bytes_ = 0;
  std::vector<char> read_;
  std::vector<char> compressed_;
};

class Sealer {
 public:
  Sealer(Disk& disk, std::string folder, const SealOptions& options, const OnBytes& on_bytes)
      : disk_(disk), folder_(std::move(folder)), options_(options), on_bytes_(on_bytes) {}

  Result<SealReport> run() {
    auto segments = find_segments(disk_, folder_);
    if (!segments) return tl::make_unexpected(segments.error());
    for (std::size_t i = 0; i + 1 < segments->size(); ++i) {
      if (!(*segments)[i].is_sealed) total_ += (*segments)[i].bytes;
    }
    for (std::size_t i = 0; i + 1 < segments->size() && !report_.is_stopped; ++i) {
      const Segment& segment = (*segments)[i];
      if (segment.is_sealed) continue;
      const auto done = seal_one(segment, (*segments)[i + 1].header.first_ordinal);
      if (!done) {
        ignore(disk_.remove(unfinished_), "the Error that is told matters more");
        return tl::make_unexpected(done.error());
      }
    }
    return report_;
  }

 private:
  Result<void> seal_one(const Segment& segment, std::uint64_t end_ordinal) {
    if (segment.is_link) {
      return fail(
          Fault::kCaller,
          fmt::format("{}: is a link, and sealing would remove the link alone; put the file "
                      "itself in its place",
                      segment.path));
    }
    const std::string path = sealed_path(segment);
    unfinished_ = path + std::string(kUnfinished);
    const auto disk_bytes = write_sealed(segment, end_ordinal);
    if (!disk_bytes) return tl::make_unexpected(disk_bytes.error());
    if (report_.is_stopped) return disk_.remove(unfinished_);
    if (auto done = compare(segment); !done) return done;
    if (auto done = disk_.rename(unfinished_, path); !done) return done;
    if (auto done = disk_.sync_folder(folder_); !done) return done;
    if (auto done = disk_.remove(segment.path); !done) return done;
    ++report_.segments;
    report_.plain_bytes += segment.bytes;
    report_.disk_bytes += *disk_bytes;
    return {};
  }

  // The size of the file.
  Result<std::uint64_t> write_sealed(const Segment& segment, std::uint64_t end_ordinal) {
    auto reader = SegmentReader::open(disk_, segment, Reader::kChunkBytes);
    if (!reader) return tl::make_unexpected(reader.error());
    auto plain = disk_.open_readable(segment.path);
    if (!plain) return tl::make_unexpected(plain.error());
    auto out = disk_.create(unfinished_);
    if (!out) return tl::make_unexpected(out.error());
    SealedWriter writer(std::move(*plain), std::move(*out), segment.header, options_.level);
    if (auto done = writer.begin(); !done) return tl::make_unexpected(done.error());
    std::uint64_t lines = segment.header.first_line;
    RecvTime newest;
    Record record;
    std::uint64_t records = 0;
    auto status = reader->next(record);
    for (; status && *status == SegmentStatus::kRecord; status = reader->next(record)) {
      newest = records == 0 ? record.ts_recv : std::max(newest, record.ts_recv);
      lines = std::max(lines, record.line);
      ++records;
      if (reader->offset() - writer.block_start() < options_.block_bytes) continue;
      const auto done = writer.add_block(reader->offset(), reader->next_ordinal(), lines);
      if (!done) return tl::make_unexpected(done.error());
      if (!on_bytes_(done_ + reader->offset(), total_)) {
        report_.is_stopped = true;
        return 0;
      }
    }
    if (!status) return tl::make_unexpected(status.error());
    if (*status != SegmentStatus::kEnd || reader->next_ordinal() != end_ordinal) {
      return tl::make_unexpected(damage_at(segment, reader->offset(), reader->next_ordinal()));
    }
    // Marks behind the last record are no part of its block, and there may be many.
    while (writer.block_start() < segment.bytes) {
      const std::uint64_t end =
          std::min(segment.bytes, writer.block_start() + options_.block_bytes);
      const auto done = writer.add_block(end, end_ordinal, lines);
      if (!done) return tl::make_unexpected(done.error());
    }
    if (auto done = writer.finish(newest); !done) return tl::make_unexpected(done.error());
    done_ += segment.bytes;
    return writer.file_bytes();
  }

  // Whether the sealed segment gives back every byte of the segment.
  Result<void> compare(const Segment& segment) {
    const auto other_bytes = [&] {
      return fail(Fault::kTheirs,
                  fmt::format("{}: cannot be sealed: the disk gave back other bytes than were "
                              "written; it stays as it is",
                              segment.path));
    };
    auto sealed = SealedFile::open(disk_, unfinished_);
    if (!sealed && sealed.error().fault == Fault::kTheirs) return other_bytes();
    if (!sealed) return tl::make_unexpected(sealed.error());
    auto plain = disk_.open_readable(segment.path);
    if (!plain) return tl::make_unexpected(plain.error());
    std::vector<char> a(Reader::kChunkBytes);
    std::vector<char> b(Reader::kChunkBytes);
    for (std::uint64_t at = 0; at < segment.bytes; at += a.size()) {
      const auto n = (*plain)->read_at(at, a.data(), a.size());
      if (!n) return tl::make_unexpected(n.error());
      const auto m = (*sealed)->read_at(at, b.data(), b.size());
      if (!m) return tl::make_unexpected(m.error());
      if (*n != *m || std::memcmp(a.data(), b.data(), *n) != 0) {
        return other_bytes();
      }
    }
    return {};
  }

  Disk& disk_;
  std::string folder_;
  SealOptions options_;
  const OnBytes& on_bytes_;
  std::string unfinished_;
  std::uint64_t done_ = 0;
  std::uint64_t total_ = 0;
  SealReport report_;
};

}  // namespace

Result<std::unique_ptr<FileLock>> lock_sealing(Disk& disk, const std::string& folder) {
  return disk.lock(folder + std::string(kSealLock),
                   "is sealing or removing segments here; wait until it is done, or stop it");
}

Result<SealReport> seal(Disk& disk, const std::string& folder, const SealOptions& options,
                        const OnBytes& on_bytes) {
  TAPELINE_CHECK(options.block_bytes <= kBlockBytes, "blocks are bounded");
  if (auto done = require_segments(disk, folder); !done) return tl::make_unexpected(done.error());
  const auto lock = lock_sealing(disk, folder);
  if (!lock) return tl::make_unexpected(lock.error());
  const std::string ending = std::string(kSegmentEnding) + std::string(kSealedEnding);
  if (auto done = remove_unfinished(disk, folder, ending); !done) {
    return tl::make_unexpected(done.error());
  }
  return Sealer(disk, folder, options, on_bytes).run();
}

}  // namespace tapeline::journal
