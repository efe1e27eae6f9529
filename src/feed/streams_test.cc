// SPDX-License-Identifier: Apache-2.0
#include "feed/streams.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "venue/binance/binance.h"
#include "venue/coinbase/coinbase.h"

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

// The wire is as the venue's: who comes and goes all day takes no more room than at once.
TEST_F(StreamsTest, what_is_given_up_leaves_its_place_to_others) {
  const auto nobody = [](Streams::Index) { return false; };
  const auto wanted = [](int i) {
    return WantedStream{.wire = {"s" + std::to_string(i), "trade"},
                        .symbol = "S-" + std::to_string(i),
                        .channel = "trades"};
  };
  Streams::Index last = streams_.add(wanted(0), wall());
  for (int i = 1; i < 1'000; ++i) {
    grant(last);
    speak("s" + std::to_string(i - 1));
    ASSERT_EQ(status(2).frames, 1U) << "of this one, not of the one before";
    streams_.give_up(last, wall());
    streams_.forget_given_up(nobody);
    EXPECT_EQ(streams_.find("s" + std::to_string(i - 1), "trade"), Streams::kNone);
    last = streams_.add(wanted(i), wall());
    ASSERT_EQ(streams_.size(), 3U);
    EXPECT_EQ(status(2).symbol, "S-" + std::to_string(i));
    EXPECT_EQ(status(2).state, StreamState::kWaiting);
    speak("s" + std::to_string(i - 1));  // late, and nobody's
    EXPECT_EQ(status(2).frames, 0U);
  }
  EXPECT_EQ(streams_.find("btcusdt", "trade"), 0U);
  speak("btcusdt");
  EXPECT_EQ(status(0).frames, 1U);
}

TEST_F(StreamsTest, a_place_that_a_request_is_still_about_is_kept) {
  streams_.give_up(1, wall());
  streams_.forget_given_up([](Streams::Index index) { return index == 1; });
  EXPECT_EQ(streams_.find("ethusdt", "trade"), 1U);
  EXPECT_EQ(streams_.add({.wire = {"s", "trade"}, .symbol = "S", .channel = "trades"}, wall()), 2U);
  streams_.forget_given_up([](Streams::Index) { return false; });
  EXPECT_EQ(streams_.find("ethusdt", "trade"), Streams::kNone);
  EXPECT_EQ(streams_.add({.wire = {"t", "trade"}, .symbol = "T", .channel = "trades"}, wall()), 1U);
}

// Of a venue whose heartbeats tell how far the trades should be.
class HeartbeatStreams : public testing::Test {
 protected:
  Streams::Index add(std::string_view channel) {
    const auto index = streams_.add(
        {.wire = {"BTC-USD", std::string(channel)}, .symbol = "BTC-USD", .channel = "trades"},
        RecvTime(now_ns_));
    streams_.set_state(index, StreamState::kSubscribing, RecvTime(now_ns_));
    streams_.grant(index, true, RecvTime(now_ns_), now_ns_);
    return index;
  }
  void beat(std::uint64_t last_id) {
    streams_.on_frame({.kind = venue::FrameKind::kData,
                       .symbol = "BTC-USD",
                       .channel = "heartbeat",
                       .last_id = last_id},
                      RecvTime(now_ns_), now_ns_);
  }
  // With heartbeats all the time.
  std::vector<Streams::Index> silent_after(Duration time, std::uint64_t last_id) {
    for (int i = 0; i < 10; ++i) {
      now_ns_ += (time / 10).count();
      beat(last_id);
    }
    return streams_.take_silent(times_, RecvTime(now_ns_), now_ns_);
  }

  SessionTimes times_;
  std::int64_t now_ns_ = Duration(minutes(1)).count();
  Streams streams_{venue::coinbase::venue().session, {}};
};

TEST_F(HeartbeatStreams, what_is_wanted_again_begins_without_what_it_was_behind) {
  const Streams::Index trades = add("matches");
  add("heartbeat");
  beat(100);
  const Duration soon = times_.behind_max + milliseconds(10);
  for (const int times : {1, 2, 4}) {
    EXPECT_EQ(silent_after(times * soon, 100), std::vector<Streams::Index>{trades}) << times;
  }
  streams_.give_up(trades, RecvTime(now_ns_));
  EXPECT_EQ(add("matches"), trades);
  EXPECT_TRUE(streams_.take_silent(times_, RecvTime(now_ns_), now_ns_).empty());
  beat(7);
  EXPECT_EQ(silent_after(soon, 7), std::vector<Streams::Index>{trades})
      << "behind an id that is lower than what it once was, and asked for anew at once";
}

TEST_F(HeartbeatStreams, a_heartbeat_tells_nothing_of_who_took_the_place_of_its_trades) {
  const Streams::Index trades = add("matches");
  add("heartbeat");
  streams_.give_up(trades, RecvTime(now_ns_));
  streams_.forget_given_up([](Streams::Index) { return false; });
  const auto other =
      streams_.add({.wire = {"ETH-USD", "matches"}, .symbol = "ETH-USD", .channel = "trades"},
                   RecvTime(now_ns_));
  ASSERT_EQ(other, trades);
  streams_.set_state(other, StreamState::kSubscribing, RecvTime(now_ns_));
  streams_.grant(other, true, RecvTime(now_ns_), now_ns_);
  beat(100);
  EXPECT_TRUE(silent_after(2 * times_.behind_max, 100).empty());
  EXPECT_NE(add("matches"), trades);
  beat(101);
  EXPECT_EQ(silent_after(2 * times_.behind_max, 101).size(), 1U) << "whenever they come again";
}

}  // namespace
}  // namespace tapeline::feed
