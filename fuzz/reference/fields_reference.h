// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/decimal.h"
#include "base/time.h"
#include "model/trade_id.h"
#include "reference/json_reference.h"

namespace tapeline::reference {

// Each gives false for a field that is missing or does not mean what it should.
bool read_symbol(const Json* value, std::string_view& out);
bool read_id(const Json* value, TradeId& out);
bool read_count(const Json* value, std::uint64_t& out);
bool read_decimal(const Json* value, Decimal& out);
bool read_rfc3339(const Json* value, EventTime& out);
bool read_epoch(const Json* value, EventTime& out);
bool read_epoch_text(const Json* value, EventTime& out);
bool read_bool(const Json* value, bool& out);

// Whether one of the names stands twice among the object's own fields.
bool has_repeated(const Json& object, std::span<const std::string_view> names);

// At most 200 bytes, and no cut character.
std::string cut_text(const std::string& text);

}  // namespace tapeline::reference
