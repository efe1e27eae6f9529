// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/answer.h"

namespace tapeline::app::live {

enum class AnswerFormat : std::uint8_t { kTable, kCsv, kJsonLines };
const char* name_of(AnswerFormat format);
std::optional<AnswerFormat> answer_format_of(std::string_view name);

// Where the text of an answer goes, whole lines at a time. False: there is no room for it.
using WriteText = std::function<bool(std::string_view)>;

// Writes the rows of an answer as text: CSV as RFC 4180 has it, where the absent is empty and an
// empty text is ""; JSON lines, where decimals, times and what is beyond 2^53 are text; or a table
// for people, which is kept until its end. Where more rows come than it may write it ends the
// answer.
class AnswerWriter : public store::AnswerSink {
 public:
  // A table has no more text than this, however many rows it may have.
  static constexpr std::size_t kTableBytesMax = std::size_t{64} << 20;

  AnswerWriter(std::uint64_t rows_max, WriteText write)
      : rows_max_(rows_max), write_(std::move(write)) {}

  [[nodiscard]] static std::unique_ptr<AnswerWriter> make(AnswerFormat format,
                                                          std::uint64_t rows_max, WriteText write);

  // Writes what is left; once, at the end.
  void finish();

  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  // There were more rows than rows_max.
  [[nodiscard]] bool is_cut() const { return is_cut_; }
  // There was no room for what is left.
  [[nodiscard]] bool is_full() const { return is_full_; }

  void on_columns(const std::vector<store::Column>& columns) final;
  bool on_row(const std::vector<store::Value>& row) final;

 protected:
  [[nodiscard]] const std::vector<store::Column>& columns() const { return columns_; }

 private:
  virtual void append_head(std::string& out) = 0;
  // False: not this one nor any more.
  virtual bool append_row(std::string& out, const std::vector<store::Value>& row) = 0;
  virtual void append_end(std::string& out) = 0;
  void write_text();

  std::uint64_t rows_max_;
  WriteText write_;
  std::vector<store::Column> columns_;
  std::string text_;
  std::uint64_t rows_ = 0;
  bool is_cut_ = false;
  bool is_full_ = false;
};

}  // namespace tapeline::app::live
