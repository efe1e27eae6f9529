// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tapeline::venue::bitstamp {

// btcusd as BTC-USD, btcusd-perp as BTC-USD-PERP: where no instrument list says it. What ends in no
// currency that is known is taken to end in one of three letters.
std::string canonical_symbol(std::string_view symbol);
// The other way round.
std::string venue_symbol(std::string_view canonical);

}  // namespace tapeline::venue::bitstamp
