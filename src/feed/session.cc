// SPDX-License-Identifier: Apache-2.0
#include "feed/session.h"

#include <algorithm>
#include <utility>

namespace tapeline::feed {
namespace {

bool is_planned(CloseReason reason) {
  return reason == CloseReason::kReplaced || reason == CloseReason::kDiskFull ||
         reason == CloseReason::kNothingWanted || reason == CloseReason::kStopped;
}

}  // namespace

Session::Session(SessionOptions options, const Surroundings& around)
    : options_(std::move(options)),
      around_(around),
      streams_(options_.venue->session, options_.streams),
      backoff_(options_.times.backoff),
      since_(around.clock.wall()) {}

std::size_t Session::do_work(std::int64_t now_ns) {
  std::size_t done = bury_links(now_ns);
  if (!around_.outlet.is_open()) close_all(CloseReason::kDiskFull);
  if (links_.empty() ? may_connect(now_ns) : needs_successor(now_ns) && may_connect(now_ns)) {
    connect(now_ns);
    ++done;
  }
  for (const auto& link : links_) link->do_work(now_ns);
  if (!links_.empty()) look_after(*links_.back(), now_ns);
  set_status(judge_state());
  return done;
}

std::size_t Session::bury_links(std::int64_t now_ns) {
  std::size_t buried = 0;
  for (const auto& link : links_) {
    if (!link->is_closed()) continue;
    on_lost(*link, now_ns);
    ++buried;
  }
  std::erase_if(links_, [](const auto& link) { return link->is_closed(); });
  if (buried > 0 && links_.empty()) streams_.disconnect(around_.clock.wall());
  return buried;
}

void Session::on_lost(Link& link, std::int64_t now_ns) {
  if (const std::string complaint = link.take_complaint(); !complaint.empty()) {
    set_error(complaint);
  }
  // After a frame of data, not after a connection: a venue that accepts and then hangs up would be
  // called without a pause.
  if (link.has_data()) backoff_.reset();
  if (is_planned(link.reason())) return;
  const bool is_final = link.why().retry == Retry::kNever;
  is_refused_ = is_refused_ || (link.reason() == CloseReason::kNotOpened && is_final);
  const bool is_token_wrong = is_refused_ && !options_.venue->session.token_parameter.empty();
  set_error(link.why().text + (is_token_wrong ? " (the feed's token)" : ""));
  next_try_ns_ = now_ns + backoff_.next(around_.random()).count();
}

bool Session::may_connect(std::int64_t now_ns) const {
  return !is_stopping_ && !is_refused_ && streams_.any_wanted() && now_ns >= next_try_ns_ &&
         around_.outlet.is_clear() && around_.outlet.is_open() && around_.doorway.is_open(now_ns);
}

bool Session::needs_successor(std::int64_t now_ns) const {
  if (links_.size() != 1) return false;
  const Link& link = *links_.back();
  const Duration lifetime = options_.venue->session.lifetime_max;
  const bool is_old = lifetime > Duration() && link.is_open() &&
                      link.age(now_ns) > lifetime - options_.times.replace_before;
  const bool is_leaving = link.is_leaving() && link.age(now_ns) > kTooYoung;
  return is_leaving || is_old;
}

void Session::connect(std::int64_t now_ns) {
  // A successor that fails, or has to be replaced too, is not followed at once by another.
  if (!links_.empty()) next_try_ns_ = now_ns + backoff_.next(around_.random()).count();
  around_.doorway.pass(now_ns);
  links_.push_back(std::make_unique<Link>(options_, streams_, around_));
  const std::lock_guard lock(status_mutex_);
  ++connects_;
}

// Once the newest was granted everything, nothing is lost without the one before.
void Session::look_after(Link& newest, std::int64_t now_ns) {
  if (newest.has_data()) backoff_.reset();
  if (const std::string complaint = newest.take_complaint(); !complaint.empty()) {
    set_error(complaint);
  }
  if (newest.is_settled()) {
    if (!streams_.any_wanted()) close_all(CloseReason::kNothingWanted);
    for (const auto& link : links_) {
      if (link.get() != &newest) link->close(CloseReason::kReplaced);
    }
  }
  if (!newest.is_settled() || now_ns - looked_ns_ < kLookForSilence.count()) return;
  // What waits for the recorder was not read yet: who can tell whether it is silent.
  if (newest.is_deferred()) return;
  looked_ns_ = now_ns;
  const auto silent = streams_.take_silent(options_.times, around_.clock.wall(), now_ns);
  if (silent.empty()) return;
  newest.ask_again(silent);
  around_.probe.streams_resubscribed.add(silent.size());
}

std::vector<Session::Absence> Session::take_absences() {
  std::vector<Absence> absences;
  if (links_.empty() || !links_.back()->is_settled()) return absences;
  const EventTime now(around_.clock.wall().unix_ns());
  for (const auto& [index, since] : streams_.take_absences()) {
    const EventTime from = std::min(EventTime(since.unix_ns()), now);  // clocks are set back
    absences.push_back({&streams_.wanted(index), {from, now}});
  }
  return absences;
}

std::optional<EventTime> Session::away_since(const WantedStream& stream) const {
  const Streams::Index index = streams_.find(stream.wire.symbol, stream.wire.channel);
  if (index == Streams::kNone) return kEventTimeMin;
  const auto since = streams_.away_since(index);
  if (!since) return std::nullopt;
  return *since == RecvTime() ? kEventTimeMin : EventTime(since->unix_ns());
}

void Session::add(const std::vector<WantedStream>& streams) {
  const RecvTime now = around_.clock.wall();
  streams_.forget_given_up([this](Streams::Index index) {
    return std::any_of(links_.begin(), links_.end(),
                       [&](const auto& link) { return link->mentions(index); });
  });
  std::vector<Streams::Index> added;
  for (const WantedStream& stream : streams) added.push_back(streams_.add(stream, now));
  // While one takes over, both ask.
  for (const auto& link : links_) link->ask_for(added);
}

void Session::remove(const std::vector<WantedStream>& streams) {
  const RecvTime now = around_.clock.wall();
  std::vector<Streams::Index> removed;
  for (const WantedStream& stream : streams) {
    const Streams::Index index = streams_.find(stream.wire.symbol, stream.wire.channel);
    if (index == Streams::kNone) continue;
    const StreamState state = streams_.state(index);
    if (state != StreamState::kRefused && state != StreamState::kWaiting) removed.push_back(index);
    streams_.give_up(index, now);
  }
  for (const auto& link : links_) link->give_up(removed);
}

void Session::stop() {
  is_stopping_ = true;
  close_all(CloseReason::kStopped);
}

void Session::close_all(CloseReason reason) {
  for (const auto& link : links_) link->close(reason);
}

SessionState Session::judge_state() const {
  if (is_stopping_ && links_.empty()) return SessionState::kStopped;
  if (is_refused_ || !streams_.any_wanted()) return SessionState::kRefused;
  if (!around_.outlet.is_open()) return SessionState::kDiskFull;
  if (links_.empty()) return SessionState::kWaiting;
  const auto is_settled = [](const auto& link) { return link->is_settled(); };
  const auto is_open = [](const auto& link) { return link->is_open(); };
  if (std::any_of(links_.begin(), links_.end(), is_settled)) return SessionState::kLive;
  return std::any_of(links_.begin(), links_.end(), is_open) ? SessionState::kSubscribing
                                                            : SessionState::kConnecting;
}

void Session::set_status(SessionState state) {
  if (state == state_) return;  // read on the thread that writes it
  const std::lock_guard lock(status_mutex_);
  // However often it has tried: what counts is how long it has not been live.
  if (!is_trying(state) || !is_trying(state_)) since_ = around_.clock.wall();
  state_ = state;
  was_live_ = was_live_ || state == SessionState::kLive;
}

void Session::set_error(std::string_view text) {
  const std::lock_guard lock(status_mutex_);
  last_error_ = text;
}

SessionStatus Session::status() const {
  SessionStatus out;
  out.venue = options_.venue->name;
  out.endpoint = public_url(options_.endpoint);
  out.line = options_.line;
  streams_.copy_status(out);
  const std::lock_guard lock(status_mutex_);
  out.state = state_;
  out.since = since_;
  out.reconnects = connects_ > 0 ? connects_ - 1 : 0;
  out.was_live = was_live_;
  out.last_error = last_error_;
  return out;
}

}  // namespace tapeline::feed
