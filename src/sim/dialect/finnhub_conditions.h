// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/market/truth.h"

namespace tapeline::sim {

// The codes that the simulated Finnhub gives a trade, by its own numbers alone: some trades are
// odd lots (12), those of the last three seconds of every ten are of extended hours (24), and now
// and then there is a code that nobody knows. As the venue writes them: ["1","24","12"], or null.
std::string finnhub_codes(const TruthTrade& trade);

// The same as people read them, ascending and what is no number last: "1 12 24".
std::string finnhub_codes_text(const TruthTrade& trade);
// As the README of the venue says by default.
CountsFor finnhub_counts_for(const TruthTrade& trade);

inline constexpr TradeConditions kFinnhubConditions{.codes = finnhub_codes_text,
                                                    .counts_for = finnhub_counts_for};

}  // namespace tapeline::sim
