// SPDX-License-Identifier: Apache-2.0
#include "feed/streams.h"

#include <gtest/gtest.h>

#include "venue/binance/binance.h"

namespace tapeline::feed {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Two streams of a venue whose heartbeats tell nothing.
class StreamsTest : public testing::Test {
 protected:
  StreamsTest() {
    for (Streams::Index index = 0; index < streams_.size(); ++index) grant(index);
  }

  void grant(Streams::Index index) {
    streams_.set_state(index, StreamState::kSubscribing, wall());
    streams_.grant(index, true, wall(), now_ns_);
  }
  void speak(std::string_view symbol) {
    const venue::FrameMeaning meaning{
        .kind = venue::FrameKind::kData, .symbol = symbol, .channel = "trade"};
    streams_.on_frame(meaning, wall(), now_ns_);
  }
  // Time goes on in steps; who speaks does so in each of them.
  void run(Duration time, Duration step, std::initializer_list<std::string_view> speakers) {
    for (const std::int64_t end = now_ns_ + time.count(); now_ns_ < end;) {
      now_ns_ += step.count();
      for (const std::string_view symbol : speakers) speak(symbol);
    }
  }
  // How long it takes, looked at every second, until it is told that somebody is silent.
  Duration until_silent(Duration most) {
    const std::int64_t since = now_ns_;
    while (now_ns_ - since < most.count()) {
      now_ns_ += Duration(seconds(1)).count();
      if (!streams_.take_silent(times_, wall(), now_ns_).empty()) break;
    }
    return Duration(now_ns_ - since);
  }
  [[nodiscard]] StreamStatus status(std::size_t index) const {
    SessionStatus out;
    streams_.copy_status(out);
    return out.streams.at(index);
  }
  [[nodiscard]] RecvTime wall() const { return RecvTime(now_ns_); }

  static constexpr Duration kEvening = minutes(45);
  SessionTimes times_;
  std::int64_t now_ns_ = Duration(minutes(1)).count();
  Streams streams_{venue::binance::venue().session,
                   {{.wire = {"btcusdt", "trade"}, .symbol = "BTC-USDT", .channel = "trades"},
                    {.wire = {"ethusdt", "trade"}, .symbol = "ETH-USDT", .channel = "trades"}}};
};

TEST_F(StreamsTest, who_never_pauses_is_silent_after_the_least_time) {
  run(seconds(60), milliseconds(200), {"btcusdt", "ethusdt"});
  for (int i = 0; i < 9; ++i) {
    run(seconds(1), milliseconds(200), {"ethusdt"});
    EXPECT_TRUE(streams_.take_silent(times_, wall(), now_ns_).empty()) << i;
  }
  run(seconds(2), milliseconds(200), {"ethusdt"});
  EXPECT_EQ(streams_.take_silent(times_, wall(), now_ns_), std::vector<Streams::Index>{0});
  EXPECT_EQ(status(0).state, StreamState::kSilent);
  EXPECT_EQ(status(0).resubscribed, 1U);
  EXPECT_EQ(status(1).state, StreamState::kLive);
  speak("btcusdt");
  EXPECT_EQ(status(0).state, StreamState::kLive);
}

TEST_F(StreamsTest, who_pauses_often_may_be_quiet_for_eight_pauses) {
  run(minutes(10), seconds(5), {"btcusdt", "ethusdt"});
  EXPECT_EQ(until_silent(minutes(20)), seconds(41));
}

TEST_F(StreamsTest, a_long_pause_is_remembered_for_a_while_and_then_forgotten) {
  run(minutes(5), seconds(1), {"btcusdt", "ethusdt"});
  run(seconds(9), seconds(9), {"btcusdt", "ethusdt"});
  run(minutes(2), seconds(1), {"btcusdt", "ethusdt"});
  EXPECT_EQ(until_silent(minutes(20)), seconds(73));
  run(kEvening, seconds(1), {"btcusdt", "ethusdt"});
  EXPECT_EQ(until_silent(minutes(20)), seconds(11));
}

TEST_F(StreamsTest, nobody_is_hurried_before_he_is_known) {
  run(seconds(9), milliseconds(100), {"btcusdt"});
  EXPECT_EQ(until_silent(minutes(20)), seconds(601 - 9));
}

TEST_F(StreamsTest, an_absence_of_ours_is_no_pause_of_theirs) {
  run(seconds(60), milliseconds(200), {"btcusdt", "ethusdt"});
  streams_.disconnect(wall());
  now_ns_ += Duration(minutes(1)).count();
  speak("btcusdt");  // it may come before it is granted
  grant(0);
  grant(1);
  run(seconds(1), milliseconds(200), {"btcusdt", "ethusdt"});
  EXPECT_EQ(until_silent(minutes(20)), seconds(11));
}

TEST_F(StreamsTest, an_answer_that_names_a_stream_is_no_word_of_its_own) {
  run(seconds(60), milliseconds(200), {"btcusdt", "ethusdt"});
  EXPECT_EQ(until_silent(minutes(20)), seconds(11));
  const std::uint64_t frames = status(0).frames;
  streams_.on_frame({.kind = venue::FrameKind::kAck, .symbol = "btcusdt", .channel = "trade"},
                    wall(), now_ns_);
  EXPECT_EQ(status(0).frames, frames);
  EXPECT_EQ(status(0).state, StreamState::kSilent);
  EXPECT_EQ(until_silent(minutes(20)), seconds(21)) << "asking anew brought nothing";
}

TEST_F(StreamsTest, an_absence_begins_with_what_was_heard_last_and_is_told_once) {
  run(seconds(60), milliseconds(200), {"btcusdt", "ethusdt"});
  const RecvTime both = wall();
  run(seconds(5), milliseconds(200), {"ethusdt"});
  const RecvTime other = wall();
  EXPECT_TRUE(streams_.take_absences().empty());
  streams_.disconnect(wall());
  now_ns_ += Duration(seconds(3)).count();
  streams_.disconnect(wall());  // a connection that failed brought nothing
  const auto absences = streams_.take_absences();
  ASSERT_EQ(absences.size(), 2U);
  EXPECT_EQ(absences[0].since, both);
  EXPECT_EQ(absences[1].since, other);
  EXPECT_TRUE(streams_.take_absences().empty());
}

TEST_F(StreamsTest, who_is_silent_and_then_cut_off_is_absent_since_the_silence) {
  run(seconds(60), milliseconds(200), {"btcusdt", "ethusdt"});
  const RecvTime last = wall();
  EXPECT_EQ(until_silent(minutes(20)), seconds(11));
  now_ns_ += Duration(seconds(3)).count();
  streams_.disconnect(wall());
  const auto absences = streams_.take_absences();
  ASSERT_EQ(absences.size(), 2U);
  EXPECT_EQ(absences[0].since, last);
}

TEST_F(StreamsTest, asking_anew_for_nothing_comes_later_each_time) {
  run(seconds(60), milliseconds(200), {"btcusdt", "ethusdt"});
  EXPECT_EQ(until_silent(minutes(20)), seconds(11));
  EXPECT_EQ(until_silent(minutes(20)), seconds(21));
  EXPECT_EQ(until_silent(minutes(20)), seconds(41));
}

}  // namespace
}  // namespace tapeline::feed
