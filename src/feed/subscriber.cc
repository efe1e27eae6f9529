// SPDX-License-Identifier: Apache-2.0
#include "feed/subscriber.h"

#include <algorithm>
#include <chrono>
#include <numeric>

namespace tapeline::feed {
namespace {

constexpr Duration kRefusedForNow = std::chrono::seconds(1);  // doubled each time
constexpr unsigned kRefusedDoublingsMax = 6;

}  // namespace

Subscriber::Subscriber(const venue::SessionFacts& facts, Streams& streams)
    : facts_(facts), streams_(streams) {}

void Subscriber::ask_for_all(RecvTime now) {
  std::vector<Streams::Index> all(streams_.size());
  std::iota(all.begin(), all.end(), Streams::Index{0});
  ask_for(all, now);
}

void Subscriber::ask_for(const std::vector<Streams::Index>& streams, RecvTime now) {
  std::vector<Streams::Index> wanted;
  for (const Streams::Index index : streams) {
    const StreamState state = streams_.state(index);
    if (state == StreamState::kRefused || state == StreamState::kGivenUp) continue;
    wanted.push_back(index);
    // Another connection may bring it still.
    if (state == StreamState::kWaiting) streams_.set_state(index, StreamState::kSubscribing, now);
  }
  add(false, wanted);
}

void Subscriber::ask_again(const std::vector<Streams::Index>& silent) {
  add(true, silent);
  add(false, silent);
}

void Subscriber::add(bool is_giving_up, std::vector<Streams::Index> streams) {
  const auto channel = [this](Streams::Index index) { return streams_.wire(index).channel; };
  if (!facts_.mixes_channels) {
    std::stable_sort(streams.begin(), streams.end(),
                     [&](Streams::Index a, Streams::Index b) { return channel(a) < channel(b); });
  }
  Request* request = nullptr;
  for (const Streams::Index index : streams) {
    const bool has_room = request != nullptr && request->streams.size() < facts_.per_request_max;
    if (!has_room || (!facts_.mixes_channels && channel(index) != channel(request->streams[0]))) {
      request = &requests_.emplace_back();
      request->is_giving_up = is_giving_up;
    }
    request->streams.push_back(index);
  }
}

std::string Subscriber::text_of(const Request& request) const {
  std::vector<venue::Subscription> subscriptions;
  for (const Streams::Index index : request.streams) subscriptions.push_back(streams_.wire(index));
  const auto make = request.is_giving_up ? facts_.unsubscribe : facts_.subscribe;
  return make(subscriptions, id_).text;
}

std::optional<std::string_view> Subscriber::next(std::int64_t now_ns) {
  if (requests_.empty() || sent_ns_ || now_ns < not_before_ns_) return std::nullopt;
  if (text_.empty()) {
    ++id_;
    text_ = text_of(requests_.front());
  }
  return text_;
}

void Subscriber::sent(RecvTime now, std::int64_t now_ns) {
  sent_ns_ = now_ns;
  not_before_ns_ = now_ns + facts_.request_every.count();
  text_.clear();
  if (facts_.acknowledges) return;
  const Request& request = requests_.front();
  if (request.is_giving_up) {
    std::erase_if(granted_, [&](Streams::Index index) {
      return std::find(request.streams.begin(), request.streams.end(), index) !=
             request.streams.end();
    });
  } else {
    granted_.insert(granted_.end(), request.streams.begin(), request.streams.end());
  }
  on_ack({.kind = venue::FrameKind::kAck}, now, now_ns);
}

bool Subscriber::is_meant(const venue::FrameMeaning& answer) const {
  return sent_ns_ && (!answer.request || *answer.request == id_);
}

bool Subscriber::is_named(const venue::FrameMeaning& answer, Streams::Index index) const {
  const venue::Subscription& wire = streams_.wire(index);
  return wire.symbol == answer.symbol && (answer.channel.empty() || wire.channel == answer.channel);
}

bool Subscriber::is_answered(const venue::FrameMeaning& answer, Streams::Index index) const {
  return !facts_.answers_each || answer.symbol.empty() || is_named(answer, index);
}

void Subscriber::on_ack(const venue::FrameMeaning& ack, RecvTime now, std::int64_t now_ns) {
  if (!is_meant(ack)) return;
  if (!requests_.front().is_giving_up) {
    for (const Streams::Index index : requests_.front().streams) {
      if (is_answered(ack, index)) answer(ack, index, now, now_ns);
    }
  }
  strike(ack);
}

void Subscriber::answer(const venue::FrameMeaning& ack, Streams::Index index, RecvTime now,
                        std::int64_t now_ns) {
  const auto has = [&](const std::vector<venue::Subscription>& list) {
    return std::find(list.begin(), list.end(), streams_.wire(index)) != list.end();
  };
  if (has(ack.refused)) return streams_.set_state(index, StreamState::kRefused, now, ack.text);
  const bool is_granted =
      !ack.lists_subscriptions || !is_known_channel(index) || has(ack.subscriptions);
  streams_.grant(index, is_granted, now, now_ns);
}

void Subscriber::strike(const venue::FrameMeaning& answer) {
  std::erase_if(requests_.front().streams,
                [&](Streams::Index index) { return is_answered(answer, index); });
  if (!requests_.front().streams.empty()) return;
  requests_.pop_front();
  sent_ns_.reset();
}

// A raw channel may be listed under another name.
bool Subscriber::is_known_channel(Streams::Index index) const {
  const std::string& channel = streams_.wire(index).channel;
  return channel == facts_.heartbeat_channel || channel == facts_.stream_channel("trades") ||
         channel == facts_.stream_channel("quotes");
}

bool Subscriber::on_refusal(const venue::FrameMeaning& refusal, RecvTime now, std::int64_t now_ns) {
  if (!facts_.acknowledges) return refuse_newest(refusal, now, now_ns);
  if (!is_meant(refusal)) return false;
  Request& request = requests_.front();
  const bool is_known = std::any_of(request.streams.begin(), request.streams.end(),
                                    [&](Streams::Index each) { return is_named(refusal, each); });
  if (facts_.answers_each && is_known && refusal.retry == Retry::kNever) {
    for (const Streams::Index index : request.streams) {
      if (!is_named(refusal, index) || request.is_giving_up) continue;
      streams_.set_state(index, StreamState::kRefused, now, refusal.text);
    }
    strike(refusal);
    return true;
  }
  sent_ns_.reset();
  if (refusal.retry == Retry::kAfterBackoff) {
    const unsigned doublings = std::min(request.refused_for_now++, kRefusedDoublingsMax);
    not_before_ns_ = std::max(not_before_ns_, now_ns + (kRefusedForNow.count() << doublings));
    return true;
  }
  const Request refused = std::move(request);
  requests_.pop_front();
  if (!refused.is_giving_up) refuse(refused, refusal, now);
  return true;
}

// It names nobody, and what was asked for since may be granted or not: but a venue that lets in no
// more than so many lets in the first of them, and says so once for each of the others.
bool Subscriber::refuse_newest(const venue::FrameMeaning& refusal, RecvTime now,
                               std::int64_t now_ns) {
  if (granted_.empty()) return false;
  const Streams::Index newest = granted_.back();
  granted_.pop_back();
  if (refusal.retry == Retry::kNever) {
    streams_.set_state(newest, StreamState::kRefused, now, refusal.text);
    return true;
  }
  streams_.set_state(newest, StreamState::kSubscribing, now, refusal.text);
  const unsigned doublings = std::min(refused_for_now_++, kRefusedDoublingsMax);
  not_before_ns_ = std::max(not_before_ns_, now_ns + (kRefusedForNow.count() << doublings));
  add(false, {newest});
  return true;
}

// The stream that is named, or the only one, is refused; the others are asked for again, in halves
// where nobody was named.
void Subscriber::refuse(const Request& request, const venue::FrameMeaning& refusal, RecvTime now) {
  Request others;
  for (const Streams::Index index : request.streams) {
    if (request.streams.size() == 1 || is_named(refusal, index)) {
      streams_.set_state(index, StreamState::kRefused, now, refusal.text);
    } else {
      others.streams.push_back(index);
    }
  }
  if (others.streams.empty()) return;
  if (others.streams.size() < request.streams.size()) {
    requests_.push_front(std::move(others));
    return;
  }
  const auto middle =
      request.streams.begin() + static_cast<std::ptrdiff_t>(request.streams.size() / 2);
  Request& second = requests_.emplace_front();
  second.streams.assign(middle, request.streams.end());
  Request& first = requests_.emplace_front();
  first.streams.assign(request.streams.begin(), middle);
}

bool Subscriber::mentions(Streams::Index index) const {
  const auto has = [&](const std::vector<Streams::Index>& streams) {
    return std::find(streams.begin(), streams.end(), index) != streams.end();
  };
  return has(granted_) || std::any_of(requests_.begin(), requests_.end(),
                                      [&](const Request& request) { return has(request.streams); });
}

Duration Subscriber::owed(std::int64_t now_ns) const {
  return sent_ns_ ? Duration(now_ns - *sent_ns_) : Duration();
}

}  // namespace tapeline::feed
