// SPDX-License-Identifier: Apache-2.0
#include "feed/subscriber.h"

#include <algorithm>
#include <chrono>

namespace tapeline::feed {
namespace {

constexpr Duration kRefusedForNow = std::chrono::seconds(1);  // doubled each time
constexpr unsigned kRefusedDoublingsMax = 6;

}  // namespace

Subscriber::Subscriber(const venue::SessionFacts& facts, Streams& streams)
    : facts_(facts), streams_(streams) {}

void Subscriber::ask_for_all(RecvTime now) {
  std::vector<Streams::Index> wanted;
  for (Streams::Index index = 0; index < streams_.size(); ++index) {
    const StreamState state = streams_.state(index);
    if (state == StreamState::kRefused) continue;
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

void Subscriber::add(bool is_giving_up, const std::vector<Streams::Index>& streams) {
  for (std::size_t at = 0; at < streams.size(); at += facts_.per_request_max) {
    const std::size_t end = std::min(streams.size(), at + facts_.per_request_max);
    Request& request = requests_.emplace_back();
    request.is_giving_up = is_giving_up;
    request.streams.assign(streams.begin() + static_cast<std::ptrdiff_t>(at),
                           streams.begin() + static_cast<std::ptrdiff_t>(end));
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

void Subscriber::sent(std::int64_t now_ns) {
  sent_ns_ = now_ns;
  not_before_ns_ = now_ns + facts_.request_every.count();
  text_.clear();
}

bool Subscriber::is_meant(const venue::FrameMeaning& answer) const {
  return sent_ns_ && (!answer.request || *answer.request == id_);
}

void Subscriber::on_ack(const venue::FrameMeaning& ack, RecvTime now, std::int64_t now_ns) {
  if (!is_meant(ack)) return;
  const Request request = std::move(requests_.front());
  requests_.pop_front();
  sent_ns_.reset();
  if (request.is_giving_up) return;
  auto listed = ack.subscriptions;
  std::sort(listed.begin(), listed.end());
  for (const Streams::Index index : request.streams) {
    const bool is_granted = !ack.lists_subscriptions || !is_known_channel(index) ||
                            std::binary_search(listed.begin(), listed.end(), streams_.wire(index));
    streams_.grant(index, is_granted, now, now_ns);
  }
}

// A raw channel may be listed under another name.
bool Subscriber::is_known_channel(Streams::Index index) const {
  const std::string& channel = streams_.wire(index).channel;
  return channel == facts_.heartbeat_channel || channel == facts_.stream_channel("trades") ||
         channel == facts_.stream_channel("quotes");
}

bool Subscriber::on_refusal(const venue::FrameMeaning& refusal, RecvTime now, std::int64_t now_ns) {
  if (!is_meant(refusal)) return false;
  sent_ns_.reset();
  Request& request = requests_.front();
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

// The stream that is named, or the only one, is refused; the others are asked for again, in halves
// where nobody was named.
void Subscriber::refuse(const Request& request, const venue::FrameMeaning& refusal, RecvTime now) {
  const auto is_named = [&](Streams::Index index) {
    return request.streams.size() == 1 || streams_.wire(index).symbol == refusal.symbol;
  };
  Request others;
  for (const Streams::Index index : request.streams) {
    if (is_named(index)) {
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

Duration Subscriber::owed(std::int64_t now_ns) const {
  return sent_ns_ ? Duration(now_ns - *sent_ns_) : Duration();
}

}  // namespace tapeline::feed
