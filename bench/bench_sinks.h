// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "decode/decoder.h"
#include "model/event_sink.h"
#include "stream/operator.h"

namespace tapeline::bench {

// Ends of the pipeline that only count, so that a bench measures what stands before them.
class CountingEvents final : public EventSink {
 public:
  void on_trade(const Trade& trade) override { checksum += trade.first_fill; }
  void on_quote(const Quote& /*quote*/) override { ++checksum; }
  void on_heartbeat(const Heartbeat& /*heartbeat*/) override { ++checksum; }
  void on_late(const LateTrade& /*late*/) override { ++checksum; }
  void on_candle(const VenueCandle& /*candle*/) override { ++checksum; }
  void on_listing(const ListingChange& /*change*/) override { ++checksum; }
  void on_settled(const SettledIds& /*ids*/) override { ++checksum; }
  void on_tick(const Tick& /*tick*/) override {}
  void on_end(Position /*position*/) override {}

  std::uint64_t checksum = 0;
};

class CountingOutputs final : public stream::TickSink {
 public:
  void on_bar(const BarRevision& revision) override { revisions += 1 + revision.revision; }
  void on_open_bar(const BarRevision& bar) override { revisions += bar.partial.trades; }
  void on_tick_done(Position /*position*/) override {}

  std::uint64_t revisions = 0;
};

class CountingRejects final : public decode::RejectSink {
 public:
  void on_reject(const journal::Record& /*record*/, const venue::Reject& /*reject*/) override {
    ++rejects;
  }
  void on_venue_error(const journal::Record& /*record*/, std::string_view /*text*/) override {}

  std::uint64_t rejects = 0;
};

}  // namespace tapeline::bench
