// SPDX-License-Identifier: Apache-2.0
#include "sim/outbox.h"

#include <algorithm>

namespace tapeline::sim {

void FrameCounts::add(const FrameCounts& other) {
  produced += other.produced;
  sent += other.sent;
  lost += other.lost;
  repeated += other.repeated;
  silenced += other.silenced;
  discarded += other.discarded;
  reordered += other.reordered;
  malformed += other.malformed;
  delayed += other.delayed;
  stalls += other.stalls;
  silent_channels += other.silent_channels;
  control += other.control;
}

void Outbox::push(Frame frame) {
  // A venue's times may be coarser than those of its answers.
  frame.at = last_at_ = std::max(last_at_, frame.at);
  release(frame.at);
  const bool is_data = frame.kind == FrameKind::kData;
  ++(is_data ? counts_.produced : counts_.control);
  if (is_silent(frame.at) || is_of_silent_channel(frame)) {
    if (is_data) ++counts_.silenced;
    return note_lost(frame);
  }
  if (has_ended_ || waiting() >= kFramesMax) {
    is_overrun_ |= !has_ended_;
    if (is_data) ++counts_.discarded;
    return note_lost(frame);
  }
  if (is_data) {
    meet_fate(std::move(frame));
  } else {
    place(std::move(frame));
  }
}

// The one whose frame is the first from that time on; heartbeats are of no use to whoever wants to
// see that something is missing, and so they go on.
bool Outbox::is_of_silent_channel(const Frame& frame) {
  if (frame.kind != FrameKind::kData || frame.stream == Stream::kHeartbeats) return false;
  const InstrumentStream channel(frame.instrument, frame.stream);
  if (!silent_channel_ && frame.at >= plan_.channel_silent_at()) {
    silent_channel_ = channel;
    ++counts_.silent_channels;
  }
  return silent_channel_ == channel;
}

void Outbox::change_faults(const FaultSpec& spec, EventTime now) {
  plan_.change(spec, now);
  silent_channel_.reset();
}

void Outbox::rouse(EventTime now) {
  plan_.rouse_channel(now);
  silent_channel_.reset();
}

void Outbox::meet_fate(Frame frame) {
  const EventTime at = frame.at;
  const FaultSpec& spec = plan_.spec();
  switch (plan_.next_fate()) {
    case Fate::kLose:
      ++counts_.lost;
      return note_lost(frame);
    case Fate::kSwap:
      if (swapped_) break;
      swapped_ = std::move(frame);
      return;
    case Fate::kDup:
      ++counts_.repeated;
      return place(std::move(frame), Times::kTwice);
    case Fate::kBadFrame:
      ++counts_.malformed;
      note_lost(frame);
      frame.first_id = frame.last_id = 0;
      frame.text = plan_.spoil(frame.text);
      break;
    case Fate::kDelay:
      ++counts_.delayed;
      return hold(std::move(frame), at + spec.delay_by, true);
    case Fate::kSlow:
      ++counts_.stalls;
      stalled_until_ = std::max(stalled_until_, at + spec.slow_for);
      break;
    case Fate::kSend:
      break;
  }
  place(std::move(frame));
}

// In the order of the calls, behind a stall when there is one, or late, each by a time of its own;
// a copy, and the one that waits to change places, come right behind.
void Outbox::place(Frame frame, Times times) {
  const EventTime at = frame.at;
  const bool is_data = frame.kind == FrameKind::kData;
  const EventTime due =
      std::max(stalled_until_, at + (is_data ? plan_.next_lateness() : Duration()));
  const auto put = [&](Frame one) {
    if (due > at) {
      hold(std::move(one), due, false);
    } else {
      ready_.push_back(std::move(one));
    }
  };
  put(frame);
  if (times == Times::kTwice) {
    frame.first_id = frame.last_id = 0;  // the copy shows nothing new
    put(std::move(frame));
  }
  if (!swapped_) return;
  ++counts_.reordered;
  Frame behind = std::move(*swapped_);
  swapped_.reset();
  behind.at = at;
  place(std::move(behind));
}

void Outbox::hold(Frame frame, EventTime due, bool is_delayed) {
  waiting_.push_back({due, ++next_ordinal_, std::move(frame), is_delayed});
  std::push_heap(waiting_.begin(), waiting_.end());
}

// Moves what is due to where it can be taken. What was due before a stall began was moved then.
void Outbox::release(EventTime until) {
  if (until < stalled_until_) return;
  if (swapped_ && swapped_->at + kReorderWaitMax <= until) {
    Frame frame = std::move(*swapped_);
    swapped_.reset();
    const EventTime due = frame.at + kReorderWaitMax;
    hold(std::move(frame), due, false);
  }
  while (!waiting_.empty() && waiting_.front().due <= until) {
    std::pop_heap(waiting_.begin(), waiting_.end());
    Waiting due = std::move(waiting_.back());
    waiting_.pop_back();
    if (is_silent(due.due)) {
      if (due.frame.kind == FrameKind::kData) ++counts_.silenced;
      note_lost(due.frame);
      continue;
    }
    if (!due.is_delayed) {
      if (due.ordinal < released_) ++counts_.reordered;
      released_ = std::max(released_, due.ordinal);
    }
    ready_.push_back(std::move(due.frame));
  }
}

bool Outbox::take(EventTime now, Frame& out) {
  if (has_ended_) return false;
  const EventTime end = ends_at();
  release(std::min(now, end));
  if (ready_.empty()) {
    if (now < end) return false;
    discard();
    out = Frame{.kind = FrameKind::kCut, .at = end};
    return true;
  }
  out = std::move(ready_.front());
  ready_.pop_front();
  if (out.kind == FrameKind::kData) {
    ++counts_.sent;
    if (out.first_id != 0) (*shown_)[{out.instrument, out.stream}].add(out.first_id, out.last_id);
  }
  return true;
}

void Outbox::discard() {
  has_ended_ = true;
  const auto drop = [this](const Frame& frame) {
    if (frame.kind == FrameKind::kData) ++counts_.discarded;
    note_lost(frame);
  };
  for (const Frame& frame : ready_) drop(frame);
  for (const Waiting& waiting : waiting_) drop(waiting.frame);
  if (swapped_) drop(*swapped_);
  ready_.clear();
  waiting_.clear();
  swapped_.reset();
}

void Outbox::note_lost(const Frame& frame) {
  if (frame.first_id != 0)
    lost_[{frame.instrument, frame.stream}].add(frame.first_id, frame.last_id);
}

EventTime Outbox::ends_at() const {
  const EventTime silent_at = plan_.silent_at();
  const EventTime noticed = silent_at == kEventTimeMax ? silent_at : silent_at + kSilentMax;
  return std::min({cut_at_, plan_.drop_at(), noticed});
}

EventTime Outbox::next_at() const {
  if (has_ended_) return kEventTimeMax;
  if (!ready_.empty()) return kEventTimeMin;
  EventTime next = kEventTimeMax;
  if (!waiting_.empty()) next = waiting_.front().due;
  if (swapped_) next = std::min(next, swapped_->at + kReorderWaitMax);
  return std::min(ends_at(), std::max(next, stalled_until_));
}

std::size_t Outbox::waiting() const {
  return ready_.size() + waiting_.size() + (swapped_ ? 1U : 0U);
}

const char* name_of(Stream stream) {
  switch (stream) {
    case Stream::kTrades:
      return "trades";
    case Stream::kAggregates:
      return "aggregates";
    case Stream::kQuotes:
      return "quotes";
    case Stream::kHeartbeats:
      return "heartbeats";
  }
  return "";
}

}  // namespace tapeline::sim
