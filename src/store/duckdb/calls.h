// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace tapeline::store::duckdb {

// A statement's tree, as DuckDB gives it in JSON without spaces. A quotation mark of the
// statement's own has a backslash before it, so a key found here is one of the tree. Views of it.

// What each call of the function is given, as JSON.
std::vector<std::vector<std::string_view>> calls_of(std::string_view tree,
                                                    std::string_view function);

// The text of an argument that is one as it stands, with JSON's escapes.
std::optional<std::string_view> constant_text(std::string_view argument);

}  // namespace tapeline::store::duckdb
