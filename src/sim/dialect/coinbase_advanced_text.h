// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "sim/dialect/frame_text.h"
#include "sim/market/instrument.h"
#include "sim/market/truth.h"

namespace tapeline::sim {

// A trade as the feed and the history have it, as far as they have it alike: the side is the
// maker's.
inline std::string advanced_trade(const Instrument& instrument, std::uint64_t id,
                                  const TruthTrade& trade) {
  FrameText text;
  text.put(R"({"product_id":")").put(instrument.canonical());
  text.put(R"(","trade_id":")").number(id);
  text.put(R"(","price":")").exact(trade.price, instrument.price_places);
  text.put(R"(","size":")").exact(trade.size, instrument.size_places);
  text.put(R"(","time":")").utc(trade.ts_event);
  text.put(R"(","side":")").put(trade.taker_buys ? "SELL" : "BUY").put("\"");
  return text.take();
}

}  // namespace tapeline::sim
