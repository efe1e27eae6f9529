// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "venue/binance/binance.h"
#include "venue/session_fixture.h"

namespace tapeline::venue::binance {
namespace {

const SessionFacts& facts() { return venue().session; }

TEST(BinanceSession, golden_frames_mean_what_is_written_beside_them) {
  const auto reader = facts().make_frame_reader();
  const auto input = session_golden("binance/input.jsonl");
  const auto expected = session_golden("binance/expected.txt");
  ASSERT_FALSE(input.empty());
  ASSERT_EQ(input.size(), expected.size());
  for (std::size_t i = 0; i < input.size(); ++i) {
    EXPECT_EQ(describe_meaning(*reader, input[i]), expected[i]) << input[i];
  }
}

TEST(BinanceSession, a_cut_frame_is_neither_ack_nor_refusal) {
  const auto reader = facts().make_frame_reader();
  for (const std::string& frame : session_golden("binance/input.jsonl")) {
    const auto end = frame.find_last_not_of(" {}");
    for (std::size_t size = 0; size <= end; ++size) {
      const std::string said = describe_meaning(*reader, frame.substr(0, size));
      EXPECT_FALSE(said.starts_with("ack") || said.starts_with("refusal")) << said << frame;
    }
  }
}

TEST(BinanceSession, one_message_subscribes_many_streams) {
  const std::vector<Subscription> streams{{"btcusdt", "trade"}, {"btcusdt", "bookTicker"}};
  const SubscribeRequest request = facts().subscribe(streams, 7);
  EXPECT_EQ(request.text,
            R"({"method":"SUBSCRIBE","params":["btcusdt@trade","btcusdt@bookTicker"],"id":7})");
  EXPECT_EQ(request.subscriptions, streams);
  EXPECT_EQ(facts().unsubscribe({{"btcusdt", "depth@100ms"}}, 8).text,
            R"({"method":"UNSUBSCRIBE","params":["btcusdt@depth@100ms"],"id":8})");
}

TEST(BinanceSession, words_of_the_configuration_are_streams) {
  EXPECT_EQ(facts().stream_channel("trades"), "trade");
  EXPECT_EQ(facts().stream_channel("quotes"), "bookTicker");
  EXPECT_EQ(facts().stream_channel("raw:depth@100ms"), "depth@100ms");
  EXPECT_EQ(facts().stream_channel("news"), "");
  EXPECT_EQ(facts().venue_symbol("BTC-USDT"), "BTCUSDT");
  EXPECT_EQ(facts().stream_symbol("BTCUSDT"), "btcusdt");
  EXPECT_EQ(facts().stream_symbol("\xe5\xb8\x81USDT"), "\xe5\xb8\x81usdt");
}

TEST(BinanceSession, keeps_to_the_limits_of_the_streams) {
  EXPECT_LE(facts().subscriptions_max, 1024U);
  EXPECT_GT(facts().request_every, std::chrono::milliseconds(200));
  EXPECT_EQ(facts().lifetime_max, std::chrono::hours(24));
}

}  // namespace
}  // namespace tapeline::venue::binance
