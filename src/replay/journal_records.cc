// SPDX-License-Identifier: Apache-2.0
#include "replay/journal_records.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "decode/source.h"
#include "journal/format.h"
#include "journal/sealed_format.h"
#include "replay/text_output.h"

namespace tapeline::replay {

using journal::Record;
using journal::RecordType;

std::string journal_folder(const std::string& data_dir) { return data_dir + "/journal"; }

bool is_in_journal(const std::string& path, const std::string& data_dir) {
  namespace fs = std::filesystem;
  if (is_standard_stream(path)) return false;
  std::error_code unknown;
  const fs::path target = fs::weakly_canonical(path, unknown);
  const fs::path folder = fs::weakly_canonical(journal_folder(data_dir), unknown);
  return !unknown && target.parent_path() == folder;
}

bool is_segment_file(const std::string& path) {
  std::error_code unknown;
  if (is_standard_stream(path)) return false;
  if (!std::filesystem::is_regular_file(path, unknown)) return false;
  std::array<char, journal::kSegmentHeaderBytes> first{};
  std::ifstream in(path, std::ios::binary);
  in.read(first.data(), first.size());
  const std::string_view begin(first.data(), static_cast<std::size_t>(in.gcount()));
  return journal::begins_a_segment(begin) || journal::begins_sealed(begin);
}

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
