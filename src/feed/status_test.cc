// SPDX-License-Identifier: Apache-2.0
#include "feed/status.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tapeline::feed {
namespace {

TEST(FeedStatus, refused_streams_are_named_with_the_reason) {
  SessionStatus session;
  session.streams = {{.symbol = "BTC-USD", .channel = "trades", .state = StreamState::kLive},
                     {.symbol = "NOPE-USD",
                      .channel = "trades",
                      .state = StreamState::kRefused,
                      .last_error = "unknown symbol"}};
  EXPECT_EQ(refusals_of(session), "NOPE-USD trades: unknown symbol");
  session.streams.front().last_error = "asked for anew";
  EXPECT_EQ(refusals_of(session), "NOPE-USD trades: unknown symbol");
  for (int i = 0; i < 9; ++i) {
    session.streams.push_back({.symbol = fmt::format("N{}", i),
                               .channel = "quotes",
                               .state = StreamState::kRefused,
                               .last_error = "no"});
  }
  EXPECT_EQ(refusals_of(session),
            "NOPE-USD trades: unknown symbol; N0 quotes: no; N1 quotes: no; and 7 more");
  EXPECT_EQ(refusals_of({}), "");
}

}  // namespace
}  // namespace tapeline::feed
