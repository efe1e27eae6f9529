// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/value_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "base/decimal.h"
#include "base/time.h"

namespace tapeline::store::duckdb {
namespace {

ColumnType column_type_of(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN:
      return ColumnType::kBoolean;
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_UBIGINT:
    case DUCKDB_TYPE_HUGEINT:
    case DUCKDB_TYPE_UHUGEINT:
      return ColumnType::kInteger;
    case DUCKDB_TYPE_DECIMAL:
      return ColumnType::kDecimal;
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE:
      return ColumnType::kDouble;
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_S:
    case DUCKDB_TYPE_TIMESTAMP_MS:
    case DUCKDB_TYPE_TIMESTAMP_NS:
    case DUCKDB_TYPE_TIMESTAMP_TZ:
      return ColumnType::kTime;
    default:
      return ColumnType::kText;
  }
}

bool has_text(duckdb_type type) {
  return column_type_of(type) != ColumnType::kText || type == DUCKDB_TYPE_VARCHAR ||
         type == DUCKDB_TYPE_DATE || type == DUCKDB_TYPE_INTERVAL || type == DUCKDB_TYPE_SQLNULL;
}

std::int64_t ns_of(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_TIMESTAMP_S:
      return 1'000'000'000;
    case DUCKDB_TYPE_TIMESTAMP_MS:
      return 1'000'000;
    case DUCKDB_TYPE_TIMESTAMP_NS:
      return 1;
    default:
      return 1'000;
  }
}

void append_date(std::string& out, duckdb_date date) {
  if (!duckdb_is_finite_date(date)) {
    out += date.days < 0 ? "-infinity" : "infinity";
    return;
  }
  const duckdb_date_struct parts = duckdb_from_date(date);
  fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}", parts.year, parts.month, parts.day);
}

// DuckDB's times reach farther than 64 bits of nanoseconds, and to infinity.
void append_time(std::string& out, std::int64_t count, duckdb_type type) {
  constexpr std::int64_t kInfinity = INT64_MAX;
  std::int64_t ns = 0;
  if (std::abs(count) == kInfinity) {
    out += count < 0 ? "-infinity" : "infinity";
  } else if (!__builtin_mul_overflow(count, ns_of(type), &ns)) {
    append_rfc3339(out, ns);
  } else {
    const std::int64_t per_day = std::int64_t{86'400'000'000'000} / ns_of(type);
    const std::int64_t per_second = std::int64_t{1'000'000'000} / ns_of(type);
    const std::int64_t days = count / per_day - (count % per_day < 0 ? 1 : 0);
    const std::int64_t left = count - days * per_day;
    append_date(out, {static_cast<std::int32_t>(days)});
    fmt::format_to(std::back_inserter(out), "T{:02}:{:02}:{:02}.{:09}Z", left / per_second / 3600,
                   left / per_second / 60 % 60, left / per_second % 60,
                   left % per_second * ns_of(type));
  }
}

// As DuckDB writes it.
void append_interval(std::string& out, const duckdb_interval& value) {
  const auto part = [&out](std::int32_t count, std::string_view unit) {
    if (count == 0) return;
    fmt::format_to(std::back_inserter(out), "{} {}{} ", count, unit,
                   std::abs(count) == 1 ? "" : "s");
  };
  part(value.months / 12, "year");
  part(value.months % 12, "month");
  part(value.days, "day");
  const auto micros = static_cast<std::uint64_t>(magnitude(value.micros));
  if (value.micros == 0 && !out.empty()) {
    out.pop_back();
    return;
  }
  fmt::format_to(std::back_inserter(out), "{}{:02}:{:02}:{:02}", value.micros < 0 ? "-" : "",
                 micros / 3'600'000'000, micros / 60'000'000 % 60, micros / 1'000'000 % 60);
  if (micros % 1'000'000 == 0) return;
  fmt::format_to(std::back_inserter(out), ".{:06}", micros % 1'000'000);
  out.erase(out.find_last_not_of('0') + 1);
}

Int128 whole_of(const ChunkReader& chunk, duckdb_type stored, std::size_t column, std::size_t row) {
  switch (stored) {
    case DUCKDB_TYPE_TINYINT:
      return chunk.at<std::int8_t>(column, row);
    case DUCKDB_TYPE_SMALLINT:
      return chunk.at<std::int16_t>(column, row);
    case DUCKDB_TYPE_INTEGER:
      return chunk.at<std::int32_t>(column, row);
    case DUCKDB_TYPE_BIGINT:
      return chunk.at<std::int64_t>(column, row);
    case DUCKDB_TYPE_UTINYINT:
      return chunk.at<std::uint8_t>(column, row);
    case DUCKDB_TYPE_USMALLINT:
      return chunk.at<std::uint16_t>(column, row);
    case DUCKDB_TYPE_UINTEGER:
      return chunk.at<std::uint32_t>(column, row);
    case DUCKDB_TYPE_UBIGINT:
      return chunk.at<std::uint64_t>(column, row);
    default:
      return chunk.int128(column, row);
  }
}

}  // namespace

std::optional<ValueText> ValueText::of(duckdb_logical_type type) {
  ValueText text;
  text.logical_ = text.stored_ = duckdb_get_type_id(type);
  if (!has_text(text.logical_)) return std::nullopt;
  text.type_ = column_type_of(text.logical_);
  if (text.logical_ == DUCKDB_TYPE_DECIMAL) {
    text.stored_ = duckdb_decimal_internal_type(type);
    text.scale_ = duckdb_decimal_scale(type);
  }
  return text;
}

void ValueText::append(std::string& out, const ChunkReader& chunk, std::size_t column,
                       std::size_t row) const {
  switch (logical_) {
    case DUCKDB_TYPE_BOOLEAN:
      out += chunk.at<bool>(column, row) ? "true" : "false";
      break;
    case DUCKDB_TYPE_FLOAT:
      fmt::format_to(std::back_inserter(out), "{}", chunk.at<float>(column, row));
      break;
    case DUCKDB_TYPE_DOUBLE:
      fmt::format_to(std::back_inserter(out), "{}", chunk.at<double>(column, row));
      break;
    case DUCKDB_TYPE_VARCHAR:
      out += chunk.text(column, row);
      break;
    case DUCKDB_TYPE_DATE:
      append_date(out, chunk.at<duckdb_date>(column, row));
      break;
    case DUCKDB_TYPE_INTERVAL:
      append_interval(out, chunk.at<duckdb_interval>(column, row));
      break;
    case DUCKDB_TYPE_UHUGEINT:
      fmt::format_to(std::back_inserter(out), "{}",
                     static_cast<Uint128>(chunk.int128(column, row)));
      break;
    default:
      if (type_ == ColumnType::kTime) {
        append_time(out, chunk.at<std::int64_t>(column, row), logical_);
      } else {
        append_scaled(out, whole_of(chunk, stored_, column, row), scale_);
      }
  }
}

}  // namespace tapeline::store::duckdb
