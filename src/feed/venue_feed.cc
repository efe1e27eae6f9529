// SPDX-License-Identifier: Apache-2.0
#include "feed/venue_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "decode/instrument_list.h"
#include "model/instrument.h"

namespace tapeline::feed {
namespace {

constexpr int kHttpOk = 200;
constexpr std::size_t kListBytesMax = std::size_t{64} << 20;

bool is_pattern(std::string_view symbol) { return symbol.find('*') != std::string_view::npos; }

}  // namespace

VenueFeed::VenueFeed(FeedOptions options, const venue::Venue& venue, const SessionTimes& times,
                     const HoleBoard& holes, const Surroundings& around)
    : options_(std::move(options)),
      venue_(venue),
      times_(times),
      around_(around),
      backoff_(times.backoff) {
  const std::string rest = options_.rest.empty() ? std::string(venue.session.rest) : options_.rest;
  list_url_ = rest + std::string(venue.session.instruments);
  if (venue.session.instruments.empty()) list_ = List::kKnown;
  if (options_.candles_every != Duration() && venue.candles != nullptr) {
    candles_ = std::make_unique<Candles>(CandlesOptions{.venue = &venue,
                                                        .rest = rest,
                                                        .trust = options_.trust,
                                                        .every = options_.candles_every,
                                                        .history = options_.candles_history},
                                         around);
  }
  if (!options_.backfill || venue.history == nullptr) return;
  backfill_ = std::make_unique<Backfill>(
      BackfillOptions{.venue = &venue,
                      .rest = rest,
                      .trust = options_.trust,
                      .holes = &holes,
                      .symbol_of = [this](std::string_view name) { return symbol_of(name); }},
      around);
}

std::size_t VenueFeed::do_work(std::int64_t now_ns) {
  std::size_t done = 0;
  const bool may_fetch = around_.outlet.is_clear() && around_.outlet.is_open() && !is_stopping_;
  if (list_ == List::kWanted && now_ns >= next_fetch_ns_ && may_fetch) {
    fetch_list();
    ++done;
  }
  if (list_ == List::kFailed || list_ == List::kKnown) {
    if (!is_stopping_) start_sessions();
    const bool is_pattern_left =
        list_ == List::kFailed &&
        std::any_of(options_.symbols.begin(), options_.symbols.end(), is_pattern);
    if (is_pattern_left) next_fetch_ns_ = now_ns + backoff_.next(around_.random()).count();
    list_ = is_pattern_left ? List::kWanted : List::kDone;
  }
  for (const auto& session : sessions_) done += session->do_work(now_ns);
  if (candles_ != nullptr && !is_stopping_) done += candles_->do_work(now_ns);
  return done + run_backfill(now_ns);
}

std::size_t VenueFeed::run_backfill(std::int64_t now_ns) {
  if (backfill_ == nullptr || (is_stopping_ && is_settled_)) return 0;
  ask_for_absences();
  const std::size_t done = backfill_->do_work(now_ns);
  if (is_stopping_) is_settled_ = now_ns > settle_until_ns_ || misses_nothing();
  return done;
}

// What came last has to be processed before anybody knows what it lacks.
bool VenueFeed::misses_nothing() {
  if (!are_sessions_stopped()) return false;
  if (!silent_since_) silent_since_ = around_.clock.wall();
  return backfill_->is_done_until(*silent_since_);
}

bool VenueFeed::are_sessions_stopped() const {
  return std::all_of(sessions_.begin(), sessions_.end(),
                     [](const auto& session) { return session->is_stopped(); });
}

std::optional<std::string> VenueFeed::symbol_of(std::string_view instrument) const {
  const std::size_t colon = instrument.find(':');
  if (colon == std::string_view::npos || instrument.substr(0, colon) != venue_.name) return {};
  const std::string symbol(instrument.substr(colon + 1));
  if (!std::binary_search(started_.begin(), started_.end(), symbol)) return {};
  const auto listed = listed_.find(symbol);
  return listed != listed_.end() ? listed->second : venue_.session.venue_symbol(symbol);
}

void VenueFeed::ask_for_absences() {
  for (const auto& session : sessions_) {
    const auto absence = session->take_absence();
    if (!absence || venue_.contiguous_ids) continue;
    for (const std::string& symbol : session->symbols_of("trades")) {
      backfill_->add_span({fmt::format("{}:{}", venue_.name, symbol), Channel::kTrades}, *absence);
    }
  }
}

void VenueFeed::record(journal::RecordType type, RecvTime ts_recv, std::string_view bytes) {
  journal::Record record;
  record.type = type;
  record.connection = list_connection_;
  record.ts_recv = ts_recv;
  record.bytes = bytes;
  around_.outlet.add(record);
}

void VenueFeed::fetch_list() {
  list_ = List::kFetching;
  list_connection_ = around_.outlet.take_connection();
  record(journal::RecordType::kRequest, around_.clock.wall(),
         fmt::format("method: GET\nurl: {}\n", public_url(list_url_)));
  net::HttpRequest request;
  request.url = list_url_;
  request.trust = options_.trust;
  request.body_bytes_max = kListBytesMax;
  around_.network.fetch(std::move(request),
                        [this, alive = std::weak_ptr<bool>(is_alive_)](const auto& answer) {
                          if (!alive.expired()) on_list(answer);
                        });
}

void VenueFeed::on_list(const Result<net::HttpResponse>& answer) {
  around_.probe.answers_received.add();
  const auto taken = take_list(answer);
  record_answer(answer, taken);
  list_ = taken ? List::kKnown : List::kFailed;
  const std::lock_guard lock(mutex_);
  instruments_ = taken.value_or(instruments_);
  last_error_ = taken ? std::string() : taken.error().text;
}

Result<std::size_t> VenueFeed::take_list(const Result<net::HttpResponse>& answer) {
  if (!answer) return tl::make_unexpected(answer.error());
  if (answer->status != kHttpOk) {
    return fail(Fault::kTheirs,
                fmt::format("{}: answered with status {}", public_url(list_url_), answer->status));
  }
  auto pairs = venue_.parse_instruments(answer->body);
  if (!pairs) return tl::make_unexpected(pairs.error().within(public_url(list_url_)));
  for (auto& [symbol, canonical] : *pairs) listed_.emplace(std::move(canonical), std::move(symbol));
  return listed_.size();
}

// The list itself is a record that decode reads; any other answer stays with its status.
void VenueFeed::record_answer(const Result<net::HttpResponse>& answer,
                              const Result<std::size_t>& taken) {
  const RecvTime ts_recv = answer ? answer->ts_recv : around_.clock.wall();
  std::string text = answer ? fmt::format("status: {}\n", answer->status)
                            : fmt::format("error: {}\n", answer.error().text);
  if (!taken && answer) text += "\n" + answer->body;
  std::string list;
  if (taken) list = decode::encode_instrument_list({venue_.name, answer->body});
  if (std::max(text.size(), list.size()) > around_.outlet.record_bytes_max()) {
    around_.probe.answers_unrecorded.add();
    return;
  }
  record(journal::RecordType::kAnswer, ts_recv, text);
  if (taken) record(journal::RecordType::kInstruments, ts_recv, list);
}

std::vector<std::string> VenueFeed::symbols_to_start() {
  std::vector<std::string> symbols;
  for (const std::string& wanted : options_.symbols) {
    if (!is_pattern(wanted)) {
      symbols.push_back(wanted);
      continue;
    }
    for (const auto& [canonical, symbol] : listed_) {
      if (matches_pattern(wanted, canonical)) symbols.push_back(canonical);
    }
  }
  std::sort(symbols.begin(), symbols.end());
  symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
  std::erase_if(symbols, [this](const std::string& symbol) {
    return std::binary_search(started_.begin(), started_.end(), symbol);
  });
  if (symbols.size() + started_.size() > FeedsOptions::kSymbolsMax) {
    symbols.resize(FeedsOptions::kSymbolsMax - started_.size());
    const std::lock_guard lock(mutex_);
    last_error_ = fmt::format("the patterns match more than {} symbols: only the first are taken",
                              FeedsOptions::kSymbolsMax);
  }
  return symbols;
}

void VenueFeed::add_streams(const std::string& symbol, std::vector<WantedStream>& streams) const {
  const venue::SessionFacts& facts = venue_.session;
  const auto listed = listed_.find(symbol);
  const bool is_listed = listed != listed_.end();
  WantedStream stream;
  stream.wire.symbol = facts.stream_symbol(is_listed ? listed->second : facts.venue_symbol(symbol));
  stream.symbol = symbol;
  if (!is_listed && !listed_.empty() && facts.lists_everything) {
    stream.refusal = fmt::format("{} is not in the instrument list of {}", symbol, venue_.name);
  }
  for (const std::string& channel : options_.channels) {
    stream.wire.channel = facts.stream_channel(channel);
    stream.channel = channel;
    streams.push_back(stream);
  }
  if (facts.heartbeat_channel.empty() || facts.one_heartbeat) return;
  stream.wire.channel = stream.channel = facts.heartbeat_channel;
  streams.push_back(stream);
}

void VenueFeed::start_sessions() {
  const std::vector<std::string> symbols = symbols_to_start();
  std::vector<WantedStream> streams;
  for (const std::string& symbol : symbols) {
    if (streams.size() + options_.channels.size() + 1 > venue_.session.subscriptions_max) {
      add_sessions(std::exchange(streams, {}));
    }
    add_streams(symbol, streams);
  }
  if (!streams.empty()) add_sessions(streams);
  started_.insert(started_.end(), symbols.begin(), symbols.end());
  std::sort(started_.begin(), started_.end());
  if (backfill_ != nullptr) backfill_->look_again();
  if (candles_ != nullptr) tell_candles();
}

void VenueFeed::tell_candles() {
  std::vector<std::string> symbols;
  for (const std::string& started : started_) {
    if (auto symbol = symbol_of(fmt::format("{}:{}", venue_.name, started))) {
      symbols.push_back(std::move(*symbol));
    }
  }
  candles_->set_symbols(symbols);
}

void VenueFeed::add_sessions(std::vector<WantedStream> streams) {
  const venue::SessionFacts& facts = venue_.session;
  if (facts.one_heartbeat) {
    const std::string channel(facts.heartbeat_channel);
    streams.push_back({.wire = {"", channel}, .channel = channel});
  }
  const std::string endpoint = venue::endpoint_with_token(
      facts, options_.endpoint.empty() ? facts.endpoint : options_.endpoint,
      options_.token.reveal());
  for (unsigned line = 0; line < options_.lines; ++line) {
    auto session = std::make_unique<Session>(SessionOptions{.venue = &venue_,
                                                            .endpoint = endpoint,
                                                            .trust = options_.trust,
                                                            .line = line,
                                                            .streams = streams,
                                                            .times = times_},
                                             around_);
    const std::lock_guard lock(mutex_);
    sessions_.push_back(std::move(session));
  }
}

void VenueFeed::stop(Duration settle) {
  is_stopping_ = true;
  settle_until_ns_ = around_.clock.monotonic_ns() + settle.count();
  is_settled_ = backfill_ == nullptr || settle == Duration();
  for (const auto& session : sessions_) session->stop();
}

bool VenueFeed::is_stopped() const { return is_stopping_ && is_settled_ && are_sessions_stopped(); }

FeedStatus VenueFeed::status() const {
  FeedStatus out;
  out.venue = venue_.name;
  const std::lock_guard lock(mutex_);
  out.instruments = instruments_;
  out.last_error = last_error_;
  if (backfill_ != nullptr) out.backfill = backfill_->status();
  for (const auto& session : sessions_) out.sessions.push_back(session->status());
  return out;
}

}  // namespace tapeline::feed
