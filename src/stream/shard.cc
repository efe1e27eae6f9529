// SPDX-License-Identifier: Apache-2.0
#include "stream/shard.h"

#include <chrono>
#include <variant>

#include "stream/idle.h"

namespace tapeline::stream {

Shard::Shard(const OperatorFactory& factory, std::size_t ring_capacity)
    : inbox_(ring_capacity),
      outbox_(ring_capacity),
      operator_(factory(*this)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Shard::~Shard() {
  thread_.request_stop();
  thread_.join();
}

void Shard::run(const std::stop_token& stop) {
  stop_ = stop;
  Idle idle;
  while (!stop.stop_requested()) idle.after(do_work());
}

std::size_t Shard::do_work() {
  constexpr std::size_t kBatch = 256;
  if (ByteWriter* out = save_to_.load(std::memory_order_acquire)) {
    operator_->save(*out);
    save_to_.store(nullptr, std::memory_order_release);
    return 1;
  }
  std::size_t done = 0;
  for (; done < kBatch; ++done) {
    const Event* event = inbox_.front();
    if (event == nullptr) break;
    deliver(*event, *operator_);
    if (const Tick* tick = std::get_if<Tick>(event)) push(TickDone{tick->position});
    if (const End* end = std::get_if<End>(event)) push(TickDone{end->position});
    inbox_.pop();
  }
  return done;
}

void Shard::push(const Output& output) {
  Idle idle;
  while (outbox_.offer(output) == Offer::kFull && !stop_.stop_requested()) idle.after(0);
}

}  // namespace tapeline::stream
