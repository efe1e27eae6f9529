// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <vector>

#include "decode/instrument_table.h"
#include "metrics/counters.h"
#include "model/bar.h"
#include "model/event_sink.h"
#include "model/instrument.h"
#include "replay/options.h"
#include "replay/text_output.h"
#include "stream/operator.h"

namespace tapeline::replay {

// The span of event time that a replay shows, and how it writes times.
struct Shown {
  std::optional<EventTime> from;  // included
  std::optional<EventTime> to;    // not included
  TimeFormat times = TimeFormat::kRfc3339;

  [[nodiscard]] bool has(EventTime time) const {
    return (!from || time >= *from) && (!to || time < *to);
  }
  [[nodiscard]] bool overlaps(EventTime first, EventTime last) const {
    return (!from || last >= *from) && (!to || first < *to);
  }
};

// Says trades or quotes as they are delivered; everything else passes by.
class DeliveredTable final : public EventSink {
 public:
  DeliveredTable(Emit emit, Shown shown, const InstrumentNames& names, TextOutput& out);

  void on_trade(const Trade& trade) override;
  void on_quote(const Quote& quote) override;
  void on_heartbeat(const Heartbeat& heartbeat) override;
  void on_late(const LateTrade& late) override;
  void on_candle(const VenueCandle& candle) override;
  void on_listing(const ListingChange& change) override;
  void on_settled(const SettledIds& ids) override;
  void on_tick(const Tick& tick) override;
  void on_end(Position position) override;

 private:
  Emit emit_;
  Shown shown_;
  const InstrumentNames& names_;
  TextOutput& out_;
};

// Says bars: every revision as it leaves, or the last of each at the end, sorted by start,
// instrument and interval.
class BarsTable final : public stream::TickSink {
 public:
  BarsTable(Revisions revisions, Shown shown, const InstrumentNames& names, TextOutput& out,
            metrics::Cell& unshown);

  void on_bar(const BarRevision& revision) override;
  void on_open_bar(const BarRevision& /*bar*/) override {}  // A replay shows what is final.
  void on_tick_done(Position /*position*/) override {}      // Nothing waits for a tick.
  void finish();

 private:
  struct Key {
    InstrumentId instrument;
    Duration interval{};
    EventTime start;

    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };

  void say(const BarRevision& revision);

  Revisions revisions_;
  Shown shown_;
  const InstrumentNames& names_;
  TextOutput& out_;
  metrics::Cell& unshown_;
  std::vector<BarRevision> last_;
  std::unordered_map<Key, std::size_t, KeyHash> index_;  // into last_
};

// Says the ledgers' holes or unbroken runs, sorted by instrument, channel and id.
void write_ledgers(Emit emit, Shown shown, const decode::InstrumentTable& instruments,
                   TextOutput& out);

}  // namespace tapeline::replay
