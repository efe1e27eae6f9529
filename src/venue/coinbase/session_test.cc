// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "venue/coinbase/coinbase.h"
#include "venue/session_fixture.h"

namespace tapeline::venue::coinbase {
namespace {

const SessionFacts& facts() { return venue().session; }

TEST(CoinbaseSession, golden_frames_mean_what_is_written_beside_them) {
  const auto reader = facts().make_frame_reader();
  const auto input = session_golden("coinbase/input.jsonl");
  const auto expected = session_golden("coinbase/expected.txt");
  ASSERT_FALSE(input.empty());
  ASSERT_EQ(input.size(), expected.size());
  for (std::size_t i = 0; i < input.size(); ++i) {
    EXPECT_EQ(describe_meaning(*reader, input[i]), expected[i]) << input[i];
  }
}

TEST(CoinbaseSession, a_cut_frame_is_neither_ack_nor_refusal) {
  const auto reader = facts().make_frame_reader();
  for (const std::string& frame : session_golden("coinbase/input.jsonl")) {
    const auto end = frame.find_last_not_of(" {}");
    for (std::size_t size = 0; size <= end; ++size) {
      const std::string said = describe_meaning(*reader, frame.substr(0, size));
      EXPECT_FALSE(said.starts_with("ack") || said.starts_with("refusal")) << said << frame;
    }
  }
}

TEST(CoinbaseSession, one_message_subscribes_all_products_of_all_channels) {
  const std::vector<Subscription> streams{{"BTC-USD", "matches"},
                                          {"BTC-USD", "heartbeat"},
                                          {"ETH-USD", "matches"},
                                          {"ETH-USD", "heartbeat"}};
  const SubscribeRequest request = facts().subscribe(streams, 7);
  EXPECT_EQ(request.text, R"({"type":"subscribe","channels":[)"
                          R"({"name":"heartbeat","product_ids":["BTC-USD","ETH-USD"]},)"
                          R"({"name":"matches","product_ids":["BTC-USD","ETH-USD"]}]})");
  EXPECT_EQ(request.subscriptions, streams);
  EXPECT_EQ(facts().unsubscribe({{"BTC-USD", "level2_50"}}, 8).text,
            R"({"type":"unsubscribe","channels":[)"
            R"({"name":"level2_50","product_ids":["BTC-USD"]}]})");
}

TEST(CoinbaseSession, words_of_the_configuration_are_channels) {
  EXPECT_EQ(facts().stream_channel("trades"), "matches");
  EXPECT_EQ(facts().stream_channel("quotes"), "ticker");
  EXPECT_EQ(facts().stream_channel("raw:level2_50"), "level2_50");
  EXPECT_EQ(facts().stream_channel("news"), "");
  EXPECT_EQ(facts().venue_symbol("BTC-USD"), "BTC-USD");
  EXPECT_EQ(facts().stream_symbol("BTC-USD"), "BTC-USD");
}

TEST(CoinbaseSession, no_text_breaks_out_of_its_message) {
  EXPECT_EQ(
      facts().subscribe({{"A\"B\\C\n", "matches"}}, 1).text,
      R"({"type":"subscribe","channels":[{"name":"matches","product_ids":["A\"B\\C\u000a"]}]})");
}

}  // namespace
}  // namespace tapeline::venue::coinbase
