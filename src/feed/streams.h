// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "decode/symbol_index.h"
#include "feed/feed_options.h"
#include "feed/status.h"
#include "metrics/counters.h"
#include "venue/session.h"

namespace tapeline::feed {

// A stream that somebody wants, as the venue and as the configuration write it.
struct WantedStream {
  venue::Subscription wire{};
  std::string symbol{};
  std::string channel{};
  std::string refusal{};  // why it cannot be had; empty: nobody knows yet
};

// The streams of one session over all its connections: how far each is, and which are silent. The
// network's thread writes; copy_status() is for any thread, and frames take no lock.
class Streams {
 public:
  using Index = std::uint32_t;
  static constexpr Index kNone = decode::SymbolIndex::kNone;

  Streams(const venue::SessionFacts& facts, const std::vector<WantedStream>& wanted);

  // One more; one that was given up is wanted again. Gives where it is.
  Index add(const WantedStream& wanted, RecvTime now);
  // Those that were given up and of which `is_mentioned` says no are gone: their places are for
  // others, so that there are never more than were wanted at once.
  void forget_given_up(const std::function<bool(Index)>& is_mentioned);
  // Nobody wants it any more: whatever it still brings says nothing of it.
  void give_up(Index index, RecvTime now) { set_state(index, StreamState::kGivenUp, now); }

  [[nodiscard]] Index size() const { return static_cast<Index>(streams_.size()); }
  [[nodiscard]] const venue::Subscription& wire(Index index) const {
    return streams_[index].wanted.wire;
  }
  [[nodiscard]] const WantedStream& wanted(Index index) const { return streams_[index].wanted; }
  [[nodiscard]] StreamState state(Index index) const { return streams_[index].state; }
  // Of a symbol and a channel as the venue writes them.
  [[nodiscard]] Index find(std::string_view symbol, std::string_view channel) const;
  // Whether what is left, heartbeats apart, is worth a connection.
  [[nodiscard]] bool any_wanted() const;

  // A frame was handed over.
  void on_frame(const venue::FrameMeaning& meaning, RecvTime ts_recv, std::int64_t now_ns);

  void set_state(Index index, StreamState state, RecvTime now, std::string_view error = {});
  // Nobody gets anything here.
  void refuse_all(RecvTime now, std::string_view error);
  // It was asked for, and the venue answered: from here on its silence counts. What it left out of
  // its answer is silent until it speaks.
  void grant(Index index, bool is_granted, RecvTime now, std::int64_t now_ns);
  // All of them wait for the next connection, but for those that were refused.
  void disconnect(RecvTime now);
  // Those that do not bring what they should. Each is told again after twice the time.
  [[nodiscard]] std::vector<Index> take_silent(const SessionTimes& times, RecvTime now,
                                               std::int64_t now_ns);
  // Of each that was silent or lost its connection, when it was heard last; told once, for when
  // somebody listens again.
  struct Absence {
    Index index = kNone;
    RecvTime since{};
  };
  [[nodiscard]] std::vector<Absence> take_absences();
  // Since when nobody hears it, as far as is known; RecvTime(): nobody ever did.
  [[nodiscard]] std::optional<RecvTime> away_since(Index index) const;

  // All but state, endpoint and reconnects.
  void copy_status(SessionStatus& out) const;

 private:
  struct Stream {
    explicit Stream(const WantedStream& its) : wanted(its) {}
    bool is_free = false;  // and given up

    WantedStream wanted;
    bool is_heartbeat = false;
    bool is_behind_told = false;  // trades, and heartbeats tell how far they should be
    Index trades = kNone;         // of a heartbeat: whose it is
    std::uint64_t last_id = 0;
    // Monotonic: the last frame, or when it was granted or asked for anew; 0: none since then.
    std::int64_t heard_ns = 0;
    RecvTime heard{};  // likewise
    std::optional<RecvTime> absent_since{};
    std::int64_t pauses_since_ns = 0;    // of the period that is under way
    std::int64_t longest_pause_ns = 0;   // between two frames, in that period
    std::int64_t longest_before_ns = 0;  // in the one before
    std::optional<std::int64_t> behind_since_ns{};
    std::uint64_t behind_id = 0;
    unsigned asked = 0;  // anew, since it was heard

    metrics::Cell frames{};
    std::atomic<std::int64_t> last_frame{0};
    // Written under mutex_.
    StreamState state = StreamState::kWaiting;
    RecvTime since{};
    std::uint64_t resubscribed = 0;
    std::string last_error{};
  };

  Index place(const WantedStream& wanted);
  void enter(Index index);
  [[nodiscard]] std::uint32_t channel_index(std::string_view channel) const;
  void on_frame(std::string_view symbol, const venue::FrameMeaning& meaning, RecvTime ts_recv,
                std::int64_t now_ns);
  void on_heartbeat(Stream& trades, std::uint64_t last_id, std::int64_t now_ns);
  static void note_pause(Stream& stream, std::int64_t now_ns);
  static void hear(Stream& stream, RecvTime now, std::int64_t now_ns);
  void note_absence(Stream& stream);
  // For how long the stream may be quiet, where no heartbeat tells of it.
  [[nodiscard]] static Duration silence_max(const Stream& stream, const SessionTimes& times);
  [[nodiscard]] bool is_silent(const Stream& stream, const SessionTimes& times,
                               std::int64_t now_ns) const;

  const venue::SessionFacts& facts_;
  std::deque<Stream> streams_;  // which stay where they are
  std::vector<std::string> channels_;
  decode::SymbolIndex index_;  // by the channel's index and the symbol
  std::vector<Index> free_;    // places
  bool is_any_absent_ = false;
  metrics::Cell frames_;
  std::atomic<std::int64_t> last_frame_{0};
  mutable std::mutex mutex_;
};

}  // namespace tapeline::feed
