// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/live/freshness.h"
#include "base/clock.h"
#include "pipeline/engine.h"
#include "serve/board.h"

namespace tapeline::app::live {

// Everybody who looks on at a live run: who measures how fresh it is, and the board of the server
// where there is one. On the engine's thread.
class Onlookers final : public pipeline::Onlooker {
 public:
  explicit Onlookers(const Clock& clock) : freshness_(clock) {}

  // Before the engine runs. The board outlives it.
  void show_to(serve::Board& board) { board_ = &board; }

  void on_trade(const Trade& trade, Position position) override {
    freshness_.on_trade(trade, position);
    if (board_ != nullptr) board_->on_trade(trade, position);
  }
  void on_quote(const Quote& quote) override { freshness_.on_quote(quote); }
  void on_bar(const BarRevision& bar) override {
    freshness_.on_bar(bar);
    if (board_ != nullptr) board_->on_bar(bar);
  }
  void on_ledger(const store::LedgerRow& ledger) override {
    if (board_ != nullptr) board_->on_ledger(ledger);
  }
  // Behind each turn of the engine.
  void on_turn(pipeline::Engine& engine, std::int64_t monotonic_ns) {
    if (board_ == nullptr) return;
    board_->on_turn(engine.decoder().instruments().names(), engine.counters(), monotonic_ns);
    board_->hand_over();
  }

  [[nodiscard]] const metrics::Histogram& waits() const { return freshness_.waits(); }

 private:
  Freshness freshness_;
  serve::Board* board_ = nullptr;
};

}  // namespace tapeline::app::live
