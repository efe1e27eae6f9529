// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/dialect/request.h"
#include "sim/market/truth.h"

namespace tapeline::sim {

// Whether a URL's query has a token that is let in: every one is, but for the word "refused".
bool is_let_in(const Target& target, std::string_view parameter);

// GET /stock/symbol?exchange&token of Finnhub. There are no trades of the past.
Answer answer_finnhub(const Request& request, const Truth& truth);

}  // namespace tapeline::sim
