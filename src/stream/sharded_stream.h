// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "model/event_sink.h"
#include "model/instrument.h"
#include "stream/operator.h"
#include "stream/shard.h"
#include "stream/stream.h"
#include "stream/tick_outputs.h"

namespace tapeline::stream {

// Several shards, each with the instruments whose number modulo the count is its own. Rings block
// when full, and whoever waits for one empties the others' outputs meanwhile.
class ShardedStream final : public Stream {
 public:
  ShardedStream(unsigned shards, const OperatorFactory& factory, const InstrumentNames& names,
                TickSink& sink);

  void on_trade(const Trade& trade) override { send(shard_of(trade.instrument), trade); }
  void on_quote(const Quote& quote) override { send(shard_of(quote.instrument), quote); }
  void on_heartbeat(const Heartbeat& heartbeat) override {
    send(shard_of(heartbeat.instrument), heartbeat);
  }
  void on_late(const LateTrade& late) override { send(shard_of(late.instrument), late); }
  void on_tick(const Tick& tick) override;
  // Returns when every shard has said everything.
  void on_end(Position position) override;
  std::size_t poll() override { return drain(); }
  // All shards at once, each on its thread.
  void save(ByteWriter& out) override;

 private:
  [[nodiscard]] Operator& operator_of(InstrumentId instrument) override {
    return shards_[shard_of(instrument)]->its_operator();
  }
  void finish_all();
  static constexpr std::size_t kRingCapacity = 4096;

  [[nodiscard]] std::size_t shard_of(InstrumentId id) const { return id.value() % shards_.size(); }
  void send(std::size_t shard, const Event& event);
  // Takes what the shards have said; releases every tick that all of them have finished.
  std::size_t drain();
  [[nodiscard]] bool finish_tick_of(std::size_t shard);

  TickOutputs outputs_;
  std::deque<Position> unfinished_;    // ticks sent and not yet released
  std::vector<std::size_t> finished_;  // per shard: ticks of unfinished_ it has finished (0 or 1)
  std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace tapeline::stream
