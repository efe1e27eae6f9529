// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/demo/truth_check.h"
#include "base/result.h"
#include "sim/market/instrument.h"
#include "sim/market/truth.h"
#include "store/reader.h"

namespace tapeline::app::demo {

// One instrument of a venue whose ids do not count, or which gives none: nobody can know there what
// did not come, so no bar may claim to be whole. What can be known:
//   - every trade that is stored was traded, with that time, price, size and side as far as the
//     venue says them - and, where it gives ids, not stored more often than it happened;
//   - its condition codes are those that it was given;
//   - every bar is what the stored trades make of it, in every column, and says `unknown`;
//   - where trades came there is a bar once it had to close, and no bar where none came.
// The trades that did not come, and those that came twice without anyone who could tell, are
// counted.
struct UncountedSubject {
  std::string name{};  // "finnhub:BTC-USD"
  const sim::Instrument* instrument = nullptr;
  const sim::TradeHistory* history = nullptr;
  bool has_ids = false;
};
Result<void> check_uncounted(const UncountedSubject& subject, store::Reader& reader,
                             const TruthCheckOptions& options, TruthReport& report);

}  // namespace tapeline::app::demo
