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

BarBook& Bars::new_book(InstrumentId instrument) {
  const std::size_t index = instrument.value();
  if (index >= books_.size()) books_.resize(index + 1);
  books_[index] = std::make_unique<BarBook>(instrument, plan_, options_.watermark, options_.cold);
  return *books_[index];
}

void Bars::schedule(BarBook& book) {
  if (book.scheduled) return;
  book.scheduled = true;
  scheduled_.push_back(&book);
}

void Bars::queue_deadline(BarBook& book, EngineTime deadline) {
  book.queued_deadline = deadline;
  deadlines_.emplace_back(deadline, &book);
  std::push_heap(deadlines_.begin(), deadlines_.end(), later);
}

void Bars::on_trade(const Trade& trade) {
  if (!trade.feeds_bars) return;
  BarBook& book = book_of(trade.instrument);
  if (book.on_trade(trade)) schedule(book);
  await_idle(book);
  if (book.unseen) return;
  book.unseen = true;
  unseen_.push_back(&book);
}

void Bars::on_quote(const Quote& /*quote*/) {}  // Bars are made of trades only.

void Bars::on_heartbeat(const Heartbeat& heartbeat) {
  if (!heartbeat.feeds_bars) return;
  BarBook& book = book_of(heartbeat.instrument);
  if (book.on_heartbeat(heartbeat)) schedule(book);
}

void Bars::on_late(const LateTrade& late) {
  if (!late.feeds_bars) return;
  BarBook& book = book_of(late.instrument);
  if (book.on_late(late)) schedule(book);
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
      schedule(book);
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

void Bars::look() {
  for (BarBook* book : unseen_) {
    book->unseen = false;
    book->say_open(out_);
  }
  unseen_.clear();
}

void Bars::on_end(Position /*position*/) {
  for (const auto& book : books_) {
    if (book) book->on_end(out_);
  }
}

void Bars::save(ByteWriter& out) const {
  for (std::size_t i = 0; i < books_.size(); ++i) {
    if (books_[i] == nullptr) continue;
    stream::save_instrument(out, InstrumentId(static_cast<std::uint32_t>(i)));
    books_[i]->save(out);
  }
}

void Bars::load(InstrumentId instrument, ByteReader& in, const Coverage* ids) {
  const std::size_t index = instrument.value();
  in.require(index >= books_.size() || books_[index] == nullptr, "an instrument is there twice");
  if (in.failed()) return;
  BarBook& book = new_book(instrument);
  book.load(in);
  const Coverage none;
  in.require(book.coverage().has_same_ids(ids != nullptr ? *ids : none),
             "bars hold other ids than the ledger");
  await_idle(book);
  book.unseen = true;  // who looks on for the first time sees what is open
  unseen_.push_back(&book);
}

}  // namespace tapeline::analytics
