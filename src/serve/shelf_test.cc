// SPDX-License-Identifier: Apache-2.0
#include "serve/shelf.h"

#include "serve/serve_fixture.h"

namespace tapeline::serve {
namespace {

constexpr BarsKey kKey{InstrumentId(3), kSecond};
constexpr Int128 kOne = 1'000'000'000'000'000'000;

// Of the trades 1 to `trades`, from the record `ordinal`; trade n has the price n and the size 0.5.
BarRevision state_of(std::uint64_t trades, BarState state, std::uint32_t revision,
                     std::uint64_t ordinal) {
  BarRevision bar;
  bar.instrument = kKey.instrument;
  bar.interval = kKey.interval;
  bar.start = kNoon;
  bar.state = state;
  bar.revision = revision;
  bar.position = {kJournal, ordinal};
  for (std::uint64_t id = 1; id <= trades; ++id) bar.partial.add(make_trade(id));
  return bar;
}

TEST(Shelf, gives_rows_of_the_newest_states) {
  Shelf shelf;
  shelf.put(state_of(2, BarState::kProvisional, 0, 5));
  shelf.put(state_of(4, BarState::kProvisional, 0, 6));
  const auto open = shelf.row(kKey, kNoon);
  ASSERT_TRUE(open);
  EXPECT_EQ(open->columns.trades, 4U);
  EXPECT_EQ(open->columns.high, 4 * kOne);
  EXPECT_EQ(open->columns.volume, 2 * kOne);
  EXPECT_EQ(open->columns.vwap, kOne * 5 / 2);
  shelf.put(state_of(5, BarState::kFinal, 1, 8));
  shelf.put(state_of(4, BarState::kFinal, 0, 7));
  const BarsByStart rows = shelf.rows(kKey);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows.begin()->first, kNoon);
  EXPECT_EQ(rows.begin()->second.revision, 1U);
  EXPECT_EQ(rows.begin()->second.columns.close, 5 * kOne);
}

TEST(Shelf, knows_no_other_bars) {
  Shelf shelf;
  shelf.put(state_of(1, BarState::kFinal, 0, 5));
  EXPECT_FALSE(shelf.row(kKey, second(1)));
  EXPECT_FALSE(shelf.row({InstrumentId(4), kSecond}, kNoon));
  EXPECT_TRUE(shelf.rows({kKey.instrument, 2 * kSecond}).empty());
}

TEST(Shelf, keeps_bars_until_they_are_stored_and_while_they_are_open) {
  Shelf shelf;
  BarRevision open = state_of(1, BarState::kProvisional, 0, 4);
  open.start = second(1);
  shelf.put(open);
  shelf.put(state_of(1, BarState::kFinal, 0, 5));
  shelf.put(state_of(2, BarState::kFinal, 1, 8));
  shelf.forget_stored(8);
  EXPECT_EQ(shelf.rows(kKey).size(), 2U) << "the revision is not stored yet";
  shelf.forget_stored(9);
  EXPECT_EQ(shelf.size(), 0U);
  ASSERT_EQ(shelf.rows(kKey).size(), 1U);
  EXPECT_EQ(shelf.rows(kKey).begin()->second.state, BarState::kProvisional);
}

}  // namespace
}  // namespace tapeline::serve
