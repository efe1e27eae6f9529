// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tapeline::venue::kraken {

// The REST interface says XBT and XDG for what the stream calls BTC and DOGE; both as BTC/USD.
std::string stream_name(std::string_view rest_name);
std::string rest_name(std::string_view stream_name);
// Whether the REST interface may call BTC/USD by that name in an answer: XXBTZUSD, with an X or Z
// before assets of old, or XBTUSD, XBT/USD and the stream's own.
bool is_key_of(std::string_view key, std::string_view stream_name);

// BTC/USD -> BTC-USD.
std::string canonical_symbol(std::string_view symbol);
// The name that other venues have for an asset which Kraken calls otherwise: LUNA2 is their LUNA.
std::string_view common_asset(std::string_view asset);
// BTC-USD -> BTC/USD. No asset has a dash in its name.
std::string venue_symbol(std::string_view canonical);

}  // namespace tapeline::venue::kraken
