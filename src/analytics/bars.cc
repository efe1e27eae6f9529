// SPDX-License-Identifier: Apache-2.0
#include "analytics/bars.h"

#include <algorithm>

namespace tapeline::analytics {
namespace {

bool later(const std::pair<EngineTime, BarBook*>& a, const std::pair<EngineTime, BarBook*>& b) {
  return a.first > b.first;
}

}  // namespace

Bars::Bars(const BarsOptions& options, stream::OutputSink& out)
    : options_(options), plan_(options.intervals), out_(out) {}

BarBook& Bars::book_of(InstrumentId instrument) {
  const std::size_t index = instrument.value();
  if (index >= books_.size()) books_.resize(index + 1);
  auto& book = books_[index];
  if (!book) book = std::make_unique<BarBook>(instrument, plan_, options_.watermark);
  return *book;
}

void Bars::schedule(BarBook& book, bool has_work) {
  if (!has_work || book.scheduled) return;
  book.scheduled = true;
  scheduled_.push_back(&book);
}

void Bars::await_idle(BarBook& book) {
  const EngineTime deadline = book.idle_deadline();
  if (deadline >= book.queued_deadline) return;
  book.queued_deadline = deadline;
  deadlines_.emplace_back(deadline, &book);
  std::push_heap(deadlines_.begin(), deadlines_.end(), later);
}

void Bars::on_trade(const Trade& trade) {
  if (!trade.feeds_bars) return;
  BarBook& book = book_of(trade.instrument);
  schedule(book, book.on_trade(trade));
  await_idle(book);
}

void Bars::on_quote(const Quote& /*quote*/) {}  // Bars are made of trades only.

void Bars::on_heartbeat(const Heartbeat& heartbeat) {
  if (!heartbeat.feeds_bars) return;
  BarBook& book = book_of(heartbeat.instrument);
  schedule(book, book.on_heartbeat(heartbeat));
}

void Bars::on_late(const LateTrade& late) {
  if (!late.feeds_bars) return;
  BarBook& book = book_of(late.instrument);
  schedule(book, book.on_late(late));
}

void Bars::on_tick(const Tick& tick) {
  while (!deadlines_.empty() && deadlines_.front().first <= tick.engine_time) {
    std::pop_heap(deadlines_.begin(), deadlines_.end(), later);
    const auto [deadline, entry] = deadlines_.back();
    deadlines_.pop_back();
    BarBook& book = *entry;
    if (deadline != book.queued_deadline) continue;  // an earlier one came in between
    book.queued_deadline = EngineTime(INT64_MAX);
    if (book.idle_deadline() <= tick.engine_time) {
      schedule(book, true);
    } else {
      await_idle(book);
    }
  }
  for (BarBook* book : scheduled_) {
    book->scheduled = false;
    book->on_tick(tick.engine_time, out_);
    await_idle(*book);
  }
  scheduled_.clear();
}

void Bars::on_end(Position /*position*/) {
  for (const auto& book : books_) {
    if (book) book->on_end(out_);
  }
}

}  // namespace tapeline::analytics
