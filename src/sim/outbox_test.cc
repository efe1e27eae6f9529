// SPDX-License-Identifier: Apache-2.0
#include "sim/outbox.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tapeline::sim {
namespace {

constexpr EventTime kOpened{1'700'000'000'000'000'000};
using std::chrono::milliseconds;
using std::chrono::seconds;
using Texts = std::vector<std::string>;

EventTime at_ms(int ms) { return kOpened + milliseconds(ms); }

Frame trade(std::uint64_t id, EventTime at) {
  return {.at = at, .first_id = id, .last_id = id, .text = "trade " + std::to_string(id)};
}
Frame answer(EventTime at) { return {.kind = FrameKind::kControl, .at = at, .text = "ack"}; }

class OutboxTest : public testing::Test {
 protected:
  Outbox make(const std::string& spec, std::uint64_t seed = 1) {
    return {FaultPlan(parse_faults(spec).value(), seed, kOpened, kOpened), shown_};
  }
  static Texts take_all(Outbox& outbox, EventTime now) {
    Texts texts;
    Frame frame;
    while (outbox.take(now, frame)) {
      texts.push_back(frame.kind == FrameKind::kCut ? "CUT" : frame.text);
    }
    return texts;
  }
  static void expect_all_accounted_for(const Outbox& outbox) {
    const FrameCounts& counts = outbox.counts();
    EXPECT_EQ(counts.produced + counts.repeated,
              counts.sent + counts.lost + counts.silenced + counts.discarded + outbox.waiting());
  }

  StreamIds shown_;
  static constexpr std::pair<std::uint32_t, Stream> kTrades{0, Stream::kTrades};
};

TEST_F(OutboxTest, without_faults_frames_leave_at_once_and_in_order) {
  Outbox outbox = make("off");
  outbox.push(answer(at_ms(0)));
  outbox.push(trade(7, at_ms(1)));
  outbox.push(trade(8, at_ms(2)));
  EXPECT_EQ(take_all(outbox, at_ms(2)), (Texts{"ack", "trade 7", "trade 8"}));
  EXPECT_EQ(outbox.counts().sent, 2U);
  EXPECT_EQ(outbox.counts().control, 1U);
  EXPECT_TRUE(shown_[kTrades].contains(8));
  EXPECT_TRUE(outbox.lost().empty());
}

TEST_F(OutboxTest, lost_frames_are_not_sent_and_their_ids_are_noted) {
  Outbox outbox = make("lose=100%");
  outbox.push(trade(7, at_ms(0)));
  outbox.push(answer(at_ms(1)));
  EXPECT_EQ(take_all(outbox, at_ms(1)), (Texts{"ack"})) << "an answer is never lost";
  EXPECT_TRUE(outbox.lost().at(kTrades).contains(7));
  EXPECT_TRUE(shown_.empty());
  expect_all_accounted_for(outbox);
}

TEST_F(OutboxTest, repeated_frames_come_twice) {
  Outbox outbox = make("dup=100%");
  outbox.push(trade(7, at_ms(0)));
  EXPECT_EQ(take_all(outbox, at_ms(0)), (Texts{"trade 7", "trade 7"}));
  expect_all_accounted_for(outbox);
}

TEST_F(OutboxTest, a_copy_comes_right_behind_what_it_repeats_however_late_that_is) {
  Outbox outbox = make("dup=100%,reorder=50ms");
  for (std::uint64_t id = 1; id <= 200; ++id) outbox.push(trade(id, at_ms(static_cast<int>(id))));
  Frame first;
  while (outbox.take(at_ms(1000), first)) {
    Frame copy;
    ASSERT_TRUE(outbox.take(at_ms(1000), copy));
    EXPECT_EQ(copy.text, first.text);
    EXPECT_NE(first.first_id, 0U) << first.text << ": what is shown first counts as shown";
  }
  EXPECT_EQ(outbox.counts().sent, 400U);
  expect_all_accounted_for(outbox);
}

TEST_F(OutboxTest, reordered_frames_come_behind_the_next) {
  Outbox outbox = make("swap=100%");
  outbox.push(trade(7, at_ms(0)));
  EXPECT_EQ(take_all(outbox, at_ms(0)), Texts{});
  outbox.push(answer(at_ms(1)));
  EXPECT_EQ(take_all(outbox, at_ms(1)), (Texts{"ack", "trade 7"}));
  EXPECT_EQ(outbox.counts().reordered, 1U);
}

TEST_F(OutboxTest, a_reordered_frame_does_not_wait_for_ever) {
  Outbox outbox = make("swap=100%");
  outbox.push(trade(7, at_ms(0)));
  EXPECT_EQ(outbox.next_at(), at_ms(1000));
  EXPECT_EQ(take_all(outbox, at_ms(999)), Texts{});
  EXPECT_EQ(take_all(outbox, at_ms(1000)), (Texts{"trade 7"}));
}

TEST_F(OutboxTest, malformed_frames_are_sent_spoilt_and_count_as_not_shown) {
  Outbox outbox = make("bad_frame=100%");
  outbox.push(trade(7, at_ms(0)));
  const Texts texts = take_all(outbox, at_ms(0));
  ASSERT_EQ(texts.size(), 1U);
  EXPECT_NE(texts[0], "trade 7");
  EXPECT_TRUE(outbox.lost().at(kTrades).contains(7));
  EXPECT_TRUE(shown_.empty());
  EXPECT_EQ(outbox.counts().sent, 1U);
}

TEST_F(OutboxTest, delayed_frames_are_overtaken) {
  Outbox outbox = make("delay=300ms:100%");
  outbox.push(trade(7, at_ms(0)));
  outbox.push(answer(at_ms(10)));
  EXPECT_EQ(take_all(outbox, at_ms(299)), (Texts{"ack"}));
  EXPECT_EQ(outbox.next_at(), at_ms(300));
  EXPECT_EQ(take_all(outbox, at_ms(300)), (Texts{"trade 7"}));
  EXPECT_TRUE(shown_[kTrades].contains(7));
}

TEST_F(OutboxTest, a_slow_connection_sends_nothing_for_a_while_and_then_all_in_order) {
  Outbox outbox = make("slow=500ms:100%");
  outbox.push(trade(7, at_ms(0)));
  outbox.push(answer(at_ms(10)));
  EXPECT_EQ(take_all(outbox, at_ms(499)), Texts{});
  EXPECT_EQ(outbox.next_at(), at_ms(500));
  EXPECT_EQ(take_all(outbox, at_ms(500)), (Texts{"trade 7", "ack"}));
  EXPECT_EQ(outbox.counts().stalls, 1U);
}

TEST_F(OutboxTest, what_falls_due_while_the_connection_is_slow_waits_too) {
  Outbox outbox = make("delay=100ms:100%");
  outbox.push(trade(7, at_ms(0)));
  outbox.change_faults(parse_faults("slow=500ms:100%").value(), at_ms(50));
  outbox.push(trade(8, at_ms(50)));
  EXPECT_EQ(take_all(outbox, at_ms(549)), Texts{});
  EXPECT_EQ(outbox.next_at(), at_ms(550));
  EXPECT_EQ(take_all(outbox, at_ms(550)), (Texts{"trade 7", "trade 8"}));
}

TEST_F(OutboxTest, a_cut_comes_once_behind_what_was_due_and_discards_the_rest) {
  Outbox outbox = make("delay=30s:100%,drop=10s");
  outbox.push(answer(at_ms(0)));
  outbox.push(trade(7, at_ms(1)));
  EXPECT_GE(outbox.next_at(), kEventTimeMin);
  EXPECT_EQ(take_all(outbox, kOpened + seconds(60)), (Texts{"ack", "CUT"}));
  EXPECT_EQ(take_all(outbox, kOpened + seconds(61)), Texts{});
  outbox.push(trade(8, kOpened + seconds(62)));
  EXPECT_EQ(outbox.counts().discarded, 2U);
  EXPECT_TRUE(outbox.lost().at(kTrades).contains(7));
  EXPECT_TRUE(outbox.lost().at(kTrades).contains(8));
  expect_all_accounted_for(outbox);
}

TEST_F(OutboxTest, a_half_open_connection_stays_and_says_nothing_not_even_answers) {
  Outbox outbox = make("halfopen=10s,drop=1h");
  outbox.push(trade(7, at_ms(0)));
  EXPECT_EQ(take_all(outbox, at_ms(0)), (Texts{"trade 7"}));
  outbox.push(trade(8, kOpened + seconds(20)));
  outbox.push(answer(kOpened + seconds(21)));
  EXPECT_TRUE(outbox.is_silent(kOpened + seconds(20)));
  EXPECT_EQ(take_all(outbox, kOpened + seconds(600)), Texts{}) << "nor is it cut soon";
  EXPECT_EQ(outbox.counts().silenced, 1U);
  EXPECT_TRUE(outbox.lost().at(kTrades).contains(8));
  EXPECT_EQ(take_all(outbox, kOpened + seconds(620)), (Texts{"CUT"}));
}

// At first the socket was silenced meanwhile, and frames that count as shown went nowhere.
TEST_F(OutboxTest, what_a_stall_held_up_leaves_before_the_silence) {
  Outbox outbox = make("delay=8s:100%");
  outbox.push(trade(7, at_ms(0)));
  outbox.change_faults(parse_faults("halfopen@10s,slow=60s:100%").value(), at_ms(1));
  outbox.push(trade(8, kOpened + seconds(7)));
  EXPECT_EQ(take_all(outbox, kOpened + seconds(30)), Texts{});
  EXPECT_TRUE(outbox.is_silent(kOpened + seconds(30)));
  EXPECT_FALSE(outbox.has_fallen_silent(kOpened + seconds(30)));
  EXPECT_EQ(take_all(outbox, kOpened + seconds(68)), (Texts{"trade 7"}));
  EXPECT_TRUE(outbox.has_fallen_silent(kOpened + seconds(68)));
  expect_all_accounted_for(outbox);
}

TEST_F(OutboxTest, what_was_delayed_into_the_silence_is_silenced) {
  Outbox outbox = make("halfopen=10s,delay=20s:100%");
  outbox.push(trade(7, at_ms(0)));
  EXPECT_EQ(take_all(outbox, kOpened + seconds(30)), Texts{});
  EXPECT_EQ(outbox.counts().silenced, 1U);
  EXPECT_TRUE(outbox.lost().at(kTrades).contains(7));
  expect_all_accounted_for(outbox);
}

TEST_F(OutboxTest, frames_overtake_each_other_within_the_bound) {
  Outbox outbox = make("reorder=50ms");
  Texts in_order;
  for (int id = 1; id <= 100; ++id) {
    outbox.push(trade(static_cast<std::uint64_t>(id), at_ms(id)));
    in_order.push_back("trade " + std::to_string(id));
  }
  Texts came = take_all(outbox, at_ms(150));
  EXPECT_NE(came, in_order);
  EXPECT_GT(outbox.counts().reordered, 20U);
  EXPECT_LT(outbox.counts().reordered, 100U);
  for (int id = 1; id <= 100; ++id) {
    const auto at = std::find(came.begin(), came.end(), "trade " + std::to_string(id));
    EXPECT_NEAR(static_cast<double>(at - came.begin()), id - 1, 50);
  }
  std::sort(came.begin(), came.end());
  std::sort(in_order.begin(), in_order.end());
  EXPECT_EQ(came, in_order);
  expect_all_accounted_for(outbox);
}

TEST_F(OutboxTest, a_silent_channel_says_nothing_and_the_others_go_on) {
  const auto quote = [](EventTime at) {
    Frame frame = trade(0, at);
    frame.stream = Stream::kQuotes;
    frame.text = "quote";
    return frame;
  };
  const auto beat = [](EventTime at) {
    Frame frame = trade(0, at);
    frame.stream = Stream::kHeartbeats;
    frame.text = "beat";
    return frame;
  };
  const auto other = [](EventTime at) {
    Frame frame = trade(3, at);
    frame.instrument = 1;
    frame.text = "other";
    return frame;
  };
  Outbox outbox = make("silent_channel@1s");
  outbox.push(trade(7, at_ms(999)));
  EXPECT_EQ(outbox.silent_channel(), std::nullopt);
  outbox.push(beat(at_ms(1000)));
  outbox.push(trade(8, at_ms(1001)));
  outbox.push(quote(at_ms(1002)));
  outbox.push(other(at_ms(1003)));
  outbox.push(beat(at_ms(1004)));
  outbox.push(trade(9, at_ms(1005)));
  outbox.push(answer(at_ms(1006)));
  EXPECT_EQ(outbox.silent_channel(), kTrades);
  EXPECT_EQ(take_all(outbox, at_ms(2000)),
            (Texts{"trade 7", "beat", "quote", "other", "beat", "ack"}));
  EXPECT_EQ(outbox.counts().silent_channels, 1U);
  EXPECT_EQ(outbox.counts().silenced, 2U);
  EXPECT_TRUE(outbox.lost().at(kTrades).contains(8));
  EXPECT_TRUE(outbox.lost().at(kTrades).contains(9));
  outbox.rouse(at_ms(3000));
  outbox.push(trade(10, at_ms(3001)));
  EXPECT_EQ(take_all(outbox, at_ms(3001)), (Texts{"trade 10"}));
  expect_all_accounted_for(outbox);
}

TEST_F(OutboxTest, how_often_it_is_asked_changes_nothing) {
  Outbox often = make("storm", 9);
  Outbox once = make("storm", 9);
  Texts asked_often;
  for (std::uint64_t id = 1; id <= 3000; ++id) {
    const EventTime at = at_ms(static_cast<int>(id));
    often.push(trade(id, at));
    once.push(trade(id, at));
    for (const auto& text : take_all(often, at)) asked_often.push_back(text);
  }
  const EventTime end = kOpened + seconds(60);
  for (const auto& text : take_all(often, end)) asked_often.push_back(text);
  EXPECT_EQ(asked_often, take_all(once, end));
  EXPECT_GT(asked_often.size(), 1000U);
}

TEST_F(OutboxTest, under_every_fault_at_once_every_frame_is_accounted_for) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    shown_.clear();
    Outbox outbox =
        make("storm,lose=10%,swap=20%,delay=400ms:10%,slow=200ms:1%,silent_channel@4s", seed);
    std::map<std::uint64_t, int> sent;
    for (std::uint64_t id = 1; id <= 5000; ++id) {
      outbox.push(trade(id, at_ms(static_cast<int>(id))));
      Frame frame;
      while (outbox.take(at_ms(static_cast<int>(id)), frame)) {
        if (frame.kind == FrameKind::kData && frame.first_id != 0) ++sent[frame.first_id];
      }
      expect_all_accounted_for(outbox);
    }
    Frame frame;
    while (outbox.take(kOpened + seconds(100), frame)) {
      if (frame.kind == FrameKind::kData && frame.first_id != 0) ++sent[frame.first_id];
    }
    EXPECT_EQ(outbox.waiting(), 0U);
    for (std::uint64_t id = 1; id <= 5000; ++id) {
      const bool is_lost =
          outbox.lost().contains(kTrades) && outbox.lost().at(kTrades).contains(id);
      ASSERT_NE(is_lost, sent.contains(id)) << id;
      ASSERT_EQ(shown_[kTrades].contains(id), sent.contains(id)) << id;
    }
  }
}

TEST_F(OutboxTest, beyond_its_bound_it_is_overrun_and_takes_no_more) {
  Outbox outbox = make("off");
  for (std::uint64_t id = 1; id <= Outbox::kFramesMax; ++id) outbox.push(trade(id, at_ms(0)));
  EXPECT_FALSE(outbox.is_overrun());
  outbox.push(trade(Outbox::kFramesMax + 1, at_ms(0)));
  EXPECT_TRUE(outbox.is_overrun());
  EXPECT_EQ(outbox.waiting(), Outbox::kFramesMax);
  EXPECT_EQ(outbox.counts().discarded, 1U);
  expect_all_accounted_for(outbox);
}

}  // namespace
}  // namespace tapeline::sim
