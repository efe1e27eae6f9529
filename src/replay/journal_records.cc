// SPDX-License-Identifier: Apache-2.0
#include "replay/journal_records.h"

#include "decode/source.h"

namespace tapeline::replay {

using journal::Record;
using journal::RecordType;

std::string journal_folder(const std::string& data_dir) { return data_dir + "/journal"; }

Result<std::unique_ptr<JournalRecords>> JournalRecords::open(const std::string& data_dir,
                                                             std::size_t chunk_bytes,
                                                             std::uint64_t from) {
  std::unique_ptr<JournalRecords> records(new JournalRecords);
  auto reader = journal::Reader::open(records->disk_, journal_folder(data_dir), from, chunk_bytes);
  if (!reader) return tl::make_unexpected(reader.error());
  records->reader_ = std::move(*reader);
  records->journal_ = records->reader_->segments().front().header.journal;
  records->last_line_ = records->reader_->lines_before();
  return records;
}

bool JournalRecords::next(Next& out) {
  out.parsed = nullptr;
  const auto more = reader_->next(out.record);
  if (!more) damage_ = more.error();
  if (!more || !*more) return false;
  const Record& record = out.record;
  if (record.type == RecordType::kOpen) {
    if (const auto source = decode::parse_source(record.bytes)) {
      origins_[record.connection].name = source->name.empty() ? source->venue : source->name;
    }
  }
  if (record.line > last_line_) {
    // Lines are counted over all inputs, as their records come: what was added is this input's. Of
    // an input that was opened before the first record read here, the line is not known.
    const auto origin = origins_.find(record.connection);
    if (origin != origins_.end()) origin->second.line += record.line - last_line_;
    last_line_ = record.line;
  }
  return true;
}

Place JournalRecords::place_of(const Record& record) const {
  const auto origin = origins_.find(record.connection);
  if (origin == origins_.end()) return {{}, record.position.ordinal};
  return {origin->second.name, record.line != 0 ? origin->second.line : record.position.ordinal};
}

std::vector<std::string> JournalRecords::notes() const {
  if (!reader_->torn_tail()) return {};
  return {journal::describe(*reader_->torn_tail())};
}

Progress JournalRecords::progress() const {
  Progress progress;
  progress.bytes_done = reader_->bytes_done();
  progress.bytes_total = reader_->bytes_total();
  return progress;
}

}  // namespace tapeline::replay
