// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "venue/session_fixture.h"
#include "venue/twelvedata/twelvedata.h"

namespace tapeline::venue::twelvedata {
namespace {

const SessionFacts& facts() { return venue().session; }

TEST(TwelveDataSession, golden_frames_mean_what_is_written_beside_them) {
  const auto reader = facts().make_frame_reader();
  const auto input = session_golden("twelvedata/input.jsonl");
  const auto expected = session_golden("twelvedata/expected.txt");
  ASSERT_FALSE(input.empty());
  ASSERT_EQ(input.size(), expected.size());
  for (std::size_t i = 0; i < input.size(); ++i) {
    EXPECT_EQ(describe_meaning(*reader, input[i]), expected[i]) << input[i];
  }
}

TEST(TwelveDataSession, a_cut_frame_is_neither_ack_nor_refusal) {
  const auto reader = facts().make_frame_reader();
  for (const std::string& frame : session_golden("twelvedata/input.jsonl")) {
    const auto end = frame.find_last_not_of(" {}");
    for (std::size_t size = 0; size <= end; ++size) {
      const std::string said = describe_meaning(*reader, frame.substr(0, size));
      EXPECT_FALSE(said.starts_with("ack") || said.starts_with("refusal")) << said << frame;
    }
  }
}

TEST(TwelveDataSession, one_message_subscribes_many_symbols) {
  EXPECT_EQ(facts().subscribe({{"AAPL", "price"}, {"EUR/USD", "price"}}, 7).text,
            R"({"action":"subscribe","params":{"symbols":"AAPL,EUR/USD"}})");
  EXPECT_EQ(facts().unsubscribe({{"RY:TSX", "price"}}, 8).text,
            R"({"action":"unsubscribe","params":{"symbols":"RY:TSX"}})");
}

TEST(TwelveDataSession, prices_are_its_only_channel) {
  EXPECT_EQ(facts().stream_channel("trades"), "price");
  EXPECT_EQ(facts().stream_channel("quotes"), "price");
  EXPECT_EQ(facts().stream_channel("raw:bars"), "");
  EXPECT_EQ(facts().venue_symbol("EUR-USD"), "EUR/USD");
  EXPECT_EQ(facts().stream_symbol("EUR/USD"), "EUR/USD");
}

TEST(TwelveDataSession, the_key_stands_in_the_url) {
  EXPECT_EQ(endpoint_with_token(facts(), facts().endpoint, "a&b"),
            "wss://ws.twelvedata.com/v1/quotes/price?apikey=a%26b");
}

}  // namespace
}  // namespace tapeline::venue::twelvedata
