// SPDX-License-Identifier: Apache-2.0
#include "analytics/bar_book.h"

#include "base/check.h"

namespace tapeline::analytics {

void BarBook::Bar::save(ByteWriter& out) const {
  partial.save(out, start);
  out.flag(said);
  if (!said) return;
  out.number(revision);
  out.choice(quality);
}

void BarBook::Bar::load(ByteReader& in) {
  partial.load(in, start);
  said = in.flag();
  if (!said) return;
  revision = in.number<std::uint32_t>();
  quality = in.choice(Quality::kUnknown);
}

void BarBook::Level::save(ByteWriter& out) const {
  out.time(closed_before);
  out.flag(newest_unmerged);
  out.number(bars.size());
  std::int64_t before = 0;
  for (auto at = bars.begin(); at != bars.end(); at = bars.next(at)) {
    const Bar& bar = bars.at(at);
    const std::int64_t window = bar.start.unix_ns() / interval.count();
    out.integer(window - before);
    before = window;
    bar.save(out);
  }
}

void BarBook::Level::load(ByteReader& in) {
  closed_before = in.time<EventTime>(kEventTimeMin);
  newest_unmerged = in.flag();
  Int128 window = 0;  // counted from 1970
  for (std::size_t left = in.count(SIZE_MAX); left > 0 && !in.failed(); --left) {
    const std::int64_t windows = in.integer();
    window += windows;
    in.require(bars.empty() || windows > 0, "they are out of order");
    Bar bar{.start = in.time_of<EventTime>(window * interval.count()), .partial = {}};
    bar.load(in);
    if (!in.failed()) bars.insert(std::move(bar));
  }
  in.require(!newest_unmerged || !bars.empty(), "there is no newest bar");
}

void BarBook::save(ByteWriter& out) const {
  TAPELINE_CHECK(!has_work_ && !scheduled, "bars are saved right after a tick");
  out.time(next_close_);
  out.time(awaits_confirmation_);
  watermark_.save(out);
  coverage_.save(out);
  for (const Level& level : levels_) level.save(out);
}

void BarBook::load(ByteReader& in) {
  const ByteReader::Part part(in, "bars");
  next_close_ = in.time<EventTime>(kEventTimeMax);
  awaits_confirmation_ = in.time<EventTime>(kEventTimeMax);
  watermark_.load(in);
  coverage_.load(in);
  for (Level& level : levels_) level.load(in);
}

}  // namespace tapeline::analytics
