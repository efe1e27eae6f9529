// SPDX-License-Identifier: Apache-2.0
#include "faulty_store.h"

namespace tapeline::simulation {

Result<void> FaultyWriter::commit(const store::Batch& batch, Position position) {
  if (clocks_.now_ns() < weather_.busy_until_ns) {
    coverage_.hit(FaultKind::kStoreBusy);
    return fail(Fault::kOurs, "the store is busy", Retry::kAfterBackoff);
  }
  switch (std::exchange(weather_.next, StoreWeather::Next::kNothing)) {
    case StoreWeather::Next::kNothing:
      break;
    case StoreWeather::Next::kAnswerLost:
      coverage_.hit(FaultKind::kAnswerLost);
      store_.fail_next_commit(store::MemoryStore::Failure::kAnswerLost);
      break;
    case StoreWeather::Next::kCrashBefore:
      coverage_.hit(FaultKind::kCrashBeforeCommit);
      throw journal::Crash{};
    case StoreWeather::Next::kCrashAfter:
      coverage_.hit(FaultKind::kCrashAfterCommit);
      if (auto done = commit_broken(batch, position); !done) return done;
      throw journal::Crash{};
  }
  return commit_broken(batch, position);
}

// As it should be, when there is no canary.
Result<void> FaultyWriter::commit_broken(const store::Batch& batch, Position position) {
  const bool is_broken =
      canary_ != Canary::kNone && !batch.trades.empty() && random_.below(20) == 0;
  if (!is_broken) return inner_->commit(batch, position);
  store::Batch changed = batch;
  switch (canary_) {
    case Canary::kTornTransaction:
      store_.fail_next_commit(store::MemoryStore::Failure::kTorn);
      break;
    case Canary::kAlteredRow:
      ++changed.trades.front().trade.price.mantissa;
      break;
    case Canary::kDroppedRow:
      changed.trades.pop_back();
      break;
    case Canary::kUnknownBar:
      for (store::BarRow& bar : changed.bars) bar.quality = Quality::kUnknown;
      break;
    default:
      break;
  }
  return inner_->commit(changed, position);
}

}  // namespace tapeline::simulation
