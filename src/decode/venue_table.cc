// SPDX-License-Identifier: Apache-2.0
#include "decode/venue_table.h"

#include "venue/binance/binance.h"
#include "venue/bitstamp/bitstamp.h"
#include "venue/bybit/bybit.h"
#include "venue/coinbase/coinbase.h"
#include "venue/coinbase_advanced/coinbase_advanced.h"
#include "venue/finnhub/finnhub.h"
#include "venue/kraken/kraken.h"
#include "venue/okx/okx.h"
#include "venue/twelvedata/twelvedata.h"

namespace tapeline::decode {

const std::vector<const venue::Venue*>& venue_table() {
  // One a line, in alphabetical order.
  // clang-format off
  static const std::vector<const venue::Venue*> table{
      &venue::binance::venue(),
      &venue::bitstamp::venue(),
      &venue::bybit::venue(),
      &venue::coinbase::venue(),
      &venue::coinbase_advanced::venue(),
      &venue::finnhub::venue(),
      &venue::kraken::venue(),
      &venue::okx::venue(),
      &venue::twelvedata::venue(),
  };
  // clang-format on
  return table;
}

std::optional<std::uint32_t> find_venue(std::string_view name) {
  const auto& table = venue_table();
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    if (table[i]->name == name) return i;
  }
  return std::nullopt;
}

std::vector<std::string> venue_names() {
  std::vector<std::string> names;
  for (const venue::Venue* venue : venue_table()) names.emplace_back(venue->name);
  return names;
}

}  // namespace tapeline::decode
