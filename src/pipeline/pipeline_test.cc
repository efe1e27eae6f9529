// SPDX-License-Identifier: Apache-2.0
// The journal through engine and sink into a store in memory, and verify over it.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "pipeline/market_fixture.h"
#include "pipeline/verify.h"
#include "store/memory_store.h"

namespace tapeline::pipeline {
namespace {

using std::chrono::seconds;

VerifyReport verify_or_die(Market& market, store::Writer& writer, const VerifyOptions& options) {
  const auto reader = writer.open_reader();
  auto report = verify(market.disk, kJournalFolder, *reader, options, {});
  EXPECT_TRUE(report.has_value()) << report.error().text;
  return report.value_or(VerifyReport{});
}

TEST(Pipeline, stores_all_that_the_journal_says) {
  Market market(1);
  market.play(2000);
  store::MemoryStore store;
  Process process(market, store);
  process.finish();
  const auto counts = process.writer().open_reader()->counts().value();
  const metrics::Counters& counters = process.engine().counters();
  EXPECT_EQ(counts.trades, counters.total(metrics::Counter::kItemsDelivered));
  EXPECT_EQ(counts.late, counters.total(metrics::Counter::kItemsLate));
  EXPECT_EQ(counts.rejected, counters.total(metrics::Counter::kItemsRejected));
  EXPECT_GT(counts.late, 10U);
  EXPECT_GT(counts.rejected, 10U);
  EXPECT_GT(counts.gaps, 10U);
  EXPECT_GT(counts.revisions, counts.bars);
  EXPECT_EQ(process.sink().progress().committed_ordinal.load(), market.durable_ordinal());
}

TEST(Pipeline, stores_the_same_rows_with_any_shards_and_batches) {
  Market market(2);
  market.play(1500);
  std::string first;
  for (const unsigned shards : {1U, 2U, 3U, 8U}) {
    for (const std::size_t rows : {std::size_t{1}, std::size_t{70}, std::size_t{100'000}}) {
      store::MemoryStore store;
      Process process(
          market, store,
          {.shards = shards,
           .follower = {.batch_rows = rows, .batch_age = seconds(rows == 1 ? 0 : 3600)}});
      process.finish();
      const std::string text = all_of(process.writer());
      if (first.empty()) first = text;
      ASSERT_TRUE(text == first) << shards << " shards, " << rows << " rows";
    }
  }
  EXPECT_GT(first.size(), 100'000U);
}

TEST(Pipeline, stores_nothing_that_the_journal_could_still_lose) {
  Market market(3);
  market.play(500);
  store::MemoryStore store;
  Process process(market, store);
  process.set_durable(100);
  process.work(50);
  ASSERT_TRUE(process.writer().position().has_value());
  EXPECT_LT(process.writer().position()->ordinal, 100U);
  process.set_durable(market.durable_ordinal());
  process.finish();
  EXPECT_GT(process.writer().position()->ordinal, 500U);
}

TEST(Pipeline, is_not_drained_while_the_journal_has_more_though_all_that_was_read_is_stored) {
  Market market(12);
  market.play(600);
  store::MemoryStore store;
  const auto writer = store.open_writer(store::DataKind::kReal).value();
  std::atomic<std::uint64_t> durable{market.durable_ordinal()};
  Engine engine(market_options());
  Sink sink(*writer, durable);
  const auto follower = Follower::open(market.disk, kJournalFolder, 0, engine, sink,
                                       {.records_per_round = 10'000, .batch_rows = 1})
                            .value();
  ASSERT_GT(follower->do_work(0).value(), 0U);  // until the sink is full
  ASSERT_EQ(follower->do_work(0).value(), 0U);
  while (!sink.is_idle()) ASSERT_TRUE(sink.do_work(0).has_value());
  follower->close(0);
  while (!follower->is_drained() && !sink.is_idle()) ASSERT_TRUE(sink.do_work(0).has_value());
  EXPECT_LT(follower->next_ordinal(), market.durable_ordinal());
  EXPECT_FALSE(follower->is_drained());
}

// How many rows were read by the time that each batch was closed, looked at 200 ms after it began
// and then at 1 s; 0: it was not.
std::pair<std::size_t, std::size_t> closed_at(std::size_t batch_rows) {
  Market market(13);
  market.play(600);
  store::MemoryStore store;
  const auto writer = store.open_writer(store::DataKind::kReal).value();
  const std::atomic<std::uint64_t> durable{market.durable_ordinal()};
  Engine engine(market_options());
  Sink sink(*writer, durable);
  const auto follower = Follower::open(market.disk, kJournalFolder, 0, engine, sink,
                                       {.records_per_round = 40, .batch_rows = batch_rows})
                            .value();
  const auto rows_once_closed = [&](std::int64_t now_ns) {
    const std::size_t before = engine.open_rows();
    EXPECT_EQ(follower->do_work(now_ns).value(), 40U);
    return sink.is_idle() ? 0 : before;
  };
  EXPECT_EQ(rows_once_closed(0), 0U) << "too young";
  EXPECT_GT(engine.open_rows(), 10U);
  const std::size_t early = rows_once_closed(200'000'000);
  return {early, early > 0 ? 0 : rows_once_closed(1'000'000'000)};
}

TEST(Pipeline, waits_a_second_for_a_batch_that_fills_by_then_and_for_no_other) {
  const auto [slow, no_more] = closed_at(10'000);
  EXPECT_GT(slow, 10U);
  EXPECT_EQ(no_more, 0U);
  const auto [early, at_last] = closed_at(120);
  EXPECT_EQ(early, 0U);
  EXPECT_GT(at_last, 40U);
  EXPECT_LT(at_last, 120U);
}

class CountingOnlooker final : public Onlooker {
 public:
  void on_trade(const Trade& /*trade*/, Position /*position*/) override {}
  void on_quote(const Quote& /*quote*/) override {}
  void on_bar(const BarRevision& bar) override { open += bar.state == BarState::kProvisional; }
  void on_ledger(InstrumentId /*instrument*/, Channel /*channel*/,
                 const Coverage& /*coverage*/) override {}

  std::size_t open = 0;
};

// After how many of the turns, each up to date with one record more, open bars were shown.
std::size_t shown_turns(std::size_t few_per_tick, Duration between) {
  Market market(14);
  market.play(300);
  store::MemoryStore store;
  const auto writer = store.open_writer(store::DataKind::kReal).value();
  const std::atomic<std::uint64_t> durable{market.durable_ordinal()};
  Engine engine(market_options());
  CountingOnlooker onlooker;
  engine.show_to(onlooker);
  Sink sink(*writer, durable);
  const auto follower =
      Follower::open(market.disk, kJournalFolder, 0, engine, sink, {.few_per_tick = few_per_tick})
          .value();
  std::size_t turns = 0;
  std::int64_t now_ns = 0;
  for (std::uint64_t end = 1; end <= 200; ++end) {
    const std::size_t before = onlooker.open;
    EXPECT_EQ(follower->do_work(now_ns += between.count(), end).value(), 1U);
    turns += onlooker.open > before ? 1 : 0;
  }
  // What was not shown in time is shown once there is time, though no more comes.
  const std::size_t before = onlooker.open;
  EXPECT_EQ(follower->do_work(now_ns + 1'000'000'000, 200).value(), 0U);
  EXPECT_EQ(onlooker.open > before, few_per_tick == 0 && between < std::chrono::microseconds(1));
  return turns;
}

TEST(Pipeline, shows_open_bars_rarely_where_more_comes_than_a_little) {
  using std::chrono::microseconds;
  const std::size_t each = shown_turns(1000, microseconds(1));
  EXPECT_GT(each, 100U) << "but for ticks, and what is not delivered";
  EXPECT_EQ(shown_turns(0, microseconds(1000)), each) << "there is time between two turns";
  const std::size_t few = shown_turns(0, std::chrono::nanoseconds(100));
  EXPECT_GT(few, 0U);
  EXPECT_LT(few, each / 4);
}

TEST(Pipeline, stores_each_row_once_whenever_it_was_killed) {
  Market market(4);
  market.play(600);
  store::MemoryStore straight;
  Process whole(market, straight);
  whole.finish();
  const std::string expected = all_of(whole.writer());
  store::MemoryStore store;
  for (int rounds = 1; rounds < 12; ++rounds) {
    // The next process begins where the store ended, with another number of shards.
    Process process(
        market, store,
        {.shards = 1 + static_cast<unsigned>(rounds) % 3,
         .follower = {.records_per_round = 40, .batch_rows = 20, .batch_age = seconds(0)}});
    process.work(rounds);
  }
  Process last(market, store);
  last.finish();
  EXPECT_TRUE(all_of(last.writer()) == expected);
}

TEST(Pipeline, tries_a_full_store_again_and_loses_nothing) {
  Market market(5);
  market.play(400);
  store::MemoryStore store;
  Process process(market, store);
  for (const auto failure :
       {store::MemoryStore::Failure::kDiskFull, store::MemoryStore::Failure::kAnswerLost}) {
    store.fail_next_commit(failure);
    process.work(3);
  }
  process.finish();
  EXPECT_GE(process.sink().progress().retries.load(), 1U);
  EXPECT_TRUE(verify_or_die(market, process.writer(), {.engine = market_options()}).is_equal());
}

TEST(Verify, says_equal_and_how_much) {
  Market market(6);
  market.play(1000);
  store::MemoryStore store;
  Process process(market, store, {.shards = 2});
  process.finish();
  const auto report = verify_or_die(market, process.writer(), {.engine = market_options(8)});
  EXPECT_TRUE(report.is_equal());
  const auto counts = process.writer().open_reader()->counts().value();
  EXPECT_EQ(report.rows, counts.trades + counts.revisions + counts.late + counts.rejected);
  EXPECT_EQ(report.digests.size(), 3U);  // two products, and what was refused
}

// A store that others write to while it is read: something happens before its ledgers are.
class WrittenMeanwhile final : public store::Reader {
 public:
  WrittenMeanwhile(store::Reader& reader, std::function<void()> meanwhile)
      : reader_(reader), meanwhile_(std::move(meanwhile)) {}

  [[nodiscard]] const InstrumentNames& names() const override { return reader_.names(); }
  [[nodiscard]] Result<std::optional<Position>> position() override { return reader_.position(); }
  [[nodiscard]] Result<std::optional<std::uint64_t>> first_row() override {
    return reader_.first_row();
  }
  [[nodiscard]] Result<std::optional<RecordMark>> last_record() override {
    return reader_.last_record();
  }
  [[nodiscard]] Result<store::Counts> counts() override { return reader_.counts(); }
  [[nodiscard]] Result<void> trades(const store::Selection& which,
                                    const store::OnRow<store::TradeRow>& on_row) override {
    return reader_.trades(which, on_row);
  }
  [[nodiscard]] Result<void> quotes(const store::Selection& which,
                                    const store::OnRow<store::QuoteRow>& on_row) override {
    return reader_.quotes(which, on_row);
  }
  [[nodiscard]] Result<void> bars(const store::Selection& which, store::Revisions revisions,
                                  const store::OnRow<store::BarRow>& on_row) override {
    return reader_.bars(which, revisions, on_row);
  }
  [[nodiscard]] Result<void> rejected(const store::Selection& which,
                                      const store::OnRow<store::RejectedRow>& on_row) override {
    return reader_.rejected(which, on_row);
  }
  [[nodiscard]] Result<void> candles(const store::Selection& which,
                                     const store::OnRow<store::CandleRow>& on_row) override {
    return reader_.candles(which, on_row);
  }
  [[nodiscard]] Result<void> listings(const store::Selection& which,
                                      const store::OnRow<store::ListingRow>& on_row) override {
    return reader_.listings(which, on_row);
  }
  [[nodiscard]] Result<void> late(const store::Selection& which,
                                  const store::OnRow<store::LateRow>& on_row) override {
    return reader_.late(which, on_row);
  }
  [[nodiscard]] Result<void> ledgers(std::string_view instrument,
                                     const store::OnRow<store::LedgerRow>& on_row) override {
    meanwhile_();
    return reader_.ledgers(instrument, on_row);
  }
  [[nodiscard]] Result<void> query(std::string_view sql, store::AnswerSink& answer,
                                   const store::ShouldStop& stop) override {
    return reader_.query(sql, answer, stop);
  }

 private:
  store::Reader& reader_;
  std::function<void()> meanwhile_;
};

TEST(Verify, proves_a_store_that_goes_on_up_to_where_it_stood_still) {
  Market market(13);
  market.play(900);
  store::MemoryStore store;
  Process process(market, store, {.follower = {.records_per_round = 100, .batch_age = seconds(1)}});
  process.work(2);
  const std::uint64_t first = process.writer().position()->ordinal;
  const auto reader = process.writer().open_reader();
  int rounds = 3;
  WrittenMeanwhile moving(*reader, [&] {
    if (rounds-- > 0) process.work(1);
  });
  const auto report = verify(market.disk, kJournalFolder, moving, {.engine = market_options()}, {});
  ASSERT_TRUE(report.has_value()) << report.error().text;
  EXPECT_TRUE(report->is_equal()) << report->differences;
  EXPECT_GT(report->to->ordinal, first + 100);
  EXPECT_EQ(*report->to, *process.writer().position());
}

TEST(Verify, says_so_when_a_store_never_stands_still) {
  Market market(14);
  market.play(4'000);
  store::MemoryStore store;
  Process process(market, store, {.follower = {.records_per_round = 60, .batch_age = seconds(1)}});
  process.work(2);
  const auto reader = process.writer().open_reader();
  WrittenMeanwhile moving(*reader, [&] { process.work(1); });
  const auto report = verify(market.disk, kJournalFolder, moving, {.engine = market_options()}, {});
  ASSERT_FALSE(report.has_value());
  EXPECT_NE(report.error().text.find("went on"), std::string::npos) << report.error().text;
}

TEST(Verify, names_what_other_windows_would_have_made) {
  Market market(7);
  market.play(300);
  store::MemoryStore store;
  Process process(market, store);
  process.finish();
  auto options = market_options();
  options.intervals.erase(options.intervals.begin() + 1);
  const auto report = verify_or_die(market, process.writer(), {.engine = options});
  EXPECT_FALSE(report.is_equal());
  ASSERT_FALSE(report.shown.empty());
  EXPECT_EQ(report.shown.front().table, "bars");
}

TEST(Verify, names_a_row_that_the_store_lacks_or_has_beside) {
  Market market(8);
  market.play(300);
  // A store that was fed with another market's rows of the same journal positions.
  Market other(9);
  other.play(300);
  store::MemoryStore store;
  Process process(other, store);
  process.finish();
  const auto reader = process.writer().open_reader();
  const auto report =
      verify(market.disk, kJournalFolder, *reader, {.engine = market_options()}, {});
  ASSERT_FALSE(report.has_value());
  EXPECT_NE(report.error().text.find("the store was made of journal"), std::string::npos);
}

TEST(Verify, compares_only_what_it_is_asked_for) {
  Market market(10);
  market.play(500);
  store::MemoryStore store;
  Process process(market, store);
  process.finish();
  const auto report = verify_or_die(
      market, process.writer(), {.engine = market_options(), .instruments = {"coinbase:ETH-*"}});
  EXPECT_TRUE(report.is_equal());
  ASSERT_EQ(report.digests.size(), 1U);
  EXPECT_EQ(report.digests.begin()->first, "coinbase:ETH-USD");
}

TEST(Verify, refuses_a_store_that_is_ahead_of_its_journal) {
  Market market(11);
  market.play(300);
  store::MemoryStore store;
  {
    Process process(market, store);
    process.finish();
  }
  // Another journal folder with the same name of the journal and fewer records.
  Market shorter(11);
  const auto writer = store.open_writer(store::DataKind::kReal).value();
  const auto reader = writer->open_reader();
  const auto report =
      verify(shorter.disk, kJournalFolder, *reader, {.engine = market_options()}, {});
  ASSERT_FALSE(report.has_value());
}

}  // namespace
}  // namespace tapeline::pipeline
