// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace tapeline::venue {

// What a row of a venue's instrument list says. Views live for the call.
struct InstrumentRow {
  std::string_view symbol;
  std::string_view base;
  std::string_view quote;
};

// Under which names the list says it.
struct InstrumentFields {
  // The keys that lead to the array, as "result.list"; empty: the document is the array.
  std::string_view list = {};
  bool is_object = false;  // no array, but an object whose fields' values are the rows
  std::string_view symbol = {};
  bool skips_unnamed = false;  // rows without a symbol are not meant
  std::string_view base = {};  // empty: not there
  std::string_view quote = {};
};

// Calls on_row for each row, in order. False when the text is no such list: a row that lacks one
// of the fields, or a symbol that is none, spoils it all. Rare, so it copies the text.
bool read_instruments(std::string_view text, const InstrumentFields& fields,
                      const std::function<void(const InstrumentRow&)>& on_row);

}  // namespace tapeline::venue
