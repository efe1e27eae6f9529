// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/multiprecision/cpp_int.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "analytics/bar_market.h"
#include "model/bar.h"

namespace tapeline::analytics {

// What a bar must be, worked out the slow and obvious way: at every tick each window is computed
// again from all trades that ever came, and its quality from the ids, as the Semantics of the
// architecture say (5, 7 and 8). Shares no code with the engine but the events themselves.
class BarOracle {
 public:
  using Number = boost::multiprecision::cpp_int;

  // All columns as text, so that a difference shows itself.
  struct Bar {
    std::string columns;  // of the trades alone
    std::string quality;
    std::uint32_t revision = 0;
    std::string cause;
    // The quality became better after back-fill brought ids too: then it may be named as the cause,
    // though no trade of it is in the bar.
    bool may_be_backfill = false;
  };
  using Key = std::tuple<std::uint32_t, Duration, EventTime>;  // instrument, interval, start
  using Bars = std::map<Key, Bar>;

  explicit BarOracle(const MarketOptions& options);

  void apply(const stream::Event& event);
  // What leaves at a tick, or at the end.
  Bars revisions_at(const Tick& tick);
  Bars revisions_at_end();
  // Every bar as it stands.
  [[nodiscard]] const Bars& said() const { return said_; }

 private:
  struct Market {
    std::vector<Trade> trades;
    std::vector<Trade> fresh;  // since the last tick
    std::vector<LateTrade> lates;
    std::vector<Heartbeat> heartbeats;
    std::optional<EventTime> newest;  // min(ts_event, ts_recv + 1 s), the greatest
    bool idle_known = false;
    bool all_closed = false;
    EventTime closed_until = kEventTimeMin;
  };

  Bars revisions();
  static std::string quality_of(const Market& market, EventTime start, EventTime end);
  static bool has_fresh_backfill(const Market& market);
  void revise(const Market& market, const Key& key, Bars& out);

  MarketOptions options_;
  std::map<std::uint32_t, Market> markets_;
  Bars said_;
};

// The columns of a bar that the engine said, as the oracle writes them.
std::string columns_of(const BarRevision& revision);

}  // namespace tapeline::analytics
