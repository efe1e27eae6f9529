// SPDX-License-Identifier: Apache-2.0
#include "replay/rejects_table.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace tapeline::replay {
namespace {

constexpr std::size_t kExcerptBytes = 120;

// RFC 4180: in quotes, with quotes doubled. What a terminal would act on is shown as '?'.
void append_quoted(std::string& out, std::string_view text) {
  out.push_back('"');
  for (const char c : text) {
    if (c == '"') out.push_back('"');
    out.push_back(c >= ' ' && c <= '~' ? c : '?');
  }
  out.push_back('"');
}

}  // namespace

Result<std::unique_ptr<RejectsTable>> RejectsTable::open(const std::string& path,
                                                         const RecordSource& records) {
  std::unique_ptr<RejectsTable> table(new RejectsTable(records));
  if (!path.empty()) {
    auto out = TextOutput::open(path);
    if (!out) return tl::make_unexpected(out.error());
    table->out_ = std::move(*out);
    table->out_->line() += "input,line,reason,detail,excerpt";
    table->out_->end_line();
  }
  return table;
}

void RejectsTable::on_reject(const journal::Record& record, const decode::Reject& reject) {
  if (out_ == nullptr) return;
  std::string& line = out_->line();
  const Place place = records_.place_of(record);
  append_quoted(line, place.input);
  fmt::format_to(std::back_inserter(line), ",{},{},", place.line, name_of(reject.reason));
  append_quoted(line, reject.detail);
  line.push_back(',');
  append_quoted(line, record.bytes.substr(0, kExcerptBytes));
  out_->end_line();
}

void RejectsTable::on_venue_error(const journal::Record& record, std::string_view text) {
  if (venue_errors_.size() == kVenueErrorsMax) return;
  std::string quoted;
  append_quoted(quoted, text);
  const Place place = records_.place_of(record);
  venue_errors_.push_back(
      fmt::format("{} line {}: the venue says {}", place.input, place.line, quoted));
}

Result<void> RejectsTable::finish() {
  if (out_ == nullptr) return {};
  return out_->finish();
}

}  // namespace tapeline::replay
