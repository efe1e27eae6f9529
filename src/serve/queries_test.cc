// SPDX-License-Identifier: Apache-2.0
#include "serve/queries.h"

#include <random>

#include "serve/serve_fixture.h"
#include "store/memory_store.h"

namespace tapeline::serve {
namespace {

class QueriesTest : public testing::Test {
 protected:
  QueriesTest() : writer_(*store_.open_writer(store::DataKind::kSimulated)) {
    names_.add("a:B");
    names_.add("a:C");
    reader_ = store_.open_reader();
  }

  void commit(store::Batch batch) {
    const Position at{kJournal, ++record_};
    batch.names = &names_;
    for (auto& row : batch.bars) row.position = at;
    for (auto& row : batch.trades) row.position = at;
    ASSERT_TRUE(writer_->commit(batch, at));
  }
  static Range bars(std::size_t limit) {
    return {.instrument = "a:B", .interval = kSecond, .limit = limit};
  }

  store::MemoryStore store_;
  InstrumentNames names_;
  std::unique_ptr<store::Writer> writer_;
  std::unique_ptr<store::Reader> reader_;
  std::uint64_t record_ = 0;
};

// Page by page from behind: together they are everything, each once, in order.
TEST_F(QueriesTest, pages_of_bars_are_the_whole) {
  std::mt19937 random(1);
  BarsByStart all;
  BarsByStart unstored;
  for (std::int64_t i = 0; i < 137; ++i) {
    store::Batch batch;
    const auto first = make_bar(second(i), i);
    auto other = first;
    other.instrument = InstrumentId(1);
    auto longer = first;
    longer.interval = 5 * kSecond;
    batch.bars = {first, other, longer};
    all[first.start] = first;
    if (random() % 3 == 0) {
      const auto revised = make_bar(second(i), 1000 + i, 1);
      all[first.start] = revised;
      if (random() % 2 == 0) {
        batch.bars.push_back(revised);
      } else {
        unstored[first.start] = revised;
      }
    }
    commit(std::move(batch));
  }
  const auto open = make_bar(second(137), 5, 0, BarState::kProvisional);
  unstored[open.start] = all[open.start] = open;
  std::vector<std::int64_t> closes;
  Range range = bars(10);
  for (bool more = true; more;) {
    const auto page = last_bars(*reader_, range, unstored);
    ASSERT_TRUE(page);
    ASSERT_LE(page->rows.size(), 10U);
    std::vector<std::int64_t> part;
    for (const auto& row : page->rows) {
      part.push_back(static_cast<std::int64_t>(*row.columns.close / 1'000'000'000'000'000'000));
    }
    closes.insert(closes.begin(), part.begin(), part.end());
    more = page->more;
    range.to = page->rows.front().start;
  }
  std::vector<std::int64_t> expected;
  for (const auto& [start, bar] : all) {
    expected.push_back(static_cast<std::int64_t>(*bar.columns.close / 1'000'000'000'000'000'000));
  }
  EXPECT_EQ(closes, expected);
}

TEST_F(QueriesTest, what_the_store_has_of_a_bar_by_now_beats_what_was_open) {
  commit({.bars = {make_bar(second(0), 7)}});
  BarsByStart unstored;
  put_newest(unstored, make_bar(second(0), 6, 0, BarState::kProvisional));
  const auto page = last_bars(*reader_, bars(10), unstored);
  ASSERT_TRUE(page && page->rows.size() == 1);
  EXPECT_EQ(page->rows[0].state, BarState::kFinal);
}

TEST_F(QueriesTest, a_limit_of_revisions_counts_bars) {
  for (std::int64_t i = 0; i < 5; ++i) {
    commit({.bars = {make_bar(second(i), i), make_bar(second(i), i + 10, 1)}});
  }
  const auto page = all_revisions(*reader_, bars(2), {});
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->more);
  ASSERT_EQ(page->rows.size(), 4U);
  EXPECT_EQ(page->rows[0].start, second(3));
  EXPECT_EQ(page->rows[0].revision, 0U);
  EXPECT_EQ(page->rows[3].revision, 1U);
}

TEST_F(QueriesTest, trades_of_store_and_board_are_each_there_once) {
  for (std::uint64_t id = 1; id <= 20; ++id) commit({.trades = {{{}, 0, make_trade(id)}}});
  std::vector<Trade> unstored;
  for (std::uint64_t id = 15; id <= 25; ++id) unstored.push_back(make_trade(id));
  const auto page = newest_trades(*reader_, {.instrument = "a:B", .limit = 12}, unstored);
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->more);
  ASSERT_EQ(page->rows.size(), 12U);
  for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(page->rows[i].id, TradeId(14 + i));
}

TEST_F(QueriesTest, explain_has_revisions_trades_and_holes) {
  commit({.trades = {{{}, 0, make_trade(100)}}});
  commit({.bars = {make_bar(second(0), 1)}});
  commit({.trades = {{{}, 0, make_trade(101)}}, .bars = {make_bar(second(0), 2, 1)}});
  BarAsked asked{.instrument = "a:B", .interval = kSecond, .start = second(0)};
  LedgerNews ledger;
  ledger.gaps = {{.first = 3, .last = 4, .from_time = second(0), .to_time = second(1)},
                 {.first = 9, .last = 9, .from_time = second(5), .to_time = second(6)}};
  asked.ledgers.push_back(ledger);
  const auto told = explain_bar(*reader_, asked);
  ASSERT_TRUE(told);
  const Json json(*told + "}");
  EXPECT_EQ(json.size("/revisions"), 2U);
  EXPECT_EQ(json.number("/revisions/1/position"), 3U);
  EXPECT_EQ(json.size("/trades"), 2U);
  bool late = true;
  ASSERT_EQ(json.root().at_pointer("/trades/0/late").get_bool().get(late), simdjson::SUCCESS);
  EXPECT_FALSE(late);
  ASSERT_EQ(json.root().at_pointer("/trades/1/late").get_bool().get(late), simdjson::SUCCESS);
  EXPECT_TRUE(late) << "it came when the bar had closed";
  ASSERT_EQ(json.size("/holes"), 1U);
  EXPECT_EQ(json.text("/holes/0/to_id"), "4");
}

TEST_F(QueriesTest, nothing_is_said_of_a_bar_that_is_not_there) {
  commit({.bars = {make_bar(second(0), 1)}});
  EXPECT_EQ(*explain_bar(*reader_, {.instrument = "a:B", .interval = kSecond, .start = second(9)}),
            "");
}

TEST_F(QueriesTest, the_day_before_the_newest_trade_is_known_by_its_first_prices) {
  EXPECT_FALSE(stored_day(*reader_, "a:B", kSecond)->newest);
  store::Batch batch;
  store::TradeRow newest;
  newest.trade = make_trade(7);
  batch.trades = {newest};
  const auto opened = [](EventTime start, std::int64_t open, std::uint32_t revision = 0) {
    auto bar = make_bar(start, 1, revision);
    bar.columns.open = open;
    return bar;
  };
  const EventTime old = kNoon - std::chrono::hours(25);
  auto empty = make_bar(second(-4), 9);
  empty.columns.trades = 0;
  batch.bars = {opened(old, 1), opened(second(-5), 2), opened(second(-5), 3, 1), empty};
  commit(batch);
  const auto day = stored_day(*reader_, "a:B", kSecond);
  ASSERT_TRUE(day);
  EXPECT_EQ(day->newest->id, TradeId(7));
  ASSERT_EQ(day->first_prices.size(), 1U) << "neither of an older bar nor of one without a price";
  EXPECT_EQ(day->first_prices[0].start, second(-5));
  EXPECT_EQ(day->first_prices[0].price, 3);
  EXPECT_EQ(day->first_prices[0].revision, 1U);
  EXPECT_FALSE(day->reaches_behind) << "a bar alone says nothing of trades";
  store::TradeRow older;
  older.trade = make_trade(3);
  older.trade.ts_event = old;
  commit({.trades = {older}});
  EXPECT_TRUE(stored_day(*reader_, "a:B", kSecond)->reaches_behind);
}

}  // namespace
}  // namespace tapeline::serve
