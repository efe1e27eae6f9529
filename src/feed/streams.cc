// SPDX-License-Identifier: Apache-2.0
#include "feed/streams.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace tapeline::feed {
namespace {

// Asking anew comes at most this often doubled.
constexpr unsigned kDoublingsMax = 6;
// How much of a stream has to be known before its own pauses say what is too long, and for how long
// a pause is remembered: this period and the one before.
constexpr std::uint64_t kFramesKnown = 100;
constexpr std::int64_t kPausesPeriodNs = Duration(std::chrono::minutes(10)).count();

bool is_wanted(StreamState state) {
  return state != StreamState::kRefused && state != StreamState::kGivenUp;
}

// To a request of ours: a stream that is named there has said nothing.
bool is_answer(venue::FrameKind kind) {
  return kind == venue::FrameKind::kAck || kind == venue::FrameKind::kRefusal ||
         kind == venue::FrameKind::kDenial;
}

bool is_asked_for(StreamState state) {
  return state == StreamState::kLive || state == StreamState::kSilent;
}

}  // namespace

Streams::Streams(const venue::SessionFacts& facts, const std::vector<WantedStream>& wanted)
    : facts_(facts) {
  for (const WantedStream& each : wanted) add(each, RecvTime());
}

Streams::Index Streams::add(const WantedStream& wanted, RecvTime now) {
  const auto& [symbol, channel] = wanted.wire;
  Index index = find(symbol, channel);
  if (index == kNone) {
    index = place(wanted);
  } else if (streams_[index].state != StreamState::kGivenUp) {
    return index;
  }
  Stream& stream = streams_[index];
  hear(stream, RecvTime(), 0);
  stream.absent_since.reset();
  stream.behind_since_ns.reset();
  stream.last_id = stream.behind_id = 0;
  stream.asked = 0;
  const std::lock_guard lock(mutex_);
  stream.state = wanted.refusal.empty() ? StreamState::kWaiting : StreamState::kRefused;
  stream.since = now;
  stream.last_error = wanted.refusal;
  return index;
}

Streams::Index Streams::place(const WantedStream& wanted) {
  Index index = size();
  {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) {
      streams_.emplace_back(wanted);
    } else {
      index = free_.back();
      free_.pop_back();
      std::destroy_at(&streams_[index]);
      std::construct_at(&streams_[index], wanted);
    }
  }
  enter(index);
  const std::string_view trades = facts_.stream_channel("trades");
  const bool has_heartbeat = !facts_.heartbeat_channel.empty();
  Stream& stream = streams_[index];
  stream.is_heartbeat = has_heartbeat && wanted.wire.channel == facts_.heartbeat_channel;
  stream.is_behind_told = has_heartbeat && !facts_.one_heartbeat && wanted.wire.channel == trades;
  // Whichever of the two comes first.
  const Index heartbeat = find(wanted.wire.symbol, facts_.heartbeat_channel);
  if (heartbeat != kNone) streams_[heartbeat].trades = find(wanted.wire.symbol, trades);
  return index;
}

void Streams::enter(Index index) {
  const auto& [symbol, channel] = streams_[index].wanted.wire;
  if (std::find(channels_.begin(), channels_.end(), channel) == channels_.end()) {
    channels_.push_back(channel);
  }
  index_.add(channel_index(channel), symbol, index);
}

void Streams::forget_given_up(const std::function<bool(Index)>& is_mentioned) {
  const std::size_t free_before = free_.size();
  for (Index index = 0; index < size(); ++index) {
    Stream& stream = streams_[index];
    if (stream.state != StreamState::kGivenUp || stream.is_free || is_mentioned(index)) continue;
    stream.is_free = true;
    free_.push_back(index);
  }
  if (free_.size() == free_before) return;
  // Seldom: an index never loses an entry.
  channels_.clear();
  index_ = {};
  for (Index index = 0; index < size(); ++index) {
    Stream& stream = streams_[index];
    if (stream.trades != kNone && streams_[stream.trades].is_free) stream.trades = kNone;
    if (!stream.is_free) enter(index);
  }
}

std::uint32_t Streams::channel_index(std::string_view channel) const {
  const auto at = std::find(channels_.begin(), channels_.end(), channel);
  return static_cast<std::uint32_t>(at - channels_.begin());
}

Streams::Index Streams::find(std::string_view symbol, std::string_view channel) const {
  const std::uint32_t channel_at = channel_index(channel);
  return channel_at == channels_.size() ? kNone : index_.find(channel_at, symbol);
}

bool Streams::any_wanted() const {
  return std::any_of(streams_.begin(), streams_.end(), [](const Stream& stream) {
    return !stream.is_heartbeat && is_wanted(stream.state);
  });
}

void Streams::on_frame(const venue::FrameMeaning& meaning, RecvTime ts_recv, std::int64_t now_ns) {
  frames_.add();
  last_frame_.store(ts_recv.unix_ns(), std::memory_order_relaxed);
  if (is_answer(meaning.kind)) return;
  on_frame(meaning.symbol, meaning, ts_recv, now_ns);
  for (const std::string_view symbol : meaning.more_symbols) {
    on_frame(symbol, meaning, ts_recv, now_ns);
  }
}

void Streams::on_frame(std::string_view symbol, const venue::FrameMeaning& meaning,
                       RecvTime ts_recv, std::int64_t now_ns) {
  const Index index = find(symbol, meaning.channel);
  if (index == kNone) return;
  Stream& stream = streams_[index];
  stream.frames.add();
  stream.last_frame.store(ts_recv.unix_ns(), std::memory_order_relaxed);
  note_pause(stream, now_ns);
  hear(stream, ts_recv, now_ns);
  if (stream.is_heartbeat) {
    if (stream.trades != kNone) on_heartbeat(streams_[stream.trades], meaning.last_id, now_ns);
  } else {
    stream.last_id = std::max(stream.last_id, meaning.last_id);
  }
  // Trades that go on and leave out the last one are behind all the same.
  if (stream.last_id >= stream.behind_id) stream.behind_since_ns.reset();
  if (stream.behind_since_ns) return;
  stream.asked = 0;
  // It may come before it is granted.
  if (stream.state == StreamState::kSubscribing || stream.state == StreamState::kSilent) {
    set_state(index, StreamState::kLive, ts_recv);
  }
}

void Streams::note_pause(Stream& stream, std::int64_t now_ns) {
  if (now_ns - stream.pauses_since_ns >= kPausesPeriodNs) {
    stream.longest_before_ns = std::exchange(stream.longest_pause_ns, 0);
    stream.pauses_since_ns = now_ns;
  }
  if (stream.heard_ns != 0) {
    stream.longest_pause_ns = std::max(stream.longest_pause_ns, now_ns - stream.heard_ns);
  }
}

void Streams::hear(Stream& stream, RecvTime now, std::int64_t now_ns) {
  stream.heard_ns = now_ns;
  stream.heard = now;
}

void Streams::note_absence(Stream& stream) {
  if (!is_wanted(stream.state) || stream.heard_ns == 0 || stream.absent_since) return;
  stream.absent_since = stream.heard;
  is_any_absent_ = true;
}

std::vector<Streams::Absence> Streams::take_absences() {
  std::vector<Absence> absences;
  if (!std::exchange(is_any_absent_, false)) return absences;
  for (Index index = 0; index < size(); ++index) {
    const auto since = std::exchange(streams_[index].absent_since, {});
    if (since) absences.push_back({index, *since});
  }
  return absences;
}

std::optional<RecvTime> Streams::away_since(Index index) const {
  const Stream& stream = streams_[index];
  if (stream.absent_since) return stream.absent_since;
  return stream.heard_ns == 0 ? std::optional(RecvTime()) : std::nullopt;
}

Duration Streams::silence_max(const Stream& stream, const SessionTimes& times) {
  if (stream.frames.value() < kFramesKnown) return times.stream_silence_max;
  const Duration longest(std::max(stream.longest_pause_ns, stream.longest_before_ns));
  return std::clamp(longest * times.pauses_missed_max, times.stream_silence_min,
                    times.stream_silence_max);
}

// Where the venue does not know, it says 0.
void Streams::on_heartbeat(Stream& trades, std::uint64_t last_id, std::int64_t now_ns) {
  if (last_id <= trades.last_id || trades.behind_since_ns || !is_asked_for(trades.state)) return;
  trades.behind_since_ns = now_ns;
  trades.behind_id = last_id;
}

void Streams::set_state(Index index, StreamState state, RecvTime now, std::string_view error) {
  Stream& stream = streams_[index];
  if (stream.state == StreamState::kGivenUp) return;
  const std::lock_guard lock(mutex_);
  if (stream.state != state) stream.since = now;
  stream.state = state;
  if (!error.empty()) stream.last_error = error;
}

void Streams::refuse_all(RecvTime now, std::string_view error) {
  for (Index index = 0; index < size(); ++index) {
    set_state(index, StreamState::kRefused, now, error);
  }
}

void Streams::grant(Index index, bool is_granted, RecvTime now, std::int64_t now_ns) {
  Stream& stream = streams_[index];
  if (stream.state != StreamState::kSubscribing) return;
  hear(stream, now, now_ns);
  if (is_granted) {
    set_state(index, StreamState::kLive, now);
  } else {
    set_state(index, StreamState::kSilent, now, "the venue does not list it as subscribed");
  }
}

void Streams::disconnect(RecvTime now) {
  for (Index index = 0; index < size(); ++index) {
    Stream& stream = streams_[index];
    note_absence(stream);
    hear(stream, RecvTime(), 0);
    stream.behind_since_ns.reset();
    stream.behind_id = 0;
    stream.asked = 0;
    if (is_wanted(stream.state)) set_state(index, StreamState::kWaiting, now);
  }
}

bool Streams::is_silent(const Stream& stream, const SessionTimes& times,
                        std::int64_t now_ns) const {
  if (!is_asked_for(stream.state)) return false;
  const auto is_over = [&](std::int64_t since_ns, Duration limit) {
    return now_ns - since_ns > limit.count() << std::min(stream.asked, kDoublingsMax);
  };
  if (stream.is_heartbeat) {
    return is_over(stream.heard_ns, facts_.heartbeat_rhythm * times.rhythms_missed_max);
  }
  // An instrument may be quiet for hours: the heartbeats tell.
  if (stream.is_behind_told) {
    return stream.behind_since_ns && is_over(*stream.behind_since_ns, times.behind_max);
  }
  return is_over(stream.heard_ns, silence_max(stream, times));
}

std::vector<Streams::Index> Streams::take_silent(const SessionTimes& times, RecvTime now,
                                                 std::int64_t now_ns) {
  std::vector<Index> silent;
  for (Index index = 0; index < size(); ++index) {
    Stream& stream = streams_[index];
    if (!is_silent(stream, times, now_ns)) continue;
    silent.push_back(index);
    note_absence(stream);
    hear(stream, now, now_ns);
    if (stream.behind_since_ns) stream.behind_since_ns = now_ns;
    ++stream.asked;
    set_state(index, StreamState::kSilent, now, "asked for anew");
    const std::lock_guard lock(mutex_);
    ++stream.resubscribed;
  }
  return silent;
}

void Streams::copy_status(SessionStatus& out) const {
  out.frames = frames_.value();
  out.last_frame = RecvTime(last_frame_.load(std::memory_order_relaxed));
  const std::lock_guard lock(mutex_);
  for (const Stream& stream : streams_) {
    if (stream.state == StreamState::kGivenUp) continue;
    StreamStatus& status = out.streams.emplace_back();
    status.symbol = stream.wanted.symbol;
    status.channel = stream.wanted.channel;
    status.state = stream.state;
    status.since = stream.since;
    status.last_frame = RecvTime(stream.last_frame.load(std::memory_order_relaxed));
    status.frames = stream.frames.value();
    status.resubscribed = stream.resubscribed;
    status.last_error = stream.last_error;
  }
}

}  // namespace tapeline::feed
