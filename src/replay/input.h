// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "decode/csv_row.h"
#include "decode/decoder.h"
#include "decode/source.h"
#include "journal/record.h"
#include "replay/cryptofeed_line.h"
#include "replay/line_reader.h"
#include "replay/options.h"

namespace tapeline::replay {

// What one line of a foreign input became.
enum class InputStatus : std::uint8_t {
  kRecord,   // a frame or a row
  kRefused,  // no frame and no row: counted with its line
  kEnd,
};

// One foreign input as journal records. Lines that are neither - what was sent, HTTP answers,
// empty lines - are passed over. One thread.
class Input {
 public:
  // Opens and finds out the format, the columns and the units: mistakes come to light here.
  [[nodiscard]] static Result<std::unique_ptr<Input>> open(const std::string& path,
                                                           const Options& options,
                                                           ConnectionId connection,
                                                           const std::atomic<bool>* stop = nullptr);

  // The next record, with ts_recv where the input has it. Its bytes live until the next call.
  [[nodiscard]] Result<InputStatus> next(journal::Record& record);

  [[nodiscard]] const decode::Source& source() const { return source_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  // Of the record that next() gave last, from 1.
  [[nodiscard]] std::uint64_t line_number() const { return line_number_; }
  [[nodiscard]] decode::RejectReason refusal() const { return refusal_; }
  [[nodiscard]] const ByteSource& bytes() const { return lines_->source(); }

 private:
  Input() = default;

  [[nodiscard]] Result<void> detect_format(InputFormat wanted);
  [[nodiscard]] Result<void> read_csv_header(TimeUnit unit);
  [[nodiscard]] tl::unexpected<Error> wrong(std::string_view text) const;
  [[nodiscard]] Result<LineStatus> next_line(std::string_view& line);
  InputStatus read_cryptofeed(const CryptofeedLine& line, journal::Record& record);
  InputStatus read_row(std::string_view line, journal::Record& record);

  std::string name_;
  InputFormat format_ = InputFormat::kDetect;
  decode::Source source_;
  ConnectionId connection_;
  std::unique_ptr<LineReader> lines_;
  // The first line, read to find out the format and not delivered yet.
  bool has_peeked_ = false;
  LineStatus peeked_status_ = LineStatus::kEnd;
  std::string_view peeked_;
  std::uint64_t line_number_ = 0;
  decode::RejectReason refusal_ = decode::RejectReason::kBadRow;
  std::unique_ptr<decode::CsvRowParser> recv_parser_;  // of rows with a ts_recv column
  decode::CsvRow row_;
  RecvTime last_recv_;
};

}  // namespace tapeline::replay
