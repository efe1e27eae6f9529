// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/time.h"
#include "feed/hole_board.h"
#include "venue/history.h"

namespace tapeline::feed {

// What one feed's back-fill has to ask for, and when. Streams take turns. Of a stream two turns go
// to the largest hole that is due, for which a page brings the most, and each third to what has
// waited longest, so that nothing waits for ever. Decides, and does nothing itself; times are
// monotonic.
class WishList {
 public:
  // Disorder closes most holes by itself.
  static constexpr Duration kGrace = std::chrono::seconds(1);
  // By so much a history may be behind the stream: of a hole that is known for less, an answer
  // does not say what the venue no longer has, and it is asked for again.
  static constexpr Duration kHistoryLag = std::chrono::seconds(10);
  // Such an answer came when the hole was as old as it was; the next comes at this many times that.
  static constexpr int kNextAge = 4;
  // The last answer came whole, and the ledger does not show what it brought.
  static constexpr Duration kAskAgain = std::chrono::seconds(30);
  // Of those that count; then somebody has to ask for a repair.
  static constexpr unsigned kAttemptsMax = 12;
  static constexpr std::size_t kSpansMax = 1000;  // of time that wait, of all streams
  static constexpr unsigned kTurnsForOldest = 3;  // one of so many
  // Turns of a hole, one after the other, that ended before the history did and changed nothing of
  // it: then it counts as answered.
  static constexpr unsigned kCutShortMax = 100;

  // A stretch to ask for: ids of one stream, the wish without its symbol.
  struct Wish {
    StreamKey stream{};
    venue::HistoryWish wish{};
    bool is_repair = false;
    bool is_final = false;  // as in decode::HistoryQuestion
  };

  // Everything that the ledger of a stream misses now.
  void show(const HoleBoard::Shown& shown, std::int64_t now_ns);
  // Of a stream whose ids do not count without holes: nobody listened meanwhile.
  void add_span(const StreamKey& stream, TimeSpan span, std::int64_t now_ns);
  // All that is missing is due at once, late and unrecoverable ids too.
  void repair(std::int64_t now_ns);

  // What is to be asked for next, with whatever else is due and fits into `ids_max` ids beside it.
  // The turn is over with one of the calls below.
  [[nodiscard]] std::optional<Wish> next(std::uint64_t ids_max, std::int64_t now_ns);
  // Before it next() has nothing, unless something changes: to be asked often.
  [[nodiscard]] std::int64_t next_due_ns() const { return next_due_ns_; }
  // How long a failure is tried again: a venue that is away may come back at any time.
  enum class Patience : std::uint8_t { kEndless, kCounted, kNone };
  // What next() gave was answered whole, or is tried again after `pause`; without patience not
  // before a repair.
  void done(const Wish& wish, std::int64_t now_ns);
  void failed(const Wish& wish, Duration pause, Patience patience, std::int64_t now_ns);
  // Whether anything else is due, which this does not ask for.
  [[nodiscard]] bool is_other_due(const Wish& wish, std::int64_t now_ns) const;
  // There is more of it, but it is the turn of others. Of ids: a span of time does not become less.
  void cut_short(const Wish& wish, std::int64_t now_ns);

  // Holes that are still to be asked for, whether the board has room to show them or not.
  [[nodiscard]] std::size_t waiting() const;
  // Those of them that the board has no room for.
  [[nodiscard]] std::size_t left_out() const;
  [[nodiscard]] std::size_t given_up() const;
  [[nodiscard]] bool is_repairing() const;

 private:
  struct Hole {
    IdGap gap{};
    std::int64_t since_ns = 0;  // no id of it is known to be missing for longer
    std::int64_t due_ns = 0;
    unsigned attempts = 0;
    unsigned cut_short = 0;
    std::optional<IdSpan> answered{};  // which ids a final answer told everything of
    bool is_given_up = false;
    bool is_repair = false;
  };
  // Who had how many turns, and the last of them when.
  struct Turns {
    std::uint64_t count = 0;
    std::uint64_t last = 0;

    [[nodiscard]] bool is_for_oldest() const { return (count + 1) % kTurnsForOldest == 0; }
  };
  struct Stream {
    std::vector<Hole> holes{};
    std::size_t left_out = 0;  // of the board's
    Turns turns{};
  };
  struct Span {
    StreamKey stream{};
    TimeSpan span{};
    std::int64_t since_ns = 0;
    std::int64_t due_ns = 0;
    unsigned attempts = 0;
  };

  // What may come along in a wish.
  struct Fitting {
    std::uint64_t ids_max = 0;
    std::int64_t now_ns = 0;
  };

  static bool is_wanted(const Hole& hole);
  static bool is_waiting(const Hole& hole) { return is_wanted(hole) && !hole.answered; }
  static bool is_final(std::int64_t since_ns, std::int64_t now_ns);
  static std::int64_t next_ask_ns(std::int64_t since_ns, std::int64_t now_ns);
  static bool is_due(const Hole& hole, std::int64_t now_ns) {
    return is_wanted(hole) && hole.due_ns <= now_ns;
  }
  static std::size_t largest_of(const std::vector<Hole>& holes, std::int64_t now_ns);
  // Of what is due where the wish begins.
  static std::size_t begin_of(const std::vector<Hole>& holes, bool oldest, Fitting fitting);
  static Wish wish_from(const StreamKey& stream, const std::vector<Hole>& holes, std::size_t begin,
                        Fitting fitting);
  [[nodiscard]] Wish wish_for_span(std::int64_t now_ns) const;
  void end_turn(const Wish& wish);
  template <typename OnHole>
  void for_each_in(const Wish& wish, OnHole on_hole);

  std::map<StreamKey, Stream> streams_;
  std::vector<Span> spans_;  // of time, in the order in which they came; together like a stream
  Turns span_turns_;
  std::uint64_t turn_ = 0;
  std::size_t spans_given_up_ = 0;        // had no room, or were refused too often
  std::int64_t next_due_ns_ = INT64_MAX;  // not later than that of any that is wanted
};

}  // namespace tapeline::feed
