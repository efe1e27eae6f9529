// SPDX-License-Identifier: Apache-2.0
#include "ledger/channel_ledger.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <vector>

namespace tapeline::ledger {

void PrintTo(Standing standing, std::ostream* out) {
  constexpr const char* kNames[] = {"new", "duplicate", "conflicting", "overlap", "full"};
  *out << kNames[static_cast<std::size_t>(standing)];
}

namespace {

Trade trade_of(std::uint64_t first, std::uint64_t last, std::int64_t price = 5) {
  Trade trade;
  trade.id = TradeId(first);
  trade.first_fill = first;
  trade.last_fill = last;
  trade.contiguous = true;
  trade.ts_event = EventTime(static_cast<std::int64_t>(first % 1'000'000) * 1'000);
  trade.price = {price, 2};
  trade.size = {1, 0};
  trade.side = Side::kBuy;
  return trade;
}

Trade trade_of(std::uint64_t id) { return trade_of(id, id); }

SettledIds settled(std::uint64_t first, std::uint64_t last) {
  return {InstrumentId(0), Channel::kTrades, first, last};
}

Trade text_trade(const std::string& text) {
  Trade trade = trade_of(0);
  trade.id = *TradeId::parse(text);
  trade.contiguous = false;
  return trade;
}

TEST(ChannelLedger, an_id_is_new_once) {
  ChannelLedger ledger;
  EXPECT_EQ(ledger.standing(trade_of(7)), Standing::kNew);
  ledger.admit(trade_of(7));
  EXPECT_EQ(ledger.standing(trade_of(7)), Standing::kDuplicate);
  EXPECT_EQ(ledger.standing(trade_of(6)), Standing::kNew);
  EXPECT_EQ(ledger.standing(trade_of(8)), Standing::kNew);
}

TEST(ChannelLedger, id_zero_is_an_id) {
  ChannelLedger ledger;
  EXPECT_EQ(ledger.standing(trade_of(0)), Standing::kNew);
  ledger.admit(trade_of(0));
  EXPECT_EQ(ledger.standing(trade_of(0)), Standing::kDuplicate);
  EXPECT_EQ(ledger.standing(trade_of(1)), Standing::kNew);
}

TEST(ChannelLedger, other_content_under_one_id_conflicts) {
  ChannelLedger ledger;
  const Trade first = trade_of(7);
  ledger.admit(first);
  const auto standing_with = [&](auto change) {
    Trade other = first;
    change(other);
    return ledger.standing(other);
  };
  EXPECT_EQ(standing_with([](Trade& t) { t.price.mantissa = 6; }), Standing::kConflicting);
  EXPECT_EQ(standing_with([](Trade& t) { t.price.scale = 3; }), Standing::kConflicting);
  EXPECT_EQ(standing_with([](Trade& t) { t.size.mantissa = 2; }), Standing::kConflicting);
  EXPECT_EQ(standing_with([](Trade& t) { t.size.scale = 1; }), Standing::kConflicting);
  EXPECT_EQ(standing_with([](Trade& t) { t.side = Side::kSell; }), Standing::kConflicting);
  EXPECT_EQ(standing_with([](Trade& t) { t.ts_event = t.ts_event + Duration(1); }),
            Standing::kConflicting);
  EXPECT_EQ(standing_with([](Trade& t) { t.ts_recv = RecvTime(99); }), Standing::kDuplicate)
      << "two lines see one trade at two times";
  EXPECT_EQ(standing_with([](Trade& t) { t.flags.set(Flag::kSnapshot); }), Standing::kDuplicate);
  EXPECT_EQ(ledger.standing(first), Standing::kDuplicate) << "the first still wins";
}

TEST(ChannelLedger, content_is_remembered_for_the_newest_256_ids) {
  ChannelLedger ledger;
  for (std::uint64_t id = 1; id <= 256; ++id) ledger.admit(trade_of(id));
  EXPECT_EQ(ledger.standing(trade_of(1, 1, 6)), Standing::kConflicting);
  ledger.admit(trade_of(257));
  EXPECT_EQ(ledger.standing(trade_of(1, 1, 6)), Standing::kDuplicate);
  EXPECT_EQ(ledger.standing(trade_of(2, 2, 6)), Standing::kConflicting);
}

TEST(ChannelLedger, an_old_id_that_fills_a_hole_does_not_overwrite_newer_content) {
  ChannelLedger ledger;
  ledger.admit(trade_of(1));
  ledger.admit(trade_of(300));
  ledger.admit(trade_of(44));  // 300 - 256
  EXPECT_EQ(ledger.standing(trade_of(300)), Standing::kDuplicate);
  EXPECT_EQ(ledger.standing(trade_of(300, 300, 6)), Standing::kConflicting);
}

TEST(ChannelLedger, an_aggregated_trade_of_which_a_part_is_held_overlaps) {
  ChannelLedger ledger;
  ledger.admit(trade_of(10, 14));
  EXPECT_EQ(ledger.standing(trade_of(10, 14)), Standing::kDuplicate);
  EXPECT_EQ(ledger.standing(trade_of(14, 16)), Standing::kOverlap);
  EXPECT_EQ(ledger.standing(trade_of(8, 10)), Standing::kOverlap);
  EXPECT_EQ(ledger.standing(trade_of(8, 16)), Standing::kOverlap);
  EXPECT_EQ(ledger.standing(trade_of(15, 16)), Standing::kNew);
  EXPECT_EQ(ledger.standing(trade_of(8, 9)), Standing::kNew);
}

TEST(ChannelLedger, a_range_over_a_hole_overlaps) {
  ChannelLedger ledger;
  ledger.admit(trade_of(1));
  ledger.admit(trade_of(5));
  EXPECT_EQ(ledger.standing(trade_of(1, 5)), Standing::kOverlap);
  EXPECT_EQ(ledger.standing(trade_of(2, 4)), Standing::kNew);
}

TEST(ChannelLedger, a_late_trade_that_comes_again_is_a_duplicate) {
  ChannelLedger ledger;
  ledger.admit(trade_of(9));
  ledger.refuse_late(trade_of(4, 6));
  EXPECT_EQ(ledger.standing(trade_of(4, 6)), Standing::kDuplicate);
  EXPECT_EQ(ledger.coverage().holds(4, 6), Coverage::Held::kNone) << "it was not admitted";
  EXPECT_EQ(ledger.standing(trade_of(3)), Standing::kNew);
  ledger.refuse_late(text_trade("x"));
  EXPECT_EQ(ledger.standing(text_trade("x")), Standing::kDuplicate);
}

TEST(ChannelLedger, a_late_id_that_does_not_count_is_no_fill) {
  ChannelLedger ledger;
  ledger.admit(trade_of(1));
  ledger.admit(trade_of(9));
  Trade other = trade_of(5);
  other.contiguous = false;
  ledger.refuse_late(other);
  EXPECT_EQ(ledger.standing(other), Standing::kDuplicate);
  EXPECT_EQ(ledger.standing(trade_of(5)), Standing::kNew);
  ASSERT_EQ(ledger.coverage().gaps().size(), 1U);
  EXPECT_EQ(ledger.coverage().gaps()[0].cause, GapCause::kLost);
}

TEST(ChannelLedger, ids_that_do_not_count_have_a_set_of_their_own) {
  ChannelLedger ledger;
  EXPECT_EQ(ledger.standing(text_trade("a")), Standing::kNew);
  ledger.admit(text_trade("a"));
  EXPECT_EQ(ledger.standing(text_trade("a")), Standing::kDuplicate);
  EXPECT_EQ(ledger.standing(text_trade("b")), Standing::kNew);
  EXPECT_TRUE(ledger.coverage().empty());
  EXPECT_EQ(ledger.standing(trade_of(0)), Standing::kNew);
}

TEST(ChannelLedger, a_full_ledger_still_takes_what_needs_no_run_of_its_own) {
  ChannelLedger ledger;
  for (std::uint64_t i = 1; i <= Coverage::kRunsMax; ++i) ledger.admit(trade_of(2 * i));
  const std::uint64_t newest = 2 * Coverage::kRunsMax;
  EXPECT_EQ(ledger.standing(trade_of(newest + 2)), Standing::kFull);
  EXPECT_EQ(ledger.standing(trade_of(newest + 1)), Standing::kNew);
  EXPECT_EQ(ledger.standing(trade_of(3)), Standing::kNew) << "it even joins two";
  EXPECT_EQ(ledger.standing(trade_of(1)), Standing::kNew);
  EXPECT_EQ(ledger.standing(trade_of(4)), Standing::kDuplicate);
  EXPECT_EQ(ledger.standing(text_trade("x")), Standing::kNew);
  ledger.admit(trade_of(3));
  EXPECT_EQ(ledger.standing(trade_of(newest + 2)), Standing::kNew);
}

TEST(ChannelLedger, too_many_late_ids_do_not_stop_those_in_time) {
  ChannelLedger ledger;
  ledger.admit(trade_of(UINT64_MAX - 9));
  EXPECT_FALSE(ledger.late_full());
  for (std::uint64_t i = 1; i <= Coverage::kRunsMax; ++i) ledger.refuse_late(trade_of(i));
  EXPECT_TRUE(ledger.late_full());
  EXPECT_EQ(ledger.standing(trade_of(UINT64_MAX - 8)), Standing::kNew);
}

// A copy of the rows that begin within the ids that a ledger says have changed.
template <typename Row>
void take_rows(std::vector<Row>& copy, IdSpan within, const std::vector<Row>& rows) {
  std::erase_if(
      copy, [&](const Row& row) { return row.first >= within.first && row.first <= within.last; });
  copy.insert(copy.end(), rows.begin(), rows.end());
  std::sort(copy.begin(), copy.end(), [](const Row& a, const Row& b) { return a.first < b.first; });
}

// Whatever comes, in whatever order, and whenever the changes are taken: who takes nothing else
// knows every run and every gap.
RC_GTEST_PROP(ChannelLedger, its_changes_are_all_that_changes, ()) {
  ChannelLedger ledger;
  std::vector<IdRun> runs;
  std::vector<IdGap> gaps;
  const auto any_id = rc::gen::inRange<std::uint64_t>(0, 40);
  const auto steps = *rc::gen::inRange(0, 120);
  for (int i = 0; i < steps; ++i) {
    const auto first = *rc::gen::oneOf(any_id, rc::gen::just(ledger.coverage().newest_id() + 1));
    Trade trade = trade_of(first, first + *rc::gen::element<std::uint64_t>(0, 0, 1, 3));
    trade.ts_event = EventTime(*rc::gen::inRange(0, 50));
    switch (*rc::gen::inRange(0, 8)) {
      case 0:
        if (ledger.standing(trade) == Standing::kNew) ledger.refuse_late(trade);
        break;
      case 1:
        if (ledger.take_late(trade) && ledger.standing(trade) == Standing::kNew)
          ledger.admit(trade);
        break;
      case 2:
        ledger.settle(settled(first, trade.last_fill));
        break;
      case 3:
        ledger.confirm({{}, Channel::kTrades, false, first, trade.ts_event});
        break;
      default:
        if (ledger.standing(trade) == Standing::kNew) ledger.admit(trade);
    }
    if (*rc::gen::inRange(0, 4) != 0) continue;
    for (const IdSpan& within : ledger.take_changes()) {
      const std::vector<IdRun> new_runs = ledger.coverage().runs(within);
      const bool is_longer_run = within.first == within.last && !new_runs.empty();
      if (is_longer_run) RC_ASSERT(ledger.coverage().gaps(within).empty());
      take_rows(runs, within, new_runs);
      if (!is_longer_run) take_rows(gaps, within, ledger.coverage().gaps(within));
    }
    RC_ASSERT(runs == ledger.coverage().runs());
    RC_ASSERT(gaps == ledger.coverage().gaps());
    RC_ASSERT(ledger.take_changes().empty());
  }
}

TEST(ChannelLedger, ids_in_order_change_the_newest_run_alone) {
  ChannelLedger ledger;
  for (const std::uint64_t id : {1U, 2U, 5U, 6U, 9U}) ledger.admit(trade_of(id));
  EXPECT_FALSE(ledger.take_changes().empty());
  ledger.admit(trade_of(10));
  ledger.admit(trade_of(11));
  EXPECT_EQ(ledger.take_changes(), (std::vector<IdSpan>{{9, 9}}));
  ledger.admit(trade_of(12));
  ledger.admit(trade_of(3));
  EXPECT_EQ(ledger.take_changes(), (std::vector<IdSpan>{{0, 4}, {9, 9}}));
  ledger.admit(trade_of(20));
  EXPECT_EQ(ledger.take_changes(), (std::vector<IdSpan>{{13, UINT64_MAX}}));
}

TEST(ChannelLedger, changes_that_are_very_many_are_one_that_holds_them) {
  ChannelLedger ledger;
  constexpr std::uint64_t kHoles = 2 * ChannelLedger::kChangesMax;
  for (std::uint64_t i = 0; i < kHoles; ++i) ledger.admit(trade_of(100 * i));
  EXPECT_FALSE(ledger.take_changes().empty());
  for (std::uint64_t i = 1; i < kHoles - 1; i += 2) {
    ledger.settle(settled(100 * i + 5, 100 * i + 9));
  }
  const std::vector<IdSpan> changes = ledger.take_changes();
  EXPECT_LE(changes.size(), ChannelLedger::kChangesMax);
  EXPECT_EQ(changes.front().first, 101U);
  EXPECT_EQ(changes.back().last, 100 * (kHoles - 3) + 99) << "the last hole that was settled";
}

TEST(ChannelLedger, one_that_was_loaded_knows_of_no_changes) {
  ChannelLedger ledger;
  ledger.admit(trade_of(5));
  ByteWriter out;
  ledger.save(out);
  const std::string state = out.joined();
  ByteReader in(state);
  ChannelLedger loaded;
  loaded.load(in);
  EXPECT_TRUE(loaded.take_changes().empty());
  loaded.note_all_changed();
  loaded.admit(trade_of(6));
  EXPECT_EQ(loaded.take_changes(), std::vector<IdSpan>{kAllIds});
}

// Ranges of fills, again and again, against a map of all ids.
RC_GTEST_PROP(ChannelLedger, standing_is_what_a_map_of_ids_says, ()) {
  ChannelLedger ledger;
  std::map<std::uint64_t, std::pair<std::uint64_t, std::int64_t>> held;  // to (last fill, price)
  const auto steps = *rc::gen::inRange(0, 80);
  for (int i = 0; i < steps; ++i) {
    const auto first = *rc::gen::inRange<std::uint64_t>(0, 40);
    const auto last = first + *rc::gen::element<std::uint64_t>(0, 0, 0, 1, 3);
    Trade trade = trade_of(first, last, *rc::gen::element<std::int64_t>(5, 5, 6));
    trade.ts_event = EventTime(static_cast<std::int64_t>(last));
    std::uint64_t count = 0;
    for (std::uint64_t id = first; id <= last; ++id) count += held.count(id);
    Standing expected = Standing::kNew;
    if (count == last - first + 1) {
      const bool whole = held[last].first == last;
      // Of a trade inside a longer one only its last fill is known.
      if (!whole) continue;
      const bool same = held[last].second == trade.price.mantissa;
      expected = same ? Standing::kDuplicate : Standing::kConflicting;
    } else if (count > 0) {
      expected = Standing::kOverlap;
    }
    RC_ASSERT(ledger.standing(trade) == expected);
    if (expected != Standing::kNew) continue;
    ledger.admit(trade);
    for (std::uint64_t id = first; id <= last; ++id) held[id] = {last, trade.price.mantissa};
  }
}

}  // namespace
}  // namespace tapeline::ledger
