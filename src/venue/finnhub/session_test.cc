// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "venue/finnhub/finnhub.h"
#include "venue/session_fixture.h"

namespace tapeline::venue::finnhub {
namespace {

const SessionFacts& facts() { return venue().session; }

TEST(FinnhubSession, golden_frames_mean_what_is_written_beside_them) {
  const auto reader = facts().make_frame_reader();
  const auto input = session_golden("finnhub/input.jsonl");
  const auto expected = session_golden("finnhub/expected.txt");
  ASSERT_FALSE(input.empty());
  ASSERT_EQ(input.size(), expected.size());
  for (std::size_t i = 0; i < input.size(); ++i) {
    EXPECT_EQ(describe_meaning(*reader, input[i]), expected[i]) << input[i];
  }
}

TEST(FinnhubSession, a_cut_frame_is_neither_refusal_nor_denial) {
  const auto reader = facts().make_frame_reader();
  for (const std::string& frame : session_golden("finnhub/input.jsonl")) {
    const auto end = frame.find_last_not_of(" {}");
    for (std::size_t size = 0; size <= end; ++size) {
      const std::string said = describe_meaning(*reader, frame.substr(0, size));
      EXPECT_FALSE(said.starts_with("refusal") || said.starts_with("denial")) << said << frame;
    }
  }
}

TEST(FinnhubSession, each_symbol_has_a_message_of_its_own) {
  EXPECT_EQ(facts().per_request_max, 1U);
  EXPECT_EQ(facts().subscribe({{"BINANCE:BTCUSDT", "trade"}}, 7).text,
            R"({"type":"subscribe","symbol":"BINANCE:BTCUSDT"})");
  EXPECT_EQ(facts().unsubscribe({{"AAPL", "trade"}}, 8).text,
            R"({"type":"unsubscribe","symbol":"AAPL"})");
  EXPECT_EQ(facts().subscribe({{"AAPL", "news"}}, 9).text,
            R"({"type":"subscribe-news","symbol":"AAPL"})");
}

TEST(FinnhubSession, there_are_trades_and_no_quotes) {
  EXPECT_EQ(facts().stream_channel("trades"), "trade");
  EXPECT_EQ(facts().stream_channel("quotes"), "");
  EXPECT_EQ(facts().stream_channel("raw:news"), "news");
  EXPECT_EQ(facts().venue_symbol("BRK.B"), "BRK.B");
  EXPECT_EQ(facts().stream_symbol("OANDA:EUR_USD"), "OANDA:EUR_USD");
}

TEST(FinnhubSession, the_token_stands_in_the_url_whatever_it_holds) {
  EXPECT_EQ(endpoint_with_token(facts(), facts().endpoint, "a1-B_c.~"),
            "wss://ws.finnhub.io?token=a1-B_c.~");
  EXPECT_EQ(endpoint_with_token(facts(), "wss://127.0.0.1:1/x?y=1", "a&b=c d%"),
            "wss://127.0.0.1:1/x?y=1&token=a%26b%3Dc%20d%25");
  EXPECT_EQ(endpoint_with_token(facts(), "wss://127.0.0.1:1", ""), "wss://127.0.0.1:1");
}

TEST(FinnhubSession, no_text_breaks_out_of_its_message) {
  EXPECT_EQ(facts().subscribe({{"A\"B\\C\n", "trade"}}, 1).text,
            R"({"type":"subscribe","symbol":"A\"B\\C\u000a"})");
}

}  // namespace
}  // namespace tapeline::venue::finnhub
