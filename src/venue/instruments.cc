// SPDX-License-Identifier: Apache-2.0
#include "venue/instruments.h"

#include <algorithm>

#include "venue/field.h"
#include "venue/json.h"

namespace tapeline::venue {
namespace {

namespace ondemand = simdjson::ondemand;

using OnRow = std::function<void(const InstrumentRow&)>;

bool read_name(ondemand::object& row, std::string_view key, std::string_view& out) {
  if (key.empty()) return true;
  return row.find_field_unordered(key).get_string().get(out) == simdjson::SUCCESS && is_symbol(out);
}

bool read_row(ondemand::value element, const InstrumentFields& fields, const OnRow& on_row) {
  ondemand::object object;
  InstrumentRow row;
  if (element.get_object().get(object) != simdjson::SUCCESS) return false;
  if (fields.skips_unnamed &&
      object.find_field_unordered(fields.symbol).error() == simdjson::NO_SUCH_FIELD) {
    return true;
  }
  if (!read_name(object, fields.symbol, row.symbol) || !read_name(object, fields.base, row.base) ||
      !read_name(object, fields.quote, row.quote)) {
    return false;
  }
  on_row(row);
  return true;
}

// Of a document or of a value in it.
template <typename Rows>
bool read_array(Rows& rows, const InstrumentFields& fields, const OnRow& on_row) {
  ondemand::array array;
  if (rows.get_array().get(array) != simdjson::SUCCESS) return false;
  for (auto element : array) {
    ondemand::value row;
    if (element.get(row) != simdjson::SUCCESS || !read_row(row, fields, on_row)) return false;
  }
  return true;
}

template <typename Rows>
bool read_object(Rows& rows, const InstrumentFields& fields, const OnRow& on_row) {
  ondemand::object object;
  if (rows.get_object().get(object) != simdjson::SUCCESS) return false;
  for (auto field : object) {
    ondemand::value row;
    if (field.error() != simdjson::SUCCESS || field.value().get(row) != simdjson::SUCCESS ||
        !read_row(row, fields, on_row)) {
      return false;
    }
  }
  return true;
}

template <typename Rows>
bool read_rows(Rows& rows, const InstrumentFields& fields, const OnRow& on_row) {
  return fields.is_object ? read_object(rows, fields, on_row) : read_array(rows, fields, on_row);
}

}  // namespace

bool read_instruments(std::string_view text, const InstrumentFields& fields, const OnRow& on_row) {
  const simdjson::padded_string padded(text);
  ondemand::parser parser;
  ondemand::document document;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return false;
  if (fields.list.empty()) return read_rows(document, fields, on_row);
  ondemand::value rows;
  std::string_view path = fields.list;
  for (bool is_first = true; !path.empty(); is_first = false) {
    const std::string_view key = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(path.size(), key.size() + 1));
    const auto error = is_first ? document.find_field_unordered(key).get(rows)
                                : rows.find_field_unordered(key).get(rows);
    if (error != simdjson::SUCCESS) return false;
  }
  return read_rows(rows, fields, on_row);
}

}  // namespace tapeline::venue
