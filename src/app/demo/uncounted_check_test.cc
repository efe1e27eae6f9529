// SPDX-License-Identifier: Apache-2.0
#include "app/demo/uncounted_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/decimal.h"
#include "model/bar.h"
#include "sim/dialect/finnhub_conditions.h"
#include "sim/market/market.h"
#include "sim/market/text.h"
#include "store/memory_store.h"

namespace tapeline::app::demo {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr EventTime kUncountedStart{1'700'000'000'300'000'000};
constexpr JournalId kUncountedJournal{8};

// What an honest pipeline stores of a market without ids; a test then falsifies one thing.
class UncountedCheck : public testing::Test {
 protected:
  UncountedCheck() : truth_(sim::make_instruments(1, "USD")) {
    sim::Market market({.seed = 5,
                        .instruments = sim::make_instruments(1, "USD"),
                        .trades_per_second = 40,
                        .start = kUncountedStart});
    market.advance(kUncountedStart + seconds(10), fills_);
    for (const sim::Fill& fill : fills_) truth_.add(fill);
    names_.add("finnhub:BTC-USD");
    batch_.names = &names_;
  }

  [[nodiscard]] const sim::TradeHistory& btc() const { return truth_.history(0); }

  // From now on the venue tells them, as the simulated Finnhub does.
  void tell_conditions() {
    sim::Truth told(sim::make_instruments(1, "USD"), sim::Truth::kTradesMaxDefault,
                    &sim::kFinnhubConditions);
    for (const sim::Fill& fill : fills_) told.add(fill);
    truth_ = told;
  }
  void set_conditions(Trade& trade, const sim::TruthTrade& truth) const {
    std::istringstream codes(sim::finnhub_codes_text(truth));
    for (std::string code; codes >> code;) trade.conditions.add_text(code);
    if (counts_all_) return;
    switch (sim::finnhub_counts_for(truth)) {
      case sim::CountsFor::kVolume:
        trade.counts = Counts::kVolume;
        break;
      case sim::CountsFor::kFallback:
        trade.counts = Counts::kFallback;
        break;
      case sim::CountsFor::kAll:
        break;
    }
  }
  // Adds the trade as often as is said.
  void store(std::uint64_t id, int times = 1) {
    const sim::TruthTrade& truth = btc().at(id);
    const sim::Instrument& instrument = truth_.instruments()[0];
    for (; times > 0; --times) {
      Trade trade;
      trade.instrument = InstrumentId(0);
      trade.flags.set(Flag::kSyntheticId);
      trade.ts_event = truth.ts_event;
      trade.ts_recv = RecvTime(truth.ts_event.unix_ns());
      if (is_coarse_) {
        trade.ts_event = EventTime(truth.ts_event.unix_ns() / 1'000'000'000 * 1'000'000'000);
        trade.flags.set(Flag::kCoarseTime);
      }
      trade.price = decimal(truth.price, instrument.price_places);
      trade.size = decimal(truth.size, instrument.size_places);
      if (btc().conditions() != nullptr) set_conditions(trade, truth);
      trade.id = TradeId(++ordinal_ * 1'000'000);
      trade.first_fill = trade.last_fill = trade.id.number();
      batch_.trades.push_back({{kUncountedJournal, ordinal_}, 0, trade});
    }
  }
  // Everything but `missing`, and `twice` twice.
  void store_all_but(const std::set<std::uint64_t>& missing,
                     const std::set<std::uint64_t>& twice = {}) {
    for (std::uint64_t id = btc().first_id(); id < btc().end_id(); ++id) {
      if (!missing.contains(id)) store(id, twice.contains(id) ? 2 : 1);
    }
    make_bars();
  }
  void make_bars() {
    std::map<EventTime, BarPartial> bars;
    for (const store::TradeRow& row : batch_.trades) {
      const std::int64_t ns = row.trade.ts_event.unix_ns();
      bars[EventTime(ns - ns % 1'000'000'000)].add(row.trade);
    }
    for (const auto& [start, partial] : bars) {
      if (start + seconds(1) > batch_.trades.back().trade.ts_event - milliseconds(500)) continue;
      std::uint32_t unshown = 0;
      batch_.bars.push_back(store::BarRow::of({.instrument = InstrumentId(0),
                                               .interval = seconds(1),
                                               .start = start,
                                               .partial = partial,
                                               .quality = Quality::kUnknown,
                                               .position = {kUncountedJournal, ++ordinal_}},
                                              unshown));
    }
  }

  TruthReport check(bool has_ids = false) {
    auto writer = store_.open_writer(store::DataKind::kSimulated);
    EXPECT_TRUE((*writer)->commit(batch_, {kUncountedJournal, ordinal_ + 1}));
    const auto reader = store_.open_reader();
    const auto report = check_truth(*reader, {.venues = {{"finnhub", &truth_, false, has_ids}},
                                              .intervals = {seconds(1)},
                                              .disorder = milliseconds(500)});
    EXPECT_TRUE(report);
    return *report;
  }
  void expect_difference(const std::string& part, bool has_ids = false) {
    const TruthReport report = check(has_ids);
    ASSERT_EQ(report.differences, 1u) << testing::PrintToString(report.named);
    EXPECT_NE(report.named.front().find(part), std::string::npos) << report.named.front();
  }

  static Decimal decimal(std::int64_t units, int places) {
    std::string text;
    sim::append_fixed(text, units, places);
    return parse_decimal(text).value();
  }

  std::vector<sim::Fill> fills_;
  sim::Truth truth_;
  InstrumentNames names_;
  store::Batch batch_;
  bool is_coarse_ = false;   // what is stored has whole seconds
  bool counts_all_ = false;  // whatever the conditions say

 private:
  store::MemoryStore store_;
  std::uint64_t ordinal_ = 0;
};

TEST_F(UncountedCheck, sees_a_condition_that_was_never_given) {
  store_all_but({});
  batch_.trades[5].trade.conditions.add(12);
  expect_difference("is stored with the conditions \"12\", and never had them");
}

TEST_F(UncountedCheck, holds_bars_against_what_their_trades_count_for) {
  tell_conditions();
  store_all_but({});
  const TruthReport report = check();
  EXPECT_EQ(report.differences, 0u) << testing::PrintToString(report.named);
  EXPECT_GT(std::count_if(batch_.trades.begin(), batch_.trades.end(),
                          [](const auto& row) { return row.trade.counts == Counts::kVolume; }),
            10);
}

TEST_F(UncountedCheck, sees_an_odd_lot_that_set_a_price) {
  tell_conditions();
  counts_all_ = true;
  store_all_but({});
  EXPECT_GT(check().differences, 0u);
}

TEST_F(UncountedCheck, sees_a_price_that_nothing_may_have_set) {
  tell_conditions();
  store_all_but({});
  batch_.bars[3].columns.open.reset();
  expect_difference(" open empty (should be ");
}

TEST_F(UncountedCheck, agrees_with_an_honest_store_and_counts_what_nobody_can_know) {
  const std::uint64_t id = btc().first_id() + btc().size() / 2;
  store_all_but({id, id + 7}, {id + 20});
  const TruthReport report = check();
  EXPECT_EQ(report.differences, 0u) << testing::PrintToString(report.named);
  EXPECT_EQ(report.bars, batch_.bars.size());
  EXPECT_EQ(report.unknown, batch_.bars.size());
  EXPECT_GT(report.bars, 6u);
  EXPECT_EQ(report.unseen, 2u);
  EXPECT_EQ(report.doubled, 1u);
  EXPECT_EQ(report.missing, 0u);
}

TEST_F(UncountedCheck, a_trade_of_whole_seconds_that_comes_twice_was_traded_all_the_same) {
  is_coarse_ = true;
  store_all_but({}, {btc().first_id() + 30});
  const TruthReport report = check();
  EXPECT_EQ(report.differences, 0u) << testing::PrintToString(report.named);
  EXPECT_EQ(report.unseen, 0u);
  EXPECT_EQ(report.doubled, 1u);
}

TEST_F(UncountedCheck, a_trade_that_comes_twice_is_a_difference_where_there_are_ids) {
  store_all_but({}, {btc().first_id() + 30});
  expect_difference("is stored more often than it was traded", true);
}

TEST_F(UncountedCheck, finds_a_trade_that_never_was) {
  store_all_but({});
  batch_.bars.clear();
  batch_.trades[30].trade.price = decimal(1, 2);
  make_bars();
  expect_difference("was never traded");
}

TEST_F(UncountedCheck, finds_a_bar_that_is_not_what_its_trades_make) {
  store_all_but({});
  ++*batch_.bars[3].columns.close;
  expect_difference(" close ");
}

TEST_F(UncountedCheck, finds_another_trades_id) {
  store_all_but({});
  batch_.bars[3].columns.last_id = batch_.bars[4].columns.last_id;
  expect_difference("last_id is another trade's");
}

TEST_F(UncountedCheck, finds_a_volume_of_a_side_that_nobody_said) {
  store_all_but({});
  batch_.bars[3].columns.buy_volume = 0;
  expect_difference(" buy_volume ");
}

TEST_F(UncountedCheck, no_bar_may_claim_more_than_can_be_known) {
  store_all_but({});
  batch_.bars[3].quality = Quality::kComplete;
  expect_difference("says complete (should be unknown)");
}

TEST_F(UncountedCheck, lets_what_is_known_to_the_second_have_happened_last) {
  const std::uint64_t last = btc().end_id() - 1;
  const auto second_of = [&](std::uint64_t id) {
    return btc().at(id).ts_event.unix_ns() / 1'000'000'000;
  };
  ASSERT_EQ(second_of(last - 1), second_of(last));
  for (std::uint64_t id = btc().first_id(); id < last - 1; ++id) store(id);
  is_coarse_ = true;
  store(last);
  is_coarse_ = false;
  store(last - 1);
  make_bars();
  const TruthReport report = check();
  EXPECT_EQ(report.differences, 0u) << testing::PrintToString(report.named);
  EXPECT_EQ(report.unseen, 0u);
}

TEST_F(UncountedCheck, finds_a_bar_that_is_not_there) {
  store_all_but({});
  batch_.bars.erase(batch_.bars.begin() + 3);
  expect_difference("is not there");
}

TEST_F(UncountedCheck, finds_a_bar_without_trades) {
  store_all_but({});
  batch_.bars[3].start = EventTime(kUncountedStart.unix_ns() - 300'000'000) - seconds(60);
  const TruthReport report = check();
  EXPECT_EQ(report.differences, 2u) << testing::PrintToString(report.named);
}

}  // namespace
}  // namespace tapeline::app::demo
