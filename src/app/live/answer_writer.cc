// SPDX-License-Identifier: Apache-2.0
#include "app/live/answer_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/json_text.h"

namespace tapeline::app::live {
namespace {

using store::Column;
using store::ColumnType;
using store::Value;

constexpr std::array<std::pair<const char*, AnswerFormat>, 3> kAnswerFormats{
    {{"table", AnswerFormat::kTable},
     {"csv", AnswerFormat::kCsv},
     {"jsonl", AnswerFormat::kJsonLines}}};
constexpr std::size_t kWriteBytes = std::size_t{1} << 16;

// Quoted where RFC 4180 asks for it, and where it is empty: nothing at all is what is absent.
void append_csv_field(std::string& out, std::string_view text) {
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

class CsvWriter final : public AnswerWriter {
 public:
  using AnswerWriter::AnswerWriter;

 private:
  void append_head(std::string& out) override {
    for (std::size_t c = 0; c < columns().size(); ++c) {
      if (c > 0) out += ',';
      append_csv_field(out, columns()[c].name);
    }
    out += '\n';
  }
  bool append_row(std::string& out, const std::vector<Value>& row) override {
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c > 0) out += ',';
      if (!row[c].is_null) append_csv_field(out, row[c].text);
    }
    out += '\n';
    return true;
  }
  void append_end(std::string& /*out*/) override {}
};

// Whether a reader that knows only doubles gets the whole number as it is.
bool fits_double(std::string_view whole) {
  constexpr std::int64_t kMax = std::int64_t{1} << 53;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), value);
  return error == std::errc() && end == whole.data() + whole.size() && value >= -kMax &&
         value <= kMax;
}

class JsonWriter final : public AnswerWriter {
 public:
  using AnswerWriter::AnswerWriter;

 private:
  void append_head(std::string& /*out*/) override {
    for (const Column& column : columns()) {
      std::string opening = openings_.empty() ? "{" : ",";
      append_json_text(opening, column.name);
      openings_.push_back(opening + ':');
    }
  }
  bool append_row(std::string& out, const std::vector<Value>& row) override {
    for (std::size_t c = 0; c < row.size(); ++c) {
      out += openings_[c];
      append_value(out, columns()[c].type, row[c]);
    }
    out += "}\n";
    return true;
  }
  void append_end(std::string& /*out*/) override {}

  static void append_value(std::string& out, ColumnType type, const Value& value) {
    const bool is_bare =
        type == ColumnType::kBoolean || (type == ColumnType::kInteger && fits_double(value.text)) ||
        // Infinity and not-a-number are no numbers of JSON.
        (type == ColumnType::kDouble && value.text.find_first_of("in") == std::string_view::npos);
    if (value.is_null) {
      out += "null";
    } else if (is_bare) {
      out += value.text;
    } else {
      append_json_text(out, value.text);
    }
  }

  std::vector<std::string> openings_;
};

// How many characters a terminal shows of UTF-8.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

// A line end or an escape in a value would tear the table.
std::string in_one_line(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, ' ');
  return out;
}

bool is_text(ColumnType type) {
  return type == ColumnType::kText || type == ColumnType::kTime || type == ColumnType::kBoolean;
}

class TableWriter final : public AnswerWriter {
 public:
  using AnswerWriter::AnswerWriter;

 private:
  void append_head(std::string& /*out*/) override {
    std::vector<std::string> head;
    for (const Column& column : columns()) head.push_back(in_one_line(column.name));
    for (const std::string& name : head) widths_.push_back(width_of(name));
    lines_.push_back(std::move(head));
  }
  bool append_row(std::string& /*out*/, const std::vector<Value>& row) override {
    std::vector<std::string> line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      line.push_back(columns()[c].type == ColumnType::kText ? in_one_line(row[c].text)
                                                            : std::string(row[c].text));
      widths_[c] = std::max(widths_[c], width_of(line.back()));
      bytes_ += line.back().size() + sizeof(std::string);
    }
    lines_.push_back(std::move(line));
    return bytes_ < kTableBytesMax;
  }
  void append_end(std::string& out) override {
    for (const auto& line : lines_) {
      const std::size_t start = out.size();
      for (std::size_t c = 0; c < line.size(); ++c) {
        if (c > 0) out += "  ";
        const std::string blanks(widths_[c] - width_of(line[c]), ' ');
        out += is_text(columns()[c].type) ? line[c] + blanks : blanks + line[c];
      }
      const std::size_t last = out.find_last_not_of(' ');
      out.resize(last == std::string::npos ? start : std::max(start, last + 1));
      out += '\n';
    }
  }

  std::vector<std::vector<std::string>> lines_;  // the first is the head
  std::vector<std::size_t> widths_;
  std::size_t bytes_ = 0;
};

}  // namespace

const char* name_of(AnswerFormat format) {
  return kAnswerFormats[static_cast<std::size_t>(format)].first;
}

std::optional<AnswerFormat> answer_format_of(std::string_view name) {
  for (const auto& [known, format] : kAnswerFormats) {
    if (known == name) return format;
  }
  return std::nullopt;
}

std::unique_ptr<AnswerWriter> AnswerWriter::make(AnswerFormat format, std::uint64_t rows_max,
                                                 WriteText write) {
  switch (format) {
    case AnswerFormat::kCsv:
      return std::make_unique<CsvWriter>(rows_max, std::move(write));
    case AnswerFormat::kJsonLines:
      return std::make_unique<JsonWriter>(rows_max, std::move(write));
    case AnswerFormat::kTable:
      break;
  }
  return std::make_unique<TableWriter>(rows_max, std::move(write));
}

void AnswerWriter::on_columns(const std::vector<Column>& columns) {
  columns_ = columns;
  append_head(text_);
}

bool AnswerWriter::on_row(const std::vector<Value>& row) {
  if (rows_ == rows_max_) {
    is_cut_ = true;
    return false;
  }
  ++rows_;
  if (!append_row(text_, row)) is_full_ = true;
  if (text_.size() >= kWriteBytes) write_text();
  return !is_full_;
}

void AnswerWriter::write_text() {
  if (!is_full_ && !text_.empty() && !write_(text_)) is_full_ = true;
  text_.clear();
}

void AnswerWriter::finish() {
  // A table that is cut short is written as far as it came.
  const bool was_full = std::exchange(is_full_, false);
  append_end(text_);
  write_text();
  is_full_ = is_full_ || was_full;
}

}  // namespace tapeline::app::live
