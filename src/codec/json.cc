// SPDX-License-Identifier: Apache-2.0
#include "codec/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "base/decimal.h"
#include "base/json_text.h"
#include "base/time.h"

namespace tapeline::codec {
namespace {

void append_base64(std::string& out, std::string_view bytes) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(3, bytes.size()))) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out.push_back(i <= bytes.size() ? kLetters[bits >> (18 - 6 * i) & 63] : '=');
    }
  }
}

void append_json_value(std::string& out, const Field& field, const Cell& cell) {
  if (std::holds_alternative<std::monostate>(cell)) {
    TAPELINE_CHECK(field.optional, field.name.c_str());
    out += "null";
    return;
  }
  switch (field.type) {
    case Type::kBoolean:
      out += std::get<bool>(cell) ? "true" : "false";
      return;
    case Type::kInt:
    case Type::kLong:
      fmt::format_to(std::back_inserter(out), "{}", std::get<std::int64_t>(cell));
      return;
    case Type::kString:
      append_json_text(out, std::get<std::string_view>(cell));
      return;
    case Type::kTimeNanos:
    case Type::kBytes:
    case Type::kDecimal:
      break;
  }
  out.push_back('"');
  if (field.type == Type::kTimeNanos) append_rfc3339(out, std::get<std::int64_t>(cell));
  if (field.type == Type::kBytes) append_base64(out, std::get<std::string_view>(cell));
  if (field.type == Type::kDecimal) append_scaled(out, std::get<Int128>(cell), field.scale);
  out.push_back('"');
}

}  // namespace

void append_json(std::string& out, const Schema& schema, std::span<const Cell> row) {
  TAPELINE_CHECK(row.size() == schema.fields.size(), "a cell for each field");
  char before = '{';
  for (std::size_t i = 0; i < row.size(); ++i) {
    out.push_back(before);
    append_json_text(out, schema.fields[i].name);
    out.push_back(':');
    append_json_value(out, schema.fields[i], row[i]);
    before = ',';
  }
  out += row.empty() ? "{}" : "}";
}

}  // namespace tapeline::codec
