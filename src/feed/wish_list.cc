// SPDX-License-Identifier: Apache-2.0
#include "feed/wish_list.h"

#include <algorithm>

namespace tapeline::feed {
namespace {

bool overlaps(const IdGap& a, std::uint64_t first, std::uint64_t last) {
  return a.first <= last && first <= a.last;
}

bool reaches_beyond(const IdGap& gap, std::uint64_t first, std::uint64_t last) {
  return gap.first < first || gap.last > last;
}

}  // namespace

bool WishList::is_wanted(const Hole& hole) {
  if (hole.is_given_up) return false;
  return hole.is_repair || (hole.gap.state == GapState::kOpen && hole.gap.cause != GapCause::kLate);
}

bool WishList::is_final(std::int64_t since_ns, std::int64_t now_ns) {
  return now_ns - since_ns >= kHistoryLag.count();
}

// After an answer that was not final: soon, and ever more seldom until one is.
std::int64_t WishList::next_ask_ns(std::int64_t since_ns, std::int64_t now_ns) {
  const std::int64_t age = std::min(kHistoryLag.count(), kNextAge * (now_ns - since_ns));
  return std::max(now_ns + kGrace.count(), since_ns + age);
}

// A hole keeps what is known of the one that it was, or was a part of; not where it has grown.
void WishList::show(const HoleBoard::Shown& shown, std::int64_t now_ns) {
  streams_[shown.stream].left_out = shown.left_out;
  std::vector<Hole>& holes = streams_[shown.stream].holes;
  std::vector<Hole> before;
  before.swap(holes);
  std::size_t at = 0;
  for (const IdGap& gap : shown.gaps) {
    while (at < before.size() && before[at].gap.last < gap.first) ++at;
    const bool is_known = at < before.size() && overlaps(before[at].gap, gap.first, gap.last);
    Hole hole{.since_ns = now_ns, .due_ns = now_ns + kGrace.count()};
    if (is_known) {
      const Hole& was = before[at];
      const bool is_answered =
          was.answered && !reaches_beyond(gap, was.answered->first, was.answered->last);
      if (is_answered || !was.answered) hole = was;
      if (gap.first != was.gap.first || gap.last != was.gap.last) hole.cut_short = 0;
      if (reaches_beyond(gap, was.gap.first, was.gap.last)) {
        hole.since_ns = now_ns;
        hole.attempts = 0;
        hole.is_given_up = false;
      }
    }
    if (hole.answered) hole.is_repair = false;
    hole.gap = gap;
    next_due_ns_ = std::min(next_due_ns_, hole.due_ns);
    holes.push_back(hole);
  }
  if (holes.empty()) streams_.erase(shown.stream);
}

void WishList::add_span(const StreamKey& stream, TimeSpan span, std::int64_t now_ns) {
  if (spans_.size() >= kSpansMax) {
    ++spans_given_up_;
    return;
  }
  spans_.push_back({stream, span, now_ns, now_ns});
  next_due_ns_ = std::min(next_due_ns_, spans_.back().due_ns);
}

void WishList::repair(std::int64_t now_ns) {
  next_due_ns_ = now_ns;
  spans_given_up_ = 0;  // of these nobody knows any more
  for (auto& [key, stream] : streams_) {
    for (Hole& hole : stream.holes) {
      hole = {.gap = hole.gap, .since_ns = hole.since_ns, .due_ns = now_ns, .is_repair = true};
    }
  }
}

std::optional<WishList::Wish> WishList::next(std::uint64_t ids_max, std::int64_t now_ns) {
  const std::pair<const StreamKey, Stream>* stream = nullptr;
  next_due_ns_ = INT64_MAX;
  for (const auto& each : streams_) {
    std::int64_t due_ns = INT64_MAX;
    for (const Hole& hole : each.second.holes) {
      if (is_wanted(hole)) due_ns = std::min(due_ns, hole.due_ns);
    }
    next_due_ns_ = std::min(next_due_ns_, due_ns);
    if (due_ns > now_ns) continue;
    if (stream == nullptr || each.second.turns.last < stream->second.turns.last) stream = &each;
  }
  bool is_span_due = false;
  for (const Span& span : spans_) {
    next_due_ns_ = std::min(next_due_ns_, span.due_ns);
    is_span_due = is_span_due || span.due_ns <= now_ns;
  }
  if (is_span_due && (stream == nullptr || span_turns_.last < stream->second.turns.last)) {
    return wish_for_span(now_ns);
  }
  if (stream == nullptr) return std::nullopt;
  const auto& [key, its] = *stream;
  const Fitting fitting{ids_max, now_ns};
  return wish_from(key, its.holes, begin_of(its.holes, its.turns.is_for_oldest(), fitting),
                   fitting);
}

// The largest, for which a page brings the most, and of equal ones the newest. First those of which
// the answer will be final: others may have to be asked for again.
std::size_t WishList::largest_of(const std::vector<Hole>& holes, std::int64_t now_ns) {
  const auto rank_of = [now_ns](const Hole& hole) {
    return std::pair(is_final(hole.since_ns, now_ns), hole.gap.last - hole.gap.first);
  };
  std::size_t largest = holes.size();
  for (std::size_t i = holes.size(); i-- > 0;) {
    if (!is_due(holes[i], now_ns)) continue;
    if (largest == holes.size() || rank_of(holes[i]) > rank_of(holes[largest])) largest = i;
  }
  return largest;
}

std::size_t WishList::begin_of(const std::vector<Hole>& holes, bool oldest, Fitting fitting) {
  const std::int64_t now_ns = fitting.now_ns;
  std::size_t begin = holes.size();
  if (oldest) {
    for (std::size_t i = 0; i < holes.size(); ++i) {
      const bool is_first = begin == holes.size() || holes[i].due_ns < holes[begin].due_ns;
      if (is_due(holes[i], now_ns) && is_first) begin = i;
    }
    return begin;
  }
  // What is due close before it comes along, but nothing whose answer is final where this one's is
  // not: an older hole would be asked for twice, a younger one be taken for gone.
  begin = largest_of(holes, now_ns);
  const Hole& largest = holes[begin];
  for (std::size_t i = begin; i-- > 0;) {
    const Hole& hole = holes[i];
    if (largest.gap.last - hole.gap.first >= fitting.ids_max) break;
    if (is_final(hole.since_ns, now_ns) != is_final(largest.since_ns, now_ns)) break;
    if (is_due(hole, now_ns) && hole.is_repair == largest.is_repair) begin = i;
  }
  return begin;
}

WishList::Wish WishList::wish_for_span(std::int64_t now_ns) const {
  const Span* chosen = nullptr;
  for (const Span& span : spans_) {
    if (span.due_ns > now_ns) continue;
    const bool is_before = chosen == nullptr || span.due_ns < chosen->due_ns;
    if (!span_turns_.is_for_oldest() || is_before) chosen = &span;
  }
  Wish wish{.stream = chosen->stream,
            .wish = {.channel = chosen->stream.second},
            .is_final = is_final(chosen->since_ns, now_ns)};
  wish.wish.from_time = chosen->span.from;
  wish.wish.to_time = chosen->span.to;
  return wish;
}

// One page costs the same for one id as for many: what is due close behind comes along. A final
// one ends before the first hole that is too young for it.
WishList::Wish WishList::wish_from(const StreamKey& stream, const std::vector<Hole>& holes,
                                   std::size_t begin, Fitting fitting) {
  const Hole& first = holes[begin];
  Wish out{.stream = stream,
           .wish = {.channel = stream.second,
                    .first_id = first.gap.first,
                    .last_id = first.gap.last,
                    .from_time = first.gap.from_time,
                    .to_time = first.gap.to_time},
           .is_repair = first.is_repair,
           .is_final = is_final(first.since_ns, fitting.now_ns)};
  venue::HistoryWish& wish = out.wish;
  for (std::size_t i = begin + 1; i < holes.size(); ++i) {
    const Hole& hole = holes[i];
    if (hole.gap.last - wish.first_id >= fitting.ids_max) break;
    if (out.is_final && !is_final(hole.since_ns, fitting.now_ns)) break;
    if (!is_due(hole, fitting.now_ns) || hole.is_repair != out.is_repair) continue;
    wish.last_id = hole.gap.last;
    wish.from_time = std::min(wish.from_time, hole.gap.from_time);
    wish.to_time = std::max(wish.to_time, hole.gap.to_time);
  }
  return out;
}

void WishList::end_turn(const Wish& wish) {
  const auto at = streams_.find(wish.stream);
  if (venue::ids_of(wish.wish) != 0 && at == streams_.end()) return;  // nothing of it is missing
  Turns& turns = venue::ids_of(wish.wish) == 0 ? span_turns_ : at->second.turns;
  ++turns.count;
  turns.last = ++turn_;
}

template <typename OnHole>
void WishList::for_each_in(const Wish& wish, OnHole on_hole) {
  const auto at = streams_.find(wish.stream);
  if (at == streams_.end() || venue::ids_of(wish.wish) == 0) return;
  for (Hole& hole : at->second.holes) {
    if (overlaps(hole.gap, wish.wish.first_id, wish.wish.last_id)) on_hole(hole);
  }
}

bool WishList::is_other_due(const Wish& wish, std::int64_t now_ns) const {
  const bool is_of_ids = venue::ids_of(wish.wish) != 0;
  const auto is_other_hole = [&](const StreamKey& key, const Hole& hole) {
    const bool is_asked = is_of_ids && key == wish.stream &&
                          overlaps(hole.gap, wish.wish.first_id, wish.wish.last_id);
    return is_due(hole, now_ns) && !is_asked;
  };
  for (const auto& [key, stream] : streams_) {
    for (const Hole& hole : stream.holes) {
      if (is_other_hole(key, hole)) return true;
    }
  }
  return std::any_of(spans_.begin(), spans_.end(), [&](const Span& span) {
    const bool is_asked =
        !is_of_ids && span.stream == wish.stream && span.span.from == wish.wish.from_time;
    return span.due_ns <= now_ns && !is_asked;
  });
}

void WishList::cut_short(const Wish& wish, std::int64_t now_ns) {
  bool is_in_vain = false;
  for_each_in(wish, [&](Hole& hole) {
    hole.due_ns = now_ns + kGrace.count();  // until the ledger shows what it brought
    is_in_vain = is_in_vain || ++hole.cut_short >= kCutShortMax;
  });
  if (is_in_vain) return done(wish, now_ns);
  end_turn(wish);
}

void WishList::done(const Wish& wish, std::int64_t now_ns) {
  end_turn(wish);
  for_each_in(wish, [&](Hole& hole) {
    if (hole.is_repair && !wish.is_repair) return;  // the repair began while this was under way
    if (!wish.is_final) {
      hole.due_ns = next_ask_ns(hole.since_ns, now_ns);
      return;
    }
    hole.answered = IdSpan{wish.wish.first_id, wish.wish.last_id};
    hole.due_ns = now_ns + kAskAgain.count();
    if (++hole.attempts >= kAttemptsMax) hole.is_given_up = true;
  });
  if (venue::ids_of(wish.wish) != 0) return;
  const auto is_asked = [&](const Span& span) {
    return span.stream == wish.stream && span.span.from == wish.wish.from_time;
  };
  if (wish.is_final) {
    std::erase_if(spans_, is_asked);
    return;
  }
  for (Span& span : spans_) {
    if (is_asked(span)) span.due_ns = next_ask_ns(span.since_ns, now_ns);
  }
}

void WishList::failed(const Wish& wish, Duration pause, Patience patience, std::int64_t now_ns) {
  const unsigned counted = patience == Patience::kEndless   ? 0
                           : patience == Patience::kCounted ? 1
                                                            : kAttemptsMax;
  end_turn(wish);
  for_each_in(wish, [&](Hole& hole) {
    hole.due_ns = now_ns + pause.count();
    hole.attempts += counted;
    if (hole.attempts >= kAttemptsMax) hole.is_given_up = true;
  });
  if (venue::ids_of(wish.wish) != 0) return;
  for (Span& span : spans_) {
    if (span.stream != wish.stream || span.span.from != wish.wish.from_time) continue;
    span.due_ns = now_ns + pause.count();
    span.attempts += counted;
  }
  spans_given_up_ +=
      std::erase_if(spans_, [](const Span& span) { return span.attempts >= kAttemptsMax; });
}

std::size_t WishList::left_out() const {
  std::size_t count = 0;
  for (const auto& [key, stream] : streams_) count += stream.left_out;
  return count;
}

std::size_t WishList::waiting() const {
  std::size_t count = spans_.size() + left_out();
  for (const auto& [key, stream] : streams_) {
    count += static_cast<std::size_t>(std::count_if(stream.holes.begin(), stream.holes.end(),
                                                    [](const Hole& h) { return is_waiting(h); }));
  }
  return count;
}

std::size_t WishList::given_up() const {
  std::size_t count = spans_given_up_;
  for (const auto& [key, stream] : streams_) {
    count += static_cast<std::size_t>(std::count_if(stream.holes.begin(), stream.holes.end(),
                                                    [](const Hole& h) { return h.is_given_up; }));
  }
  return count;
}

bool WishList::is_repairing() const {
  return std::any_of(streams_.begin(), streams_.end(), [](const auto& pair) {
    const std::vector<Hole>& holes = pair.second.holes;
    return std::any_of(holes.begin(), holes.end(),
                       [](const Hole& h) { return h.is_repair && is_waiting(h); });
  });
}

}  // namespace tapeline::feed
