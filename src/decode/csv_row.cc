// SPDX-License-Identifier: Apache-2.0
#include "decode/csv_row.h"

#include <array>
#include <bit>
#include <charconv>
#include <limits>
#include <memory>
#include <system_error>

#include "base/byte_block.h"
#include "base/padded_number.h"
#include "base/padding.h"
#include "decode/csv_text.h"
#include "venue/venue.h"

namespace tapeline::decode {
namespace {

using venue::RejectReason;

static_assert(kReadPadding >= 2 * ByteBlock::kBytes);
static_assert(kReadPadding >= kNumberPadding);

// Positions are stored eight at a time, wanted or not.
constexpr std::size_t kEdgeStep = 8;

std::int64_t ns_of(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kSeconds:
      return 1'000'000'000;
    case TimeUnit::kMillis:
      return 1'000'000;
    case TimeUnit::kMicros:
      return 1'000;
    case TimeUnit::kNanos:
      return 1;
    case TimeUnit::kNone:
      break;
  }
  return 0;
}

// Bits of the bytes of [base, base + 64) that lie before `size`.
std::uint64_t inside(std::size_t base, std::size_t size) {
  const std::size_t rest = size - base;
  return rest >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << rest) - 1;
}

bool is_symbol(std::string_view text) {
  if (text.size() - 1 >= ByteBlock::kBytes) return is_symbol_text(text);
  const ByteBlock block(text.data());
  const std::uint32_t strange = block.below('!') | block.equal(',') | block.equal('"') |
                                block.equal(':') | block.equal('\x7f');
  const std::uint32_t mine = ~std::uint32_t{0} >> (ByteBlock::kBytes - text.size());
  return (strange & mine) == 0 || is_symbol_text(text);
}

// Constructed in its place: a copy on the way costs a stalled load of what was just stored.
bool parse_id(std::string_view text, TradeId& id) {
  const auto number = parse_digits_padded(text);
  if (number && (text.front() != '0' || text.size() == 1)) [[likely]] {
    std::construct_at(&id, *number);
    return true;
  }
  const auto parsed = TradeId::parse(text);
  if (parsed) id = *parsed;
  return parsed.has_value();
}

// A short text as a number, one byte a letter.
constexpr std::uint64_t word(std::string_view text) {
  std::uint64_t out = 0;
  for (std::size_t i = text.size(); i-- > 0;) out = out << 8 | static_cast<unsigned char>(text[i]);
  return out;
}

struct SideWord {
  std::uint64_t word = 0;
  Side side = Side::kUnknown;
};

// The long words by the lower five bits of their first letter, capital or not. Which side comes
// next is a coin toss: looked up, it is no branch to guess.
constexpr std::array<SideWord, 32> kSideWords = [] {
  std::array<SideWord, 32> words{};
  words['b' & 31] = {word("buy"), Side::kBuy};
  words['s' & 31] = {word("sell"), Side::kSell};
  words['u' & 31] = {word("unknown"), Side::kUnknown};
  return words;
}();

bool parse_side(std::string_view text, Side& side) {
  side = Side::kUnknown;
  if (text.empty()) return true;
  if (text.size() > 7) return false;
  const std::uint64_t mine = ~std::uint64_t{0} >> (64 - 8 * text.size());
  // Sets the bit that tells lower case from upper; only letters become letters by it.
  const std::uint64_t lower = (padded::load8(text.data()) | 0x2020202020202020) & mine;
  const SideWord& expected = kSideWords[lower & 31];
  side = expected.side;
  return lower == expected.word || lower == word("b") || lower == word("s");
}

bool refuse(CsvRow& out, RejectReason reason, std::string_view detail) {
  out.reject = {reason, Channel::kTrades, detail};
  return false;
}

bool refuse(CsvRow& out, RejectReason reason, CsvColumn column) {
  return refuse(out, reason, name_of(column));
}

}  // namespace

CsvRowParser::CsvRowParser(const CsvLayout& layout)
    : layout_(layout),
      unit_ns_(ns_of(layout.time_unit)),
      edges_(std::size_t{layout.columns} + 1 + kEdgeStep) {
  edges_[0] = UINT32_MAX;  // one before the first byte
}

// Marks the commas, 64 bytes at a time. Finds quotes on the way, and then leaves.
CsvRowParser::Split CsvRowParser::split(std::string_view row) {
  const std::uint32_t commas_wanted = layout_.columns - 1;
  std::uint32_t* edge = edges_.data() + 1;
  std::uint32_t found = 0;
  base_ = row.data();
  for (std::size_t base = 0; base < row.size(); base += 2 * ByteBlock::kBytes) {
    const ByteBlock low(base_ + base);
    const ByteBlock high(base_ + base + ByteBlock::kBytes);
    const std::uint64_t mine = inside(base, row.size());
    const auto join = [](std::uint32_t a, std::uint32_t b) { return std::uint64_t{b} << 32 | a; };
    if ((join(low.equal('"'), high.equal('"')) & mine) != 0) return Split::kHasQuotes;
    std::uint64_t commas = join(low.equal(','), high.equal(',')) & mine;
    const auto count = static_cast<std::uint32_t>(std::popcount(commas));
    // A quote further on may make commas into text, so too many are no verdict before the end.
    if (found + count > commas_wanted) {
      return row.find('"', base) != std::string_view::npos ? Split::kHasQuotes : Split::kWrongCount;
    }
    for (std::uint32_t stored = 0; stored < count; stored += kEdgeStep) {
      for (std::size_t i = 0; i < kEdgeStep; ++i) {
        edge[stored + i] =
            static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(std::countr_zero(commas));
        commas &= commas - 1;
      }
    }
    edge += count;
    found += count;
  }
  if (found != commas_wanted) return Split::kWrongCount;
  *edge = static_cast<std::uint32_t>(row.size());
  return Split::kDone;
}

bool CsvRowParser::parse(std::string_view row, CsvRow& out) {
  Split how = split(row);
  if (how == Split::kHasQuotes) [[unlikely]]
    how = split_quoted(row);
  if (how != Split::kDone) [[unlikely]] {
    return refuse(out, RejectReason::kBadRow,
                  how == Split::kBadQuotes ? "quotes" : "number of columns");
  }
  venue::WireTrade& trade = out.trade;
  trade.symbol = field(CsvColumn::kSymbol);
  if (!is_symbol(trade.symbol)) return refuse(out, RejectReason::kBadSymbol, CsvColumn::kSymbol);

  const std::string_view id = field(CsvColumn::kTradeId);
  trade.has_id = !id.empty();
  if (!trade.has_id) {
    trade.id = TradeId();
  } else if (!parse_id(id, trade.id)) {
    return refuse(out, RejectReason::kBadId, CsvColumn::kTradeId);
  }

  const auto ts_event = parse_time(field(CsvColumn::kTsEvent));
  if (!ts_event) return refuse_time(out, CsvColumn::kTsEvent);
  trade.ts_event = EventTime(*ts_event);

  const auto price = parse_decimal_padded(field(CsvColumn::kPrice));
  if (!price) return refuse(out, RejectReason::kBadPrice, CsvColumn::kPrice);
  trade.price = *price;

  const std::string_view size = field(CsvColumn::kSize);
  trade.flags = Flags();
  trade.size = Decimal();
  if (size.empty()) {
    trade.flags.set(Flag::kNoSize);
  } else {
    const auto parsed = parse_decimal_padded(size);
    if (!parsed) return refuse(out, RejectReason::kBadSize, CsvColumn::kSize);
    trade.size = *parsed;
  }

  if (!parse_side(field(CsvColumn::kSide), trade.side)) {
    return refuse(out, RejectReason::kBadField, CsvColumn::kSide);
  }

  trade.channel = Channel::kTrades;
  trade.order = 0;
  trade.has_fills = false;
  return parse_optional_columns(out);
}

bool CsvRowParser::parse_optional_columns(CsvRow& out) const {
  out.venue = {};
  out.ts_recv.reset();
  if (layout_.has(CsvColumn::kVenue)) {
    out.venue = field(CsvColumn::kVenue);
    if (!out.venue.empty() && !is_symbol(out.venue)) {
      return refuse(out, RejectReason::kBadField, CsvColumn::kVenue);
    }
  }
  if (layout_.has(CsvColumn::kTsRecv)) {
    const std::string_view text = field(CsvColumn::kTsRecv);
    if (text.empty()) return true;
    const auto ts_recv = parse_time(text);
    if (!ts_recv) return refuse_time(out, CsvColumn::kTsRecv);
    out.ts_recv = RecvTime(*ts_recv);
  }
  return true;
}

// Copies the row into scratch without its quotes; commas that separate stay, as edges.
CsvRowParser::Split CsvRowParser::split_quoted(std::string_view row) {
  scratch_.assign(row.size() + kReadPadding, '\0');
  base_ = scratch_.data();
  char* to = scratch_.data();
  const char* from = row.data();
  const char* end = from + row.size();
  for (std::uint32_t fields = 1;; ++fields) {
    from = copy_csv_field(from, end, to);
    if (from == nullptr) return Split::kBadQuotes;
    if (fields <= layout_.columns) edges_[fields] = static_cast<std::uint32_t>(to - base_);
    if (from == end) return fields == layout_.columns ? Split::kDone : Split::kWrongCount;
    *to++ = *from++;
  }
}

std::optional<std::int64_t> CsvRowParser::parse_time(std::string_view text) const {
  std::int64_t ns = 0;
  const auto digits = parse_digits_padded(text);
  if (unit_ns_ == 0 || !digits) return parse_time_slowly(text);
  const auto count = static_cast<std::int64_t>(*digits);
  return __builtin_mul_overflow(count, unit_ns_, &ns) ? std::nullopt : std::optional(ns);
}

std::optional<std::int64_t> CsvRowParser::parse_time_slowly(std::string_view text) const {
  if (unit_ns_ == 0 || !is_integer_text(text)) return parse_rfc3339(text);
  std::int64_t count = 0;
  std::int64_t ns = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const bool fits = error == std::errc{} && !__builtin_mul_overflow(count, unit_ns_, &ns);
  return fits ? std::optional(ns) : std::nullopt;
}

bool CsvRowParser::refuse_time(CsvRow& out, CsvColumn column) const {
  const bool event = column == CsvColumn::kTsEvent;
  if (unit_ns_ == 0 && is_integer_text(field(column))) {
    return refuse(
        out, RejectReason::kBadTime,
        event ? "ts_event: an integer needs --time-unit" : "ts_recv: an integer needs --time-unit");
  }
  return refuse(out, RejectReason::kBadTime, column);
}

}  // namespace tapeline::decode
