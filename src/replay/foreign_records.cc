// SPDX-License-Identifier: Apache-2.0
#include "replay/foreign_records.h"

#include <utility>

#include "base/check.h"
#include "base/padding.h"
#include "decode/epoch.h"
#include "decode/instrument_list.h"
#include "decode/refused.h"
#include "replay/byte_source.h"

namespace tapeline::replay {

using journal::Record;
using journal::RecordType;

Result<std::unique_ptr<ForeignRecords>> ForeignRecords::open(const Options& options,
                                                             const std::atomic<bool>& stop) {
  auto inputs = MergedInputs::open(options, &stop);
  if (!inputs) return tl::make_unexpected(inputs.error());
  std::unique_ptr<ForeignRecords> records(new ForeignRecords(std::move(*inputs)));
  auto& openings = records->openings_;
  openings.push_back(
      {RecordType::kEpoch, 0, decode::encode_epoch({options.engine_version, std::nullopt})});
  if (!options.instruments_file.empty()) {
    records->instruments_file_ = options.instruments_file;
    auto list = read_small_file(options.instruments_file);
    if (!list) return tl::make_unexpected(list.error());
    openings.push_back({RecordType::kInstruments, 0,
                        decode::encode_instrument_list({options.venue, list->text()})});
  }
  std::uint32_t n = 0;
  for (const auto& input : records->inputs_->inputs()) {
    decode::Source source = input->source();
    if (records->inputs_->is_mixed()) source.idle_known = false;
    openings.push_back({RecordType::kOpen, n++, decode::encode_source(source)});
  }
  return records;
}

Result<void> ForeignRecords::try_openings(decode::Decoder& decoder) const {
  for (const Opening& opening : openings_) {
    const std::string bytes = opening.bytes + std::string(kReadPadding, '\0');
    Record record;
    record.type = opening.type;
    record.connection = ConnectionId(first_.connection + opening.input);
    record.bytes = std::string_view(bytes).substr(0, opening.bytes.size());
    if (auto done = decoder.read(record); !done) {
      return tl::make_unexpected(done.error().within(place_of(record).input));
    }
  }
  return {};
}

// Gives the record the next position.
void ForeignRecords::give(Next& out, Record& record) {
  record.position = {JournalId(0), ordinal_++};
  out.record = record;
}

// The bytes, with the padding that readers may touch behind them.
std::string_view ForeignRecords::padded(std::string bytes) {
  scratch_ = std::move(bytes);
  const std::size_t size = scratch_.size();
  scratch_.append(kReadPadding, '\0');
  return std::string_view(scratch_).substr(0, size);
}

// Reads the next record of the inputs into waiting_; false at their end.
bool ForeignRecords::read_input() {
  Record record;
  const InputStatus status = inputs_->next(record);
  if (status == InputStatus::kEnd) return false;
  record.line += first_.line - 1;
  record.connection = ConnectionId(first_.connection + record.connection.value());
  waiting_parsed_ = nullptr;
  if (status == InputStatus::kRefused) {
    record.type = RecordType::kRefused;
    record.bytes = padded(decode::encode_refused({inputs_->current().refusal(), record.bytes}));
  } else if (inputs_->current().source().recv_inferred) {
    TAPELINE_CHECK(reader_ != nullptr, "somebody reads the times in frames");
    waiting_parsed_ = &reader_->parse(record);
    record.ts_recv = clock_.infer(waiting_parsed_->newest_plausible_time());
  }
  waiting_ = record;
  return true;
}

bool ForeignRecords::next(Next& out) {
  out.parsed = nullptr;
  if (openings_given_ < openings_.size()) {
    Opening& opening = openings_[openings_given_++];
    Record record;
    record.type = opening.type;
    record.connection = ConnectionId(first_.connection + opening.input);
    record.bytes = padded(std::move(opening.bytes));
    give(out, record);
    return true;
  }
  if (!waiting_ && !read_input()) return false;
  if (const auto engine_time = clock_.tick_before(waiting_->ts_recv)) {
    Record tick;
    tick.type = RecordType::kTick;
    tick.ts_recv = RecvTime(engine_time->unix_ns());
    give(out, tick);
    return true;
  }
  out.parsed = waiting_parsed_;
  give(out, *waiting_);
  waiting_.reset();
  return true;
}

Place ForeignRecords::place_of(const Record& record) const {
  if (record.type == RecordType::kInstruments) return {instruments_file_, 0};
  if (record.type == RecordType::kOpen) {
    return {inputs_->inputs()[record.connection.value() - first_.connection]->name(), 0};
  }
  return {inputs_->current().name(), inputs_->current().line_number()};
}

Progress ForeignRecords::progress() const {
  Progress progress;
  progress.bytes_total = 0;
  for (const auto& input : inputs_->inputs()) {
    progress.bytes_done += input->bytes().bytes_read_raw();
    const auto total = input->bytes().bytes_total_raw();
    if (!total) progress.bytes_total.reset();
    if (progress.bytes_total) *progress.bytes_total += *total;
  }
  return progress;
}

}  // namespace tapeline::replay
