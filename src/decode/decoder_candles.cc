// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "decode/decoder.h"
#include "decode/venue_table.h"

namespace tapeline::decode {

using journal::Record;

Result<void> Decoder::read_candles(const Record& record, const CandleAnswer& answer) {
  constexpr int kAnswered = 200;
  if (answer.status != kAnswered) return {};
  const auto venue = find_venue(answer.venue);
  const venue::CandleFacts* facts = venue ? venue_table()[*venue]->candles : nullptr;
  if (facts == nullptr) {
    return fail(Fault::kCaller, fmt::format("\"{}\" has no candles here", answer.venue));
  }
  venue_ = *venue;
  recv_inferred_ = false;
  rejected_any_ = false;
  const auto candles = venue::read_candles(facts->format, answer.body);
  if (candles) {
    for (const venue::WireCandle& candle : *candles) judge_candle(record, answer, candle);
  } else {
    tally_.received(venue_, Channel::kCandles);
    reject(record, Channel::kCandles, RejectReason::kBadJson, "the answer is no page of candles");
  }
  tally_.frame_read(rejected_any_);
  return {};
}

// What nobody wished for is mostly the minute that is not over yet.
void Decoder::judge_candle(const Record& record, const CandleAnswer& answer,
                           const venue::WireCandle& wire) {
  if (wire.start < answer.wish.from || wire.start >= answer.wish.to) {
    tally_.received(venue_, Channel::kCandles);
    tally_.control(venue_, Channel::kCandles, ControlReason::kUnasked);
    return;
  }
  const Instrument* instrument = instrument_of(record, answer.wish.symbol, Channel::kCandles);
  if (instrument == nullptr) return;
  if (!in_accept_window(wire.start, record.ts_recv)) {
    reject(record, Channel::kCandles, RejectReason::kTimeOutOfWindow, "time");
    return;
  }
  tally_.delivered(venue_, Channel::kCandles);
  events_.on_candle({.instrument = instrument->id,
                     .interval = venue::kCandleInterval,
                     .start = wire.start,
                     .ts_recv = record.ts_recv,
                     .open = wire.open,
                     .high = wire.high,
                     .low = wire.low,
                     .close = wire.close,
                     .volume = wire.volume,
                     .trades = wire.trades});
}

}  // namespace tapeline::decode
