// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tapeline {

// As a value of a URL's query: all but RFC 3986's unreserved characters as %XX.
std::string percent_encoded(std::string_view text);

}  // namespace tapeline
