// SPDX-License-Identifier: Apache-2.0
#include "feed/housekeeper.h"

#include <gtest/gtest.h>

#include <string>

#include "base/check.h"
#include "feed/record_ring.h"
#include "feed/recorder.h"
#include "journal/memory_disk.h"
#include "journal/segments.h"

namespace tapeline::feed {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kKept = "data/journal";

// A recorder and its housekeeper on one thread.
class House {
 public:
  explicit House(HousekeeperOptions options = {}) {
    RecorderOptions recording;
    recording.folder = options.folder = kKept;
    recording.writer.segment_bytes = 4'000;
    recording.reserve_bytes = options.reserve_bytes;
    recording.writer.new_journal = JournalId(7);
    auto opened = Recorder::open(recording, disk, ring, clock);
    TAPELINE_CHECK(opened, opened.error().text.c_str());
    recorder = std::move(*opened);
    keeper = std::make_unique<Housekeeper>(options, disk, clock);
  }

  // One frame of 1,000 bytes a second, as long as the recorder takes them.
  void run(int frames) {
    for (int i = 0; i < frames; ++i) {
      journal::Record record;
      const std::string bytes(1'000, 'x');
      record.ts_recv = clock.wall();
      record.bytes = bytes;
      if (ring.offer(record) == Offer::kTaken) ++offered;
      recorder->do_work();
      keeper->do_work();
      clock.advance(seconds(1));
    }
  }
  [[nodiscard]] std::vector<journal::Segment> segments() {
    auto found = journal::list_segments(disk, kKept);
    TAPELINE_CHECK(found, found.error().text.c_str());
    return std::move(*found);
  }
  [[nodiscard]] std::uint64_t used() { return UINT64_MAX - *disk.free_bytes({}); }

  journal::MemoryDisk disk;
  ManualClock clock{RecvTime(1'700'000'000'000'000'000)};
  RecordRing ring{10'000};
  std::unique_ptr<Recorder> recorder;
  std::unique_ptr<Housekeeper> keeper;
  int offered = 0;
};

HousekeeperOptions options() {
  HousekeeperOptions out;
  out.reserve_bytes = 0;
  return out;
}

TEST(Housekeeper, seals_finished_segments) {
  House house(options());
  house.run(60);
  const auto segments = house.segments();
  ASSERT_GT(segments.size(), 5U);
  EXPECT_TRUE(segments[0].is_sealed);
  EXPECT_FALSE(segments.back().is_sealed);
  EXPECT_GT(house.keeper->counters().total(metrics::Counter::kFeedSegmentsSealed), 5U);
  EXPECT_FALSE(house.keeper->last_error());

  HousekeeperOptions plain = options();
  plain.seal = false;
  House other(plain);
  other.run(60);
  EXPECT_FALSE(other.segments()[0].is_sealed);
}

TEST(Housekeeper, removes_nothing_before_it_is_told_what_is_needed) {
  HousekeeperOptions small = options();
  small.bytes_max = 1;
  small.age_max = seconds(1);
  House house(small);
  house.run(60);
  EXPECT_EQ(house.segments().front().header.first_ordinal, 0U);
  house.keeper->keep_from(30);
  house.keeper->keep_from(10);
  house.run(20);
  const auto segments = house.segments();
  EXPECT_GT(segments.front().header.first_ordinal, 0U);
  EXPECT_LE(segments.front().header.first_ordinal, 30U);
  EXPECT_GT(segments[1].header.first_ordinal, 30U) << "the highest that was said";
}

TEST(Housekeeper, keeps_to_age_and_size) {
  HousekeeperOptions by_age = options();
  by_age.age_max = seconds(30);
  House old(by_age);
  old.keeper->keep_from(Housekeeper::kNobody);
  old.run(200);
  // A segment of three seconds, a look in ten.
  EXPECT_LE(old.segments().size(), 16U);
  EXPECT_GE(old.segments().size(), 8U);

  HousekeeperOptions by_size = options();
  by_size.bytes_max = 30'000;
  by_size.seal = false;
  House large(by_size);
  large.keeper->keep_from(Housekeeper::kNobody);
  large.run(200);
  EXPECT_LE(large.used(), 30'000U + 12'000);
  EXPECT_GE(large.used(), 20'000U);
}

TEST(Housekeeper, hurries_when_the_reserve_is_touched_so_that_capture_goes_on) {
  HousekeeperOptions reserved;
  reserved.seal = false;
  reserved.reserve_bytes = 30'000;
  House house(reserved);
  house.disk.set_capacity(100'000);
  house.keeper->keep_from(Housekeeper::kNobody);
  house.run(500);
  EXPECT_EQ(house.recorder->state(), RecorderState::kRecording);
  EXPECT_EQ(house.offered, 500);
  EXPECT_GT(house.segments().front().header.first_ordinal, 300U);
}

TEST(Housekeeper, what_somebody_needs_outranks_capture_which_stops_and_comes_back) {
  HousekeeperOptions reserved;
  reserved.seal = false;
  reserved.reserve_bytes = 30'000;
  House house(reserved);
  house.disk.set_capacity(100'000);
  house.keeper->keep_from(20);
  house.run(300);
  EXPECT_EQ(house.recorder->state(), RecorderState::kDiskFull);
  EXPECT_LE(house.segments().front().header.first_ordinal, 20U);
  house.keeper->keep_from(Housekeeper::kNobody);
  house.run(30);
  EXPECT_EQ(house.recorder->state(), RecorderState::kRecording);
  EXPECT_GT(house.segments().front().header.first_ordinal, 20U);
}

TEST(Housekeeper, tells_what_is_wrong_and_leaves_it) {
  House house(options());
  house.run(8);
  std::string& damaged = house.disk.contents(house.disk.paths().front());
  ASSERT_GT(damaged.size(), 1'000U);
  damaged[700] = static_cast<char>(damaged[700] ^ 1);
  house.run(20);
  ASSERT_TRUE(house.keeper->last_error());
  EXPECT_NE(house.keeper->last_error()->text.find("is damaged"), std::string::npos);
  EXPECT_FALSE(house.segments()[0].is_sealed);
}

TEST(Housekeeper, stops_when_it_is_told_to) {
  House house(options());
  house.keeper->stop();
  house.run(60);
  EXPECT_FALSE(house.segments()[0].is_sealed);
}

}  // namespace
}  // namespace tapeline::feed
