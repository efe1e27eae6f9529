// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "codec/schema.h"

namespace tapeline::codec {

// Appends the row as a JSON object on one line, a member for each field. Decimals are exact text,
// times RFC 3339 with nine digits, bytes Base64; null is null. A cell for each field, of the
// field's type; anything else is a bug. Allocates only while `out` grows.
void append_json(std::string& out, const Schema& schema, std::span<const Cell> row);

}  // namespace tapeline::codec
