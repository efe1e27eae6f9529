// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "venue/okx/okx.h"
#include "venue/session_golden.h"

namespace tapeline::venue::okx {
namespace {

const SessionFacts& facts() { return venue().session; }

TEST(OkxSession, golden_frames_mean_what_is_written_beside_them) { expect_session_golden(venue()); }

TEST(OkxSession, a_cut_frame_is_neither_ack_nor_refusal) {
  expect_no_answer_of_cut_frames(venue());
}

TEST(OkxSession, one_message_subscribes_many_streams) {
  const std::vector<Subscription> streams{{"BTC-USDT", "trades"}, {"BTC-USDT", "tickers"}};
  const SubscribeRequest request = facts().subscribe(streams, 7);
  EXPECT_EQ(request.text, R"({"id":"7","op":"subscribe","args":[)"
                          R"({"channel":"trades","instId":"BTC-USDT"},)"
                          R"({"channel":"tickers","instId":"BTC-USDT"}]})");
  EXPECT_EQ(request.subscriptions, streams);
  EXPECT_EQ(facts().unsubscribe({{"BTC-USDT", "books"}}, 8).text,
            R"({"id":"8","op":"unsubscribe","args":[{"channel":"books","instId":"BTC-USDT"}]})");
}

TEST(OkxSession, words_of_the_configuration_are_channels) {
  EXPECT_EQ(facts().stream_channel("trades"), "trades");
  EXPECT_EQ(facts().stream_channel("quotes"), "tickers");
  EXPECT_EQ(facts().stream_channel("raw:trades-all"), "trades-all");
  EXPECT_EQ(facts().stream_channel("news"), "");
}

TEST(OkxSession, is_heard_of_before_the_venue_gives_it_up) {
  EXPECT_EQ(facts().client_ping, "ping");
  EXPECT_LT(facts().client_ping_every, std::chrono::seconds(30));
  EXPECT_LE(facts().subscriptions_max / facts().per_request_max, 480U);
}

}  // namespace
}  // namespace tapeline::venue::okx
