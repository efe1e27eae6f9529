// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/live/freshness.h"
#include "app/live/hops.h"
#include "base/clock.h"
#include "feed/hole_board.h"
#include "model/instrument.h"
#include "pipeline/engine.h"
#include "serve/board.h"

namespace tapeline::app::live {

// What is missing of what the venues have numbered.
struct Holes {
  std::uint64_t holes = 0;
  std::uint64_t missing = 0;  // ids in them
};

// Everybody who looks on at a live run: who measures how fresh it is, the board of the holes that
// back-fill asks for, and the board of the server where there is one. On the engine's thread.
class Onlookers final : public pipeline::Onlooker {
 public:
  explicit Onlookers(const Clock& clock) : clock_(clock), freshness_(clock) {}

  // Before the engine runs. The board outlives it.
  void show_to(serve::Board& board) { board_ = &board; }
  // Likewise; both outlive it.
  void show_holes_to(feed::HoleBoard& holes, const InstrumentNames& names) {
    holes_ = &holes;
    names_ = &names;
  }

  // Likewise, with the venues of all feeds.
  void measure(const std::vector<std::string>& venues, const InstrumentNames& names) {
    hops_ = std::make_unique<Hops>(clock_, clock_.wall(), venues, names);
  }

  void on_trade(const Trade& trade, Position position) override {
    freshness_.on_trade(trade, position);
    if (hops_ != nullptr) hops_->on_trade(trade, position);
    if (board_ != nullptr) board_->on_trade(trade, position);
  }
  void on_quote(const Quote& quote) override { freshness_.on_quote(quote); }
  void on_bar(const BarRevision& bar) override {
    freshness_.on_bar(bar);
    if (board_ != nullptr) board_->on_bar(bar);
  }
  void on_ledger(InstrumentId instrument, Channel channel, const Coverage& coverage) override {
    const Coverage::Totals totals = coverage.totals();
    note_holes(instrument, channel, totals);
    if (board_ != nullptr) board_->on_ledger(instrument, channel, coverage, totals);
    if (holes_ != nullptr) holes_->show(names_->name(instrument), channel, coverage, totals);
  }
  // Behind each turn of the engine.
  void on_turn(pipeline::Engine& engine, std::int64_t monotonic_ns) {
    if (hops_ != nullptr) hops_->on_turn();
    if (holes_ != nullptr && engine.has_shown_ledgers()) holes_->note_time(engine.engine_time());
    if (board_ == nullptr) return;
    board_->on_turn(engine.decoder().instruments().names(), engine.counters(), monotonic_ns);
    board_->hand_over();
  }

  [[nodiscard]] const metrics::Histogram& waits() const { return freshness_.waits(); }
  // None before measure().
  [[nodiscard]] const Hops* hops() const { return hops_.get(); }
  // Of all ledgers; for any thread.
  [[nodiscard]] Holes holes() const { return {hole_count_.load(), missing_.load()}; }

 private:
  void note_holes(InstrumentId instrument, Channel channel, const Coverage::Totals& totals) {
    const Holes now{.holes = totals.gaps, .missing = totals.missing};
    Holes& known = by_ledger_[{instrument, channel}];
    hole_count_ += now.holes - known.holes;
    missing_ += now.missing - known.missing;
    known = now;
  }

  std::map<std::pair<InstrumentId, Channel>, Holes> by_ledger_;
  std::atomic<std::uint64_t> hole_count_{0};
  std::atomic<std::uint64_t> missing_{0};
  const Clock& clock_;
  Freshness freshness_;
  std::unique_ptr<Hops> hops_;
  serve::Board* board_ = nullptr;
  feed::HoleBoard* holes_ = nullptr;
  const InstrumentNames* names_ = nullptr;
};

}  // namespace tapeline::app::live
