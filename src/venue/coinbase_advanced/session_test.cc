// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "venue/coinbase_advanced/coinbase_advanced.h"
#include "venue/session_fixture.h"

namespace tapeline::venue::coinbase_advanced {
namespace {

const SessionFacts& facts() { return venue().session; }

TEST(CoinbaseAdvancedSession, golden_frames_mean_what_is_written_beside_them) {
  const auto reader = facts().make_frame_reader();
  const auto input = session_golden("coinbase_advanced/input.jsonl");
  const auto expected = session_golden("coinbase_advanced/expected.txt");
  ASSERT_FALSE(input.empty());
  ASSERT_EQ(input.size(), expected.size());
  for (std::size_t i = 0; i < input.size(); ++i) {
    EXPECT_EQ(describe_meaning(*reader, input[i]), expected[i]) << input[i];
  }
}

TEST(CoinbaseAdvancedSession, a_cut_frame_is_neither_ack_nor_refusal) {
  const auto reader = facts().make_frame_reader();
  for (const std::string& frame : session_golden("coinbase_advanced/input.jsonl")) {
    const auto end = frame.find_last_not_of(" {}");
    for (std::size_t size = 0; size <= end; ++size) {
      const std::string said = describe_meaning(*reader, frame.substr(0, size));
      EXPECT_FALSE(said.starts_with("ack") || said.starts_with("refusal")) << said << frame;
    }
  }
}

TEST(CoinbaseAdvancedSession, each_channel_has_a_message_of_its_own) {
  EXPECT_FALSE(facts().mixes_channels);
  EXPECT_EQ(
      facts().subscribe({{"ETH-USD", "market_trades"}, {"BTC-USD", "market_trades"}}, 7).text,
      R"({"type":"subscribe","product_ids":["ETH-USD","BTC-USD"],"channel":"market_trades"})");
  EXPECT_EQ(facts().subscribe({{"", "heartbeats"}}, 8).text,
            R"({"type":"subscribe","channel":"heartbeats"})");
  EXPECT_EQ(facts().unsubscribe({{"BTC-USD", "level2"}}, 9).text,
            R"({"type":"unsubscribe","product_ids":["BTC-USD"],"channel":"level2"})");
}

TEST(CoinbaseAdvancedSession, words_of_the_configuration_are_channels) {
  EXPECT_EQ(facts().stream_channel("trades"), "market_trades");
  EXPECT_EQ(facts().stream_channel("quotes"), "ticker");
  EXPECT_EQ(facts().stream_channel("raw:level2"), "level2");
  EXPECT_EQ(facts().stream_channel("news"), "");
}

TEST(CoinbaseAdvancedSession, what_is_quoted_in_usdc_is_shown_in_usd) {
  EXPECT_EQ(facts().stream_symbol("BTC-USDC"), "BTC-USD");
  EXPECT_EQ(facts().stream_symbol("USDT-USDC"), "USDT-USDC");
  EXPECT_EQ(facts().stream_symbol("EURC-USDC"), "EURC-USDC");
  EXPECT_EQ(facts().stream_symbol("BTC-USD"), "BTC-USD");
}

}  // namespace
}  // namespace tapeline::venue::coinbase_advanced
