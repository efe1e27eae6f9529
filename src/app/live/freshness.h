// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/clock.h"
#include "metrics/histogram.h"
#include "pipeline/engine.h"

namespace tapeline::app::live {

// How long it takes from the receipt of a trade until its bar is there for who looks on: of each
// look, the trade that has waited longest. On the engine's thread.
class Freshness final : public pipeline::Onlooker {
 public:
  explicit Freshness(const Clock& clock) : clock_(clock), since_(clock.wall()) {}

  void on_trade(const Trade& trade, Position position) override;
  void on_quote(const Quote& /*quote*/) override {}
  void on_bar(const BarRevision& bar) override;
  void on_ledger(InstrumentId /*instrument*/, Channel /*channel*/,
                 const Coverage& /*coverage*/) override {}

  // For any thread.
  [[nodiscard]] const metrics::Histogram& waits() const { return waits_; }

 private:
  const Clock& clock_;
  RecvTime since_;                 // what was received before is history
  std::vector<RecvTime> waiting_;  // by instrument: the oldest trade that no look has shown yet
  metrics::Histogram waits_;
};

}  // namespace tapeline::app::live
