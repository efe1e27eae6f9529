// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <thread>

#include "base/byte_writer.h"
#include "base/spsc_ring.h"
#include "stream/event.h"
#include "stream/operator.h"

namespace tapeline::stream {

// One operator on one thread between two rings. Owned by ShardedStream, whose thread is the
// producer of `inbox` and the consumer of `outbox`. A full outbox blocks the shard; its owner
// never waits for a shard without emptying the outbox, so the two cannot wait for each other.
class Shard final : private OutputSink {
 public:
  Shard(const OperatorFactory& factory, std::size_t ring_capacity);
  ~Shard() override;

  // Owner's side.
  [[nodiscard]] SpscRing<Event>& inbox() { return inbox_; }
  [[nodiscard]] SpscRing<Output>& outbox() { return outbox_; }

  // When the shard has finished all that it was sent: its operator's state, saved on its thread.
  // `out` is the shard's until is_saved().
  void start_save(ByteWriter& out) { save_to_.store(&out, std::memory_order_release); }
  [[nodiscard]] bool is_saved() const {
    return save_to_.load(std::memory_order_acquire) == nullptr;
  }
  // Before the first event.
  [[nodiscard]] Operator& its_operator() { return *operator_; }

 private:
  void run(const std::stop_token& stop);
  std::size_t do_work();
  void on_bar(const BarRevision& revision) override { push(revision); }
  void push(const Output& output);

  SpscRing<Event> inbox_;
  SpscRing<Output> outbox_;
  std::atomic<ByteWriter*> save_to_{nullptr};
  std::unique_ptr<Operator> operator_;
  std::stop_token stop_;
  std::jthread thread_;  // last: it starts when everything else stands, and is joined first
};

}  // namespace tapeline::stream
