// SPDX-License-Identifier: Apache-2.0
#include "replay/input.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "replay/byte_source.h"

namespace tapeline::replay {
namespace {

// The format that a first line betrays.
std::optional<InputFormat> format_of(std::string_view line) {
  const auto kind = parse_cryptofeed_line(line).kind;
  if (kind != CryptofeedKind::kMalformed && kind != CryptofeedKind::kEmpty) {
    return InputFormat::kCryptofeed;
  }
  if (!line.empty() && (line.front() == '{' || line.front() == '[')) return InputFormat::kRaw;
  if (decode::is_like_csv_header(line)) return InputFormat::kTradesCsv;
  return std::nullopt;
}

// A name as one line of text, whatever the file is called.
std::string one_line(std::string name) {
  std::replace(name.begin(), name.end(), '\n', '?');
  return name;
}

}  // namespace

Result<std::unique_ptr<Input>> Input::open(const std::string& path, const Options& options,
                                           ConnectionId connection, const std::atomic<bool>* stop) {
  auto bytes = open_byte_source(path, stop);
  if (!bytes) return tl::make_unexpected(bytes.error());
  std::unique_ptr<Input> input(new Input);
  input->name_ = path == "-" ? "standard input" : path;
  input->connection_ = connection;
  input->source_.venue = options.venue;
  input->source_.name = one_line(input->name_);
  LineReaderOptions reading;
  reading.batch_bytes = options.batch_bytes;
  input->lines_ = std::make_unique<LineReader>(std::move(*bytes), reading);
  if (auto done = input->detect_format(options.input_format); !done) {
    return tl::make_unexpected(done.error());
  }
  if (input->format_ == InputFormat::kTradesCsv) {
    if (auto done = input->read_csv_header(options.time_unit); !done) {
      return tl::make_unexpected(done.error());
    }
  } else if (options.venue.empty()) {
    return input->wrong("whose frames are these? say --venue");
  }
  return input;
}

tl::unexpected<Error> Input::wrong(std::string_view text) const {
  return fail(Fault::kCaller, fmt::format("{}: {}", name_, text));
}

Result<void> Input::detect_format(InputFormat wanted) {
  format_ = wanted;
  if (wanted == InputFormat::kDetect) {
    auto status = lines_->next(peeked_);
    while (status && *status == LineStatus::kLine && peeked_.empty())
      status = lines_->next(peeked_);
    if (!status) return tl::make_unexpected(status.error());
    peeked_status_ = *status;
    has_peeked_ = true;
    const auto found = *status == LineStatus::kLine ? format_of(peeked_) : std::nullopt;
    if (!found && *status != LineStatus::kEnd) {
      return wrong(
          "the first line does not tell the format; say --input-format cryptofeed, raw or "
          "trades-csv");
    }
    format_ = found.value_or(InputFormat::kRaw);
  }
  source_.rows = format_ == InputFormat::kTradesCsv;
  source_.recv_inferred = format_ != InputFormat::kCryptofeed;
  return {};
}

Result<void> Input::read_csv_header(TimeUnit unit) {
  std::string_view line;
  auto status = next_line(line);
  if (!status) return tl::make_unexpected(status.error());
  if (*status != LineStatus::kLine) {
    return wrong("is empty; a header line with the columns' names is missing");
  }
  auto layout = decode::parse_csv_header(line, unit);
  if (!layout) return tl::make_unexpected(layout.error().within(name_ + ": 1"));
  source_.csv_header = line;
  source_.time_unit = unit;
  const bool has_recv = layout->has(decode::CsvColumn::kTsRecv);
  source_.recv_inferred = !has_recv;
  if (!layout->has(decode::CsvColumn::kVenue) && source_.venue.empty()) {
    return wrong("has no venue column; say --venue");
  }
  auto parser = std::make_unique<decode::CsvRowParser>(*layout);

  // Integer times without a unit would refuse every row: say it before the first.
  status = lines_->next(peeked_);
  if (!status) return tl::make_unexpected(status.error());
  peeked_status_ = *status;
  has_peeked_ = true;
  if (*status == LineStatus::kLine && unit == TimeUnit::kNone && !parser->parse(peeked_, row_) &&
      row_.reject.reason == decode::RejectReason::kBadTime &&
      row_.reject.detail.find("--time-unit") != std::string_view::npos) {
    return wrong("2: times are integers; say what they count: --time-unit s, ms, us or ns");
  }
  if (has_recv) recv_parser_ = std::move(parser);
  return {};
}

Result<LineStatus> Input::next_line(std::string_view& line) {
  if (has_peeked_) {
    has_peeked_ = false;
    line = peeked_;
    line_number_ = lines_->line_number();
    return peeked_status_;
  }
  auto status = lines_->next(line);
  line_number_ = lines_->line_number();
  return status;
}

InputStatus Input::read_cryptofeed(const CryptofeedLine& line, journal::Record& record) {
  if (line.kind != CryptofeedKind::kFrame) {
    refusal_ = decode::RejectReason::kBadRow;
    return InputStatus::kRefused;
  }
  last_recv_ = line.ts_recv;
  record.ts_recv = line.ts_recv;
  record.bytes = line.frame;
  return InputStatus::kRecord;
}

InputStatus Input::read_row(std::string_view line, journal::Record& record) {
  record.type = journal::RecordType::kRow;
  record.bytes = line;
  if (recv_parser_ != nullptr) {
    // A row that does not say when it was received, or cannot be read, came with the one before:
    // its own time may be anything, and must not move the clock that the others are judged by.
    if (recv_parser_->parse(line, row_) && row_.ts_recv) last_recv_ = *row_.ts_recv;
    record.ts_recv = last_recv_;
  }
  return InputStatus::kRecord;
}

Result<InputStatus> Input::next(journal::Record& record) {
  for (;;) {
    std::string_view line;
    const auto status = next_line(line);
    if (!status) return tl::make_unexpected(status.error());
    if (*status == LineStatus::kEnd) return InputStatus::kEnd;
    record = journal::Record{};
    record.connection = connection_;
    record.ts_recv = last_recv_;
    if (*status == LineStatus::kTooLong) {
      refusal_ = decode::RejectReason::kLineTooLong;
      return InputStatus::kRefused;
    }
    if (line.empty()) continue;
    record.bytes = line;
    if (format_ == InputFormat::kTradesCsv) return read_row(line, record);
    if (format_ == InputFormat::kRaw) return InputStatus::kRecord;
    const CryptofeedLine parsed = parse_cryptofeed_line(line);
    if (parsed.is_skipped()) continue;
    return read_cryptofeed(parsed, record);
  }
}

}  // namespace tapeline::replay
