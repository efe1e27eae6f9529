// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.h"
#include "sim/dialect/frame.h"
#include "sim/fault/fault_plan.h"
#include "sim/id_ranges.h"

namespace tapeline::sim {

// What became of frames with data. Always:
//   produced + repeated == sent + lost + silenced + discarded + what still waits
struct FrameCounts {
  std::uint64_t produced = 0;
  std::uint64_t sent = 0;       // handed to the socket; the malformed ones too
  std::uint64_t lost = 0;       // not sent
  std::uint64_t repeated = 0;   // copies that were added
  std::uint64_t silenced = 0;   // by the half-open connection, or the silent channel
  std::uint64_t discarded = 0;  // still waiting when the connection ended, or beyond its bound
  // Which of the frames sent were not as they should be.
  std::uint64_t reordered = 0;  // behind one that was said later
  std::uint64_t malformed = 0;
  std::uint64_t delayed = 0;
  std::uint64_t stalls = 0;           // how often the connection fell slow
  std::uint64_t silent_channels = 0;  // how often one of its streams fell silent
  std::uint64_t control = 0;          // acknowledgements, errors and pings; not in the sum

  void add(const FrameCounts& other);
};

// An instrument, and a stream of it.
using InstrumentStream = std::pair<std::uint32_t, Stream>;
// Of each some ids.
using StreamIds = std::map<InstrumentStream, IdRanges>;

// The frames of one connection on their way to its socket, and the faults that they meet there.
// A function of the frames' own times: how often it is asked changes nothing. Bounded: beyond
// kFramesMax it is overrun, and takes no more - a venue cuts who reads too slowly.
class Outbox {
 public:
  static constexpr std::size_t kFramesMax = 200'000;
  // How long a silent connection stays before the venue notices that nobody can be there.
  static constexpr Duration kSilentMax = std::chrono::minutes(10);
  // How long a frame waits for the one that it changes places with.
  static constexpr Duration kReorderWaitMax = std::chrono::seconds(1);

  // `shown` notes what was sent as it should be; it is shared by all connections and outlives them.
  Outbox(FaultPlan plan, StreamIds& shown) : plan_(std::move(plan)), shown_(&shown) {}

  void push(Frame frame);
  // The next frame that is due by `now`. After the connection's end, a kCut, once.
  bool take(EventTime now, Frame& out);
  // The connection has ended: what waits will not be sent.
  void discard();

  void change_faults(const FaultSpec& spec, EventTime now);
  // The silent channel is not subscribed to any more.
  void rouse(EventTime now);
  // Ends the connection at `now`, whatever the faults say.
  void cut(EventTime now) { cut_at_ = now; }

  // Before it take() has nothing new; kEventTimeMax: not before a push.
  [[nodiscard]] EventTime next_at() const;
  [[nodiscard]] std::size_t waiting() const;
  [[nodiscard]] bool is_overrun() const { return is_overrun_; }
  // Whether the connection has to end by `now`.
  [[nodiscard]] bool is_cut(EventTime now) const { return now >= ends_at(); }
  [[nodiscard]] bool is_silent(EventTime now) const { return now >= plan_.silent_at(); }
  // Whether what was said before has left too: it waits for the end of a stall.
  [[nodiscard]] bool has_fallen_silent(EventTime now) const {
    return is_silent(now) && now >= stalled_until_;
  }
  [[nodiscard]] const std::optional<InstrumentStream>& silent_channel() const {
    return silent_channel_;
  }
  [[nodiscard]] const FrameCounts& counts() const { return counts_; }
  // The ids that this connection should have shown and did not.
  [[nodiscard]] const StreamIds& lost() const { return lost_; }

 private:
  struct Waiting {
    EventTime due;
    std::uint64_t ordinal = 0;
    Frame frame;
    bool is_delayed = false;  // else it may be late, but no later than the others may
    // Makes the heap's front the one that is due first.
    friend bool operator<(const Waiting& a, const Waiting& b) {
      return std::pair(b.due, b.ordinal) < std::pair(a.due, a.ordinal);
    }
  };

  [[nodiscard]] bool is_of_silent_channel(const Frame& frame);
  void meet_fate(Frame frame);
  enum class Times : std::uint8_t { kOnce, kTwice };
  void place(Frame frame, Times times = Times::kOnce);
  void hold(Frame frame, EventTime due, bool is_delayed);
  void release(EventTime until);
  void note_lost(const Frame& frame);
  [[nodiscard]] EventTime ends_at() const;

  FaultPlan plan_;
  StreamIds* shown_;
  StreamIds lost_;
  FrameCounts counts_;
  std::deque<Frame> ready_;
  std::vector<Waiting> waiting_;  // a heap
  std::optional<Frame> swapped_;  // waits for the one behind it
  std::optional<InstrumentStream> silent_channel_;
  std::uint64_t released_ = 0;  // the greatest ordinal, of those that are not delayed
  EventTime last_at_ = kEventTimeMin;
  EventTime stalled_until_ = kEventTimeMin;
  EventTime cut_at_ = kEventTimeMax;
  std::uint64_t next_ordinal_ = 0;
  bool is_overrun_ = false;
  bool has_ended_ = false;
};

const char* name_of(Stream stream);

}  // namespace tapeline::sim
