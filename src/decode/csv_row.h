// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "venue/message.h"

namespace tapeline::decode {

enum class CsvColumn : std::uint8_t {
  kSymbol,
  kTradeId,
  kTsEvent,
  kPrice,
  kSize,
  kSide,
  kVenue,
  kTsRecv,
  kEnd,
};

const char* name_of(CsvColumn column);

// Where the columns of one file are, and what its integer times count (none: only RFC 3339 is
// read). From parse_csv_header; venue and ts_recv may be absent.
struct CsvLayout {
  static constexpr std::uint32_t kAbsent = UINT32_MAX;

  std::array<std::uint32_t, static_cast<std::size_t>(CsvColumn::kEnd)> index{};
  std::uint32_t columns = 0;
  TimeUnit time_unit = TimeUnit::kNone;

  CsvLayout() { index.fill(kAbsent); }

  [[nodiscard]] std::uint32_t at(CsvColumn column) const {
    return index[static_cast<std::size_t>(column)];
  }
  [[nodiscard]] bool has(CsvColumn column) const { return at(column) != kAbsent; }
};

// Finds the columns by name, in any order; a byte order mark and quoted names are fine, columns
// with other names are ignored. The Error names a missing or repeated column, what was found
// instead and the nearest name.
[[nodiscard]] Result<CsvLayout> parse_csv_header(std::string_view header, TimeUnit time_unit);
// Whether a line is meant as such a header, though it may lack something: it names two columns.
[[nodiscard]] bool is_like_csv_header(std::string_view line);

// One row as a trade. Texts are views into the row, or into the parser where the row has quotes,
// and end with the next row. `trade.size` may be negative: that is decode's to refuse, as is a
// time outside the accept window.
struct CsvRow {
  venue::WireTrade trade;
  std::string_view venue;           // empty when the column is absent or empty
  std::optional<RecvTime> ts_recv;  // likewise
  venue::Reject reject;             // only of a refused row
};

// Reads rows of one file by RFC 4180, but for line breaks inside quotes: a row is a line. Pure but
// for scratch memory. One thread.
class CsvRowParser {
 public:
  explicit CsvRowParser(const CsvLayout& layout);

  // True: `out` holds the trade. False: out.reject says which column is wrong, the first in the
  // order of CsvColumn. `row` has kReadPadding readable bytes behind it. An empty line is
  // a row with the wrong number of columns.
  [[nodiscard]] bool parse(std::string_view row, CsvRow& out);

  [[nodiscard]] const CsvLayout& layout() const { return layout_; }

 private:
  enum class Split : std::uint8_t { kDone, kHasQuotes, kWrongCount, kBadQuotes };

  [[gnu::always_inline]] inline Split split(std::string_view row);
  Split split_quoted(std::string_view row);

  [[nodiscard]] std::string_view field(CsvColumn column) const {
    const std::uint32_t i = layout_.at(column);
    const std::uint32_t start = edges_[i] + 1;
    return {base_ + start, edges_[i + 1] - start};
  }
  [[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text) const;
  [[nodiscard]] std::optional<std::int64_t> parse_time_slowly(std::string_view text) const;
  bool parse_optional_columns(CsvRow& out) const;
  bool refuse_time(CsvRow& out, CsvColumn column) const;

  CsvLayout layout_;
  std::int64_t unit_ns_ = 0;
  // Field i lies behind edges_[i] and before edges_[i + 1], both offsets from base_.
  std::vector<std::uint32_t> edges_;
  const char* base_ = nullptr;
  std::string scratch_;
};

}  // namespace tapeline::decode
