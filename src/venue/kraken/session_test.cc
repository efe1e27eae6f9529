// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "venue/kraken/kraken.h"
#include "venue/session_golden.h"

namespace tapeline::venue::kraken {
namespace {

const SessionFacts& facts() { return venue().session; }

TEST(KrakenSession, golden_frames_mean_what_is_written_beside_them) {
  expect_session_golden(venue());
}

TEST(KrakenSession, a_cut_frame_is_neither_ack_nor_refusal) {
  expect_no_answer_of_cut_frames(venue());
}

TEST(KrakenSession, one_message_subscribes_many_symbols_of_one_channel) {
  const std::vector<Subscription> trades{{"BTC/USD", "trade"}, {"ETH/USD", "trade"}};
  const SubscribeRequest request = facts().subscribe(trades, 7);
  EXPECT_EQ(request.text, R"({"method":"subscribe","params":{"channel":"trade","symbol":)"
                          R"(["BTC/USD","ETH/USD"],"snapshot":true},"req_id":7})");
  EXPECT_EQ(request.subscriptions, trades);
  EXPECT_EQ(facts().unsubscribe(trades, 8).text,
            R"({"method":"unsubscribe","params":{"channel":"trade","symbol":)"
            R"(["BTC/USD","ETH/USD"]},"req_id":8})");
  EXPECT_EQ(facts().subscribe({{"BTC/USD", "ticker"}}, 9).text,
            R"({"method":"subscribe","params":{"channel":"ticker","symbol":["BTC/USD"],)"
            R"("event_trigger":"bbo"},"req_id":9})");
  EXPECT_FALSE(facts().mixes_channels);
  EXPECT_TRUE(facts().answers_each);
}

TEST(KrakenSession, words_of_the_configuration_are_channels) {
  EXPECT_EQ(facts().stream_channel("trades"), "trade");
  EXPECT_EQ(facts().stream_channel("quotes"), "ticker");
  EXPECT_EQ(facts().stream_channel("raw:book"), "book");
  EXPECT_EQ(facts().stream_channel("news"), "");
  EXPECT_EQ(facts().stream_symbol("BTC/USD"), "BTC/USD");
}

}  // namespace
}  // namespace tapeline::venue::kraken
