// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/result.h"
#include "base/spsc_ring.h"
#include "model/instrument.h"
#include "pipeline/batch.h"
#include "store/writer.h"

namespace tapeline::pipeline {

// How far the store has come, for other threads.
struct SinkProgress {
  std::atomic<std::uint64_t> committed_ordinal{0};  // every record before it is in the store
  std::atomic<std::uint64_t> batches{0};
  std::atomic<std::uint64_t> rows{0};
  std::atomic<std::uint64_t> retries{0};
};

// The agent that puts batches into the store, each as one transaction with its position, and none
// before the journal has made its records durable. A store that is full or busy is tried again by
// and by while batches wait; whoever offers more is refused meanwhile. The ring joins the engine's
// thread, which offers and takes back, and the sink's, which works.
class Sink {
 public:
  // What may wait: large batches by their rows, small ones by their number.
  static constexpr std::size_t kRowsMax = 2 * kLargeBatchRows;
  static constexpr std::size_t kBatchesMax = 8;

  // `store` and `durable_ordinal` (the journal's: every record below it is durable) outlive it.
  Sink(store::Writer& store, const std::atomic<std::uint64_t>& durable_ordinal);

  // The engine's side. Takes the batch, or leaves it when there is no room.
  [[nodiscard]] Offer offer(std::unique_ptr<Batch>& batch);
  // A batch that has been stored, or null.
  [[nodiscard]] std::unique_ptr<Batch> take_back();

  // The sink's side: stores what is durable. An Error is final.
  [[nodiscard]] Result<std::size_t> do_work(std::int64_t monotonic_ns);

  [[nodiscard]] const SinkProgress& progress() const { return progress_; }
  // Whether everything offered has been stored. Either side.
  [[nodiscard]] bool is_idle() const {
    return progress_.batches.load(std::memory_order_acquire) ==
           offered_.load(std::memory_order_acquire);
  }

 private:
  store::Writer& store_;
  const std::atomic<std::uint64_t>& durable_ordinal_;
  SpscRing<std::unique_ptr<Batch>> waiting_;
  SpscRing<std::unique_ptr<Batch>> stored_;
  std::atomic<std::uint64_t> offered_{0};
  std::uint64_t offered_rows_ = 0;  // the engine's side's
  SinkProgress progress_;
  InstrumentNames names_;  // the sink's own, as the batches bring them
  std::int64_t try_again_ns_ = 0;
  std::int64_t pause_ns_ = 0;
};

}  // namespace tapeline::pipeline
