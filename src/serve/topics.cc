// SPDX-License-Identifier: Apache-2.0
#include "serve/topics.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "serve/encode.h"
#include "serve/json_writer.h"

namespace tapeline::serve {
namespace {

constexpr Duration kRatesEvery = std::chrono::seconds(1);
constexpr std::size_t kTradesKept = 2 * TradesTopic::kUpdateMax;

std::uint64_t tenths(double value) { return static_cast<std::uint64_t>(std::lround(value * 10)); }

}  // namespace

WholeTopic::WholeTopic(std::string name, std::uint64_t first_seq, Duration every, Encode encode)
    : Topic(std::move(name), first_seq), every_(every), encode_(std::move(encode)) {
  encode_(value_);
}

bool WholeTopic::publish(std::int64_t now_ns) {
  if (now_ns < due_ns_) return false;
  due_ns_ = now_ns + every_.count();
  fresh_.clear();
  encode_(fresh_);
  if (fresh_ == value_) return false;
  value_.swap(fresh_);
  next_seq();
  return true;
}

PricesTopic::PricesTopic(std::string name, std::uint64_t first_seq, Market& market,
                         std::function<RecvTime()> wall)
    : Topic(std::move(name), first_seq), market_(market), wall_(std::move(wall)) {}

bool PricesTopic::publish(std::int64_t now_ns) {
  if (now_ns < due_ns_) return false;
  auto& instruments = market_.instruments();
  changed_.resize(instruments.size());
  rates_.resize(instruments.size());
  // Without a trade a rate falls all the same.
  const bool looks_at_rates = now_ns >= rates_due_ns_;
  if (looks_at_rates) rates_due_ns_ = now_ns + kRatesEvery.count();
  if (!looks_at_rates && changes_seen_ == market_.changes()) return false;
  changes_seen_ = market_.changes();
  const RecvTime now = wall_();
  bool is_changed = false;
  for (std::size_t i = 0; i < instruments.size(); ++i) {
    Instrument& instrument = instruments[i];
    const std::uint64_t rate = looks_at_rates ? tenths(instrument.rate(now)) : rates_[i];
    if (instrument.name.empty() || (!instrument.is_changed && rate == rates_[i])) continue;
    rates_[i] = tenths(instrument.rate(now));
    instrument.is_changed = false;
    changed_[i] = next_seq();
    is_changed = true;
  }
  if (is_changed) due_ns_ = now_ns + kPricesEvery.count();
  return is_changed;
}

void PricesTopic::append_snapshot(std::string& out) const { append_changes(out, 0); }

void PricesTopic::append_changes(std::string& out, std::uint64_t since) const {
  out += "\"data\":";
  JsonWriter json(out);
  json.open_array();
  const auto& instruments = market_.instruments();
  const RecvTime now = wall_();
  for (std::size_t i = 0; i < instruments.size(); ++i) {
    const std::uint64_t seq = i < changed_.size() ? changed_[i] : 0;
    if (instruments[i].name.empty() || (since > 0 && seq <= since)) continue;
    write_instrument(json, instruments[i], now);
  }
  json.close_array();
}

BarsTopic::BarsTopic(std::string name, std::uint64_t first_seq, Of of, metrics::Histogram& waits,
                     std::function<RecvTime()> wall)
    : Topic(std::move(name), first_seq),
      key_(of.key),
      beat_(std::move(of.beat)),
      bars_(std::move(of.unstored)),
      waits_(waits),
      wall_(std::move(wall)) {}

void BarsTopic::forget_waits() {
  for (auto& [start, pace] : paces_) pace.waits_since = RecvTime();
}

void BarsTopic::change(EventTime start) {
  if (paces_[start].seq == 0) beat_->hurry();
  changed_.insert(start);
}

void BarsTopic::on_bar(const store::BarRow& bar, RecvTime waits_since) {
  if (!put_newest(bars_, bar)) return;
  change(bar.start);
  Pace& pace = paces_[bar.start];
  if (pace.waits_since == RecvTime()) pace.waits_since = waits_since;
}

void BarsTopic::load(const std::vector<store::BarRow>& stored) {
  const bool is_first = !std::exchange(was_loaded_, true);
  is_loaded_ = true;
  if (is_first) forget_waits();
  for (const store::BarRow& bar : stored) {
    const auto known = bars_.find(bar.start);
    const bool is_news =
        known == bars_.end() || (is_as_new(known->second, bar) && !is_as_new(bar, known->second));
    if (!is_news) continue;
    put_newest(bars_, bar);
    if (!is_first) change(bar.start);  // nobody was told anything before
  }
}

bool BarsTopic::publish(std::int64_t now_ns) {
  if (!is_loaded_ || changed_.empty()) return false;
  const bool goes_out = beat_->strikes(now_ns);
  for (const EventTime start : changed_) {
    Pace& pace = paces_[start];
    if (!goes_out) {
      pace.is_held_back = true;
      continue;
    }
    // What waited for its turn by our own rule says nothing of how quick we are.
    if (pace.waits_since != RecvTime() && !pace.is_held_back) sent_.push_back(pace.waits_since);
    pace = {.seq = next_seq()};
  }
  if (!goes_out) return false;
  changed_.clear();
  forget_oldest();
  return true;
}

void BarsTopic::forget_oldest() {
  while (bars_.size() > kKeptMax && changed_.count(bars_.begin()->first) == 0) {
    const auto pace = paces_.find(bars_.begin()->first);
    if (pace != paces_.end()) {
      // Its number may be the newest one: who has that one was told.
      forget_until(pace->second.seq == seq() ? pace->second.seq - 1 : pace->second.seq);
      if (pace->second.seq == seq()) return;
      paces_.erase(pace);
    }
    bars_.erase(bars_.begin());
  }
}

void BarsTopic::note_sent() {
  if (sent_.empty()) return;
  const RecvTime now = wall_();
  for (const RecvTime since : sent_) waits_.add(now - since);
  sent_.clear();
}

void BarsTopic::append_snapshot(std::string& out) const {
  out += "\"data\":";
  JsonWriter json(out);
  json.open_array();
  auto at = bars_.begin();
  if (bars_.size() > kSnapshotMax) {
    std::advance(at, static_cast<std::ptrdiff_t>(bars_.size() - kSnapshotMax));
  }
  for (; at != bars_.end(); ++at) write_bar(json, at->second);
  json.close_array();
}

void BarsTopic::append_changes(std::string& out, std::uint64_t since) const {
  out += "\"data\":";
  JsonWriter json(out);
  json.open_array();
  for (const auto& [start, pace] : paces_) {
    if (pace.seq > since) write_bar(json, bars_.at(start));
  }
  json.close_array();
}

TradesTopic::TradesTopic(std::string name, std::uint64_t first_seq, std::shared_ptr<Beat> beat)
    : Topic(std::move(name), first_seq), beat_(std::move(beat)) {}

void TradesTopic::on_trade(const Trade& trade) {
  trades_.emplace_back(0, trade);
  if (trades_.size() <= kTradesKept) return;
  if (trades_.front().first == 0) ++left_out_;
  trades_.pop_front();
}

void TradesTopic::on_left_out(std::uint64_t trades) { left_out_ += trades; }

void TradesTopic::load(const std::vector<Trade>& older) {
  is_loaded_ = true;
  std::deque<std::pair<std::uint64_t, Trade>> all;
  const auto is_known = [&](const Trade& trade) {
    return std::any_of(trades_.begin(), trades_.end(), [&](const auto& known) {
      return known.second.channel == trade.channel &&
             OrderKey::of(known.second) == OrderKey::of(trade);
    });
  };
  for (const Trade& trade : older) {
    if (!is_known(trade)) all.emplace_back(seq(), trade);
  }
  all.insert(all.end(), trades_.begin(), trades_.end());
  trades_.swap(all);
}

bool TradesTopic::publish(std::int64_t now_ns) {
  const bool has_news = left_out_ > 0 || (!trades_.empty() && trades_.back().first == 0);
  if (!has_news || !is_loaded_ || !beat_->strikes(now_ns)) return false;
  skip(left_out_);
  left_out_ = 0;
  for (auto& [seq, trade] : trades_) {
    if (seq == 0) seq = next_seq();
  }
  return true;
}

void TradesTopic::append_snapshot(std::string& out) const {
  std::vector<const Trade*> newest;
  for (const auto& [seq, trade] : trades_) newest.push_back(&trade);
  std::sort(newest.begin(), newest.end(),
            [](const Trade* a, const Trade* b) { return OrderKey::of(*a) < OrderKey::of(*b); });
  out += "\"data\":";
  JsonWriter json(out);
  json.open_array();
  for (std::size_t i = newest.size() - std::min(newest.size(), kSnapshotMax); i < newest.size();
       ++i) {
    write_trade(json, *newest[i]);
  }
  json.close_array();
}

void TradesTopic::append_changes(std::string& out, std::uint64_t since) const {
  out += "\"data\":";
  JsonWriter json(out);
  json.open_array();
  const auto is_further = [since](const auto& known) { return known.first > since; };
  const auto further =
      static_cast<std::size_t>(std::count_if(trades_.begin(), trades_.end(), is_further));
  std::size_t passed_over = further - std::min(further, kUpdateMax);
  const std::uint64_t shown = further - passed_over;
  for (const auto& known : trades_) {
    if (!is_further(known)) continue;
    if (passed_over > 0) {
      --passed_over;
    } else {
      write_trade(json, known.second);
    }
  }
  json.close_array();
  out += ",\"left_out\":";
  out += std::to_string(seq() - since - shown);
}

}  // namespace tapeline::serve
