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
  std::size_t oldest = 0;
  next_due_ns_ = INT64_MAX;
  for (const auto& each : streams_) {
    for (std::size_t i = 0; i < each.second.holes.size(); ++i) {
      const Hole& hole = each.second.holes[i];
      if (!is_wanted(hole) || hole.due_ns >= next_due_ns_) continue;
      next_due_ns_ = hole.due_ns;
      stream = &each;
      oldest = i;
    }
  }
  const Span* span = nullptr;
  for (const Span& each : spans_) {
    if (each.due_ns >= next_due_ns_) continue;
    next_due_ns_ = each.due_ns;
    span = &each;
  }
  if (next_due_ns_ > now_ns) return std::nullopt;
  if (span == nullptr)
    return wish_from(stream->first, stream->second.holes, oldest, {ids_max, now_ns});
  Wish wish{.stream = span->stream,
            .wish = {.channel = span->stream.second},
            .is_final = is_final(span->since_ns, now_ns)};
  wish.wish.from_time = span->span.from;
  wish.wish.to_time = span->span.to;
  return wish;
}

// One page costs the same for one id as for many: what is due close behind comes along. A final
// one ends before the first hole that is too young for it.
WishList::Wish WishList::wish_from(const StreamKey& stream, const std::vector<Hole>& holes,
                                   std::size_t oldest, Fitting fitting) {
  const Hole& first = holes[oldest];
  Wish out{.stream = stream,
           .wish = {.channel = stream.second,
                    .first_id = first.gap.first,
                    .last_id = first.gap.last,
                    .from_time = first.gap.from_time,
                    .to_time = first.gap.to_time},
           .is_repair = first.is_repair,
           .is_final = is_final(first.since_ns, fitting.now_ns)};
  venue::HistoryWish& wish = out.wish;
  for (std::size_t i = oldest + 1; i < holes.size(); ++i) {
    const Hole& hole = holes[i];
    if (hole.gap.last - wish.first_id >= fitting.ids_max) break;
    if (out.is_final && !is_final(hole.since_ns, fitting.now_ns)) break;
    const bool is_due = is_wanted(hole) && hole.due_ns <= fitting.now_ns;
    if (!is_due || hole.is_repair != out.is_repair) continue;
    wish.last_id = hole.gap.last;
    wish.from_time = std::min(wish.from_time, hole.gap.from_time);
    wish.to_time = std::max(wish.to_time, hole.gap.to_time);
  }
  return out;
}

template <typename OnHole>
void WishList::for_each_in(const Wish& wish, OnHole on_hole) {
  const auto at = streams_.find(wish.stream);
  if (at == streams_.end() || venue::ids_of(wish.wish) == 0) return;
  for (Hole& hole : at->second.holes) {
    if (overlaps(hole.gap, wish.wish.first_id, wish.wish.last_id)) on_hole(hole);
  }
}

void WishList::done(const Wish& wish, std::int64_t now_ns) {
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

std::size_t WishList::waiting() const {
  std::size_t count = spans_.size();
  for (const auto& [key, stream] : streams_) {
    count += stream.left_out;
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
