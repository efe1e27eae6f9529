// SPDX-License-Identifier: Apache-2.0
#include "stream/stream.h"

#include "stream/sharded_stream.h"
#include "stream/tick_outputs.h"

namespace tapeline::stream {
namespace {

// One shard on the caller's thread: no ring, no copy of events.
class DirectStream final : public Stream, private OutputSink {
 public:
  DirectStream(const OperatorFactory& factory, const InstrumentNames& names, TickSink& sink)
      : outputs_(names, sink), operator_(factory(*this)) {}

  void on_trade(const Trade& trade) override { operator_->on_trade(trade); }
  void on_quote(const Quote& quote) override { operator_->on_quote(quote); }
  void on_heartbeat(const Heartbeat& heartbeat) override { operator_->on_heartbeat(heartbeat); }
  void on_late(const LateTrade& late) override { operator_->on_late(late); }
  void on_tick(const Tick& tick) override {
    operator_->on_tick(tick);
    outputs_.release(tick.position);
  }
  void on_end(Position position) override {
    operator_->on_end(position);
    outputs_.release(position);
  }

  std::size_t poll() override { return 0; }  // nothing is ever on its way

  void save(ByteWriter& out) override {
    operator_->save(out);
    save_no_instrument(out);
  }

 private:
  Operator& operator_of(InstrumentId /*instrument*/) override { return *operator_; }
  void on_bar(const BarRevision& revision) override { outputs_.add(revision); }

  TickOutputs outputs_;
  std::unique_ptr<Operator> operator_;
};

}  // namespace

void Stream::load(ByteReader& in, const InstrumentNames& names, const IdsOf& ids_of) {
  const ByteReader::Part part(in, "stream");
  while (const auto number = in.number<std::uint64_t>()) {
    if (number > names.size()) return in.refuse("an instrument has no name");
    const InstrumentId instrument(static_cast<std::uint32_t>(number - 1));
    const ByteReader::Part named(in, names.name(instrument));
    operator_of(instrument).load(instrument, in, ids_of(instrument));
  }
}

std::unique_ptr<Stream> make_stream(const StreamOptions& options, const OperatorFactory& factory,
                                    const InstrumentNames& names, TickSink& sink) {
  if (options.shards <= 1) return std::make_unique<DirectStream>(factory, names, sink);
  return std::make_unique<ShardedStream>(options.shards, factory, names, sink);
}

}  // namespace tapeline::stream
