// SPDX-License-Identifier: Apache-2.0
#include "app/demo/truth_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/decimal.h"
#include "model/coverage.h"
#include "sim/market/market.h"
#include "sim/market/text.h"
#include "store/memory_store.h"

namespace tapeline::app::demo {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr EventTime kMarketStart{1'700'000'000'300'000'000};
constexpr Duration kTestDisorder = milliseconds(500);
constexpr JournalId kDemoJournal{7};
const std::vector<Duration> kTestIntervals{seconds(1), seconds(5)};

Decimal decimal(std::int64_t units, int places) {
  std::string text;
  sim::append_fixed(text, units, places);
  return parse_decimal(text).value();
}

// What an honest pipeline stores of a market of which it misses some trades, made with the
// pipeline's own parts; a test then falsifies one thing.
class TruthCheck : public testing::Test {
 protected:
  TruthCheck() : truth_(sim::make_instruments(2, "USD")) {
    sim::Market market({.seed = 5,
                        .instruments = sim::make_instruments(2, "USD"),
                        .trades_per_second = 40,
                        .start = kMarketStart});
    std::vector<sim::Fill> fills;
    market.advance(kMarketStart + seconds(20), fills);
    for (const sim::Fill& fill : fills) truth_.add(fill);
    for (const sim::Instrument& instrument : truth_.instruments()) {
      names_.add("coinbase:" + instrument.canonical());
    }
    batch_.names = &names_;
  }

  [[nodiscard]] const sim::TradeHistory& btc() const { return truth_.history(0); }

  // Everything but the ids of `missing`, of the first instrument.
  void store_all_but(const std::set<std::uint64_t>& missing,
                     const std::set<std::uint64_t>& backfilled = {}) {
    for (std::uint32_t i = 0; i < truth_.instruments().size(); ++i) {
      store_instrument(i, i == 0 ? missing : std::set<std::uint64_t>{}, backfilled);
    }
    std::sort(batch_.bars.begin(), batch_.bars.end(), [](const auto& a, const auto& b) {
      return std::pair(a.position, a.ordinal) < std::pair(b.position, b.ordinal);
    });
  }

  TruthReport check(bool is_backfilled = false, std::uint64_t history = 0) {
    auto writer = store_.open_writer(store::DataKind::kSimulated);
    EXPECT_TRUE((*writer)->commit(batch_, {kDemoJournal, ordinal_ + 1}));
    const auto reader = store_.open_reader();
    auto report = check_truth(
        *reader, {.venues = {{.name = "coinbase", .truth = &truth_, .history = history}},
                  .intervals = kTestIntervals,
                  .disorder = kTestDisorder,
                  .is_backfilled = is_backfilled});
    EXPECT_TRUE(report);
    return *report;
  }
  void expect_difference(const std::string& part) {
    const TruthReport report = check();
    ASSERT_EQ(report.differences, 1u) << testing::PrintToString(report.named);
    EXPECT_NE(report.named.front().find(part), std::string::npos) << report.named.front();
  }
  // A bar in the middle that has the quality.
  store::BarRow& bar_that_is(Quality quality) {
    std::vector<store::BarRow*> found;
    for (store::BarRow& bar : batch_.bars) {
      if (bar.quality == quality && bar.instrument == InstrumentId(0)) found.push_back(&bar);
    }
    return *found.at(found.size() / 2);
  }

  sim::Truth truth_;
  InstrumentNames names_;
  store::Batch batch_;

 private:
  void store_instrument(std::uint32_t i, const std::set<std::uint64_t>& missing,
                        const std::set<std::uint64_t>& backfilled) {
    const sim::TradeHistory& history = truth_.history(i);
    Coverage coverage;
    std::map<std::pair<Duration, EventTime>, BarPartial> bars;
    for (std::uint64_t id = history.first_id(); id < history.end_id(); ++id) {
      if (missing.contains(id)) continue;
      Trade trade = trade_of(i, id);
      if (i == 0 && backfilled.contains(id)) trade.flags.set(Flag::kBackfill);
      coverage.add(id, id, trade.ts_event);
      batch_.trades.push_back({{kDemoJournal, ++ordinal_}, 0, trade});
      for (const Duration interval : kTestIntervals) {
        const std::int64_t ns = trade.ts_event.unix_ns();
        bars[{interval, EventTime(ns - ns % interval.count())}].add(trade);
      }
    }
    store_bars(i, bars, coverage);
    batch_.ledgers.push_back({InstrumentId(i), Channel::kTrades, coverage.runs(), coverage.gaps()});
  }

  [[nodiscard]] Trade trade_of(std::uint32_t i, std::uint64_t id) const {
    const sim::TruthTrade& truth = truth_.history(i).at(id);
    const sim::Instrument& instrument = truth_.instruments()[i];
    Trade trade;
    trade.instrument = InstrumentId(i);
    trade.side = truth.taker_buys ? Side::kBuy : Side::kSell;
    trade.ts_event = truth.ts_event;
    trade.ts_recv = RecvTime(truth.ts_event.unix_ns());
    trade.price = decimal(truth.price, instrument.price_places);
    trade.size = decimal(truth.size, instrument.size_places);
    trade.id = TradeId(id);
    trade.first_fill = trade.last_fill = id;
    trade.contiguous = true;
    return trade;
  }

  void store_bars(std::uint32_t i, const std::map<std::pair<Duration, EventTime>, BarPartial>& bars,
                  const Coverage& coverage) {
    const EventTime watermark = coverage.runs().back().last_time - kTestDisorder;
    for (const auto& [key, partial] : bars) {
      const EventTime end = key.second + key.first;
      if (end > watermark) continue;
      std::uint32_t unshown = 0;
      Quality quality = coverage.quality(key.second, end);
      if (quality == Quality::kComplete && partial.backfilled) quality = Quality::kRepaired;
      batch_.bars.push_back(store::BarRow::of({.instrument = InstrumentId(i),
                                               .interval = key.first,
                                               .start = key.second,
                                               .partial = partial,
                                               .quality = quality,
                                               .position = {kDemoJournal, ++ordinal_}},
                                              unshown));
    }
  }

  store::MemoryStore store_;
  std::uint64_t ordinal_ = 0;
};

TEST_F(TruthCheck, with_back_fill_nothing_is_missing_that_the_history_shows) {
  const std::uint64_t id = btc().first_id() + btc().size() / 2;
  store_all_but({id, id + 1});
  const TruthReport report = check(true);
  ASSERT_EQ(report.differences, 1u) << testing::PrintToString(report.named);
  EXPECT_NE(report.named.front().find("are missing, and the venue's history shows them"),
            std::string::npos);
  EXPECT_EQ(report.unrecoverable, 0u);
}

TEST_F(TruthCheck, what_the_history_no_longer_shows_may_be_missing_and_unrecoverable) {
  const std::uint64_t id = btc().first_id() + btc().size() / 2;
  store_all_but({id, id + 1, id + 2});
  std::vector<IdGap>& gaps = batch_.ledgers[0].gaps;
  gaps.push_back(gaps[0]);
  gaps[0].last = gaps[0].first;
  gaps[1].first = gaps[0].last + 1;
  gaps[1].state = GapState::kUnrecoverable;
  const TruthReport report = check(true, btc().size() / 4);
  EXPECT_EQ(report.differences, 0u) << testing::PrintToString(report.named);
  EXPECT_EQ(report.missing, 3u);
  EXPECT_EQ(report.unrecoverable, 2u);
}

TEST_F(TruthCheck, agrees_with_an_honest_store_and_counts_what_it_holds) {
  const std::uint64_t id = btc().first_id() + btc().size() / 2;
  store_all_but({id, id + 1, id + 40}, {id + 80});
  const TruthReport report = check();
  EXPECT_EQ(report.differences, 0u) << testing::PrintToString(report.named);
  EXPECT_EQ(report.bars, batch_.bars.size());
  EXPECT_EQ(report.missing, 3u);
  EXPECT_EQ(report.backfilled, 1u);
  EXPECT_GT(report.complete, 20u);
  EXPECT_GE(report.gap, 2u);
  EXPECT_GE(report.repaired, 1u);
  EXPECT_GE(report.unknown, 2u);  // the first window of each instrument
  EXPECT_EQ(report.complete + report.repaired + report.gap + report.unknown, report.bars);
}

TEST_F(TruthCheck, counts_as_past_what_was_shown_before_anything_was_heard) {
  store_all_but({});
  for (const std::size_t i : {0U, 1U, 2U, 10U}) batch_.trades[i].trade.flags.set(Flag::kSnapshot);
  const TruthReport report = check();
  EXPECT_EQ(report.differences, 0u) << testing::PrintToString(report.named);
  EXPECT_EQ(report.past, 3u);
  EXPECT_EQ(report.backfilled, 0u);
}

TEST_F(TruthCheck, finds_one_last_place_in_any_column) {
  const std::vector<std::pair<std::string, std::function<void(BarColumns&)>>> changes{
      {" open ", [](BarColumns& c) { ++*c.open; }},
      {" high ", [](BarColumns& c) { ++*c.high; }},
      {" low ", [](BarColumns& c) { --*c.low; }},
      {" close ", [](BarColumns& c) { ++*c.close; }},
      {" volume ", [](BarColumns& c) { ++*c.volume; }},
      {" buy_volume ", [](BarColumns& c) { --*c.buy_volume; }},
      {" notional ", [](BarColumns& c) { ++*c.notional; }},
      {" vwap ", [](BarColumns& c) { ++*c.vwap; }},
      {" vwap empty", [](BarColumns& c) { c.vwap.reset(); }},
      {" trades ", [](BarColumns& c) { ++c.trades; }},
      {" first_id ", [](BarColumns& c) { c.first_id = TradeId(1); }},
      {" last_id ", [](BarColumns& c) { c.last_id = TradeId(1); }}};
  store_all_but({});
  const store::Batch honest = batch_;
  std::uint64_t seen = 0;
  for (const auto& [part, change] : changes) {
    store::MemoryStore fresh;
    batch_ = honest;
    change(bar_that_is(Quality::kComplete).columns);
    auto writer = fresh.open_writer(store::DataKind::kSimulated);
    ASSERT_TRUE((*writer)->commit(batch_, {kDemoJournal, 1'000'000}));
    const auto reader = fresh.open_reader();
    const auto report = check_truth(*reader, {.venues = {{"coinbase", &truth_}},
                                              .intervals = kTestIntervals,
                                              .disorder = kTestDisorder});
    ASSERT_TRUE(report);
    ASSERT_EQ(report->differences, 1u) << part << testing::PrintToString(report->named);
    EXPECT_NE(report->named.front().find(part), std::string::npos) << report->named.front();
    EXPECT_NE(report->named.front().find("should be "), std::string::npos);
    ++seen;
  }
  EXPECT_EQ(seen, changes.size());
}

TEST_F(TruthCheck, a_bar_in_a_gap_has_to_be_what_came) {
  store_all_but({btc().first_id() + btc().size() / 2});
  ++*bar_that_is(Quality::kGap).columns.close;
  expect_difference("(gap): close ");
}

TEST_F(TruthCheck, a_gap_may_not_be_hushed_up_in_a_bar) {
  store_all_but({btc().first_id() + btc().size() / 2});
  bar_that_is(Quality::kGap).quality = Quality::kUnknown;
  expect_difference("says unknown (should be gap)");
}

TEST_F(TruthCheck, a_gap_bar_that_says_complete_is_not_what_happened) {
  store_all_but({btc().first_id() + btc().size() / 2});
  bar_that_is(Quality::kGap).quality = Quality::kComplete;
  const TruthReport report = check();
  EXPECT_GE(report.differences, 1u);
  EXPECT_NE(testing::PrintToString(report.named).find("says complete (should be gap)"),
            std::string::npos);
}

TEST_F(TruthCheck, no_gap_where_nothing_is_missing) {
  store_all_but({});
  bar_that_is(Quality::kComplete).quality = Quality::kGap;
  expect_difference("says gap (should be complete)");
}

TEST_F(TruthCheck, not_unknown_where_it_can_be_known) {
  store_all_but({});
  bar_that_is(Quality::kComplete).quality = Quality::kUnknown;
  expect_difference("says unknown (should be complete)");
}

TEST_F(TruthCheck, repaired_only_what_the_history_gave) {
  store_all_but({});
  bar_that_is(Quality::kComplete).quality = Quality::kRepaired;
  expect_difference("says repaired (should be complete)");
}

TEST_F(TruthCheck, an_older_revision_may_not_have_claimed_what_was_not_so) {
  store_all_but({});
  store::BarRow& bar = bar_that_is(Quality::kComplete);
  store::BarRow newer = bar;
  newer.revision = 1;
  newer.cause = Cause::kConfirmed;
  ++newer.ordinal;
  *bar.columns.high += 1;
  batch_.bars.insert(batch_.bars.begin() + (&bar - batch_.bars.data()) + 1, newer);
  expect_difference("(complete): high ");
}

TEST_F(TruthCheck, misses_a_bar_that_had_to_close) {
  store_all_but({});
  const store::BarRow gone = bar_that_is(Quality::kComplete);
  std::erase_if(batch_.bars, [&](const auto& bar) {
    return bar.instrument == gone.instrument && bar.interval == gone.interval &&
           bar.start == gone.start;
  });
  expect_difference("is not there, and trades came for it");
}

TEST_F(TruthCheck, finds_a_bar_that_never_was) {
  store_all_but({});
  store::BarRow row = batch_.bars.back();
  row.start = row.start - std::chrono::hours(1);
  ++row.ordinal;
  batch_.bars.push_back(row);
  expect_difference("is there, and no trade came for it");
}

TEST_F(TruthCheck, finds_a_bar_of_an_instrument_that_nobody_simulated) {
  store_all_but({});
  store::BarRow row = batch_.bars.back();
  names_.add("coinbase:NIL-USD");
  row.instrument = InstrumentId(2);
  ++row.ordinal;
  batch_.bars.push_back(row);
  expect_difference("of them of what was simulated");
}

TEST_F(TruthCheck, finds_a_hole_that_the_ledger_hushes_up) {
  store_all_but({btc().first_id() + btc().size() / 2});
  batch_.ledgers.front().gaps.clear();
  expect_difference("the ledger's hole none (should be ");
}

TEST_F(TruthCheck, finds_a_hole_that_the_ledger_made_up) {
  store_all_but({});
  batch_.ledgers.front().gaps.push_back(
      {btc().first_id() + 3, btc().first_id() + 4, kMarketStart, kMarketStart});
  expect_difference("(should be none)");
}

TEST_F(TruthCheck, finds_a_trade_that_never_was) {
  store_all_but({});
  store::TradeRow row = batch_.trades.front();
  ++row.ordinal;
  row.trade.id = TradeId(btc().end_id() + 5);
  row.trade.first_fill = row.trade.last_fill = btc().end_id() + 5;
  batch_.trades.insert(batch_.trades.begin() + 1, row);
  const TruthReport report = check();
  ASSERT_GE(report.differences, 1u);
  EXPECT_NE(report.named.front().find("was never traded"), std::string::npos);
}

TEST_F(TruthCheck, finds_a_trade_that_is_stored_twice) {
  store_all_but({});
  store::TradeRow row = batch_.trades.front();
  ++row.ordinal;
  batch_.trades.insert(batch_.trades.begin() + 1, row);
  expect_difference("is stored twice");
}

TEST(TruthReport, names_the_first_and_counts_all) {
  TruthReport report;
  for (int i = 0; i < 25; ++i) report.differ(std::to_string(i));
  EXPECT_EQ(report.differences, 25u);
  EXPECT_EQ(report.named.size(), TruthReport::kNamedMax);
  EXPECT_EQ(report.named.back(), "9");
}

}  // namespace
}  // namespace tapeline::app::demo
