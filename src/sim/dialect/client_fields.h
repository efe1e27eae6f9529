// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Single fields of what clients send, by JSON pointer: "/params/symbols".
namespace tapeline::sim {

// Nothing where the text is no JSON, or has no text there.
std::optional<std::string> text_at(std::string_view json, std::string_view pointer);
// A list of texts; one text is a list of its parts between commas.
std::optional<std::vector<std::string>> texts_at(std::string_view json, std::string_view pointer);

}  // namespace tapeline::sim
