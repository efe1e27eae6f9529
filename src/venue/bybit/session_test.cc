// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "venue/bybit/bybit.h"
#include "venue/session_golden.h"

namespace tapeline::venue::bybit {
namespace {

const SessionFacts& facts() { return venue().session; }

TEST(BybitSession, golden_frames_mean_what_is_written_beside_them) {
  expect_session_golden(venue());
}

TEST(BybitSession, a_cut_frame_is_neither_ack_nor_refusal) {
  expect_no_answer_of_cut_frames(venue());
}

TEST(BybitSession, one_message_subscribes_at_most_ten_topics) {
  const std::vector<Subscription> topics{{"BTCUSDT", "publicTrade"}, {"BTCUSDT", "orderbook.50"}};
  const SubscribeRequest request = facts().subscribe(topics, 7);
  EXPECT_EQ(
      request.text,
      R"({"req_id":"7","op":"subscribe","args":["publicTrade.BTCUSDT","orderbook.50.BTCUSDT"]})");
  EXPECT_EQ(request.subscriptions, topics);
  EXPECT_EQ(facts().unsubscribe({topics[0]}, 8).text,
            R"({"req_id":"8","op":"unsubscribe","args":["publicTrade.BTCUSDT"]})");
  EXPECT_EQ(facts().per_request_max, 10U);
}

TEST(BybitSession, has_no_quotes) {
  EXPECT_EQ(facts().stream_channel("trades"), "publicTrade");
  EXPECT_EQ(facts().stream_channel("quotes"), "");
  EXPECT_EQ(facts().stream_channel("raw:orderbook.50"), "orderbook.50");
  EXPECT_EQ(facts().venue_symbol("BTC-USDT"), "BTCUSDT");
}

}  // namespace
}  // namespace tapeline::venue::bybit
