// SPDX-License-Identifier: Apache-2.0
#include "serve/board.h"

#include <map>
#include <random>
#include <thread>

#include "serve/serve_fixture.h"

namespace tapeline::serve {
namespace {

BarRevision revision_of(InstrumentId instrument, EventTime start, std::uint64_t trades,
                        BarState state = BarState::kProvisional) {
  BarRevision bar;
  bar.instrument = instrument;
  bar.interval = kSecond;
  bar.start = start;
  bar.state = state;
  bar.partial.trades = trades;
  return bar;
}

TEST(Board, gives_of_each_bar_the_newest_state) {
  Board board(RecvTime(0));
  for (std::uint64_t n = 1; n <= 100; ++n) {
    board.on_bar(revision_of(InstrumentId(0), second(0), n));
    board.on_bar(revision_of(InstrumentId(0), second(1), n));
    board.on_bar(revision_of(InstrumentId(1), second(0), n));
  }
  board.hand_over();
  ASSERT_NE(board.news(), nullptr);
  EXPECT_EQ(board.news()->bars.size(), 3U);
  for (const BarNews& news : board.news()->bars) EXPECT_EQ(news.bar.partial.trades, 100U);
}

TEST(Board, goes_on_conflating_while_nobody_takes_what_was_handed_over) {
  Board board(RecvTime(0));
  board.on_bar(revision_of(InstrumentId(0), second(0), 1));
  board.hand_over();
  for (std::uint64_t n = 2; n <= 1000; ++n) {
    board.on_bar(revision_of(InstrumentId(0), second(0), n));
    board.hand_over();
  }
  EXPECT_EQ(board.news()->bars.at(0).bar.partial.trades, 1U);
  board.pop_news();
  board.hand_over();
  ASSERT_EQ(board.news()->bars.size(), 1U);
  EXPECT_EQ(board.news()->bars.at(0).bar.partial.trades, 1000U);
}

TEST(Board, says_whose_revisions_found_no_room_and_still_takes_open_bars) {
  Board board(RecvTime(0));
  for (std::size_t i = 0; i < Board::kBarsMax + 10; ++i) {
    board.on_bar(
        revision_of(InstrumentId(3), second(static_cast<std::int64_t>(i)), 1, BarState::kFinal));
  }
  board.on_bar(revision_of(InstrumentId(4), second(0), 1));
  board.hand_over();
  EXPECT_EQ(board.news()->bars.size(), Board::kBarsMax + 1);
  EXPECT_EQ(board.news()->lost_bars, std::vector<InstrumentId>{InstrumentId(3)});
}

TEST(Board, counts_the_trades_that_find_no_room_and_keeps_the_newest) {
  Board board(RecvTime(0));
  for (std::uint64_t id = 1; id <= Board::kTradesMax + 25; ++id) {
    board.on_trade(make_trade(id), {kJournal, id});
  }
  board.hand_over();
  std::uint64_t taken = 0;
  for (; board.trade() != nullptr; board.pop_trade()) ++taken;
  EXPECT_EQ(taken, Board::kTradesMax);
  ASSERT_EQ(board.news()->left_out.size(), 1U);
  EXPECT_EQ(board.news()->left_out[0].trades, 25U);
  EXPECT_EQ(board.news()->left_out[0].newest.trade.id, TradeId(Board::kTradesMax + 25));
}

TEST(Board, a_bar_waits_since_the_oldest_trade_that_it_shows_first) {
  Board board(RecvTime(0));
  board.on_trade(make_trade(1), {});
  board.on_trade(make_trade(2), {});
  board.on_bar(revision_of({}, second(0), 2));
  board.on_trade(make_trade(3), {});
  board.on_bar(revision_of({}, second(0), 3));
  board.hand_over();
  EXPECT_EQ(board.news()->bars.at(0).waits_since, make_trade(1).ts_recv);
}

TEST(Board, shows_the_newest_holes_of_a_ledger_and_counts_all) {
  Board board(RecvTime(0));
  Coverage coverage;
  for (std::uint64_t i = 0; i < 1500; ++i) {
    coverage.add(10 * i, 10 * i + 4, EventTime(1));
    coverage.add(10 * i + 5, 10 * i + 6, EventTime(1), true);
  }
  coverage.settle({77, 79});
  board.on_ledger(InstrumentId(0), Channel::kTrades, coverage, coverage.totals());
  board.hand_over();
  const LedgerNews& news = board.news()->ledgers.at(0);
  EXPECT_EQ(news.repaired, 1500U * 2);
  EXPECT_EQ(news.unrecoverable, 3U);
  EXPECT_EQ(news.gaps.size(), Board::kRunsMax);
  EXPECT_EQ(news.gaps.back().last, 14'989U);
  EXPECT_EQ(news.gaps_in_all, 1499U);
  EXPECT_EQ(news.missing, 1499U * 3);
  EXPECT_EQ(news.received, 1500U * 7);
}

TEST(Board, the_items_that_it_gives_add_up) {
  metrics::Counters counters;
  auto& received = counters.cell(metrics::Counter::kItemsReceived, {"v", "trades", ""});
  auto& delivered = counters.cell(metrics::Counter::kItemsDelivered, {"v", "trades", ""});
  auto& stale = counters.cell(metrics::Counter::kItemsRejected, {"v", "trades", "stale"});
  auto& bad = counters.cell(metrics::Counter::kItemsRejected, {"v", "trades", "bad"});
  received.add(10);
  delivered.add(7);
  stale.add(1);
  bad.add(2);
  Board board(RecvTime(0));
  board.on_turn({}, counters, Board::kItemsEvery.count());
  board.hand_over();
  ASSERT_EQ(board.news()->items.size(), 1U);
  EXPECT_EQ(board.news()->items[0].counts, (std::array<std::uint64_t, 7>{10, 7, 0, 0, 3, 0, 0}));
}

// Two threads: what arrives last is what was said last, and no trade goes unheard.
TEST(Board, loses_nothing_between_two_threads) {
  constexpr std::uint64_t kTrades = 200'000;
  Board board(RecvTime(0));
  std::atomic<bool> is_over{false};
  std::thread engine([&] {
    for (std::uint64_t id = 1; id <= kTrades; ++id) {
      board.on_trade(make_trade(id), {kJournal, id});
      board.on_bar(revision_of({}, second(static_cast<std::int64_t>(id / 50'000)), id));
      board.hand_over();
    }
    while (!is_over.load()) board.hand_over();
  });
  std::map<EventTime, std::uint64_t> bars;
  std::uint64_t heard = 0;
  while (heard < kTrades || bars[second(4)] < kTrades) {
    for (; board.trade() != nullptr; board.pop_trade()) ++heard;
    if (News* const news = board.news()) {
      for (const BarNews& bar : news->bars) bars[bar.bar.start] = bar.bar.partial.trades;
      for (const LeftOut& left_out : news->left_out) {
        heard += left_out.trades;
        EXPECT_EQ(left_out.heard, left_out.trades);
      }
      board.pop_news();
    }
  }
  is_over.store(true);
  engine.join();
  EXPECT_EQ(heard, kTrades);
  EXPECT_EQ(bars[second(0)], 49'999U);
  EXPECT_EQ(bars[second(3)], 199'999U);
}

}  // namespace
}  // namespace tapeline::serve
