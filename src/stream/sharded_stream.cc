// SPDX-License-Identifier: Apache-2.0
#include "stream/sharded_stream.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/check.h"
#include "stream/idle.h"

namespace tapeline::stream {

ShardedStream::ShardedStream(unsigned shards, const OperatorFactory& factory,
                             const InstrumentNames& names, TickSink& sink)
    : outputs_(names, sink), finished_(shards, 0) {
  for (unsigned i = 0; i < shards; ++i) {
    shards_.push_back(std::make_unique<Shard>(factory, kRingCapacity));
  }
}

void ShardedStream::send(std::size_t shard, const Event& event) {
  Idle idle;
  while (shards_[shard]->inbox().offer(event) == Offer::kFull) idle.after(drain());
}

void ShardedStream::on_tick(const Tick& tick) {
  unfinished_.push_back(tick.position);
  for (std::size_t i = 0; i < shards_.size(); ++i) send(i, tick);
  drain();
}

void ShardedStream::on_end(Position position) {
  unfinished_.push_back(position);
  for (std::size_t i = 0; i < shards_.size(); ++i) send(i, End{position});
  finish_all();
}

void ShardedStream::finish_all() {
  Idle idle;
  while (!unfinished_.empty()) idle.after(drain());
}

void ShardedStream::save(ByteWriter& out) {
  finish_all();
  std::vector<ByteWriter> parts(shards_.size());
  for (std::size_t i = 0; i < parts.size(); ++i) shards_[i]->start_save(parts[i]);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Idle idle;
    while (!shards_[i]->is_saved()) idle.after(0);
    out.append(std::move(parts[i]));
  }
  save_no_instrument(out);
}

// Reads one shard's outputs up to the end of the oldest unfinished tick. True when it is reached.
bool ShardedStream::finish_tick_of(std::size_t shard) {
  if (finished_[shard] != 0) return true;
  SpscRing<Output>& outbox = shards_[shard]->outbox();
  while (const Output* output = outbox.front()) {
    const TickDone* done = std::get_if<TickDone>(output);
    if (done != nullptr) {
      TAPELINE_CHECK(done->position == unfinished_.front(), "shards finish ticks in their order");
      finished_[shard] = 1;
    } else {
      outputs_.add(std::get<BarRevision>(*output));
    }
    outbox.pop();
    if (finished_[shard] != 0) return true;
  }
  return false;
}

std::size_t ShardedStream::drain() {
  std::size_t released = 0;
  while (!unfinished_.empty()) {
    bool all = true;
    for (std::size_t i = 0; i < shards_.size(); ++i) all = finish_tick_of(i) && all;
    if (!all) break;
    outputs_.release(unfinished_.front());
    unfinished_.pop_front();
    std::fill(finished_.begin(), finished_.end(), 0);
    ++released;
  }
  return released;
}

}  // namespace tapeline::stream
