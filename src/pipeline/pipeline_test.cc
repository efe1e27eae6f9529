// SPDX-License-Identifier: Apache-2.0
// The journal through engine and sink into a store in memory, and verify over it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "decode/epoch.h"
#include "decode/source.h"
#include "journal/memory_disk.h"
#include "journal/writer.h"
#include "pipeline/engine.h"
#include "pipeline/follower.h"
#include "pipeline/row_text.h"
#include "pipeline/sink.h"
#include "pipeline/verify.h"
#include "store/memory_store.h"

namespace tapeline::pipeline {
namespace {

using journal::RecordType;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kFolder = "data/journal";
constexpr std::int64_t kStart = 1'618'677'820'000'000'000;
constexpr std::int64_t kMs = 1'000'000;

// A small market of two products, as Coinbase would have sent it: holes, disorder, repetitions, bad
// frames and trades that are too late, with ticks between.
class Market {
 public:
  explicit Market(std::uint64_t seed) : random_(seed) {
    writer_ = journal::Writer::open(
                  disk, kFolder,
                  {.sync = journal::SyncPolicy::kAlways, .segment_bytes = std::uint64_t{1} << 16})
                  .value();
    append(RecordType::kEpoch, decode::encode_epoch({"test", seconds(30)}));
    append(RecordType::kOpen, decode::encode_source({.venue = "coinbase"}));
  }

  void play(int frames) {
    for (int i = 0; i < frames; ++i) {
      now_ += static_cast<std::int64_t>(random_() % 60) * kMs;
      while (next_tick_ <= now_) {
        tick(next_tick_);
        next_tick_ += 100 * kMs;
      }
      append(RecordType::kFrame, frame());
    }
    tick(next_tick_);
    next_tick_ += 100 * kMs;
    EXPECT_TRUE(writer_->sync().has_value());
  }

  [[nodiscard]] std::uint64_t durable_ordinal() const { return writer_->durable_ordinal(); }

  journal::MemoryDisk disk;

 private:
  void tick(std::int64_t time) {
    std::swap(time, now_);
    append(RecordType::kTick, "");
    std::swap(time, now_);
  }

  std::string frame() {
    const std::size_t product = random_() % 2;
    std::uint64_t& last = last_id_[product];
    std::int64_t time = now_ - static_cast<std::int64_t>(random_() % 3000) * kMs;
    std::uint64_t id = ++last;
    switch (random_() % 40) {
      case 0:
        return "{\"type\":\"match\"";  // cut
      case 1:
        id = ++last;  // one was lost
        break;
      case 2:
        id = last = last - 1;  // repeated
        break;
      case 3:
        time -= 60'000 * kMs;  // too late
        break;
      case 4:
        return fmt::format(R"({{"type":"heartbeat","last_trade_id":{},"product_id":"{}",)"
                           R"("sequence":1,"time":"{}"}})",
                           --last, kProducts[product], format_rfc3339(now_));
      default:
        break;
    }
    return fmt::format(
        R"({{"type":"match","trade_id":{},"maker_order_id":"a","taker_order_id":"b","side":"{}",)"
        R"("size":"{}.{:03}","price":"{}.{:02}","product_id":"{}","sequence":{},"time":"{}"}})",
        id, random_() % 2 == 0 ? "buy" : "sell", random_() % 10, 1 + random_() % 999,
        100 + random_() % 10, random_() % 100, kProducts[product], id * 7, format_rfc3339(time));
  }

  void append(RecordType type, const std::string& bytes) {
    journal::Record record;
    record.type = type;
    record.ts_recv = RecvTime(now_);
    record.bytes = bytes;
    EXPECT_TRUE(writer_->append(record).has_value());
  }

  static constexpr const char* kProducts[] = {"BTC-USD", "ETH-USD"};
  std::mt19937_64 random_;
  std::unique_ptr<journal::Writer> writer_;
  std::int64_t now_ = kStart;
  std::int64_t next_tick_ = kStart;
  std::uint64_t last_id_[2] = {1000, 5000};
};

EngineOptions engine_options(unsigned shards = 1) {
  return {.decode = {.lateness_from_epochs = true},
          .intervals = {seconds(1), seconds(5), std::chrono::minutes(1)},
          .shards = shards};
}

// One process: engine, follower and sink over the store, from the journal's beginning.
class Process {
 public:
  Process(Market& market, store::MemoryStore& store, unsigned shards = 1,
          const FollowerOptions& options = {.batch_rows = 50, .batch_age = milliseconds(0)})
      : durable_(market.durable_ordinal()),
        writer_(store.open_writer(store::DataKind::kReal).value()),
        engine_(engine_options(shards)),
        sink_(*writer_, durable_) {
    if (const auto stored = writer_->position()) engine_.discard_until(*stored);
    follower_ = Follower::open(market.disk, kFolder, 0, engine_, sink_, options).value();
  }

  void set_durable(std::uint64_t ordinal) { durable_.store(ordinal); }
  // Rounds of both agents; false when neither had anything to do for long.
  void work(int rounds) {
    for (int i = 0; i < rounds; ++i) {
      EXPECT_TRUE(follower_->do_work(clock_ns_).has_value());
      EXPECT_TRUE(sink_.do_work(clock_ns_).has_value());
      clock_ns_ += 1'000'000'000;
    }
  }
  void finish() {
    for (int i = 0; i < 100'000; ++i) {
      const auto read = follower_->do_work(clock_ns_);
      ASSERT_TRUE(read.has_value()) << read.error().text;
      if (*read == 0) follower_->close();
      ASSERT_TRUE(sink_.do_work(clock_ns_).has_value());
      clock_ns_ += 1'000'000'000;
      if (*read == 0 && follower_->is_drained() && sink_.is_idle()) return;
      std::this_thread::yield();  // shards are threads
    }
    FAIL() << "does not come to an end";
  }

  [[nodiscard]] Engine& engine() { return engine_; }
  [[nodiscard]] Sink& sink() { return sink_; }
  [[nodiscard]] store::Writer& writer() { return *writer_; }

 private:
  std::atomic<std::uint64_t> durable_;
  std::unique_ptr<store::Writer> writer_;
  Engine engine_;
  Sink sink_;
  std::unique_ptr<Follower> follower_;
  std::int64_t clock_ns_ = 0;
};

// Everything a store holds, as text.
std::string all_of(store::Writer& writer) {
  const auto reader = writer.open_reader();
  std::string text;
  const auto add = [&](const auto& row) {
    text += text_of(row, reader->names()) + "\n";
    return true;
  };
  EXPECT_TRUE(reader->trades({}, add).has_value());
  EXPECT_TRUE(reader->bars({}, store::Revisions::kAll, add).has_value());
  EXPECT_TRUE(reader->late({}, add).has_value());
  EXPECT_TRUE(reader->rejected({}, add).has_value());
  EXPECT_TRUE(reader->ledgers({}, add).has_value());
  return text;
}

VerifyReport verify_or_die(Market& market, store::Writer& writer, const VerifyOptions& options) {
  const auto reader = writer.open_reader();
  auto report = verify(market.disk, kFolder, *reader, options, {});
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
      Process process(market, store, shards,
                      {.batch_rows = rows, .batch_age = seconds(rows == 1 ? 0 : 3600)});
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
  Engine engine(engine_options());
  Sink sink(*writer, durable);
  const auto follower = Follower::open(market.disk, kFolder, 0, engine, sink,
                                       {.records_per_round = 10'000, .batch_rows = 1})
                            .value();
  ASSERT_GT(follower->do_work(0).value(), 0U);  // until the sink is full
  ASSERT_EQ(follower->do_work(0).value(), 0U);
  while (!sink.is_idle()) ASSERT_TRUE(sink.do_work(0).has_value());
  follower->close();
  while (!follower->is_drained() && !sink.is_idle()) ASSERT_TRUE(sink.do_work(0).has_value());
  EXPECT_LT(follower->next_ordinal(), market.durable_ordinal());
  EXPECT_FALSE(follower->is_drained());
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
    Process process(market, store, 1 + static_cast<unsigned>(rounds) % 3,
                    {.records_per_round = 40, .batch_rows = 20, .batch_age = seconds(0)});
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
  EXPECT_TRUE(verify_or_die(market, process.writer(), {.engine = engine_options()}).is_equal());
}

TEST(Verify, says_equal_and_how_much) {
  Market market(6);
  market.play(1000);
  store::MemoryStore store;
  Process process(market, store, 2);
  process.finish();
  const auto report = verify_or_die(market, process.writer(), {.engine = engine_options(8)});
  EXPECT_TRUE(report.is_equal());
  const auto counts = process.writer().open_reader()->counts().value();
  EXPECT_EQ(report.rows, counts.trades + counts.revisions + counts.late + counts.rejected);
  EXPECT_EQ(report.digests.size(), 3U);  // two products, and what was refused
}

TEST(Verify, names_what_other_windows_would_have_made) {
  Market market(7);
  market.play(300);
  store::MemoryStore store;
  Process process(market, store);
  process.finish();
  auto options = engine_options();
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
  const auto report = verify(market.disk, kFolder, *reader, {.engine = engine_options()}, {});
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
      market, process.writer(), {.engine = engine_options(), .instruments = {"coinbase:ETH-*"}});
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
  const auto report = verify(shorter.disk, kFolder, *reader, {.engine = engine_options()}, {});
  ASSERT_FALSE(report.has_value());
}

}  // namespace
}  // namespace tapeline::pipeline
