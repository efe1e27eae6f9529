// SPDX-License-Identifier: Apache-2.0
#include "model/id_spans.h"

#include <algorithm>

namespace tapeline {

bool IdSpans::add(IdSpan ids) {
  // The first that ends behind, or right before, what is new.
  const auto reaches = [&](const IdSpan& span) { return span.last >= ids.first - 1; };
  auto at =
      spans_.partition_point([&](const IdSpan& span) { return ids.first > 0 && !reaches(span); });
  if (at != spans_.end() && spans_.at(at).first <= ids.first && spans_.at(at).last >= ids.last) {
    return false;
  }
  while (at != spans_.end() && (ids.last == UINT64_MAX || spans_.at(at).first <= ids.last + 1)) {
    ids = {std::min(ids.first, spans_.at(at).first), std::max(ids.last, spans_.at(at).last)};
    spans_.erase(at);
    at = spans_.lower_bound(ids.first);
  }
  spans_.insert(ids);
  return true;
}

std::optional<IdSpan> IdSpans::first_in(IdSpan within) const {
  const auto at =
      spans_.partition_point([&](const IdSpan& span) { return span.last < within.first; });
  if (at == spans_.end() || spans_.at(at).first > within.last) return std::nullopt;
  const IdSpan& span = spans_.at(at);
  return IdSpan{std::max(span.first, within.first), std::min(span.last, within.last)};
}

std::vector<IdSpan> IdSpans::all() const {
  std::vector<IdSpan> out;
  out.reserve(size());
  for (auto at = spans_.begin(); at != spans_.end(); at = spans_.next(at)) {
    out.push_back(spans_.at(at));
  }
  return out;
}

void IdSpans::save(ByteWriter& out) const {
  out.number(spans_.size());
  for (auto at = spans_.begin(); at != spans_.end(); at = spans_.next(at)) {
    out.numbers(spans_.at(at).first, spans_.at(at).last);
  }
}

void IdSpans::load(ByteReader& in, std::size_t spans_max) {
  for (std::size_t left = in.count(spans_max); left > 0 && !in.failed(); --left) {
    const auto first = in.number<std::uint64_t>();
    const auto last = in.number<std::uint64_t>();
    in.require(first <= last, "a span of ids ends before it begins");
    in.require(spans_.empty() || (first > spans_.back().last && first - spans_.back().last > 1),
               "two spans of ids touch");
    if (!in.failed()) spans_.insert({first, last});
  }
}

}  // namespace tapeline
