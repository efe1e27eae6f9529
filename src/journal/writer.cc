// SPDX-License-Identifier: Apache-2.0
#include "journal/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <utility>

namespace tapeline::journal {
namespace {

// Nobody founds two journals of one name; 0 is no name.
JournalId random_journal() {
  std::random_device device;
  std::uint64_t id = 0;
  while (id == 0) id = (std::uint64_t{device()} << 32) | device();
  return JournalId(id);
}

}  // namespace

void Writer::Next::pass(const Record& record) {
  ++ordinal;
  connection = std::max(connection, record.connection.value() + 1);
  line = std::max(line, record.line + 1);
}

Writer::Writer(Disk& disk, std::string folder, const WriterOptions& options)
    : disk_(disk),
      folder_(std::move(folder)),
      options_(options),
      journal_(options.new_journal ? *options.new_journal : random_journal()),
      batch_(kMarkBytes + options.batch_bytes) {}

Result<std::unique_ptr<Writer>> Writer::open(Disk& disk, const std::string& folder,
                                             const WriterOptions& options) {
  if (auto done = disk.create_folder(folder); !done) return tl::make_unexpected(done.error());
  std::unique_ptr<Writer> writer(new Writer(disk, folder, options));
  auto lock = disk.lock(folder + "/lock", kIsWriting);
  if (!lock) return tl::make_unexpected(lock.error());
  writer->lock_ = std::move(*lock);
  auto segments = list_segments(disk, folder);
  if (!segments) return tl::make_unexpected(segments.error());
  auto done = segments->empty() ? writer->found() : writer->open_last(segments->back());
  if (!done) return tl::make_unexpected(done.error());
  return writer;
}

Result<void> Writer::found() {
  if (auto done = remove_unfinished(disk_, folder_, kSegmentEnding); !done) return done;
  return start_segment();
}

// Finds the end of the last segment, cuts off what a crash tore, and syncs the rest: a crash of
// this process alone leaves records that were written and never synced.
Result<void> Writer::open_last(const Segment& last) {
  header_ = last.header;
  journal_ = header_.journal;
  next_ = {header_.first_ordinal, header_.first_connection, header_.first_line + 1};
  auto reader = SegmentReader::open(disk_, last, Reader::kChunkBytes);
  if (!reader) return tl::make_unexpected(reader.error());
  Record record;
  auto status = reader->next(record);
  for (; status && *status == SegmentStatus::kRecord; status = reader->next(record)) {
    next_.pass(record);
  }
  if (!status) return tl::make_unexpected(status.error());
  file_bytes_ = reader->offset();
  if (*status == SegmentStatus::kBroken) {
    const auto place = judge_broken_place(*reader);
    if (!place) return tl::make_unexpected(place.error());
    if (*place != BrokenPlace::kTorn) {
      return tl::make_unexpected(damage_at(last, reader->offset(), reader->next_ordinal()));
    }
    torn_tail_ = {last.path, file_bytes_, last.bytes - file_bytes_};
  }
  if (options_.accepts) {
    if (auto done = options_.accepts(journal_, next_.ordinal); !done) return done;
  }
  if (auto done = remove_unfinished(disk_, folder_, kSegmentEnding); !done) return done;
  auto file = disk_.open_writable(last.path);
  if (!file) return tl::make_unexpected(file.error());
  file_ = std::move(*file);
  if (torn_tail_) {
    if (auto done = file_->truncate(file_bytes_); !done) return done;
  }
  if (auto done = write_again(last.path, reader->durable_bytes()); !done) return done;
  batch_next_ = next_;
  written_ordinal_ = next_.ordinal;
  if (auto done = final(disk_.sync_folder(folder_)); !done) return done;
  return sync_file();
}

// After a failed sync, what was written may stand in memory alone and count as clean, so that a
// later sync does nothing for it.
Result<void> Writer::write_again(const std::string& path, std::uint64_t from) {
  auto old = disk_.open_readable(path);
  if (!old) return tl::make_unexpected(old.error());
  std::vector<char> bytes(Reader::kChunkBytes);
  while (from < file_bytes_) {
    const std::uint64_t wanted = std::min<std::uint64_t>(bytes.size(), file_bytes_ - from);
    const auto n = (*old)->read_at(from, bytes.data(), static_cast<std::size_t>(wanted));
    if (!n) return tl::make_unexpected(n.error());
    if (*n == 0) return fail(Fault::kTheirs, path + ": became shorter while it was opened");
    if (auto done = file_->write_at(from, {bytes.data(), *n}); !done) return done;
    from += *n;
  }
  return {};
}

// Under another name until its header is durable, so that no segment ever lacks one. Never over
// what has the name, whoever put it there.
Result<void> Writer::start_segment() {
  SegmentHeader header;
  header.journal = journal_;
  header.first_ordinal = batch_next_.ordinal;
  header.first_connection = batch_next_.connection;
  header.first_line = batch_next_.line - 1;
  header.previous_ordinal = file_ != nullptr ? header_.first_ordinal : 0;
  header.previous_bytes = file_ != nullptr ? file_bytes_ : 0;
  const std::string path = folder_ + "/" + segment_name(header.first_ordinal);
  const std::string unfinished = path + std::string(kUnfinished);
  auto file = disk_.create(unfinished);
  if (!file) return tl::make_unexpected(file.error());
  if (auto done = (*file)->write_at(0, encode_segment_header(header)); !done) return done;
  if (auto done = final((*file)->sync()); !done) return done;
  if (auto done = disk_.rename_new(unfinished, path); !done) return done;
  if (auto done = final(disk_.sync_folder(folder_)); !done) return done;
  file = disk_.open_writable(path);  // so that errors say the name that is there
  if (!file) return final(tl::make_unexpected(file.error()));
  file_ = std::move(*file);
  header_ = header;
  file_bytes_ = kSegmentHeaderBytes;
  durable_bytes_ = kSegmentHeaderBytes;
  return {};
}

Result<Position> Writer::append(const Record& record) {
  if (failed_) return tl::make_unexpected(*failed_);
  if (record.bytes.size() > kBytesMax) {
    return fail(Fault::kCaller, fmt::format("a record of {} bytes is longer than a journal takes, "
                                            "which is {}",
                                            record.bytes.size(), kBytesMax));
  }
  const std::size_t bytes = encoded_bytes(record);
  if (bytes > batch_.size() - batch_used_) {
    if (auto done = write_batch(); !done) return tl::make_unexpected(done.error());
    if (bytes > batch_.size() - batch_used_) batch_.resize(kMarkBytes + bytes);
  }
  Record placed = record;
  placed.position = {journal_, next_.ordinal};
  encode_record(placed, batch_.data() + batch_used_);
  batch_used_ += bytes;
  next_.pass(record);
  return placed.position;
}

// Writes the batch behind a mark. When that fails, the batch stays for the next try.
Result<void> Writer::write_batch() {
  if (batch_used_ == kMarkBytes) return {};
  // By ordinals: a segment that holds nothing but marks would give its name to the next.
  const bool has_records = batch_next_.ordinal > header_.first_ordinal;
  if (has_records && file_bytes_ + batch_used_ > options_.segment_bytes) {
    // The next try may go into the next segment, and what this one keeps of the first is no record.
    if (has_partial_write_) {
      if (auto done = file_->truncate(file_bytes_); !done) return done;
      has_partial_write_ = false;
    }
    if (auto done = sync_file(); !done) return done;
    if (auto done = start_segment(); !done) return done;
  }
  encode_mark({file_bytes_, batch_next_.ordinal, durable_bytes_}, journal_, batch_.data());
  if (auto done = file_->write_at(file_bytes_, {batch_.data(), batch_used_}); !done) {
    has_partial_write_ = true;
    return done;
  }
  has_partial_write_ = false;
  file_bytes_ += batch_used_;
  batch_used_ = kMarkBytes;
  batch_next_ = next_;
  written_ordinal_ = next_.ordinal;
  return {};
}

// What a failed sync leaves on disk nobody knows, so it is final.
Result<void> Writer::final(Result<void> synced) {
  if (synced) return synced;
  failed_ = synced.error();
  failed_->retry = Retry::kNever;
  return tl::make_unexpected(*failed_);
}

Result<void> Writer::sync_file() {
  if (failed_) return tl::make_unexpected(*failed_);
  if (auto done = final(file_->sync()); !done) return done;
  durable_bytes_ = file_bytes_;
  durable_ordinal_ = written_ordinal_;
  unsynced_since_ns_.reset();
  return {};
}

Result<void> Writer::commit(std::int64_t monotonic_ns) {
  if (failed_) return tl::make_unexpected(*failed_);
  if (auto done = write_batch(); !done) return done;
  if (durable_ordinal_ == written_ordinal_ || options_.sync == SyncPolicy::kOs) return {};
  if (!unsynced_since_ns_) unsynced_since_ns_ = monotonic_ns;
  const bool is_due = options_.sync == SyncPolicy::kAlways ||
                      monotonic_ns - *unsynced_since_ns_ >= options_.sync_after_max.count();
  return is_due ? sync_file() : Result<void>{};
}

// On a full disk, what was written before becomes durable all the same.
Result<void> Writer::sync() {
  if (failed_) return tl::make_unexpected(*failed_);
  const auto written = write_batch();
  if (auto done = sync_file(); !done) return done;
  return written;
}

Result<void> Writer::next_segment() {
  if (failed_) return tl::make_unexpected(*failed_);
  if (auto done = write_batch(); !done) return done;
  if (written_ordinal_ == header_.first_ordinal) return {};
  if (auto done = sync_file(); !done) return done;
  return start_segment();
}

Result<void> Writer::close() {
  if (auto done = sync(); !done) return done;
  std::string mark(kMarkBytes, '\0');
  encode_mark({file_bytes_, next_.ordinal, durable_bytes_}, journal_, mark.data());
  if (auto done = file_->write_at(file_bytes_, mark); !done) {
    has_partial_write_ = true;
    return done;
  }
  file_bytes_ += mark.size();
  if (auto done = sync_file(); !done) return done;
  lock_.reset();
  return {};
}

}  // namespace tapeline::journal
