// SPDX-License-Identifier: Apache-2.0
#include "store/contract.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/store_fixture.h"

namespace tapeline::store {
namespace {

using std::chrono_literals::operator""min;

std::string text_of(const Error& error) { return error.text; }

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// One trade of "v:A" at the position of its number.
TradeRow nth_trade(std::uint64_t n) {
  TradeRow row{.position = at(n), .ordinal = 0, .trade = {}};
  row.trade.ts_event = EventTime(static_cast<std::int64_t>(n));
  row.trade.price = Decimal{1, 0};
  row.trade.id = TradeId(n);
  row.trade.first_fill = row.trade.last_fill = n;
  return row;
}

BarRow bar(std::uint64_t position, std::uint32_t instrument, std::int64_t start,
           std::uint32_t revision) {
  return {.position = at(position),
          .ordinal = 0,
          .instrument = InstrumentId(instrument),
          .interval = 1min,
          .start = EventTime(start),
          .columns = {},
          .state = BarState::kFinal,
          .quality = Quality::kComplete,
          .revision = revision,
          .cause = Cause::kNone};
}

std::vector<std::uint64_t> positions_of_trades(Reader& reader, const Selection& which) {
  std::vector<std::uint64_t> positions;
  const auto read = reader.trades(which, [&](const TradeRow& row) {
    positions.push_back(row.position.ordinal);
    return true;
  });
  EXPECT_TRUE(read) << text_of(read.error());
  return positions;
}

// "instrument start/revision" of each bar.
std::vector<std::string> bars_in(Reader& reader, const Selection& which, Revisions revisions) {
  std::vector<std::string> bars;
  const auto read = reader.bars(which, revisions, [&](const BarRow& row) {
    bars.push_back(std::string(reader.names().name(row.instrument)) + " " +
                   std::to_string(row.start.unix_ns()) + "/" + std::to_string(row.revision));
    return true;
  });
  EXPECT_TRUE(read) << text_of(read.error());
  return bars;
}

using Positions = std::vector<std::uint64_t>;
using Lines = std::vector<std::string>;

TEST_P(StoreContract, begins_empty_and_without_a_position) {
  const auto writer = open_or_die();
  EXPECT_EQ(writer->position(), std::nullopt);
  const auto reader = writer->open_reader();
  EXPECT_EQ(reader->position().value(), std::nullopt);
  EXPECT_EQ(reader->counts().value(), Counts{});
  EXPECT_EQ(reader->first_row().value(), std::nullopt);
  EXPECT_EQ(everything_in(*reader), Lines{});
}

TEST_P(StoreContract, knows_where_its_rows_begin) {
  const auto writer = open_or_die();
  const auto reader = writer->open_reader();
  ASSERT_TRUE(writer->commit({}, at(40)));
  EXPECT_EQ(reader->first_row().value(), std::nullopt);
  const RowMaker maker(7);
  ASSERT_TRUE(writer->commit(maker.batch(50, 99), at(99)));
  std::uint64_t first = UINT64_MAX;
  const auto look = [&first](const auto& row) {
    first = std::min(first, row.position.ordinal);
    return true;
  };
  ASSERT_TRUE(reader->trades({}, look));
  ASSERT_TRUE(reader->quotes({}, look));
  ASSERT_TRUE(reader->bars({}, Revisions::kAll, look));
  ASSERT_TRUE(reader->rejected({}, look));
  ASSERT_TRUE(reader->late({}, look));
  ASSERT_TRUE(reader->candles({}, look));
  ASSERT_TRUE(reader->listings({}, look));
  EXPECT_GE(first, 50U);
  EXPECT_EQ(reader->first_row().value(), first);
}

TEST_P(StoreContract, knows_the_record_that_it_has_come_to) {
  const RowMaker maker(7);
  Batch batch = maker.batch(0, 9);
  batch.tick_recv = RecvTime(1'618'677'820'123'456'789);
  {
    const auto writer = open_or_die();
    const auto reader = writer->open_reader();
    EXPECT_EQ(reader->last_record().value(), std::nullopt);
    ASSERT_TRUE(writer->commit(batch, at(9)));
    EXPECT_EQ(reader->last_record().value(), (RecordMark{at(9), batch.tick_recv}));
    ASSERT_TRUE(writer->commit({.tick_recv = RecvTime(5)}, at(9))) << "what is there already";
    EXPECT_EQ(reader->last_record().value(), (RecordMark{at(9), batch.tick_recv}));
  }
  const auto reader = store_->open_reader();
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader)->last_record().value(), (RecordMark{at(9), batch.tick_recv}));
}

TEST_P(StoreContract, keeps_every_row_exactly_and_the_position) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
    store_ = GetParam()();
    const RowMaker maker(seed);
    Expected expected;
    {
      const auto writer = open_or_die();
      std::uint64_t next = 0;
      for (const std::uint64_t records : {1U, 10U, 300U, 7U}) {
        const Batch batch = maker.batch(next, next + records - 1);
        next += records;
        expected.take(batch);
        const auto done = writer->commit(batch, at(next - 1));
        ASSERT_TRUE(done) << text_of(done.error());
        EXPECT_EQ(writer->position(), at(next - 1));
      }
      EXPECT_EQ(everything_in(*writer->open_reader()), expected.lines()) << "seed " << seed;
    }
    const auto reader = store_->open_reader();
    ASSERT_TRUE(reader) << text_of(reader.error());
    EXPECT_EQ((*reader)->position().value(), at(317));
    EXPECT_EQ(everything_in(**reader), expected.lines()) << "reopened, seed " << seed;
  }
}

TEST_P(StoreContract, keeps_more_rows_than_any_chunk_of_theirs) {
  const auto writer = open_or_die();
  InstrumentNames names;
  names.add("v:A");
  Batch batch;
  batch.names = &names;
  constexpr std::uint64_t kRows = 5'000;
  for (std::uint64_t n = 0; n < kRows; ++n) batch.trades.push_back(nth_trade(n));
  ASSERT_TRUE(writer->commit(batch, at(kRows)));
  Positions all(kRows);
  for (std::uint64_t n = 0; n < kRows; ++n) all[n] = n;
  EXPECT_EQ(positions_of_trades(*writer->open_reader(), {}), all);
}

TEST_P(StoreContract, remembers_its_position_and_goes_on_when_opened_again) {
  const RowMaker maker(7);
  Expected expected;
  for (std::uint64_t n = 0; n < 5; ++n) {
    const auto writer = open_or_die();
    EXPECT_EQ(writer->position(), n == 0 ? std::nullopt : std::optional(at(n * 20 - 1)));
    const Batch batch = maker.batch(n * 20, n * 20 + 19);
    expected.take(batch);
    ASSERT_TRUE(writer->commit(batch, at(n * 20 + 19)));
  }
  EXPECT_EQ(everything_in(*open_or_die()->open_reader()), expected.lines());
}

TEST_P(StoreContract, passes_over_rows_that_are_there_already) {
  const RowMaker maker(11);
  Expected expected;
  expected.take(maker.batch(0, 59));
  const auto writer = open_or_die();
  ASSERT_TRUE(writer->commit(maker.batch(0, 39), at(39)));
  ASSERT_TRUE(writer->commit(maker.batch(0, 39), at(39))) << "the same again";
  ASSERT_TRUE(writer->commit(maker.batch(10, 29), at(29))) << "all of it from before";
  EXPECT_EQ(writer->position(), at(39));
  ASSERT_TRUE(writer->commit(maker.batch(20, 59), at(59))) << "a part of it";
  EXPECT_EQ(everything_in(*writer->open_reader()), expected.lines());
}

TEST_P(StoreContract, moves_its_position_without_rows) {
  const auto writer = open_or_die();
  ASSERT_TRUE(writer->commit({}, at(41)));
  ASSERT_TRUE(writer->commit({}, at(42)));
  EXPECT_EQ(writer->open_reader()->position().value(), at(42));
}

TEST_P(StoreContract, refuses_the_rows_of_another_journal) {
  const RowMaker maker(13);
  Expected expected;
  expected.take(maker.batch(0, 9));
  const auto writer = open_or_die();
  ASSERT_TRUE(writer->commit(maker.batch(0, 9), at(9)));
  const auto refused = writer->commit({}, {JournalId(0xbad), 99});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::kCaller);
  EXPECT_EQ(refused.error().retry, Retry::kNever);
  EXPECT_TRUE(contains(refused.error().text, "journal 0000000000005eed")) << refused.error().text;
  EXPECT_TRUE(contains(refused.error().text, "journal 0000000000000bad")) << refused.error().text;
  EXPECT_EQ(writer->position(), at(9));
  EXPECT_EQ(everything_in(*writer->open_reader()), expected.lines());
}

TEST_P(StoreContract, refuses_the_other_kind_of_data) {
  ASSERT_TRUE(open_or_die(DataKind::kSimulated)->commit({}, at(1)));
  const auto refused = store_->open_writer(DataKind::kReal);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::kCaller);
  EXPECT_TRUE(contains(refused.error().text, "simulated")) << refused.error().text;
  EXPECT_TRUE(contains(refused.error().text, "--data-dir")) << refused.error().text;
  EXPECT_EQ(open_or_die(DataKind::kSimulated)->position(), at(1));
}

TEST_P(StoreContract, refuses_a_second_writer) {
  auto writer = open_or_die();
  const auto refused = store_->open_writer(DataKind::kReal);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::kOurs);
  EXPECT_EQ(refused.error().retry, Retry::kAfterBackoff) << "whoever holds it may leave";
  writer.reset();
  EXPECT_TRUE(store_->open_writer(DataKind::kReal));
}

TEST_P(StoreContract, replaces_what_a_ledger_held_and_leaves_the_others) {
  InstrumentNames names;
  const InstrumentId b = names.add("v:B");
  const InstrumentId a = names.add("v:A");
  const IdRun run{1, 5, EventTime(1), EventTime(5), EventTime(1), EventTime(5)};
  const IdRun longer{1, 6, EventTime(1), EventTime(6), EventTime(1), EventTime(6)};
  const IdGap gap{7, 8, EventTime(6), EventTime(9), GapCause::kLate};
  const auto writer = open_or_die();
  const auto commit = [&](std::uint64_t position, std::vector<LedgerRow> ledgers) {
    Batch batch;
    batch.names = &names;
    batch.ledgers = std::move(ledgers);
    ASSERT_TRUE(writer->commit(batch, at(position)));
  };
  const auto reader = writer->open_reader();
  const auto ledgers = [&](std::string_view instrument) {
    Lines lines;
    EXPECT_TRUE(reader->ledgers(instrument, [&](const LedgerRow& row) {
      lines.push_back(describe(row, reader->names()));
      return true;
    }));
    return lines;
  };
  commit(1, {{a, Channel::kTrades, {run}, {gap}}, {b, Channel::kTrades, {run}, {}}});
  commit(2, {{b, Channel::kAggTrades, {run}, {}}});
  commit(3, {{a, Channel::kTrades, {longer}, {}}});
  EXPECT_EQ(ledgers(""),
            (Lines{"ledger v:A trades [1..6 1 6 1 6]", "ledger v:B trades [1..5 1 5 1 5]",
                   "ledger v:B agg_trades [1..5 1 5 1 5]"}));
  EXPECT_EQ(ledgers("v:A"), (Lines{"ledger v:A trades [1..6 1 6 1 6]"}));
  EXPECT_EQ(ledgers("v:C"), Lines{});
  EXPECT_EQ(reader->counts()->runs, 3U);
  commit(4, {{b, Channel::kAggTrades, {}, {gap}}, {a, Channel::kTrades, {}, {}}});
  EXPECT_EQ(ledgers(""),
            (Lines{"ledger v:B trades [1..5 1 5 1 5]", "ledger v:B agg_trades gap 7..8 6 9 late"}));
  EXPECT_EQ(reader->counts()->gaps, 1U);
}

TEST_P(StoreContract, replaces_of_a_ledger_only_what_begins_within_some_ids) {
  InstrumentNames names;
  const InstrumentId a = names.add("v:A");
  const InstrumentId b = names.add("v:B");
  const auto run = [](std::uint64_t first, std::uint64_t last) {
    return IdRun{first, last, EventTime(1), EventTime(2), EventTime(1), EventTime(2)};
  };
  const auto gap = [](std::uint64_t first, std::uint64_t last) {
    return IdGap{first, last, EventTime(1), EventTime(2)};
  };
  Batch batch;
  batch.names = &names;
  for (const InstrumentId id : {a, b}) {
    batch.ledgers.push_back({id,
                             Channel::kTrades,
                             {run(1, 4), run(10, 14), run(20, UINT64_MAX - 1)},
                             {gap(5, 9), gap(15, 19)}});
  }
  const auto writer = open_or_die();
  ASSERT_TRUE(writer->commit(batch, at(1)));
  batch.ledgers = {{b, Channel::kTrades, {run(1, 5)}, {gap(6, 9)}, {0, 9}},
                   {b, Channel::kAggTrades, {}, {}, {10, 10}},
                   {b, Channel::kTrades, {run(20, UINT64_MAX)}, {}, {20, 20}},
                   {a, Channel::kTrades, {}, {gap(10, 19)}, {10, 19}}};
  ASSERT_TRUE(writer->commit(batch, at(2)));
  EXPECT_EQ(everything_in(*writer->open_reader()),
            (Lines{"ledger v:A trades [1..4 1 2 1 2] [20..18446744073709551614 1 2 1 2] gap 5..9 1 "
                   "2 lost gap 10..19 1 2 lost",
                   "ledger v:B trades [1..5 1 2 1 2] [10..14 1 2 1 2] [20..18446744073709551615 1 "
                   "2 1 2] gap 6..9 1 2 lost gap 15..19 1 2 lost"}));
}

TEST_P(StoreContract, knows_the_last_revision_of_a_bar_and_all_of_them) {
  InstrumentNames names;
  names.add("v:B");
  names.add("v:A");
  Batch batch;
  batch.names = &names;
  batch.bars = {bar(1, 0, 60, 0), bar(2, 0, 0, 0), bar(3, 1, 0, 0), bar(4, 0, 0, 1)};
  const auto writer = open_or_die();
  ASSERT_TRUE(writer->commit(batch, at(9)));
  batch.bars = {bar(11, 0, 0, 2)};
  ASSERT_TRUE(writer->commit(batch, at(19)));
  const auto reader = writer->open_reader();
  EXPECT_EQ(bars_in(*reader, {}, Revisions::kLast), (Lines{"v:B 60/0", "v:A 0/0", "v:B 0/2"}));
  EXPECT_EQ(bars_in(*reader, {}, Revisions::kAll),
            (Lines{"v:B 60/0", "v:B 0/0", "v:A 0/0", "v:B 0/1", "v:B 0/2"}));
  EXPECT_EQ(bars_in(*reader, {.order = Order::kTime}, Revisions::kLast),
            (Lines{"v:A 0/0", "v:B 0/2", "v:B 60/0"}));
  const Selection one{.instrument = "v:B",
                      .interval = 1min,
                      .from = EventTime(0),
                      .to = EventTime(1),
                      .order = Order::kTime};
  EXPECT_EQ(bars_in(*reader, one, Revisions::kAll), (Lines{"v:B 0/0", "v:B 0/1", "v:B 0/2"}));
  EXPECT_EQ(bars_in(*reader, one, Revisions::kLast), (Lines{"v:B 0/2"}));
  EXPECT_EQ(bars_in(*reader, {.interval = 5min}, Revisions::kAll), Lines{});
  EXPECT_EQ(
      bars_in(*reader, {.instrument = "v:B", .order = Order::kTime, .newest = 2}, Revisions::kAll),
      (Lines{"v:B 0/2", "v:B 60/0"}));
  EXPECT_EQ(bars_in(*reader, {.newest = 2}, Revisions::kAll), (Lines{"v:B 0/1", "v:B 0/2"}));
  EXPECT_EQ(reader->counts()->bars, 3U);
  EXPECT_EQ(reader->counts()->revisions, 5U);
}

TEST_P(StoreContract, selects_by_instrument_time_and_position) {
  InstrumentNames names;
  names.add("v:A");
  const InstrumentId other = names.add("v:B");
  Batch batch;
  batch.names = &names;
  for (std::uint64_t n = 1; n <= 6; ++n) batch.trades.push_back(nth_trade(n));
  batch.trades[2].trade.instrument = other;
  const auto writer = open_or_die();
  ASSERT_TRUE(writer->commit(batch, at(9)));
  const auto reader = writer->open_reader();
  EXPECT_EQ(positions_of_trades(*reader, {.instrument = "v:A"}), (Positions{1, 2, 4, 5, 6}));
  EXPECT_EQ(positions_of_trades(*reader, {.instrument = "v:NONE"}), Positions{});
  EXPECT_EQ(positions_of_trades(*reader, {.from = EventTime(2), .to = EventTime(5)}),
            (Positions{2, 3, 4}));
  EXPECT_EQ(positions_of_trades(*reader, {.position_from = 4}), (Positions{4, 5, 6}));
  EXPECT_EQ(positions_of_trades(*reader, {.position_to = 2}), (Positions{1}));
  EXPECT_EQ(
      positions_of_trades(*reader, {.instrument = "v:A", .from = EventTime(2), .position_to = 5}),
      (Positions{2, 4}));
}

// The order of OrderKey: time, the venue's order, then ids of digits as integers before all others.
TEST_P(StoreContract, orders_trades_of_one_time_by_the_venues_order_and_their_ids) {
  InstrumentNames names;
  names.add("v:B");
  names.add("v:A");
  Batch batch;
  batch.names = &names;
  const auto add = [&](std::uint32_t instrument, std::int64_t time, std::uint64_t order,
                       std::string_view id) {
    TradeRow row = nth_trade(batch.trades.size() + 1);
    row.trade.instrument = InstrumentId(instrument);
    row.trade.ts_event = EventTime(time);
    row.trade.order = order;
    row.trade.id = TradeId::parse(id).value();
    batch.trades.push_back(row);
  };
  add(0, 5, 1, "1");
  add(0, 5, 0, "z");
  add(0, 5, 0, "a-longer-one-than-twelve-bytes");
  add(0, 5, 0, "99999999999999999999999");
  add(0, 5, 0, "0099");
  add(0, 5, 0, "100");
  add(0, 5, 0, "9");
  add(0, 5, 0, "99");
  add(0, 4, 7, "8");
  add(1, 9, 0, "1");
  const auto writer = open_or_die();
  ASSERT_TRUE(writer->commit(batch, at(99)));
  EXPECT_EQ(positions_of_trades(*writer->open_reader(), {.order = Order::kTime}),
            (Positions{10, 9, 7, 5, 8, 6, 4, 3, 2, 1}));
  // From behind, the same order: ids that are texts, and those that are none, change nothing.
  for (std::size_t newest = 1; newest <= 11; ++newest) {
    Positions all{10, 9, 7, 5, 8, 6, 4, 3, 2, 1};
    if (newest < all.size()) all.erase(all.begin(), all.end() - static_cast<long>(newest));
    EXPECT_EQ(
        positions_of_trades(*writer->open_reader(), {.order = Order::kTime, .newest = newest}),
        all);
  }
}

TEST_P(StoreContract, knows_instruments_by_name_whatever_id_a_batch_gives_them) {
  InstrumentNames names;
  names.add("v:A");
  Batch batch;
  batch.names = &names;
  batch.trades = {nth_trade(1)};
  const auto writer = open_or_die();
  ASSERT_TRUE(writer->commit(batch, at(1)));
  InstrumentNames others;
  others.add("v:B");
  others.add("v:A");
  batch.names = &others;
  batch.trades = {nth_trade(2), nth_trade(3)};
  batch.trades[1].trade.instrument = InstrumentId(1);
  ASSERT_TRUE(writer->commit(batch, at(3)));
  const auto reader = writer->open_reader();
  EXPECT_EQ(positions_of_trades(*reader, {.instrument = "v:A"}), (Positions{1, 3}));
  EXPECT_EQ(positions_of_trades(*reader, {.instrument = "v:B"}), (Positions{2}));
}

TEST_P(StoreContract, a_reader_beside_the_writer_sees_each_commit) {
  InstrumentNames names;
  names.add("v:A");
  Batch batch;
  batch.names = &names;
  const auto writer = open_or_die();
  const auto reader = writer->open_reader();
  for (std::uint64_t n = 1; n <= 3; ++n) {
    batch.trades = {nth_trade(n)};
    ASSERT_TRUE(writer->commit(batch, at(n)));
    EXPECT_EQ(reader->counts()->trades, n);
    EXPECT_EQ(reader->position().value(), at(n));
    EXPECT_EQ(positions_of_trades(*reader, {}).size(), n);
  }
}

TEST_P(StoreContract, ends_the_reading_when_the_reader_has_enough) {
  const auto writer = open_or_die();
  ASSERT_TRUE(writer->commit(RowMaker(17).batch(0, 99), at(99)));
  const auto reader = writer->open_reader();
  int rows = 0;
  const auto take_two = [&](const auto& /*row*/) { return ++rows < 2; };
  EXPECT_TRUE(reader->trades({}, take_two));
  EXPECT_EQ(std::exchange(rows, 0), 2);
  EXPECT_TRUE(reader->ledgers("", take_two));
  EXPECT_EQ(std::exchange(rows, 0), 2);
  EXPECT_TRUE(reader->rejected({}, take_two));
  EXPECT_EQ(rows, 2);
}

}  // namespace
}  // namespace tapeline::store
