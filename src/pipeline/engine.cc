// SPDX-License-Identifier: Apache-2.0
#include "pipeline/engine.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "decode/dispatch.h"

namespace tapeline::pipeline {
namespace {

// Batches kept for their memory.
constexpr std::size_t kFreeMax = 2;
// For so many trades whatever becomes of it.
constexpr std::size_t kRoomKept = 8192;

std::uint8_t bit_of(Channel channel) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(channel));
}

}  // namespace

Engine::Engine(const EngineOptions& options)
    : options_(options),
      unshown_(counters_.cell(metrics::Counter::kColumnsUnshown, {})),
      decoder_(options.decode, *this, *this, counters_),
      open_(std::make_unique<Batch>()) {
  const analytics::BarsOptions bars{options.intervals, options.decode.watermark, options.cold};
  stream_ = stream::make_stream(
      {options.shards},
      [bars](stream::OutputSink& sink) { return std::make_unique<analytics::Bars>(bars, sink); },
      decoder_.instruments().names(), *this);
}

Engine::~Engine() = default;

void Engine::show_to(Onlooker& onlooker) {
  onlooker_ = &onlooker;
  for (const auto& instrument : decoder_.instruments().all()) {
    for (const Channel channel : {Channel::kTrades, Channel::kAggTrades}) {
      const Coverage* coverage = instrument->coverage_of(channel);
      if (coverage != nullptr) onlooker.on_ledger(instrument->id, channel, *coverage);
    }
  }
}

Result<void> Engine::read(const journal::Record& record) {
  at_ = record.position;
  at_recv_ = record.ts_recv;
  ordinal_ = 0;
  is_at_tick_ = false;
  return decode::dispatch(decoder_, record);
}

void Engine::touch(InstrumentId instrument, Channel channel) {
  const std::size_t index = instrument.value();
  if (index >= is_touched_.size()) is_touched_.resize(index + 1);
  if ((is_touched_[index] & bit_of(channel)) != 0) return;
  is_touched_[index] = static_cast<std::uint8_t>(is_touched_[index] | bit_of(channel));
  touched_.push_back({instrument, channel});
}

// Rows that were stored before are counted, and not given again.
template <typename Row>
void Engine::add(std::vector<Row> store::Batch::*rows, Row row) {
  row.position = at_;
  row.ordinal = ordinal_++;
  if (stored_ && at_ <= *stored_) return;
  (open_->rows.*rows).push_back(std::move(row));
  ++open_->count;
}

void Engine::on_trade(const Trade& trade) {
  if (trade.contiguous) touch(trade.instrument, trade.channel);
  add(&store::Batch::trades, {{}, 0, trade});
  if (onlooker_ != nullptr) onlooker_->on_trade(trade, at_);
  stream_->on_trade(trade);
}

void Engine::on_quote(const Quote& quote) {
  add(&store::Batch::quotes, {{}, 0, quote});
  if (onlooker_ != nullptr) onlooker_->on_quote(quote);
  stream_->on_quote(quote);
}

void Engine::on_heartbeat(const Heartbeat& heartbeat) {
  touch(heartbeat.instrument, heartbeat.channel);
  stream_->on_heartbeat(heartbeat);
}

void Engine::on_late(const LateTrade& late) {
  touch(late.instrument, late.channel);
  add(&store::Batch::late, {{}, 0, late});
  stream_->on_late(late);
}

void Engine::on_candle(const VenueCandle& candle) { add(&store::Batch::candles, {{}, 0, candle}); }

void Engine::on_listing(const ListingChange& change) {
  add(&store::Batch::listings, {{}, 0, std::string(change.venue), change.ts_recv, change.listing});
}

void Engine::on_settled(const SettledIds& ids) { touch(ids.instrument, ids.channel); }

void Engine::on_tick(const Tick& tick) {
  is_at_tick_ = true;
  engine_time_ = tick.engine_time;
  stream_->on_tick(tick);
}

void Engine::on_end(Position position) { stream_->on_end(position); }

void Engine::on_reject(const journal::Record& record, const decode::Reject& reject) {
  add(&store::Batch::rejected, {{},
                                0,
                                record.connection,
                                record.ts_recv,
                                reject.channel,
                                name_of(reject.reason),
                                std::string(reject.detail)});
}

void Engine::on_venue_error(const journal::Record& /*record*/, std::string_view /*text*/) {
  // Counted as control; the session that it answers acts on it.
}

// Ticks of closed batches may still be on their way through the shards.
Batch& Engine::batch_of(Position tick) {
  for (const auto& batch : closed_) {
    if (tick <= batch->position) return *batch;
  }
  return *open_;
}

void Engine::on_open_bar(const BarRevision& bar) {
  if (onlooker_ != nullptr) onlooker_->on_bar(bar);
}

void Engine::on_bar(const BarRevision& revision) {
  if (onlooker_ != nullptr) onlooker_->on_bar(revision);
  if (stored_ && revision.position <= *stored_) return;
  Batch& batch = batch_of(revision.position);
  std::uint32_t unshown = 0;
  batch.rows.bars.push_back(store::BarRow::of(revision, unshown));
  if (unshown > 0) unshown_.add(unshown);
  ++batch.count;
}

void Engine::on_tick_done(Position position) { done_ = position; }

std::unique_ptr<Batch> Engine::new_batch() {
  if (free_.empty()) return std::make_unique<Batch>();
  auto batch = std::move(free_.back());
  free_.pop_back();
  return batch;
}

void Engine::close_batch() {
  TAPELINE_CHECK(is_at_tick_, "a batch ends at a tick");
  for (const Touched& touched : touched_) {
    auto& instrument = *decoder_.instruments().all()[touched.instrument.value()];
    is_touched_[touched.instrument.value()] = 0;
    const Coverage* coverage = instrument.coverage_of(touched.channel);
    if (coverage == nullptr) continue;
    const std::vector<IdSpan> changes = instrument.ledger_of(touched.channel).take_changes();
    for (const IdSpan& within : changes) {
      open_->rows.ledgers.push_back({touched.instrument, touched.channel, coverage->runs(within),
                                     coverage->gaps(within), within});
    }
    if (onlooker_ == nullptr || changes.empty()) continue;
    onlooker_->on_ledger(touched.instrument, touched.channel, *coverage);
  }
  touched_.clear();
  open_->position = at_;
  open_->rows.tick_recv = at_recv_;
  const InstrumentNames& names = decoder_.instruments().names();
  for (; named_ < names.size(); ++named_) {
    open_->new_names.emplace_back(names.name(InstrumentId(named_)));
  }
  closed_.push_back(std::move(open_));
  open_ = new_batch();
}

std::unique_ptr<Batch> Engine::take() {
  if (closed_.empty()) return nullptr;
  stream_->poll();
  if (!done_ || *done_ < closed_.front()->position || failure()) return nullptr;
  auto batch = std::move(closed_.front());
  closed_.pop_front();
  return batch;
}

void Engine::recycle(std::unique_ptr<Batch> batch) {
  // What a flood needed is given back once it is over.
  const std::size_t room = batch->rows.trades.capacity();
  const bool is_too_large = room > kRoomKept && batch->rows.trades.size() < room / 4;
  if (free_.size() >= kFreeMax || is_too_large) return;
  batch->clear();
  free_.push_back(std::move(batch));
}

}  // namespace tapeline::pipeline
