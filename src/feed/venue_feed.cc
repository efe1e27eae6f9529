// SPDX-License-Identifier: Apache-2.0
#include "feed/venue_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "decode/instrument_list.h"
#include "model/instrument.h"
#include "venue/unlisted.h"

namespace tapeline::feed {
namespace {

constexpr int kHttpOk = 200;
// What the venue sent last was on its way for a while, and its clock is not ours.
constexpr Duration kArrivalMargin = std::chrono::seconds(5);
constexpr Duration kLookAtCold = std::chrono::milliseconds(50);
constexpr std::size_t kListBytesMax = std::size_t{64} << 20;

}  // namespace

VenueFeed::VenueFeed(FeedOptions options, const venue::Venue& venue, const SessionTimes& times,
                     const HoleBoard& holes, const Surroundings& around)
    : options_(std::move(options)),
      venue_(venue),
      times_(times),
      network_(around.network, options_.token),
      around_{network_, around.outlet, around.clock, around.random, around.probe, around.doorway},
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
                                         around_);
  }
  if (!options_.backfill || venue.history == nullptr) return;
  backfill_ = std::make_unique<Backfill>(
      BackfillOptions{.venue = &venue,
                      .rest = rest,
                      .trust = options_.trust,
                      .holes = &holes,
                      .symbol_of = [this](std::string_view name) { return symbol_of(name); }},
      around_);
}

std::size_t VenueFeed::do_work(std::int64_t now_ns) {
  std::size_t done = 0;
  const bool may_fetch = around_.outlet.is_clear() && around_.outlet.is_open() && !is_stopping_;
  if (list_ == List::kDone && now_ns >= next_refresh_ns_) {
    list_ = List::kWanted;
    is_refresh_ = true;
  }
  if (list_ == List::kWanted && now_ns >= next_fetch_ns_ && may_fetch) {
    fetch_list(now_ns);
    ++done;
  }
  if ((list_ == List::kFailed || list_ == List::kKnown) && (is_stopping_ || bring_into_line())) {
    const bool is_pattern_left = list_ == List::kFailed && has_pattern() && !is_refresh_;
    if (is_pattern_left) next_fetch_ns_ = now_ns + backoff_.next(around_.random()).count();
    if (list_ == List::kFailed) {
      next_refresh_ns_ = std::min(next_refresh_ns_, now_ns + pause_after_failed_list().count());
    }
    list_ = is_pattern_left ? List::kWanted : List::kDone;
    note_untraded();
  }
  for (const Lines& lines : lines_) {
    for (const auto& session : lines.sessions) done += session->do_work(now_ns);
  }
  bury_lines();
  if (candles_ != nullptr && !is_stopping_) done += candles_->do_work(now_ns);
  return done + run_backfill(now_ns);
}

std::size_t VenueFeed::run_backfill(std::int64_t now_ns) {
  if (backfill_ == nullptr || (is_stopping_ && is_settled_)) return 0;
  ask_for_absences();
  if (!cold_.empty() && !is_stopping_) begin_warm(now_ns);
  const std::size_t done = backfill_->do_work(now_ns);
  if (is_stopping_) is_settled_ = now_ns > settle_until_ns_ || misses_nothing();
  return done;
}

void VenueFeed::begin_warm(std::int64_t now_ns) {
  if (now_ns < next_look_at_cold_ns_) return;
  next_look_at_cold_ns_ = now_ns + kLookAtCold.count();
  const EventTime now(around_.clock.wall().unix_ns());
  const TimeSpan span{now - options_.trades_history, now + kArrivalMargin};
  for (auto symbol = cold_.begin(); symbol != cold_.end();) {
    if (!is_listened_to(*symbol)) {
      ++symbol;
      continue;
    }
    backfill_->begin_with({fmt::format("{}:{}", venue_.name, *symbol), Channel::kTrades}, span);
    symbol = cold_.erase(symbol);
  }
}

bool VenueFeed::is_listened_to(const std::string& symbol) const {
  for (const Lines& lines : lines_) {
    for (const WantedStream& stream : lines.streams) {
      if (stream.symbol != symbol || stream.channel != "trades") continue;
      return std::any_of(lines.sessions.begin(), lines.sessions.end(),
                         [&](const auto& each) { return !each->away_since(stream); });
    }
  }
  return false;
}

// What came last has to be processed before anybody knows what it lacks.
bool VenueFeed::misses_nothing() {
  if (!are_sessions_stopped()) return false;
  if (!silent_since_) silent_since_ = around_.clock.wall();
  return backfill_->is_done_until(*silent_since_);
}

bool VenueFeed::are_sessions_stopped() const {
  return std::all_of(lines_.begin(), lines_.end(),
                     [](const Lines& lines) { return lines.are_stopped(); });
}

bool VenueFeed::Lines::are_stopped() const {
  return std::all_of(sessions.begin(), sessions.end(),
                     [](const auto& session) { return session->is_stopped(); });
}

void VenueFeed::Lines::stop() {
  for (const auto& session : sessions) session->stop();
}

std::optional<std::string> VenueFeed::symbol_of(std::string_view instrument) const {
  const std::size_t colon = instrument.find(':');
  if (colon == std::string_view::npos || instrument.substr(0, colon) != venue_.name) return {};
  const std::string symbol(instrument.substr(colon + 1));
  if (known_.count(symbol) == 0) return {};
  const auto listed = listed_.find(symbol);
  return listed != listed_.end() ? listed->second.symbol : venue_.session.venue_symbol(symbol);
}

void VenueFeed::ask_for_absences() {
  if (venue_.contiguous_ids) return;
  for (Lines& lines : lines_) {
    for (std::size_t line = 0; line < lines.sessions.size(); ++line) ask_for_absences(lines, line);
  }
}

void VenueFeed::ask_for_absences(Lines& lines, std::size_t line) {
  for (const auto& [stream, absence] : lines.sessions[line]->take_absences()) {
    if (stream->channel != "trades") continue;
    std::vector<std::optional<EventTime>> away_since;
    for (const auto& each : lines.sessions) away_since.push_back(each->away_since(*stream));
    Absences& absences =
        lines.absences.try_emplace(stream->symbol, lines.sessions.size()).first->second;
    for (const TimeSpan& span : absences.add(line, absence, away_since)) {
      backfill_->add_span({fmt::format("{}:{}", venue_.name, stream->symbol), Channel::kTrades},
                          {span.from - kArrivalMargin, span.to + kArrivalMargin});
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

void VenueFeed::fetch_list(std::int64_t now_ns) {
  list_ = List::kFetching;
  last_fetch_ns_ = now_ns;
  const std::int64_t every_ns = options_.list_every.count();
  next_refresh_ns_ = every_ns > 0 ? now_ns + every_ns : INT64_MAX;
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
  lists_failed_ = taken ? 0 : lists_failed_ + 1;
  if (!taken) around_.probe.lists_refused.add();
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
  const auto list = venue_.parse_instruments(answer->body);
  if (!list) return tl::make_unexpected(list.error().within(public_url(list_url_)));
  take_rows(*list);
  return list->rows.size();
}

// What has vanished keeps its name: it may be back on the next list. Whether to believe that much
// of a list is gone is decode's to judge; here nothing is given up because of it.
void VenueFeed::take_rows(const venue::InstrumentList& list) {
  is_list_whole_ = list.is_whole;
  if (list.is_whole) {
    for (auto& [canonical, listed] : listed_) listed.status = ListingStatus::kVanished;
  }
  for (const auto& [listing, is_unreadable] : list.rows) {
    Listed& listed = listed_.try_emplace(listing.canonical, Listed{listing.symbol}).first->second;
    listed.status = listing.status;
  }
}

// Without any list nobody knows which symbols are wrong; so many clients do not come in step.
Duration VenueFeed::pause_after_failed_list() {
  if (!listed_.empty()) return kListRetry;
  Duration span = kFirstListRetry;
  for (unsigned i = 1; i < lists_failed_ && span < kListRetry; ++i) span *= 3;
  span = std::min(span, kListRetry);
  return span + Duration(static_cast<std::int64_t>(around_.random() >> 1U) % (span.count() / 4));
}

void VenueFeed::note_untraded() {
  std::set<std::string> words;
  for (const Lines& lines : lines_) {
    for (const WantedStream& stream : lines.streams) {
      const auto listed = listed_.find(stream.symbol);
      if (listed == listed_.end()) continue;
      const ListingStatus status = listed->second.status;
      if (status == ListingStatus::kTrading || status == ListingStatus::kUnknown) continue;
      words.insert(fmt::format("{} {}", stream.symbol, name_of(status)));
    }
  }
  const std::lock_guard lock(mutex_);
  untraded_.assign(words.begin(), words.end());
}

void VenueFeed::refresh_list() {
  const std::int64_t now_ns = around_.clock.monotonic_ns();
  const std::int64_t soon_ns = last_fetch_ns_ ? *last_fetch_ns_ + kListPause.count() : now_ns;
  if (!venue_.session.instruments.empty()) {
    next_refresh_ns_ = std::min(next_refresh_ns_, std::max(now_ns, soon_ns));
  }
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

void VenueFeed::change(std::vector<std::string> symbols, std::vector<std::string> channels) {
  options_.symbols = std::move(symbols);
  options_.channels = std::move(channels);
  refresh_list();
  if (list_ == List::kFetching) return;  // it goes by them when the list is here
  // What the venue has listed since may be among what is wanted.
  const bool is_all_listed =
      std::all_of(options_.symbols.begin(), options_.symbols.end(),
                  [this](const std::string& symbol) { return listed_.contains(symbol); });
  const bool wants_list = !is_all_listed && !venue_.session.instruments.empty();
  list_ = wants_list ? List::kWanted : List::kKnown;
  is_refresh_ = false;
  next_fetch_ns_ = INT64_MIN;
}

bool VenueFeed::has_pattern() const {
  return std::any_of(options_.symbols.begin(), options_.symbols.end(), is_pattern);
}

std::vector<std::string> VenueFeed::wanted_symbols() {
  std::vector<std::string> symbols;
  for (const std::string& wanted : options_.symbols) {
    if (!is_pattern(wanted)) {
      symbols.push_back(wanted);
      continue;
    }
    for (const auto& [canonical, listed] : listed_) {
      if (matches_pattern(wanted, canonical)) symbols.push_back(canonical);
    }
  }
  std::sort(symbols.begin(), symbols.end());
  symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
  if (symbols.size() > FeedsOptions::kSymbolsMax) {
    symbols.resize(FeedsOptions::kSymbolsMax);
    const std::lock_guard lock(mutex_);
    last_error_ = fmt::format("the patterns match more than {} symbols: only the first are taken",
                              FeedsOptions::kSymbolsMax);
  }
  return symbols;
}

bool VenueFeed::bring_into_line() {
  const std::vector<std::string> wanted = wanted_symbols();
  advised_ = 0;
  give_up_unwanted(wanted);
  refuse_unlisted();
  const bool is_any_leaving = std::any_of(lines_.begin(), lines_.end(),
                                          [](const Lines& lines) { return lines.is_leaving; });
  if (is_alone() && is_any_leaving) return false;
  for (const bool is_record_only : {false, true}) ask_for_missing(wanted, is_record_only);
  if (backfill_ != nullptr && options_.trades_history != Duration()) {
    std::set_difference(wanted.begin(), wanted.end(), known_.begin(), known_.end(),
                        std::inserter(cold_, cold_.end()));
  }
  known_.insert(wanted.begin(), wanted.end());
  if (backfill_ != nullptr) backfill_->look_again();
  if (candles_ != nullptr) tell_candles(wanted);
  return true;
}

void VenueFeed::tell_candles(const std::vector<std::string>& wanted) {
  std::vector<std::string> symbols;
  for (const std::string& symbol : wanted) {
    if (auto venues = symbol_of(fmt::format("{}:{}", venue_.name, symbol))) {
      symbols.push_back(std::move(*venues));
    }
  }
  candles_->set_symbols(symbols);
}

// A heartbeat goes with the last stream that it tells of.
void VenueFeed::give_up_unwanted(const std::vector<std::string>& wanted) {
  const std::string_view heartbeat = venue_.session.heartbeat_channel;
  for (Lines& lines : lines_) {
    const std::vector<std::string> channels = channels_of(lines.is_record_only);
    const auto is_wanted = [&](const WantedStream& stream) {
      if (stream.wire.channel == heartbeat && venue_.session.one_heartbeat) return true;
      return std::binary_search(wanted.begin(), wanted.end(), stream.symbol) &&
             std::find(channels.begin(), channels.end(), stream.channel) != channels.end();
    };
    const auto unwanted =
        std::stable_partition(lines.streams.begin(), lines.streams.end(), is_wanted);
    const std::vector<WantedStream> removed(unwanted, lines.streams.end());
    lines.streams.erase(unwanted, lines.streams.end());
    for (const WantedStream& stream : removed) lines.absences.erase(stream.symbol);
    if (removed.empty()) continue;
    lines.is_leaving =
        std::all_of(lines.streams.begin(), lines.streams.end(),
                    [&](const WantedStream& stream) { return stream.wire.channel == heartbeat; });
    if (lines.is_leaving) {
      lines.stop();
    } else {
      for (const auto& session : lines.sessions) session->remove(removed);
    }
  }
}

// Some venues acknowledge whatever is asked for. What was listed once is the venue's to end, and
// what brings anything is there, whatever a list says.
void VenueFeed::refuse_unlisted() {
  for (Lines& lines : lines_) {
    std::map<std::string, std::vector<WantedStream>> unlisted;
    for (const WantedStream& stream : lines.streams) {
      if (stream.symbol.empty() || !stream.refusal.empty() || !is_unlisted(stream.symbol)) continue;
      unlisted[stream.symbol].push_back(stream);
    }
    if (unlisted.empty()) continue;
    for (const auto& session : lines.sessions) {
      for (const StreamStatus& stream : session->status().streams) {
        if (stream.frames > 0) unlisted.erase(stream.symbol);
      }
    }
    for (auto& [symbol, streams] : unlisted) {
      const std::string refusal = refusal_of(symbol);
      for (const auto& session : lines.sessions) session->remove(streams);
      for (WantedStream& stream : streams) stream.refusal = refusal;
      for (const auto& session : lines.sessions) session->add(streams);
      for (WantedStream& stream : lines.streams) {
        if (stream.symbol == symbol) stream.refusal = refusal;
      }
    }
  }
}

bool VenueFeed::is_for_later(std::string_view channel) const {
  return venue_.has_ids && channel.starts_with("raw:");
}

std::vector<std::string> VenueFeed::channels_of(bool is_record_only) const {
  std::vector<std::string> channels;
  for (const std::string& channel : options_.channels) {
    if (is_for_later(channel) == is_record_only) channels.push_back(channel);
  }
  const venue::SessionFacts& facts = venue_.session;
  const bool has_heartbeats = !facts.heartbeat_channel.empty() && !facts.one_heartbeat;
  if (has_heartbeats && !channels.empty()) channels.emplace_back(facts.heartbeat_channel);
  return channels;
}

bool VenueFeed::is_unlisted(const std::string& symbol) const {
  return venue_.session.lists_everything && is_list_whole_ && !listed_.contains(symbol);
}

std::string VenueFeed::refusal_of(const std::string& symbol) {
  std::vector<std::string_view> names;
  if (advised_ < kAdvisedMax) {
    ++advised_;
    for (const auto& [canonical, listed] : listed_) {
      if (listed.status != ListingStatus::kVanished) names.push_back(canonical);
    }
  }
  return fmt::format("{} is not in the instrument list of {}: {}", symbol, venue_.name,
                     venue::advice_on_unlisted(symbol, names));
}

std::vector<WantedStream> VenueFeed::streams_of(const std::string& symbol,
                                                const std::vector<std::string>& channels,
                                                const std::set<SymbolAndChannel>& asked_for) {
  const venue::SessionFacts& facts = venue_.session;
  const auto listed = listed_.find(symbol);
  const bool is_listed = listed != listed_.end();
  WantedStream stream;
  stream.wire.symbol =
      facts.stream_symbol(is_listed ? listed->second.symbol : facts.venue_symbol(symbol));
  stream.symbol = symbol;
  std::vector<WantedStream> streams;
  for (const std::string& channel : channels) {
    if (asked_for.count({symbol, channel}) > 0) continue;
    if (streams.empty() && is_unlisted(symbol)) stream.refusal = refusal_of(symbol);
    const std::string_view wire = facts.stream_channel(channel);
    stream.wire.channel = channel == facts.heartbeat_channel ? channel : std::string(wire);
    stream.channel = channel;
    streams.push_back(stream);
  }
  return streams;
}

void VenueFeed::ask_for_missing(const std::vector<std::string>& wanted, bool is_record_only) {
  const std::vector<std::string> channels = channels_of(is_record_only);
  std::set<SymbolAndChannel> asked_for;
  for (const Lines& lines : lines_) {
    if (lines.is_record_only != is_record_only) continue;
    for (const WantedStream& stream : lines.streams) {
      asked_for.emplace(stream.symbol, stream.channel);
    }
  }
  Lines* lines = nullptr;
  std::vector<WantedStream> added;  // to these; null: to new ones
  const auto flush = [&] {
    if (added.empty()) return;
    if (lines == nullptr) return add_sessions(std::exchange(added, {}), is_record_only);
    for (const auto& session : lines->sessions) session->add(added);
    lines->streams.insert(lines->streams.end(), added.begin(), added.end());
    added.clear();
  };
  for (const std::string& symbol : wanted) {
    const std::vector<WantedStream> streams = streams_of(symbol, channels, asked_for);
    if (streams.empty()) continue;
    const std::size_t held = added.size() + (lines != nullptr ? lines->streams.size() : 0);
    if (added.empty() || held + streams.size() > venue_.session.subscriptions_max) {
      flush();
      lines = lines_with_room(streams.size(), is_record_only);
    }
    added.insert(added.end(), streams.begin(), streams.end());
  }
  flush();
}

VenueFeed::Lines* VenueFeed::lines_with_room(std::size_t streams, bool is_record_only) {
  for (Lines& lines : lines_) {
    const bool is_fit = !lines.is_leaving && lines.is_record_only == is_record_only;
    if (is_fit && lines.streams.size() + streams <= venue_.session.subscriptions_max) {
      return &lines;
    }
  }
  return nullptr;
}

void VenueFeed::add_sessions(std::vector<WantedStream> streams, bool is_record_only) {
  const venue::SessionFacts& facts = venue_.session;
  if (facts.one_heartbeat) {
    const std::string channel(facts.heartbeat_channel);
    streams.push_back({.wire = {"", channel}, .channel = channel});
  }
  const std::string endpoint = venue::endpoint_with_token(
      facts, options_.endpoint.empty() ? facts.endpoint : options_.endpoint,
      options_.token.reveal());
  Lines lines{.is_record_only = is_record_only, .streams = std::move(streams)};
  for (unsigned line = 0; line < options_.lines; ++line) {
    lines.sessions.push_back(
        std::make_unique<Session>(SessionOptions{.venue = &venue_,
                                                 .endpoint = endpoint,
                                                 .trust = options_.trust,
                                                 .line = line,
                                                 .is_record_only = is_record_only,
                                                 .streams = lines.streams,
                                                 .times = times_},
                                  around_));
  }
  const std::lock_guard lock(mutex_);
  lines_.push_back(std::move(lines));
}

void VenueFeed::bury_lines() {
  const auto is_gone = [](const Lines& lines) { return lines.is_leaving && lines.are_stopped(); };
  if (std::none_of(lines_.begin(), lines_.end(), is_gone)) return;
  const std::lock_guard lock(mutex_);
  lines_.erase(std::remove_if(lines_.begin(), lines_.end(), is_gone), lines_.end());
}

void VenueFeed::stop(Duration settle) {
  is_stopping_ = true;
  settle_until_ns_ = around_.clock.monotonic_ns() + settle.count();
  is_settled_ = backfill_ == nullptr || settle == Duration();
  for (Lines& lines : lines_) lines.stop();
}

bool VenueFeed::is_stopped() const { return is_stopping_ && is_settled_ && are_sessions_stopped(); }

FeedStatus VenueFeed::status() const {
  FeedStatus out;
  out.venue = venue_.name;
  const std::lock_guard lock(mutex_);
  out.instruments = instruments_;
  out.last_error = last_error_;
  out.untraded = untraded_;
  if (backfill_ != nullptr) out.backfill = backfill_->status();
  for (const Lines& lines : lines_) {
    for (const auto& session : lines.sessions) out.sessions.push_back(session->status());
  }
  return out;
}

}  // namespace tapeline::feed
