// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tapeline {

// Appends the text in quotes, escaped as RFC 8259 wants it; bytes that are no UTF-8 as U+FFFD.
void append_json_text(std::string& out, std::string_view text);

}  // namespace tapeline
