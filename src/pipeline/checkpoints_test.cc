// SPDX-License-Identifier: Apache-2.0
// Processes that take snapshots, are killed, and go on from them; and proofs that begin at one.
#include "pipeline/checkpoints.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/memory_state_store.h"
#include "journal/retention.h"
#include "pipeline/market_fixture.h"
#include "pipeline/verify.h"
#include "store/memory_store.h"

namespace tapeline::pipeline {
namespace {

using journal::MemoryDisk;
using std::chrono::seconds;

// One every two rounds.
const CheckpointsOptions kOften{.folder = kSnapshotsFolder, .every = seconds(2), .keep = 2};

ProcessOptions with_snapshots(unsigned shards = 1) {
  return {.shards = shards,
          .follower = {.records_per_round = 60, .batch_rows = 30, .batch_age = seconds(3600)},
          .snapshots = kOften};
}

// Enough for several segments.
void play_segments(Market& market) {
  for (int i = 0; i < 10; ++i) market.play(150);
}

std::string straight_run(Market& market) {
  store::MemoryStore store;
  Process process(market, store);
  process.finish();
  return all_of(process.writer());
}

std::vector<checkpoint::Snapshot> snapshots_of(Market& market) {
  return checkpoint::list_snapshots(market.disk, kSnapshotsFolder).value();
}

// Segments that no snapshot needs go.
std::size_t retain_least(Market& market) {
  const auto snapshots = snapshots_of(market);
  const JournalId journal = situation_of(market).journal;
  return journal::retain(
             market.disk, kJournalFolder,
             {.keep_from = checkpoint::needed_from(snapshots, journal).value_or(0), .bytes_max = 0})
      .value()
      .segments;
}

Result<VerifyReport> proof_of(Market& market, store::Writer& writer) {
  const auto reader = writer.open_reader();
  return verify(market.disk, kJournalFolder, *reader,
                {.engine = market_options(), .snapshots_folder = kSnapshotsFolder}, {});
}

// How many rows of a store came from these records; a ledger is none.
std::uint64_t rows_since(store::Writer& writer, std::uint64_t ordinal) {
  const auto reader = writer.open_reader();
  const store::Selection which{.position_from = ordinal};
  std::uint64_t rows = 0;
  const auto count = [&](const auto& /*row*/) { return ++rows > 0; };
  EXPECT_TRUE(reader->trades(which, count).has_value());
  EXPECT_TRUE(reader->bars(which, store::Revisions::kAll, count).has_value());
  EXPECT_TRUE(reader->late(which, count).has_value());
  EXPECT_TRUE(reader->rejected(which, count).has_value());
  return rows;
}

void damage(Market& market, const checkpoint::Snapshot& snapshot) {
  std::string& bytes = market.disk.contents(snapshot.path);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
}

TEST(Checkpoints, a_killed_process_goes_on_from_one_and_stores_the_same) {
  Market market(21);
  market.play(900);
  const std::string expected = straight_run(market);
  store::MemoryStore store;
  std::uint64_t began_at = 0;
  std::size_t restored = 0;
  for (int rounds = 2; rounds < 14; ++rounds) {
    Process process(market, store, with_snapshots(1 + static_cast<unsigned>(rounds) % 4));
    if (process.beginning().snapshot) ++restored;
    EXPECT_GE(process.beginning().replay_from, began_at) << "never again from further back";
    began_at = process.beginning().replay_from;
    process.work(rounds);
  }
  EXPECT_GT(restored, 8U);
  EXPECT_GT(began_at, 500U);
  Process last(market, store, with_snapshots(8));
  last.finish();
  EXPECT_TRUE(all_of(last.writer()) == expected);
  EXPECT_EQ(snapshots_of(market).size(), 2U);
}

TEST(Checkpoints, a_killed_process_that_keeps_its_bars_cold_stores_the_same) {
  Market market(31);
  market.play(900);
  const std::string expected = straight_run(market);
  store::MemoryStore store;
  std::size_t restored = 0;
  for (int rounds = 2; rounds < 14; ++rounds) {
    ProcessOptions options = with_snapshots(1 + static_cast<unsigned>(rounds) % 4);
    options.keeps_bars_cold = true;
    Process process(market, store, options);
    if (process.beginning().snapshot) ++restored;
    process.work(rounds);
  }
  EXPECT_GT(restored, 8U);
  ProcessOptions options = with_snapshots(3);
  options.keeps_bars_cold = true;
  Process last(market, store, options);
  last.finish();
  EXPECT_TRUE(all_of(last.writer()) == expected);
  EXPECT_EQ(market.cold_copies.size(), snapshots_of(market).size());
  ASSERT_FALSE(market.cold_copies.empty());
  EXPECT_GT(market.cold_copies.rbegin()->second.entries.size(), 10U) << "nothing was cold";
}

TEST(Checkpoints, one_whose_older_bars_are_missing_is_passed_over) {
  Market market(32);
  market.play(600);
  const std::string expected = straight_run(market);
  store::MemoryStore store;
  ProcessOptions options = with_snapshots();
  options.keeps_bars_cold = true;
  {
    Process process(market, store, options);
    process.work(12);
  }
  ASSERT_EQ(snapshots_of(market).size(), 2U);
  market.cold_copies.erase(std::prev(market.cold_copies.end()));
  Process next(market, store, options);
  ASSERT_EQ(next.beginning().passed_over.size(), 1U);
  EXPECT_NE(next.beginning().passed_over[0].find("missing"), std::string::npos);
  next.finish();
  EXPECT_TRUE(all_of(next.writer()) == expected);
}

TEST(Checkpoints, older_bars_of_another_snapshot_are_passed_over_with_it) {
  Market market(32);
  market.play(600);
  const std::string expected = straight_run(market);
  store::MemoryStore store;
  ProcessOptions options = with_snapshots();
  options.keeps_bars_cold = true;
  {
    Process process(market, store, options);
    process.work(12);
  }
  ASSERT_EQ(market.cold_copies.size(), 2U);
  market.cold_copies.rbegin()->second = market.cold_copies.begin()->second;
  Process next(market, store, options);
  ASSERT_EQ(next.beginning().passed_over.size(), 1U);
  EXPECT_NE(next.beginning().passed_over[0].find("another snapshot"), std::string::npos);
  next.finish();
  EXPECT_TRUE(all_of(next.writer()) == expected);
}

TEST(Checkpoints, what_cold_bars_do_not_give_back_ends_the_run_before_it_is_stored) {
  Market market(33);
  market.play(600);
  store::MemoryStore store;
  ProcessOptions options;
  options.keeps_bars_cold = true;
  Process process(market, store, options);
  process.engine().cold_store()->fail_with({Fault::kTheirs, Retry::kNever, "is damaged"});
  EXPECT_EQ(process.follow(), "is damaged");
  EXPECT_FALSE(process.writer().position().has_value());
}

TEST(Checkpoints, power_that_goes_at_any_step_loses_and_doubles_nothing) {
  std::string expected;
  std::size_t crashes = 0;
  for (std::uint64_t step = 0;; ++step) {
    Market market(22);
    market.play(250);
    if (step == 0) expected = straight_run(market);
    store::MemoryStore store;
    bool crashed = false;
    try {
      Process process(market, store, with_snapshots(1 + step % 2));
      market.disk.set_faults(
          {.crash_at = step,
           .kind = step % 2 == 0 ? journal::CrashKind::kBefore : journal::CrashKind::kAfter});
      process.finish();
    } catch (const journal::Crash&) {
      crashed = true;
      ++crashes;
    }
    market.disk.lose_power(MemoryDisk::Loss::kSome, step);
    Process last(market, store, with_snapshots());
    last.finish();
    ASSERT_TRUE(all_of(last.writer()) == expected) << "step " << step;
    if (!crashed) break;
  }
  EXPECT_GT(crashes, 10U);
}

TEST(Checkpoints, none_is_on_disk_that_the_store_has_not_come_to) {
  Market market(23);
  market.play(600);
  store::MemoryStore store;
  Process process(market, store, with_snapshots());
  process.set_durable(100);
  process.work(40);
  for (const auto& snapshot : snapshots_of(market)) EXPECT_LT(snapshot.ordinal, 100U);
  process.set_durable(market.durable_ordinal());
  for (int i = 0; i < 40; ++i) {
    process.work(1);
    for (const auto& snapshot : snapshots_of(market)) {
      EXPECT_LE(snapshot.ordinal, process.writer().position()->ordinal);
    }
  }
  EXPECT_EQ(snapshots_of(market).size(), 2U);
}

TEST(Checkpoints, a_clean_end_leaves_nothing_to_replay) {
  Market market(24);
  market.play(300);
  store::MemoryStore store;
  {
    Process process(market, store, with_snapshots(2));
    process.finish();
    EXPECT_EQ(process.snapshots().replay_from.load(), market.durable_ordinal());
  }
  Process next(market, store, with_snapshots());
  EXPECT_EQ(next.beginning().replay_from, market.durable_ordinal());
  market.play(300);
  const std::string expected = straight_run(market);
  next.set_durable(market.durable_ordinal());
  next.finish();
  EXPECT_TRUE(all_of(next.writer()) == expected);
}

TEST(Checkpoints, a_quiet_market_gets_them_too) {
  Market market(25);
  market.play(200);
  store::MemoryStore store;
  Process process(market, store, with_snapshots());
  process.work(20);
  const std::uint64_t before = process.snapshots().replay_from.load();
  for (int i = 0; i < 400; ++i) market.play(0);  // a tick each
  process.set_durable(market.durable_ordinal());
  process.work(20);
  EXPECT_GT(process.snapshots().replay_from.load(), before + 300);
}

TEST(Checkpoints, what_none_of_them_needs_of_the_journal_may_go) {
  Market market(26);
  play_segments(market);
  store::MemoryStore store;
  {
    Process process(market, store, with_snapshots());
    process.work(40);
  }
  ASSERT_GT(retain_least(market), 0U);
  const std::uint64_t first = situation_of(market).first_ordinal;
  {
    Process process(market, store, with_snapshots(3));
    EXPECT_GE(process.beginning().replay_from, first);
    process.work(4);
  }
  Process process(market, store, with_snapshots());
  const auto proof = proof_of(market, process.writer());
  ASSERT_TRUE(proof.has_value()) << proof.error().text;
  EXPECT_TRUE(proof->is_equal());
  ASSERT_TRUE(proof->since.has_value());
  EXPECT_EQ(proof->since, snapshots_of(market).front().header->engine_time);
  EXPECT_EQ(proof->first_ordinal, snapshots_of(market).front().ordinal + 1);
  EXPECT_EQ(proof->rows, rows_since(process.writer(), proof->first_ordinal));
  EXPECT_GT(proof->rows, 50U);
  EXPECT_GT(rows_since(process.writer(), 0), proof->rows);
  process.finish();
  EXPECT_TRUE(proof_of(market, process.writer())->is_equal());
}

TEST(Checkpoints, a_whole_journal_is_proven_from_its_beginning) {
  Market market(27);
  market.play(600);
  store::MemoryStore store;
  Process process(market, store, with_snapshots());
  process.finish();
  const auto proof = proof_of(market, process.writer());
  ASSERT_TRUE(proof.has_value());
  EXPECT_TRUE(proof->is_equal());
  EXPECT_EQ(proof->since, std::nullopt);
  EXPECT_EQ(proof->rows, rows_since(process.writer(), 0));
}

TEST(Checkpoints, a_proof_from_one_finds_what_differs) {
  Market market(28);
  play_segments(market);
  store::MemoryStore store;
  Process process(market, store, with_snapshots());
  process.work(20);
  ASSERT_GT(retain_least(market), 0U);
  // The state of the second under the name of the first: what lies between is missing from it.
  const auto snapshots = snapshots_of(market);
  ASSERT_EQ(snapshots.size(), 2U);
  const auto state = checkpoint::read_state(market.disk, snapshots[1]).value();
  ASSERT_TRUE(checkpoint::write_snapshot(market.disk, kSnapshotsFolder, *snapshots[0].header,
                                         std::vector<std::string_view>{state})
                  .has_value());
  const auto proof = proof_of(market, process.writer());
  ASSERT_TRUE(proof.has_value()) << proof.error().text;
  EXPECT_GT(proof->differences, 0U);
}

TEST(Checkpoints, a_proof_that_retention_overtakes_says_so) {
  Market market(35);
  for (int i = 0; i < 80; ++i) market.play(150);
  store::MemoryStore store;
  Process process(market, store);
  process.finish();
  const auto reader = process.writer().open_reader();
  const auto removes_all = [&](std::uint64_t, std::uint64_t) {
    return journal::retain(market.disk, kJournalFolder, {.keep_from = UINT64_MAX, .bytes_max = 0})
        .has_value();
  };
  const auto proof =
      verify(market.disk, kJournalFolder, *reader, {.engine = market_options()}, removes_all);
  ASSERT_FALSE(proof.has_value());
  EXPECT_NE(proof.error().text.find("while they were compared; ask again"), std::string::npos)
      << proof.error().text;
}

// The journal lost its end and went on, and then the old one came back with its store.
TEST(Checkpoints, one_of_what_the_journal_held_otherwise_is_passed_over) {
  Market market(36);
  market.play(900);
  const std::string expected = straight_run(market);
  store::MemoryStore store;
  {
    Process process(market, store, with_snapshots());
    process.work(15);
  }
  const checkpoint::Snapshot newest = snapshots_of(market).back();
  const std::string state = checkpoint::read_state(market.disk, newest).value();
  checkpoint::SnapshotHeader header = *newest.header;
  header.tick.ts_recv = RecvTime(header.tick.ts_recv.unix_ns() + 1);
  const auto write = [&] {
    return checkpoint::write_snapshot(market.disk, kSnapshotsFolder, header,
                                      std::vector<std::string_view>{state});
  };
  ASSERT_TRUE(write());
  {
    Process process(market, store, with_snapshots());
    EXPECT_LT(process.beginning().replay_from, newest.ordinal);
    ASSERT_EQ(process.beginning().passed_over.size(), 1U);
    EXPECT_NE(process.beginning().passed_over[0].find(
                  newest.path + ": was taken of another journal than the one in"),
              std::string::npos)
        << process.beginning().passed_over[0];
  }
  header = *newest.header;
  ASSERT_TRUE(write());
  Process process(market, store, with_snapshots());
  EXPECT_EQ(process.beginning().replay_from, newest.ordinal + 1);
  process.finish();
  EXPECT_TRUE(all_of(process.writer()) == expected);
}

TEST(Checkpoints, a_damaged_one_is_named_and_the_next_is_taken) {
  Market market(29);
  market.play(900);
  const std::string expected = straight_run(market);
  store::MemoryStore store;
  {
    Process process(market, store, with_snapshots());
    process.work(15);
  }
  const auto snapshots = snapshots_of(market);
  ASSERT_EQ(snapshots.size(), 2U);
  damage(market, snapshots[1]);
  {
    Process process(market, store, with_snapshots());
    EXPECT_EQ(process.beginning().replay_from, snapshots[0].ordinal + 1);
    ASSERT_EQ(process.beginning().passed_over.size(), 1U);
    EXPECT_NE(process.beginning().passed_over[0].find(snapshots[1].path + ": is damaged"),
              std::string::npos);
  }
  damage(market, snapshots[0]);
  Process process(market, store, with_snapshots());
  EXPECT_EQ(process.beginning().replay_from, 0U);
  EXPECT_EQ(process.beginning().passed_over.size(), 1U) << "the other is gone";
  EXPECT_TRUE(snapshots_of(market).empty()) << "retention would go by it";
  process.finish();
  EXPECT_TRUE(all_of(process.writer()) == expected);
}

TEST(Checkpoints, one_of_other_windows_is_passed_over) {
  Market market(30);
  market.play(400);
  store::MemoryStore store;
  Process process(market, store, with_snapshots());
  process.finish();
  EngineOptions options = market_options();
  options.intervals.push_back(seconds(7));
  const auto restored = restore_start(market.disk, kSnapshotsFolder,
                                      situation_of(market, &process.writer()), options);
  ASSERT_TRUE(restored.has_value());
  EXPECT_EQ(restored->snapshot, std::nullopt);
  ASSERT_EQ(restored->passed_over.size(), 2U);
  EXPECT_NE(restored->passed_over[0].find("saved with intervals \"1s 5s 1m\""), std::string::npos)
      << restored->passed_over[0];
}

TEST(Checkpoints, without_one_a_journal_that_begins_later_is_refused) {
  Market market(31);
  play_segments(market);
  store::MemoryStore store;
  Process process(market, store, with_snapshots());
  process.work(20);
  ASSERT_GT(retain_least(market), 0U);
  for (const auto& snapshot : snapshots_of(market)) {
    ASSERT_TRUE(market.disk.remove(snapshot.path).has_value());
  }
  const auto start = restore_start(market.disk, kSnapshotsFolder,
                                   situation_of(market, &process.writer()), market_options());
  ASSERT_FALSE(start.has_value());
  EXPECT_NE(start.error().text.find("no snapshot leads there"), std::string::npos);
  const auto proof = proof_of(market, process.writer());
  ASSERT_FALSE(proof.has_value());
  EXPECT_NE(proof.error().text.find("nothing can be proven"), std::string::npos);
}

// A store whose older journal is gone, with two snapshots that lead to it.
void make_old_store(Market& market, store::MemoryStore& old) {
  market.play(800);
  {
    Process process(market, old, with_snapshots());
    process.work(20);
  }
  market.next_segment();
  market.play(400);
  ASSERT_EQ(snapshots_of(market).size(), 2U);
  ASSERT_GT(retain_least(market), 0U);
}

// Moves the snapshots away, under names that are none of theirs.
std::vector<std::string> move_snapshots(Market& market) {
  std::vector<std::string> moved;
  for (const auto& snapshot : snapshots_of(market)) {
    moved.push_back(snapshot.path);
    EXPECT_TRUE(market.disk.rename(snapshot.path, snapshot.path + ".away").has_value());
  }
  return moved;
}

TEST(Checkpoints, a_store_made_anew_of_a_later_journal_is_whole_from_there) {
  Market market(32);
  store::MemoryStore old;
  make_old_store(market, old);
  const std::uint64_t first = situation_of(market).first_ordinal;
  const auto refused =
      restore_start(market.disk, kSnapshotsFolder, situation_of(market), market_options());
  ASSERT_FALSE(refused.has_value()) << "they are all that leads to the store that is not here";
  EXPECT_NE(refused.error().text.find("leads to a store that held more"), std::string::npos)
      << refused.error().text;
  ASSERT_EQ(snapshots_of(market).size(), 2U) << "and they stay";
  move_snapshots(market);
  store::MemoryStore store;
  {
    Process process(market, store, with_snapshots());
    EXPECT_EQ(process.beginning().replay_from, first);
    ASSERT_EQ(snapshots_of(market).size(), 1U);
    EXPECT_EQ(snapshots_of(market).front().ordinal, first - 1);
    process.work(1);
    ASSERT_TRUE(process.writer().position().has_value());
  }
  // Killed before the first snapshot of its own.
  Process process(market, store, with_snapshots(2));
  EXPECT_EQ(process.beginning().replay_from, first);
  const auto proof = proof_of(market, process.writer());
  ASSERT_TRUE(proof.has_value()) << proof.error().text;
  EXPECT_TRUE(proof->is_equal());
  EXPECT_GT(proof->rows, 0U);
  process.finish();
  EXPECT_TRUE(proof_of(market, process.writer())->is_equal());
}

TEST(Checkpoints, an_older_store_that_is_brought_back_goes_on_from_its_own_snapshots_alone) {
  Market market(34);
  store::MemoryStore old;
  make_old_store(market, old);
  const auto moved = move_snapshots(market);
  {
    store::MemoryStore store;
    Process process(market, store, with_snapshots());
    process.work(4);
  }
  const auto begin = [&](store::MemoryStore& store) {
    const auto writer = store.open_writer(store::DataKind::kReal).value();
    return restore_start(market.disk, kSnapshotsFolder, situation_of(market, writer.get()),
                         market_options());
  };
  const auto refused = begin(old);
  ASSERT_FALSE(refused.has_value()) << "what is there is of the store made anew";
  EXPECT_NE(refused.error().text.find("it is another store's"), std::string::npos)
      << refused.error().text;
  for (const std::string& path : moved) {
    ASSERT_TRUE(market.disk.rename(path + ".away", path).has_value());
  }
  Process process(market, old, with_snapshots());
  EXPECT_EQ(process.beginning().begins_at, 0U);
  process.finish();
  const auto proof = proof_of(market, process.writer());
  ASSERT_TRUE(proof.has_value()) << proof.error().text;
  EXPECT_TRUE(proof->is_equal());
}

TEST(Checkpoints, those_ahead_of_an_older_store_are_removed) {
  Market market(33);
  market.play(300);
  store::MemoryStore old;
  {
    Process process(market, old, with_snapshots());
    process.finish();
  }
  market.play(600);
  const std::string expected = straight_run(market);
  {
    store::MemoryStore newer;
    Process process(market, newer, with_snapshots());
    process.finish();
  }
  ASSERT_EQ(snapshots_of(market).size(), 2U);
  Process process(market, old, with_snapshots());
  EXPECT_EQ(process.beginning().replay_from, 0U);
  EXPECT_TRUE(snapshots_of(market).empty());
  process.finish();
  EXPECT_TRUE(all_of(process.writer()) == expected);
}

TEST(Checkpoints, a_full_disk_costs_one_and_the_stream_goes_on) {
  Market market(34);
  market.play(1200);
  store::MemoryStore store;
  auto writer = store.open_writer(store::DataKind::kReal).value();
  std::atomic<std::uint64_t> durable{market.durable_ordinal()};
  Engine engine(market_options());
  Sink sink(*writer, durable);
  Checkpoints checkpoints(kOften, market.disk, sink.progress());
  const auto follower = Follower::open(market.disk, kJournalFolder, 0, engine, sink,
                                       {.records_per_round = 100, .batch_age = seconds(1)})
                            .value();
  follower->take_snapshots(checkpoints);
  std::size_t failures = 0;
  for (std::int64_t now = 0; now < 20; ++now) {
    if (now == 5) market.disk.set_capacity(0);
    if (now == 12) market.disk.set_capacity(UINT64_MAX);
    ASSERT_TRUE(follower->do_work(now * 1'000'000'000).has_value());
    ASSERT_TRUE(sink.do_work(now * 1'000'000'000).has_value());
    const auto written = checkpoints.do_work();
    if (!written) ++failures;
    EXPECT_FALSE(!written && (now < 5 || now >= 12)) << now;
  }
  EXPECT_GT(failures, 0U);
  EXPECT_EQ(follower->next_ordinal(), market.durable_ordinal());
  EXPECT_EQ(snapshots_of(market).size(), 2U);
}

TEST(Follower, reads_on_by_itself_when_older_state_has_room_again) {
  Market market(21);
  play_segments(market);
  const std::string straight = straight_run(market);
  store::MemoryStore store;
  ProcessOptions options = with_snapshots();
  options.keeps_bars_cold = true;
  Process process(market, store, options);
  process.work(4);
  auto& cold = dynamic_cast<MemoryStateStore&>(*process.engine().cold_store());
  cold.run_short(Error{Fault::kOurs, Retry::kAfterBackoff, "no room"});
  process.work(2);  // up to the next tick
  const Position before = process.engine().position();
  process.work(5);
  EXPECT_EQ(process.engine().position(), before);
  EXPECT_EQ(process.follow(), "") << "nothing has ended";
  EXPECT_TRUE(process.sink().is_idle()) << "what was read is stored";
  cold.run_short({});
  process.finish();
  EXPECT_EQ(all_of(process.writer()), straight);
}

}  // namespace
}  // namespace tapeline::pipeline
