// SPDX-License-Identifier: Apache-2.0
#include "feed/recorder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/check.h"
#include "decode/epoch.h"
#include "decode/instrument_list.h"
#include "journal/memory_disk.h"
#include "journal/reader.h"
#include "journal/segments.h"

namespace tapeline::feed {
namespace {

using journal::DiskFaults;
using journal::MemoryDisk;
using journal::Record;
using journal::RecordType;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kJournal = "data/journal";
constexpr std::int64_t kStart = 1'700'000'000'000'000'000;

struct Written {
  RecordType type = RecordType::kFrame;
  std::int64_t ms = 0;  // ts_recv, since the start
  std::string bytes{};

  friend bool operator==(const Written&, const Written&) = default;
};

void PrintTo(const Written& written, std::ostream* out) {
  *out << name_of(written.type) << " at " << written.ms << " ms " << written.bytes;
}

// A recorder with everything around it, on one thread.
class Rig {
 public:
  explicit Rig(RecorderOptions options = {}, std::size_t ring_bytes = 4'096)
      : ring(ring_bytes), options_(std::move(options)) {
    options_.folder = kJournal;
    options_.epoch = {"1.2.3", std::chrono::hours(24)};
    options_.writer.new_journal = JournalId(7);
    if (options_.reserve_bytes == RecorderOptions{}.reserve_bytes) options_.reserve_bytes = 0;
  }

  void open() {
    auto opened = Recorder::open(options_, disk, ring, clock);
    TAPELINE_CHECK(opened, opened.error().text.c_str());
    recorder = std::move(*opened);
  }
  // Stamped by the clock.
  bool offer(const std::string& bytes, RecordType type = RecordType::kFrame,
             std::uint32_t connection = 3) {
    Record record;
    record.type = type;
    record.connection = ConnectionId(connection);
    record.ts_recv = clock.wall();
    record.bytes = bytes;
    return ring.offer(record) == Offer::kTaken;
  }
  void pass(Duration time) { clock.advance(time); }
  [[nodiscard]] std::vector<Written> written() {
    std::vector<Written> out;
    auto reader = journal::Reader::open(disk, kJournal);
    TAPELINE_CHECK(reader, reader.error().text.c_str());
    Record record;
    while ((*reader)->next(record).value()) {
      out.push_back({record.type, (record.ts_recv.unix_ns() - kStart) / 1'000'000,
                     std::string(record.bytes)});
    }
    return out;
  }

  MemoryDisk disk;
  ManualClock clock{RecvTime(kStart)};
  RecordRing ring;
  std::unique_ptr<Recorder> recorder;

 private:
  RecorderOptions options_;
};

std::string epoch() { return decode::encode_epoch({"1.2.3", std::chrono::hours(24)}); }

TEST(Recorder, begins_with_an_epoch) {
  Rig rig;
  rig.open();
  rig.recorder->do_work();
  const auto written = rig.written();
  ASSERT_FALSE(written.empty());
  EXPECT_EQ(written[0], (Written{RecordType::kEpoch, 0, epoch()}));
  EXPECT_EQ(rig.recorder->next_connection(), ConnectionId(1));
}

TEST(Recorder, is_new_where_nothing_was_recorded_before) {
  Rig rig;
  rig.open();
  EXPECT_TRUE(rig.recorder->is_new());
  ASSERT_TRUE(rig.recorder->close());
  rig.recorder.reset();
  rig.open();
  EXPECT_FALSE(rig.recorder->is_new()) << "not even an epoch may be there";
}

TEST(Recorder, writes_a_tick_every_tenth_of_a_second_and_never_two_of_one_time) {
  Rig rig;
  rig.open();
  for (int i = 0; i < 50; ++i) {
    rig.recorder->do_work();
    rig.recorder->do_work();
    rig.pass(milliseconds(10));
  }
  std::vector<std::int64_t> ticks;
  for (const Written& each : rig.written()) {
    if (each.type == RecordType::kTick) ticks.push_back(each.ms);
  }
  EXPECT_EQ(ticks, (std::vector<std::int64_t>{0, 100, 200, 300, 400}));
}

TEST(Recorder, a_jump_makes_one_tick_and_after_a_step_back_ticks_go_on_from_there) {
  Rig rig;
  rig.open();
  rig.recorder->do_work();
  rig.pass(std::chrono::hours(1) + milliseconds(30));
  rig.recorder->do_work();
  rig.pass(-seconds(10));
  rig.recorder->do_work();
  rig.recorder->do_work();
  rig.pass(milliseconds(100));
  rig.recorder->do_work();
  EXPECT_EQ(rig.written(), (std::vector<Written>{{RecordType::kEpoch, 0, epoch()},
                                                 {RecordType::kTick, 0, {}},
                                                 {RecordType::kTick, 3'600'000, {}},
                                                 {RecordType::kTick, 3'590'000, {}},
                                                 {RecordType::kTick, 3'590'100, {}}}));
}

TEST(Recorder, what_was_stamped_before_a_tick_sets_no_clock_back) {
  Rig rig;
  rig.open();
  rig.pass(seconds(5));
  rig.offer("waits");
  rig.pass(seconds(5));
  rig.recorder->do_work();
  EXPECT_EQ(rig.written(), (std::vector<Written>{{RecordType::kEpoch, 0, epoch()},
                                                 {RecordType::kTick, 5'000, {}},
                                                 {RecordType::kFrame, 5'000, "waits"},
                                                 {RecordType::kTick, 10'000, {}}}));
}

// Of a burst, a turn takes no more than a part.
TEST(Recorder, a_tick_overtakes_nothing_that_waits_in_the_ring) {
  Rig rig({}, std::size_t{16} << 20);
  rig.open();
  const std::string megabyte(std::size_t{1} << 20, 'x');
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(rig.offer(megabyte));
    rig.pass(milliseconds(10));
  }
  rig.pass(seconds(1));
  for (int i = 0; i < 4; ++i) rig.recorder->do_work();
  std::int64_t tick_ms = 0;
  std::size_t frames = 0;
  for (const Written& each : rig.written()) {
    if (each.type == RecordType::kTick) tick_ms = each.ms;
    if (each.type != RecordType::kFrame) continue;
    ++frames;
    EXPECT_LE(tick_ms, each.ms);
  }
  EXPECT_EQ(frames, 10U);
  EXPECT_EQ(tick_ms, 1'100) << "it comes once they are written";
}

TEST(Recorder, rests_when_all_is_written_and_a_tick_stands_behind_it) {
  Rig rig;
  rig.open();
  rig.recorder->do_work();
  const std::uint64_t rests = rig.recorder->rests();
  EXPECT_EQ(rests, 1U);
  rig.pass(milliseconds(10));
  rig.offer("a");
  rig.recorder->do_work();
  rig.recorder->do_work();
  EXPECT_EQ(rig.recorder->rests(), rests) << "no tick came";
  rig.pass(milliseconds(100));
  rig.recorder->do_work();
  EXPECT_EQ(rig.recorder->rests(), rests + 1);
}

TEST(Recorder, what_is_left_to_the_system_is_durable_after_five_seconds) {
  RecorderOptions options;
  options.writer.sync = journal::SyncPolicy::kOs;
  Rig rig(options);
  rig.open();
  rig.recorder->do_work();
  rig.offer("a");
  rig.pass(milliseconds(4900));
  rig.recorder->do_work();
  const std::uint64_t written = rig.recorder->written_ordinal();
  EXPECT_LT(rig.recorder->durable_ordinal(), written);
  rig.pass(milliseconds(100));
  rig.recorder->do_work();
  EXPECT_GE(rig.recorder->durable_ordinal(), written);
}

TEST(Recorder, a_tick_stands_before_the_first_record_of_its_time_as_in_a_replay) {
  Rig rig;
  rig.open();
  rig.offer("a");
  rig.pass(milliseconds(99));
  rig.offer("b");
  rig.pass(milliseconds(1));
  rig.offer("c");
  rig.pass(milliseconds(250));
  rig.offer("d");
  rig.pass(milliseconds(60));
  rig.recorder->do_work();
  EXPECT_EQ(rig.written(), (std::vector<Written>{{RecordType::kEpoch, 0, epoch()},
                                                 {RecordType::kTick, 0, {}},
                                                 {RecordType::kFrame, 0, "a"},
                                                 {RecordType::kFrame, 99, "b"},
                                                 {RecordType::kTick, 100, {}},
                                                 {RecordType::kFrame, 100, "c"},
                                                 {RecordType::kTick, 300, {}},
                                                 {RecordType::kFrame, 350, "d"},
                                                 {RecordType::kTick, 400, {}}}));
}

TEST(Recorder, each_segment_begins_with_what_is_in_force) {
  RecorderOptions options;
  options.writer.segment_bytes = 2'000;
  Rig rig(options);
  rig.open();
  const std::string list = decode::encode_instrument_list({"coinbase", "[]"});
  rig.offer("source of 3", RecordType::kOpen, 3);
  rig.offer(list, RecordType::kInstruments, 0);
  rig.offer("source of 4", RecordType::kOpen, 4);
  rig.offer("why", RecordType::kClose, 3);
  std::uint64_t frames = 0;
  for (; rig.disk.paths().size() < 4; ++frames) {
    ASSERT_TRUE(rig.offer(fmt::format("{:0100}", frames), RecordType::kFrame, 4));
    rig.recorder->do_work();
    rig.pass(milliseconds(30));
  }
  ASSERT_TRUE(rig.recorder->close());
  const auto segments = journal::list_segments(rig.disk, kJournal);
  ASSERT_TRUE(segments);
  for (std::size_t i = 1; i < segments->size(); ++i) {
    EXPECT_LE((*segments)[i - 1].bytes, 2'000U + 100);
    const auto begin = static_cast<std::ptrdiff_t>((*segments)[i].header.first_ordinal);
    const auto written = rig.written();
    std::vector<std::pair<RecordType, std::string>> first;
    for (auto at = written.begin() + begin; at != written.end() && first.size() < 3; ++at) {
      first.emplace_back(at->type, at->bytes);
    }
    EXPECT_EQ(first, (std::vector<std::pair<RecordType, std::string>>{
                         {RecordType::kEpoch, epoch()},
                         {RecordType::kInstruments, list},
                         {RecordType::kOpen, "source of 4"}}));
  }
  std::uint64_t seen = 0;
  for (const Written& each : rig.written()) {
    if (each.type != RecordType::kFrame) continue;
    EXPECT_EQ(each.bytes, fmt::format("{:0100}", seen++));
  }
  EXPECT_EQ(seen, frames);
}

TEST(Recorder, what_is_in_force_takes_no_more_than_half_of_a_segment) {
  RecorderOptions options;
  options.writer.segment_bytes = 500;
  Rig rig(options);
  rig.open();
  rig.offer(std::string(1'000, 's'), RecordType::kOpen, 3);
  for (int i = 0; i < 200; ++i) {
    rig.offer(std::string(100, 'f'));
    rig.recorder->do_work();
  }
  ASSERT_TRUE(rig.recorder->close());
  std::uint64_t repeated = 0;
  for (const Written& each : rig.written()) {
    if (each.type == RecordType::kOpen) repeated += each.bytes.size();
  }
  EXPECT_LE(repeated, 200U * 250) << "as much again as records and marks";
}

TEST(Recorder, tells_what_can_be_read_at_once_and_what_is_durable_after_the_sync) {
  Rig rig;
  rig.open();
  rig.offer("a");
  rig.recorder->do_work();
  EXPECT_EQ(rig.recorder->written_ordinal(), 3U);
  EXPECT_EQ(rig.recorder->durable_ordinal(), 0U);
  rig.pass(milliseconds(40));
  rig.recorder->do_work();
  EXPECT_EQ(rig.recorder->durable_ordinal(), 0U);
  rig.pass(milliseconds(10));
  rig.recorder->do_work();
  EXPECT_EQ(rig.recorder->durable_ordinal(), 3U);
}

TEST(Recorder, goes_on_in_a_journal_that_is_there) {
  Rig rig;
  rig.open();
  rig.offer("a");
  ASSERT_TRUE(rig.recorder->close());
  EXPECT_EQ(rig.recorder->state(), RecorderState::kClosed);
  rig.recorder.reset();
  rig.open();
  EXPECT_EQ(rig.recorder->next_connection(), ConnectionId(4)) << "3 had a record";
  EXPECT_EQ(rig.recorder->written_ordinal(), 3U);
  rig.offer("b");
  ASSERT_TRUE(rig.recorder->close());
  EXPECT_EQ(rig.recorder->durable_ordinal(), rig.written().size());
  EXPECT_EQ(rig.written().back(), (Written{RecordType::kFrame, 0, "b"}));
}

TEST(Recorder, stops_on_a_full_disk_and_resumes_by_itself_without_losing_what_it_had) {
  Rig rig;
  rig.open();
  rig.recorder->do_work();
  rig.disk.set_capacity(rig.disk.contents(rig.disk.paths().back()).size() + 200);
  std::uint64_t offered = 0;
  while (rig.offer(fmt::format("{:05}", offered))) {
    ++offered;
    rig.recorder->do_work();
    rig.pass(milliseconds(1));
  }
  EXPECT_EQ(rig.recorder->state(), RecorderState::kDiskFull);
  EXPECT_FALSE(rig.ring.is_open()) << "nobody shall connect";
  EXPECT_EQ(rig.recorder->counters().total(metrics::Counter::kFeedDiskFull), 1U);
  const std::uint64_t durable = rig.recorder->durable_ordinal();
  EXPECT_EQ(rig.written().size(), durable) << "what was written is made durable";

  rig.pass(seconds(5));
  rig.recorder->do_work();
  EXPECT_EQ(rig.recorder->state(), RecorderState::kDiskFull);
  rig.disk.set_capacity(UINT64_MAX);
  rig.pass(seconds(1));
  rig.recorder->do_work();
  EXPECT_EQ(rig.recorder->state(), RecorderState::kRecording);
  EXPECT_TRUE(rig.ring.is_open());
  ASSERT_TRUE(rig.recorder->close());
  std::uint64_t frames = 0;
  for (const Written& each : rig.written()) {
    if (each.type != RecordType::kFrame) continue;
    EXPECT_EQ(each.bytes, fmt::format("{:05}", frames++));
  }
  EXPECT_EQ(frames, offered);
}

TEST(Recorder, leaves_a_reserve_and_goes_on_only_when_half_of_it_is_back) {
  RecorderOptions options;
  options.reserve_bytes = 100'000;
  Rig rig(options);
  rig.open();
  const auto at = [&](std::uint64_t free) {
    std::uint64_t used = 0;
    for (const std::string& path : rig.disk.paths()) used += rig.disk.contents(path).size();
    rig.disk.set_capacity(used + free);
    rig.pass(seconds(1));
    rig.recorder->do_work();
    return rig.recorder->state();
  };
  EXPECT_EQ(at(30'000), RecorderState::kRecording);
  EXPECT_EQ(at(24'000), RecorderState::kDiskFull);
  EXPECT_EQ(at(49'000), RecorderState::kDiskFull);
  EXPECT_EQ(at(60'000), RecorderState::kRecording);
}

TEST(Recorder, a_failed_sync_is_final) {
  Rig rig;
  rig.open();
  rig.recorder->do_work();
  rig.disk.set_faults({.sync_fails_at = 0});
  rig.offer("a");
  rig.pass(milliseconds(60));
  rig.recorder->do_work();
  rig.pass(milliseconds(60));
  rig.recorder->do_work();
  EXPECT_EQ(rig.recorder->state(), RecorderState::kFailed);
  EXPECT_FALSE(rig.ring.is_open());
  ASSERT_TRUE(rig.recorder->failure());
  EXPECT_NE(rig.recorder->failure()->text.find("cannot sync"), std::string::npos);
  EXPECT_EQ(rig.recorder->failure()->retry, Retry::kNever);
  rig.disk.set_faults({});
  rig.offer("b");
  EXPECT_EQ(rig.recorder->do_work(), 0U);
  EXPECT_FALSE(rig.recorder->close());
}

// Offers frames until the machine stops. Gives how many ordinals were told to be durable.
std::uint64_t record_until_crash(Rig& rig, std::uint64_t frames, bool& crashed) {
  std::uint64_t durable = 0;
  try {
    rig.open();
    for (std::uint64_t n = 0; n < frames; ++n) {
      TAPELINE_CHECK(rig.offer(fmt::format("frame {}", n)), "the ring has room");
      rig.recorder->do_work();
      durable = rig.recorder->durable_ordinal();
      rig.pass(milliseconds(20));
    }
    TAPELINE_CHECK(rig.recorder->close(), "the disk is fine");
    durable = rig.recorder->durable_ordinal();
  } catch (const journal::Crash&) {
    crashed = true;
  }
  return durable;
}

TEST(Recorder, a_crash_at_every_step_keeps_what_it_told_to_be_durable) {
  for (std::uint64_t step = 0;; ++step) {
    RecorderOptions options;
    options.writer.segment_bytes = 600;
    options.writer.batch_bytes = 200;
    Rig rig(options);
    Rig whole(options);
    bool crashed = false;
    record_until_crash(whole, 20, crashed);
    rig.disk.set_faults({.crash_at = step, .kind = journal::CrashKind::kAfter});
    const std::uint64_t durable = record_until_crash(rig, 20, crashed);
    rig.recorder.reset();
    rig.disk.lose_power(MemoryDisk::Loss::kSome, step);
    if (durable > 0) {
      const auto written = rig.written();
      const auto expected = whole.written();
      ASSERT_GE(written.size(), durable) << step;
      for (std::size_t i = 0; i < durable; ++i) ASSERT_EQ(written[i], expected[i]) << step;
    }
    if (!crashed) break;
  }
}

}  // namespace
}  // namespace tapeline::feed
