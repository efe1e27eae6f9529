// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "base/result.h"
#include "venue/field.h"
#include "venue/json.h"

namespace tapeline::venue {

// The values of one row of a history, by the order of the names that are read.
template <std::size_t N>
using RowValues = std::array<json::Value, N>;

// Reads an object's fields of these names; kBad when one stands there twice.
template <std::size_t N>
json::Step read_row(json::Reader& reader, json::ondemand::value& row,
                    const std::array<std::string_view, N>& names, RowValues<N>& out) {
  out.fill({});
  return reader.walk(row, [&](std::string_view key, json::ondemand::value& value) {
    const auto at = std::find(names.begin(), names.end(), key);
    if (at == names.end()) return reader.skip(value);
    json::Value& to = out[static_cast<std::size_t>(at - names.begin())];
    return to.is_absent() ? reader.take(value, to) : json::Step::kBad;
  });
}

// Whether a row that says whose it is says the wished one; who says nothing is believed.
inline bool is_named(json::Reader& reader, const json::Value& value, std::string_view name) {
  std::string_view text;
  return value.is_absent() || (reader.string_of(value, text) && text == name);
}

// What is told of a body that is no page: where it differs, never its text.
inline tl::unexpected<Error> no_page(std::string_view why) {
  return fail(Fault::kTheirs, "the answer is no page of trades: " + std::string(why),
              Retry::kAfterBackoff);
}
inline tl::unexpected<Error> no_page(const Reject& reject) {
  return no_page(std::string(name_of(reject.reason)) + " (" + std::string(reject.detail) + ")");
}

}  // namespace tapeline::venue
