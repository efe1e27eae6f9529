// SPDX-License-Identifier: Apache-2.0
#include "replay/journal_records.h"

#include "decode/source.h"

namespace tapeline::replay {

using journal::Record;
using journal::RecordType;

std::string journal_folder(const std::string& data_dir) { return data_dir + "/journal"; }

Result<std::unique_ptr<JournalRecords>> JournalRecords::open(const std::string& data_dir,
                                                             std::size_t chunk_bytes) {
  std::unique_ptr<JournalRecords> records(new JournalRecords);
  auto reader = journal::Reader::open(records->disk_, journal_folder(data_dir), 0, chunk_bytes);
  if (!reader) return tl::make_unexpected(reader.error());
  records->reader_ = std::move(*reader);
  records->journal_ = records->reader_->segments().front().header.journal;
  Record first;
  const auto more = records->reader_->next(first);
  if (!more) return tl::make_unexpected(more.error());
  if (!*more) return records;
  if (first.type == RecordType::kEpoch) {
    auto epoch = decode::parse_epoch(first.bytes);
    if (!epoch) return tl::make_unexpected(epoch.error().within(data_dir));
    records->epoch_ = *epoch;
  }
  records->first_ = first;
  return records;
}

bool JournalRecords::next(Next& out) {
  out.parsed = nullptr;
  if (first_) {
    out.record = *first_;
    first_.reset();
  } else {
    const auto more = reader_->next(out.record);
    if (!more) damage_ = more.error();
    if (!more || !*more) return false;
  }
  if (out.record.type != RecordType::kOpen) return true;
  if (const auto source = decode::parse_source(out.record.bytes)) {
    names_[out.record.connection] = source->name.empty() ? source->venue : source->name;
  }
  return true;
}

Place JournalRecords::place_of(const Record& record) const {
  const auto name = names_.find(record.connection);
  return {name == names_.end() ? std::string_view() : std::string_view(name->second),
          record.line != 0 ? record.line : record.position.ordinal};
}

Progress JournalRecords::progress() const {
  Progress progress;
  progress.bytes_done = reader_->bytes_done();
  progress.bytes_total = reader_->bytes_total();
  return progress;
}

}  // namespace tapeline::replay
