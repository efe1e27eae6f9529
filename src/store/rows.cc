// SPDX-License-Identifier: Apache-2.0
#include "store/rows.h"

namespace tapeline::store {

BarRow BarRow::of(const BarRevision& bar, std::uint32_t& unshown) {
  return {.position = bar.position,
          .ordinal = bar.ordinal,
          .instrument = bar.instrument,
          .interval = bar.interval,
          .start = bar.start,
          .columns = columns_of(bar.partial, unshown),
          .state = bar.state,
          .quality = bar.quality,
          .revision = bar.revision,
          .cause = bar.cause};
}

bool Batch::empty() const {
  return trades.empty() && quotes.empty() && bars.empty() && rejected.empty() && late.empty() &&
         candles.empty() && listings.empty() && ledgers.empty();
}

void Batch::clear() {
  trades.clear();
  quotes.clear();
  bars.clear();
  rejected.clear();
  late.clear();
  candles.clear();
  listings.clear();
  ledgers.clear();
}

}  // namespace tapeline::store
