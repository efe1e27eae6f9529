// SPDX-License-Identifier: Apache-2.0
#include "sim/exchange.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "sim/pages.h"

namespace tapeline::sim {
namespace {

constexpr Duration kSecond = std::chrono::seconds(1);
// What the generators of different parts are named, so that none shares another's numbers.
constexpr std::uint64_t kRestFaults = 1ULL << 40;
constexpr std::uint64_t kConnectionFaults = 1ULL << 41;
constexpr std::uint64_t kListFaults = 1ULL << 42;

EventTime whole_second_after(EventTime time) {
  const std::int64_t second = kSecond.count();
  return EventTime((time.unix_ns() / second + 1) * second);
}

Result<void> check_bounds(const ExchangeOptions& options) {
  if (find_dialect(options.venue) == nullptr) {
    return fail(Fault::kCaller,
                fmt::format("\"{}\" is no venue that can be simulated (allowed: {})", options.venue,
                            fmt::join(dialect_names(), ", ")));
  }
  if (options.instruments < 1 || options.instruments > kInstrumentsMax) {
    return fail(Fault::kCaller, fmt::format("{} instruments (allowed: 1 to {})",
                                            options.instruments, kInstrumentsMax));
  }
  if (options.trades_per_second < 1 || options.trades_per_second > MarketOptions::kRateMax) {
    return fail(Fault::kCaller, fmt::format("{} trades a second (allowed: 1 to {})",
                                            options.trades_per_second, MarketOptions::kRateMax));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Exchange>> Exchange::make(const ExchangeOptions& options, EventTime now) {
  if (const auto checked = check_bounds(options); !checked) {
    return tl::make_unexpected(checked.error());
  }
  std::unique_ptr<Exchange> exchange(new Exchange(options, *find_dialect(options.venue), now));
  exchange->advance(now);
  return exchange;
}

Exchange::Exchange(const ExchangeOptions& options, const DialectRow& dialect, EventTime now)
    : options_(options),
      opened_(now + options.faults.skew),
      now_(opened_ - options.history),
      next_second_(whole_second_after(now_)),
      market_({.seed = options.seed,
               .instruments = make_instruments(options.instruments, dialect.dollar),
               .trades_per_second = options.trades_per_second,
               .time_step = dialect.time_step,
               .start = now_}),
      truth_(market_.instruments(), options.truth_trades_max, dialect.conditions),
      dialect_(dialect.make(truth_)),
      rest_faults_(Random::of(options.seed, kRestFaults)),
      list_faults_(Random::of(options.seed, kListFaults)),
      faults_since_(opened_) {
  enforce_faults();
}

void Exchange::enforce_faults() {
  turns_away_until_ =
      options_.faults.accept_then_close ? faults_since_ + kTurnedAwayFor : kEventTimeMin;
  const Duration every = options_.faults.relist_every;
  next_relist_ = every == Duration() ? kEventTimeMax : faults_since_ + every;
}

// Something else than it said before.
void Exchange::relist_if_due(EventTime second) {
  if (second < next_relist_) return;
  next_relist_ = second + options_.faults.relist_every;
  const auto& instruments = truth_.instruments();
  const std::size_t index = list_faults_.below(instruments.size());
  const auto now = static_cast<std::uint64_t>(instruments[index].listed);
  truth_.list(index, static_cast<ListedAs>((now + 1 + list_faults_.below(2)) % kListedAs));
}

std::optional<ExchangeConnection> Exchange::connect(std::string_view target, EventTime now) {
  advance(now);
  if (connections_.size() >= kConnectionsMax) return std::nullopt;
  auto feed = dialect_->open_feed(target, now_);
  if (feed == nullptr) return std::nullopt;
  const ExchangeConnection id = next_connection_++;
  const std::uint64_t seed = Random::of(options_.seed, kConnectionFaults + id).next();
  connections_.emplace(
      id,
      Connection{.target = std::string(target),
                 .opened = now_,
                 .feed = std::move(feed),
                 .outbox = Outbox(FaultPlan(options_.faults, seed, now_, faults_since_), shown_)});
  if (now_ < turns_away_until_) turn_away(id);
  return id;
}

// Lets him in and shows him the door.
void Exchange::turn_away(ExchangeConnection connection) {
  Connection& there = connections_.at(connection);
  there.is_turned_away = true;
  ++turned_away_;
  frames_.push_back({.kind = FrameKind::kClose, .at = now_, .text = "try again later"});
  pass_on(there);
}

void Exchange::disconnect(ExchangeConnection connection, EventTime now) {
  advance(now);
  const auto at = connections_.find(connection);
  if (at == connections_.end()) return;
  at->second.outbox.discard();
  end(at, "client");
}

void Exchange::receive(ExchangeConnection connection, std::string_view text, EventTime now) {
  advance(now);
  const auto at = connections_.find(connection);
  if (at == connections_.end()) return;
  Connection& there = at->second;
  there.feed->on_message(text, now_, frames_);
  const auto silent = there.outbox.silent_channel();
  if (silent && !there.feed->has(silent->first, silent->second)) there.outbox.rouse(now_);
  pass_on(there);
}

void Exchange::advance(EventTime now) {
  now = now + options_.faults.skew;
  if (now <= now_) return;
  for (; next_second_ <= now; next_second_ = next_second_ + kSecond) {
    advance_market(next_second_ - Duration(1));
    for (auto& [id, connection] : connections_) {
      connection.feed->on_second(next_second_, frames_);
      pass_on(connection);
    }
    relist_if_due(next_second_);
  }
  advance_market(now);
  now_ = now;
}

void Exchange::advance_market(EventTime until) {
  market_.advance(until, fills_);
  for (const Fill& fill : fills_) {
    truth_.add(fill);
    for (auto& [id, connection] : connections_) {
      connection.feed->on_fill(fill, frames_);
      pass_on(connection);
    }
  }
  fills_.clear();
}

void Exchange::pass_on(Connection& connection) {
  for (Frame& frame : frames_) connection.outbox.push(std::move(frame));
  frames_.clear();
  if (connection.outbox.is_overrun()) connection.outbox.cut(now_);
}

bool Exchange::take(ExchangeConnection connection, Frame& out) {
  const auto at = connections_.find(connection);
  if (at == connections_.end() || !at->second.outbox.take(now_, out)) return false;
  if (out.kind == FrameKind::kClose) {
    at->second.outbox.discard();
    end(at, at->second.is_turned_away ? "turned_away" : "venue");
  } else if (out.kind == FrameKind::kCut) {
    end_by_cut(at);
  }
  return true;
}

bool Exchange::end_if_due(ExchangeConnection connection) {
  const auto at = connections_.find(connection);
  if (at == connections_.end() || !at->second.outbox.is_cut(now_)) return false;
  at->second.outbox.discard();
  end_by_cut(at);
  return true;
}

bool Exchange::is_silent(ExchangeConnection connection) const {
  const auto at = connections_.find(connection);
  return at != connections_.end() && at->second.outbox.has_fallen_silent(now_);
}

EventTime Exchange::next_at() const {
  EventTime next = std::min(next_second_, market_.next_at());
  for (const auto& [id, connection] : connections_) {
    next = std::min(next, connection.outbox.next_at());
  }
  const bool is_known = next != kEventTimeMin && next != kEventTimeMax;
  return is_known ? next - options_.faults.skew : next;
}

void Exchange::change_faults(const FaultSpec& faults, EventTime now) {
  advance(now);
  options_.faults = faults;
  faults_since_ = now_;
  enforce_faults();
  for (auto& [id, connection] : connections_) connection.outbox.change_faults(faults, now_);
}

void Exchange::drop_all(EventTime now) {
  for (const auto& [id, connection] : connections_) drop(id, now);
}

void Exchange::drop(ExchangeConnection connection, EventTime now) {
  advance(now);
  const auto at = connections_.find(connection);
  if (at == connections_.end()) return;
  at->second.is_asked_to_end = true;
  at->second.outbox.cut(now_);
}

void Exchange::end(std::map<ExchangeConnection, Connection>::iterator at, std::string_view why) {
  if (options_.faults.accept_then_close && !at->second.is_turned_away) {
    turns_away_until_ = now_ + kTurnedAwayFor;
  }
  ConnectionReport& ended = ended_.emplace_back(report(at->first, at->second));
  ended.closed = now_;
  ended.end = why;
  connections_.erase(at);
  if (ended_.size() > kEndedConnectionsMax) {
    ended_.pop_front();
    ++connections_forgotten_;
  }
}

void Exchange::end_by_cut(std::map<ExchangeConnection, Connection>::iterator at) {
  const bool is_overrun = at->second.outbox.is_overrun();
  end(at, is_overrun ? "too_slow" : at->second.is_asked_to_end ? "asked" : "fault");
}

ConnectionReport Exchange::report(ExchangeConnection id, const Connection& connection) const {
  return {.id = id,
          .target = connection.target,
          .opened = connection.opened,
          .is_silent = connection.outbox.is_silent(now_),
          .counts = connection.outbox.counts(),
          .lost = connection.outbox.lost()};
}

std::vector<ConnectionReport> Exchange::connections() const {
  std::vector<ConnectionReport> reports(ended_.begin(), ended_.end());
  for (const auto& [id, connection] : connections_) reports.push_back(report(id, connection));
  return reports;
}

Answer Exchange::answer(const Request& request, EventTime now) {
  advance(now);
  if (auto page = answer_page(request, *this)) return std::move(*page);
  return answer_by_venue(request);
}

bool Exchange::is_one_too_many() {
  if (now_ - kSecond >= requests_since_) {
    requests_since_ = now_;
    requests_ = 0;
  }
  return ++requests_ > kRequestsMax;
}

// What a client must live with: too many requests, a broken server, and a page for people.
Answer Exchange::answer_by_venue(const Request& request) {
  const FaultSpec& faults = options_.faults;
  const Answer too_many{.status = 429,
                        .headers = {{"Retry-After", "1"}},
                        .body = R"({"message":"Too many requests"})"};
  const Answer broken{.status = 503, .body = R"({"message":"Service unavailable"})"};
  const Answer page{.body = "<html><body>One moment, please</body></html>"};
  std::uint64_t drawn = rest_faults_.below(Chance::kWhole);
  ++rest_refused_;
  const auto falls_on = [&drawn](Chance chance) {
    if (drawn < chance.billionths) return true;
    drawn -= chance.billionths;
    return false;
  };
  if (faults.rate_limit && is_one_too_many()) return too_many;
  if (falls_on(faults.rest)) return rest_faults_.percent(50) ? too_many : broken;
  if (falls_on(faults.rest_429)) return too_many;
  if (falls_on(faults.rest_500)) return broken;
  if (falls_on(faults.rest_html)) return page;
  --rest_refused_;
  ++rest_answered_;
  const PartialHistory shown(truth_, {.newest = faults.history, .until = now_ - faults.rest_lag});
  return dialect_->answer(request, now_);
}

}  // namespace tapeline::sim
