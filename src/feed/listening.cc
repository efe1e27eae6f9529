// SPDX-License-Identifier: Apache-2.0
#include "feed/listening.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <variant>

#include "decode/history_record.h"
#include "decode/source.h"
#include "decode/venue_table.h"
#include "feed/probe.h"

namespace tapeline::feed {
namespace {

using journal::RecordType;

// What stands between the marks of a request's JSON, and within lists in a text.
template <typename OnWord>
void for_each_word(std::string_view text, OnWord on_word) {
  constexpr std::string_view kMarks = "\"{}[],";
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(kMarks), text.size());
    if (end > 0) on_word(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

bool has_word(std::string_view text, std::string_view wanted) {
  bool has = false;
  for_each_word(text, [&](std::string_view word) { has = has || word == wanted; });
  return has;
}

// The word that only the first has.
std::string own_word(std::string_view text, std::string_view other) {
  std::string own;
  for_each_word(text, [&](std::string_view word) {
    if (own.empty() && !has_word(other, word)) own = word;
  });
  return own;
}

// Sorted, and those that touch as one.
std::vector<TimeSpan> joined(std::vector<TimeSpan> spans) {
  std::sort(spans.begin(), spans.end(), [](const TimeSpan& a, const TimeSpan& b) {
    return std::pair(a.from, a.to) < std::pair(b.from, b.to);
  });
  std::vector<TimeSpan> out;
  for (const TimeSpan& span : spans) {
    if (out.empty() || out.back().to < span.from) {
      out.push_back(span);
    } else {
      out.back().to = std::max(out.back().to, span.to);
    }
  }
  return out;
}

EventTime arrival(const journal::Record& record) { return EventTime(record.ts_recv.unix_ns()); }

// Whether nobody wants more of it: a stop, or what took its place.
bool is_ours(std::string_view close) {
  constexpr std::array kOurs{CloseReason::kReplaced, CloseReason::kNothingWanted,
                             CloseReason::kStopped};
  return std::any_of(kOurs.begin(), kOurs.end(), [&](CloseReason reason) {
    return close.starts_with("reason: " + std::string(name_of(reason)) + "\n");
  });
}

}  // namespace

void Listening::add(std::string instrument, const venue::Venue& venue, venue::Subscription wire) {
  Stream& stream =
      streams_.try_emplace(std::move(instrument), Stream{std::move(wire)}).first->second;
  const venue::Subscription& its = stream.wire;
  const auto& facts = venue.session;
  const std::string ask = facts.subscribe({its}, 0).text;
  const std::string leave = facts.unsubscribe({its}, 0).text;
  OfVenue& streams = venues_[venue.name];
  streams.venue = &venue;
  streams.asks = own_word(ask, leave);
  streams.leaves = own_word(leave, ask);
  streams.by_symbol[its.symbol] = &stream;
  streams.by_word[own_word(ask, facts.subscribe({{"", its.channel}}, 0).text)] = &stream;
}

void Listening::pass(const journal::Record& record) {
  now_ = std::max(now_, arrival(record));
  switch (record.type) {
    case RecordType::kEpoch:
      // A segment that goes on says again which are open; a process that begins knows of none.
      for (auto& [id, connection] : connections_) connection.is_stated = false;
      is_any_unstated_ = !connections_.empty();
      return;
    case RecordType::kInstruments:
      return;
    case RecordType::kOpen:
      return open(record);
    default:
      if (std::exchange(is_any_unstated_, false)) end_unstated();
      return pass_on_connection(record);
  }
}

void Listening::pass_on_connection(const journal::Record& record) {
  if (record.type == RecordType::kAnswer) return refilled(record);
  const auto at = connections_.find(record.connection);
  if (at == connections_.end()) return;
  Connection& connection = at->second;
  if (record.type == RecordType::kSent) {
    sent(connection, record.bytes);
  } else if (record.type == RecordType::kFrame) {
    connection.last = std::max(connection.last, arrival(record));
    frame(connection, record.bytes);
  } else if (record.type == RecordType::kClose) {
    end(connection, is_ours(record.bytes));
    connections_.erase(at);
  }
}

void Listening::open(const journal::Record& record) {
  const auto source = decode::parse_source(record.bytes);
  if (!source || source->rows || source->is_record_only) return;
  const auto streams = venues_.find(source->venue);
  if (streams == venues_.end()) return;
  const auto [at, is_new] = connections_.try_emplace(record.connection);
  Connection& connection = at->second;
  connection.is_stated = true;
  if (!is_new) return;
  connection.streams = &streams->second;
  connection.reader = streams->second.venue->session.make_frame_reader();
  connection.last = arrival(record);
}

void Listening::sent(Connection& connection, std::string_view text) {
  const OfVenue& streams = *connection.streams;
  const bool is_asking = has_word(text, streams.asks);
  if (!is_asking && !has_word(text, streams.leaves)) return;
  for_each_word(text, [&](std::string_view word) {
    const auto at = streams.by_word.find(word);
    if (at == streams.by_word.end()) return;
    Stream* const stream = at->second;
    if (is_asking) {
      connection.given_up.erase(stream);
      connection.asked.push_back(stream);
      return;
    }
    connection.given_up.insert(stream);
    std::erase(connection.asked, stream);
    const auto granted = connection.granted.find(stream);
    if (granted == connection.granted.end()) return;
    end(*stream, {granted->second, connection.last});
    connection.granted.erase(granted);
  });
  if (streams.venue->session.acknowledges) return;
  for (Stream* const stream : connection.asked) connection.granted.try_emplace(stream, now_);
}

void Listening::frame(Connection& connection, std::string_view bytes) {
  connection.reader->read(bytes, meaning_);
  if (meaning_.kind == venue::FrameKind::kAck) return grant(connection);
  if (meaning_.kind == venue::FrameKind::kRefusal) return refuse(connection);
  if (meaning_.kind != venue::FrameKind::kData) return;
  brought(connection, meaning_.symbol);
  for (const std::string_view symbol : meaning_.more_symbols) brought(connection, symbol);
}

void Listening::grant(Connection& connection) {
  const bool is_of_one =
      connection.streams->venue->session.answers_each && !meaning_.symbol.empty();
  std::erase_if(connection.asked, [&](Stream* stream) {
    const venue::Subscription& wire = stream->wire;
    if (is_of_one && (wire.symbol != meaning_.symbol || wire.channel != meaning_.channel)) {
      return false;
    }
    const auto& refused = meaning_.refused;
    if (std::find(refused.begin(), refused.end(), wire) == refused.end()) {
      connection.granted.try_emplace(stream, connection.last);
    }
    return true;
  });
}

// A venue that only says no means the newest.
void Listening::refuse(Connection& connection) {
  if (connection.asked.empty() || connection.streams->venue->session.acknowledges) return;
  connection.granted.erase(connection.asked.back());
  connection.asked.pop_back();
}

// It was asked for before the journal begins, or the answer is late.
void Listening::brought(Connection& connection, std::string_view symbol) {
  const auto at = connection.streams->by_symbol.find(symbol);
  if (at == connection.streams->by_symbol.end()) return;
  Stream* const stream = at->second;
  if (meaning_.channel != stream->wire.channel || connection.given_up.contains(stream)) return;
  connection.granted.try_emplace(stream, connection.last);
}

// An answer holds everything from its oldest trade on. Where that is as old as what was asked for,
// nothing of it is left out; times may be whole seconds.
void Listening::refilled(const journal::Record& record) {
  constexpr Duration kSecond = std::chrono::seconds(1);
  constexpr int kHttpOk = 200;
  const auto answer = decode::parse_history_answer(record.bytes);
  if (!answer || !*answer || (*answer)->status != kHttpOk) return;
  const venue::HistoryWish& wish = (*answer)->question.wish;
  const auto at = venues_.find((*answer)->question.venue);
  if (at == venues_.end() || at->second.venue->history == nullptr) return;
  OfVenue& streams = at->second;
  const auto stream = streams.by_symbol.find(wish.symbol);
  if (stream == streams.by_symbol.end() || wish.channel != Channel::kTrades) return;
  if (streams.history == nullptr) streams.history = streams.venue->history->make_parser();
  venue::Items items;
  if (!streams.history->parse(wish, (*answer)->body, items)) return;
  const bool reaches_back = std::any_of(items.begin(), items.end(), [&](const venue::Item& item) {
    const auto* trade = std::get_if<venue::WireTrade>(&item);
    return trade != nullptr && trade->ts_event + kSecond <= wish.from_time;
  });
  if (!reaches_back) return;
  std::vector<TimeSpan>& spans = stream->second->refilled;
  spans.push_back({wish.from_time, std::min(wish.to_time, arrival(record))});
  spans = joined(std::move(spans));
  if (spans.size() > kSpansMax) spans.erase(spans.begin());
}

void Listening::end_unstated() {
  std::erase_if(connections_, [](const auto& each) {
    if (!each.second.is_stated) end(each.second, false);
    return !each.second.is_stated;
  });
}

void Listening::end(const Connection& connection, bool is_left) {
  for (const auto& [stream, since] : connection.granted) {
    end(*stream, {since, connection.last});
    stream->is_left = is_left;
  }
}

void Listening::end(Stream& stream, TimeSpan listened) {
  if (listened.from >= listened.to) return;
  std::vector<TimeSpan>& spans = stream.listened;
  const bool is_behind = spans.empty() || spans.back().to < listened.from;
  spans.push_back(listened);
  if (!is_behind) spans = joined(std::move(spans));
  // Of the oldest, less is claimed to have been heard. The first says since when it is wanted.
  if (spans.size() > kSpansMax) spans.erase(spans.begin() + 1);
}

std::vector<Listening::Absence> Listening::absences(std::string_view instrument) const {
  std::vector<Absence> out;
  const auto at = streams_.find(instrument);
  if (at == streams_.end()) return out;
  const Stream& stream = at->second;
  std::vector<TimeSpan> listened = stream.listened;
  for (const auto& [id, connection] : connections_) {
    const auto granted = connection.granted.find(&stream);
    if (granted != connection.granted.end()) listened.push_back({granted->second, kEventTimeMax});
  }
  listened = joined(std::move(listened));
  const auto add = [&](TimeSpan span, bool is_last) {
    const bool is_refilled =
        std::any_of(stream.refilled.begin(), stream.refilled.end(), [&](const TimeSpan& refilled) {
          return refilled.from <= span.from && span.to <= refilled.to;
        });
    out.push_back({span, is_last, is_refilled});
  };
  for (std::size_t i = 1; i < listened.size(); ++i) {
    add({listened[i - 1].to, listened[i].from}, false);
  }
  if (!listened.empty() && listened.back().to < now_ && !stream.is_left) {
    add({listened.back().to, now_}, true);
  }
  return out;
}

}  // namespace tapeline::feed
