// SPDX-License-Identifier: Apache-2.0
#include "pipeline/sink.h"

#include <algorithm>
#include <utility>

namespace tapeline::pipeline {
namespace {

constexpr std::int64_t kPauseMin = 50'000'000;
constexpr std::int64_t kPauseMax = 5'000'000'000;

}  // namespace

Sink::Sink(store::Writer& store, const std::atomic<std::uint64_t>& durable_ordinal)
    : store_(store),
      durable_ordinal_(durable_ordinal),
      waiting_(kBatchesMax),
      stored_(2 * kBatchesMax) {
  if (const auto position = store.position()) progress_.committed_ordinal = position->ordinal + 1;
}

Offer Sink::offer(std::unique_ptr<Batch>& batch) {
  if (offered_rows_ - progress_.rows.load(std::memory_order_acquire) >= kRowsMax) {
    return Offer::kFull;
  }
  const std::size_t rows = batch->count;
  const Offer offer = waiting_.try_emplace([&](auto& slot) { slot = std::move(batch); });
  if (offer == Offer::kTaken) {
    offered_rows_ += rows;
    offered_.fetch_add(1, std::memory_order_release);
  }
  return offer;
}

std::unique_ptr<Batch> Sink::take_back() {
  auto* slot = stored_.front();
  if (slot == nullptr) return nullptr;
  auto batch = std::move(*slot);
  stored_.pop();
  return batch;
}

Result<std::size_t> Sink::do_work(std::int64_t monotonic_ns) {
  auto* slot = waiting_.front();
  if (slot == nullptr || monotonic_ns < try_again_ns_) return 0;
  Batch& batch = **slot;
  if (batch.position.ordinal >= durable_ordinal_.load(std::memory_order_acquire)) return 0;
  for (std::string& name : batch.new_names) names_.add(std::move(name));
  batch.new_names.clear();
  batch.rows.names = &names_;
  if (auto done = store_.commit(batch.rows, batch.position); !done) {
    if (done.error().retry == Retry::kNever) return tl::make_unexpected(done.error());
    pause_ns_ = std::clamp(2 * pause_ns_, kPauseMin, kPauseMax);
    try_again_ns_ = monotonic_ns + pause_ns_;
    progress_.retries.fetch_add(1, std::memory_order_relaxed);
    progress_.failures.fetch_add(1, std::memory_order_relaxed);
    return 0;
  }
  pause_ns_ = 0;
  progress_.failures.store(0, std::memory_order_relaxed);
  const std::size_t rows = batch.count;
  // What is replayed behind the store's position moves nothing.
  const std::uint64_t committed = std::max(
      progress_.committed_ordinal.load(std::memory_order_relaxed), batch.position.ordinal + 1);
  progress_.committed_ordinal.store(committed, std::memory_order_release);
  progress_.rows.fetch_add(rows, std::memory_order_release);
  // The engine takes back between offers, so there is room; without it the batch only loses its
  // memory.
  auto back = std::move(*slot);
  waiting_.pop();
  if (stored_.try_emplace([&](auto& to) { to = std::move(back); }) == Offer::kFull) back.reset();
  progress_.batches.fetch_add(1, std::memory_order_release);
  return rows + 1;
}

}  // namespace tapeline::pipeline
