// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "journal/disk.h"
#include "journal/format.h"
#include "journal/reader.h"

namespace tapeline::journal {

// When what was appended becomes durable.
enum class SyncPolicy : std::uint8_t {
  kBatch,   // some time after it was appended: see sync_after_max
  kAlways,  // with each commit
  kOs,      // when the operating system likes: a crash of the machine loses it
};

struct WriterOptions {
  SyncPolicy sync = SyncPolicy::kBatch;
  Duration sync_after_max = std::chrono::milliseconds(50);
  std::size_t batch_bytes = std::size_t{1} << 20;  // written at once, at least
  std::uint64_t segment_bytes = std::uint64_t{128} << 20;
  std::optional<JournalId> new_journal{};  // the name of one that is not there yet; none: random
  // Asked of a journal that is there, with the ordinal behind its last whole record, before
  // anything of it is changed. An Error refuses it.
  using Accepts = std::function<Result<void>(JournalId journal, std::uint64_t end_ordinal)>;
  Accepts accepts{};
};

// Appends to the journal of a folder, as its only writer. Records are collected into a batch, which
// goes to disk when it is full or at commit(); a record is durable when durable_ordinal() has
// passed it. A full disk refuses the append and may be tried again; after a failed sync every call
// gives that Error. Without close() the end looks like a crash, and nothing durable is lost. One
// thread.
class Writer {
 public:
  // Opens or founds the journal. What a crash tore is cut off; whatever is left is made durable.
  [[nodiscard]] static Result<std::unique_ptr<Writer>> open(Disk& disk, const std::string& folder,
                                                            const WriterOptions& options);

  // Takes type, connection, ts_recv, line and bytes, and gives the position.
  [[nodiscard]] Result<Position> append(const Record& record);
  // Writes what was appended, and syncs as the policy wants it. `monotonic_ns` never goes back.
  [[nodiscard]] Result<void> commit(std::int64_t monotonic_ns);
  // Makes everything durable that was appended.
  [[nodiscard]] Result<void> sync();
  // What follows goes into another segment: for owners who want one to begin with a certain record.
  // Nothing when nothing was appended to the last one yet.
  [[nodiscard]] Result<void> next_segment();
  // sync(), and says so in the journal; nothing may follow.
  [[nodiscard]] Result<void> close();

  [[nodiscard]] JournalId journal() const { return journal_; }
  // How long the last segment is, or will be with what was appended.
  [[nodiscard]] std::uint64_t segment_bytes() const {
    return file_bytes_ + (batch_used_ - kMarkBytes);
  }
  [[nodiscard]] std::uint64_t next_ordinal() const { return next_.ordinal; }
  // Every record below it survives a crash of the machine.
  [[nodiscard]] std::uint64_t durable_ordinal() const { return durable_ordinal_; }
  // The first numbers that no record of the journal has had.
  [[nodiscard]] std::uint32_t next_connection() const { return next_.connection; }
  [[nodiscard]] std::uint64_t next_line() const { return next_.line; }
  // What open() cut off.
  [[nodiscard]] const std::optional<TornTail>& torn_tail() const { return torn_tail_; }

 private:
  // The numbers that the next record gets, or may get.
  struct Next {
    std::uint64_t ordinal = 0;
    std::uint32_t connection = 0;
    std::uint64_t line = 1;

    void pass(const Record& record);
  };

  Writer(Disk& disk, std::string folder, const WriterOptions& options);

  [[nodiscard]] Result<void> found();
  [[nodiscard]] Result<void> open_last(const Segment& last);
  [[nodiscard]] Result<void> write_again(const std::string& path, std::uint64_t from);
  [[nodiscard]] Result<void> start_segment();
  [[nodiscard]] Result<void> write_batch();
  [[nodiscard]] Result<void> sync_file();
  [[nodiscard]] Result<void> final(Result<void> synced);

  Disk& disk_;
  std::string folder_;
  WriterOptions options_;
  std::unique_ptr<FileLock> lock_;
  JournalId journal_;
  Next next_;

  std::unique_ptr<WritableFile> file_;
  SegmentHeader header_;          // of the segment being written
  std::uint64_t file_bytes_ = 0;  // written, though perhaps not synced
  std::uint64_t durable_bytes_ = 0;
  bool has_partial_write_ = false;  // a write failed, and part of it may lie behind file_bytes_
  std::uint64_t written_ordinal_ = 0;
  std::uint64_t durable_ordinal_ = 0;

  // Room for a mark, then the records that were not written yet; the first of them is batch_next_.
  std::vector<char> batch_;
  std::size_t batch_used_ = kMarkBytes;
  Next batch_next_;
  std::optional<std::int64_t> unsynced_since_ns_;
  std::optional<Error> failed_;
  std::optional<TornTail> torn_tail_;
};

}  // namespace tapeline::journal
