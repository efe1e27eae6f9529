// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/time.h"
#include "model/trade.h"

namespace tapeline {

struct WatermarkOptions {
  Duration disorder = std::chrono::seconds(2);
  Duration idle_timeout = std::chrono::seconds(10);
};

// How far an instrument's event time has certainly come. Only trades that feed bars move it, and
// engine time when they stay away. A venue clock that runs ahead of ours moves it at most one
// second past the moment of receipt, so one trade from the year 2099 moves nothing.
class Watermark {
 public:
  explicit Watermark(WatermarkOptions options) : options_(options) {}

  // How far a trade moves it: its event time, unless that is further ahead than any clock is.
  [[nodiscard]] static EventTime reach_of(const Trade& trade) {
    const std::int64_t ts_recv = std::min(trade.ts_recv.unix_ns(), INT64_MAX - kAheadMax.count());
    return std::min(trade.ts_event, EventTime(ts_recv + kAheadMax.count()));
  }

  void advance(const Trade& trade) {
    newest_ = std::max(newest_, reach_of(trade));
    idle_known_ = trade.idle_known;
    started_ = true;
  }

  // Before the first trade nothing is behind and nothing closes.
  [[nodiscard]] EventTime at(EngineTime engine_time) const {
    if (!started_) return kEventTimeMin;
    const EventTime by_trades = newest_ - options_.disorder;
    if (!idle_known_) return by_trades;
    return std::max(by_trades, EventTime(engine_time.unix_ns()) - options_.idle_timeout);
  }

  // Whether trades alone carry the watermark to `end`.
  [[nodiscard]] bool is_carried_to(EventTime end) const {
    return started_ && newest_ - options_.disorder >= end;
  }

  // The engine time at which silence alone carries the watermark to `end`.
  [[nodiscard]] EngineTime idle_reaches(EventTime end) const {
    return idle_known_ ? EngineTime((end + options_.idle_timeout).unix_ns())
                       : EngineTime(INT64_MAX);
  }

  // Without the options, which are who loads it to know.
  void save(ByteWriter& out) const {
    out.time(newest_);
    out.flag(idle_known_);
    out.flag(started_);
  }
  void load(ByteReader& in) {
    newest_ = in.time<EventTime>();
    idle_known_ = in.flag();
    started_ = in.flag();
  }

 private:
  static constexpr Duration kAheadMax = std::chrono::seconds(1);

  WatermarkOptions options_;
  EventTime newest_ = kEventTimeMin + std::chrono::hours(24 * 365);
  bool idle_known_ = false;
  bool started_ = false;
};

}  // namespace tapeline
