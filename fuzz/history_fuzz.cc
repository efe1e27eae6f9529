// SPDX-License-Identifier: Apache-2.0
// Any bytes as an answer of a venue's history: what is no page leaves no item, each row is a trade
// with the flag of back-fill, and what a page leaves of the wish is less than before.
#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <variant>
#include <vector>

#include "base/padding.h"
#include "bytes.h"
#include "venue/binance/binance.h"
#include "venue/coinbase/coinbase.h"

namespace {

using tapeline::venue::HistoryPage;
using tapeline::venue::HistoryWish;

void require(bool is_so, const char* what) {
  if (is_so) return;
  fmt::print(stderr, "{}\n", what);
  std::abort();
}

void check(const HistoryWish& wish, const HistoryPage& page, const tapeline::venue::Items& items) {
  require(items.size() == page.rows, "not every row is an item");
  for (const auto& item : items) {
    const auto* trade = std::get_if<tapeline::venue::WireTrade>(&item);
    require(trade != nullptr, "a row is no trade");
    require(trade->flags.has(tapeline::Flag::kBackfill), "a trade does not say where it is from");
    require(trade->symbol == wish.symbol, "a trade is another instrument's");
  }
  if (page.settled_first <= page.settled_last) {
    require(page.settled_first >= wish.first_id && page.settled_last <= wish.last_id,
            "an answer settles what nobody asked for");
  }
  if (!page.rest) return;
  require(*page.rest != wish, "what is left is as much as before");
  require(page.rest->first_id >= wish.first_id && page.rest->last_id <= wish.last_id,
          "what is left is more than before");
  require(page.rest->first_id <= page.rest->last_id, "what is left is nothing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<const tapeline::venue::Venue*> kVenues{
      &tapeline::venue::coinbase::venue(), &tapeline::venue::binance::venue()};
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are characters here.
  tapeline::fuzz::Bytes in(std::string_view(reinterpret_cast<const char*>(data), size));
  HistoryWish wish{.symbol = "A-B"};
  const bool is_aggregated = in.byte() % 2 == 1;
  wish.channel = is_aggregated ? tapeline::Channel::kAggTrades : tapeline::Channel::kTrades;
  wish.first_id = in.byte();
  wish.last_id = wish.first_id + in.byte();
  if (is_aggregated && in.byte() % 2 == 1) wish.cursor = "3";
  const std::string_view body = in.take(size);
  // Exactly as much memory as a parser may look at.
  std::vector<char> bytes(body.size() + tapeline::kReadPadding, ']');
  std::copy(body.begin(), body.end(), bytes.begin());
  for (const tapeline::venue::Venue* venue : kVenues) {
    if (!venue->history->has_channel(wish.channel)) continue;
    tapeline::venue::Items items;
    const auto parser = venue->history->make_parser();
    const auto page = parser->parse(wish, {bytes.data(), body.size()}, items);
    if (page) {
      check(wish, *page, items);
    } else {
      require(items.empty(), "what is no page leaves items behind");
    }
    static_cast<void>(venue->history->target(wish, tapeline::RecvTime()));
  }
  return 0;
}
