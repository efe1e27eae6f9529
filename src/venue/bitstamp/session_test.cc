// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "venue/bitstamp/bitstamp.h"
#include "venue/session_fixture.h"

namespace tapeline::venue::bitstamp {
namespace {

const SessionFacts& facts() { return venue().session; }

TEST(BitstampSession, golden_frames_mean_what_is_written_beside_them) {
  const auto reader = facts().make_frame_reader();
  const auto input = session_golden("bitstamp/input.jsonl");
  const auto expected = session_golden("bitstamp/expected.txt");
  ASSERT_FALSE(input.empty());
  ASSERT_EQ(input.size(), expected.size());
  for (std::size_t i = 0; i < input.size(); ++i) {
    EXPECT_EQ(describe_meaning(*reader, input[i]), expected[i]) << input[i];
  }
}

TEST(BitstampSession, a_cut_frame_is_neither_ack_nor_refusal) {
  const auto reader = facts().make_frame_reader();
  for (const std::string& frame : session_golden("bitstamp/input.jsonl")) {
    const auto end = frame.find_last_not_of(" {}");
    for (std::size_t size = 0; size <= end; ++size) {
      const std::string said = describe_meaning(*reader, frame.substr(0, size));
      EXPECT_FALSE(said.starts_with("ack") || said.starts_with("refusal")) << said << frame;
    }
  }
}

TEST(BitstampSession, each_channel_has_a_message_of_its_own) {
  EXPECT_EQ(facts().per_request_max, 1U);
  EXPECT_EQ(facts().subscribe({{"btcusd", "live_trades"}}, 7).text,
            R"({"event":"bts:subscribe","data":{"channel":"live_trades_btcusd"}})");
  EXPECT_EQ(facts().unsubscribe({{"ethusd", "diff_order_book"}}, 8).text,
            R"({"event":"bts:unsubscribe","data":{"channel":"diff_order_book_ethusd"}})");
}

TEST(BitstampSession, there_are_trades_and_no_quotes) {
  EXPECT_EQ(facts().stream_channel("trades"), "live_trades");
  EXPECT_EQ(facts().stream_channel("quotes"), "");
  EXPECT_EQ(facts().stream_channel("raw:diff_order_book"), "diff_order_book");
  EXPECT_EQ(facts().stream_symbol("btcusd"), "btcusd");
}

TEST(BitstampSession, no_text_breaks_out_of_its_message) {
  EXPECT_EQ(facts().subscribe({{"A\"B\\C\n", "live_trades"}}, 1).text,
            R"({"event":"bts:subscribe","data":{"channel":"live_trades_A\"B\\C\u000a"}})");
}

}  // namespace
}  // namespace tapeline::venue::bitstamp
