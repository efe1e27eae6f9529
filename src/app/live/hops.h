// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "metrics/clock_offset.h"
#include "metrics/histogram.h"
#include "model/instrument.h"
#include "pipeline/engine.h"

namespace tapeline::app::live {

// What the trades of a venue tell of the way to here. One writer; any thread may read it.
struct VenueHop {
  std::string venue;
  // From a trade's event time to its receipt, by two clocks: what is negative counts as nothing.
  metrics::Histogram to_receipt;
  metrics::ClockOffset clock;
  // By how much a trade's event time is behind the newest of its instrument before it.
  metrics::Histogram disorder;
};

// How long trades take from the venues to the engine, and how the venues' clocks stand to ours. Of
// trades as they happen alone: not of those shown again or out of a history, nor where the venue's
// time is coarse or none. On the engine's thread.
class Hops final : public pipeline::Onlooker {
 public:
  // Both outlive it.
  // What was received before `since` is history.
  Hops(const Clock& clock, RecvTime since, const std::vector<std::string>& venues,
       const InstrumentNames& names);

  void on_trade(const Trade& trade, Position position) override;
  void on_quote(const Quote& /*quote*/) override {}
  void on_bar(const BarRevision& /*bar*/) override {}
  void on_ledger(InstrumentId /*instrument*/, Channel /*channel*/,
                 const Coverage& /*coverage*/) override {}
  // Behind each turn of the engine.
  void on_turn();

  // For any thread.
  [[nodiscard]] const std::vector<std::unique_ptr<VenueHop>>& venues() const { return venues_; }
  // From the receipt of a turn's oldest trade until the engine had read it.
  [[nodiscard]] const metrics::Histogram& to_engine() const { return to_engine_; }

 private:
  struct Its {
    VenueHop* hop = nullptr;  // null: of no venue here
    EventTime newest{};
  };

  [[nodiscard]] Its& of(InstrumentId instrument);

  const Clock& clock_;
  const InstrumentNames& names_;
  RecvTime since_;
  std::vector<std::unique_ptr<VenueHop>> venues_;
  std::vector<Its> by_instrument_;
  RecvTime oldest_{};  // of this turn; 0: none yet
  metrics::Histogram to_engine_;
};

}  // namespace tapeline::app::live
