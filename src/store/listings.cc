// SPDX-License-Identifier: Apache-2.0
#include "store/listings.h"

#include <fmt/format.h>

#include <cctype>
#include <string_view>

#include "store/row_values.h"

namespace tapeline::store {
namespace {

// As matches_pattern(): '*' alone is special. LIKE with several of them could not be told to stop.
std::string matches(std::string_view column, std::string_view pattern) {
  std::string text = "^";
  for (const char c : pattern) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || (c & 0x80) != 0;
    if (c == '*') {
      text += ".*";
    } else if (is_plain) {
      text += c;
    } else {
      (text += '\\') += c;
    }
  }
  return fmt::format("regexp_matches({}, {})", column, sql_text(text + "$"));
}

std::string condition_of(std::string_view pattern) {
  if (pattern.find(':') != std::string_view::npos) return matches("instrument", pattern);
  return fmt::format("{} OR {}", matches("symbol", pattern), matches("venue_symbol", pattern));
}

}  // namespace

std::string listings_sql(const ListingsAsked& asked, bool times_ns) {
  const std::string_view suffix = times_ns ? "_ns" : "";  // the names stay
  std::string sql = fmt::format(
      "SELECT instrument, venue, symbol, venue_symbol, base, quote, tick_size, lot_size, min_size, "
      "min_notional, status, venue_status, valid_from{0} AS valid_from, valid_to{0} AS valid_to "
      "FROM instrument_history "
      "WHERE true",
      suffix);
  const auto is = [&sql](std::string_view column, std::string_view value) {
    if (!value.empty()) sql += fmt::format(" AND {} = {}", column, sql_text(value));
  };
  is("venue", asked.venue);
  is("base", asked.base);
  is("quote", asked.quote);
  std::string any;
  for (const std::string& pattern : asked.patterns) {
    any += (any.empty() ? "" : " OR ") + condition_of(pattern);
  }
  if (!any.empty()) sql += " AND (" + any + ")";
  if (asked.as_of) sql += fmt::format(" AND valid_from_ns <= {}", asked.as_of->unix_ns());
  if (!asked.is_history) {
    sql += asked.as_of ? fmt::format(" AND (valid_to_ns IS NULL OR valid_to_ns > {})",
                                     asked.as_of->unix_ns())
                       : " AND valid_to_ns IS NULL";
  }
  sql += " ORDER BY instrument, venue_symbol, position, ordinal";
  if (asked.limit) sql += fmt::format(" LIMIT {}", *asked.limit);
  return sql;
}

}  // namespace tapeline::store
