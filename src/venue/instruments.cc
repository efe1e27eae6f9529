// SPDX-License-Identifier: Apache-2.0
#include "venue/instruments.h"

#include "venue/field.h"
#include "venue/json.h"

namespace tapeline::venue {
namespace {

namespace ondemand = simdjson::ondemand;

bool read_name(ondemand::object& row, std::string_view key, std::string_view& out) {
  if (key.empty()) return true;
  return row.find_field_unordered(key).get_string().get(out) == simdjson::SUCCESS && is_symbol(out);
}

bool read_rows(ondemand::array rows, const InstrumentFields& fields,
               const std::function<void(const InstrumentRow&)>& on_row) {
  for (auto element : rows) {
    ondemand::object object;
    InstrumentRow row;
    if (element.get_object().get(object) != simdjson::SUCCESS) return false;
    if (!read_name(object, fields.symbol, row.symbol) ||
        !read_name(object, fields.base, row.base) || !read_name(object, fields.quote, row.quote)) {
      return false;
    }
    on_row(row);
  }
  return true;
}

}  // namespace

bool read_instruments(std::string_view text, const InstrumentFields& fields,
                      const std::function<void(const InstrumentRow&)>& on_row) {
  const simdjson::padded_string padded(text);
  ondemand::parser parser;
  ondemand::document document;
  ondemand::array rows;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return false;
  const auto error = fields.list.empty()
                         ? document.get_array().get(rows)
                         : document.find_field_unordered(fields.list).get_array().get(rows);
  return error == simdjson::SUCCESS && read_rows(rows, fields, on_row);
}

}  // namespace tapeline::venue
