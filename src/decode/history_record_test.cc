// SPDX-License-Identifier: Apache-2.0
#include "decode/history_record.h"

#include <gtest/gtest.h>

namespace tapeline::decode {
namespace {

HistoryQuestion question() {
  return {.venue = "binance",
          .wish = {.symbol = "BTCUSDT",
                   .channel = Channel::kAggTrades,
                   .first_id = 7,
                   .last_id = UINT64_MAX,
                   .from_time = EventTime(-5),
                   .to_time = EventTime(6),
                   .cursor = "a=1&b"},
          .is_repair = true,
          .is_final = true};
}

TEST(HistoryRecord, an_answer_says_everything_that_was_asked) {
  const std::string bytes = encode_history_answer(
      {.question = question(), .status = 200, .error = {}, .body = "[]\n\nstatus: 7"});
  const auto answer = parse_history_answer(bytes);
  ASSERT_TRUE(answer && *answer);
  EXPECT_EQ((*answer)->question.venue, "binance");
  EXPECT_EQ((*answer)->question.wish, question().wish);
  EXPECT_TRUE((*answer)->question.is_repair);
  EXPECT_TRUE((*answer)->question.is_final);
  EXPECT_EQ((*answer)->status, 200);
  EXPECT_EQ((*answer)->error, "");
  EXPECT_EQ((*answer)->body, "[]\n\nstatus: 7");
}

TEST(HistoryRecord, only_that_of_a_beginning_says_so) {
  HistoryQuestion asked = question();
  EXPECT_EQ(encode_history_request(asked, "/").find("beginning"), std::string::npos);
  asked.is_beginning = true;
  const std::string bytes =
      encode_history_answer({.question = asked, .status = 200, .error = {}, .body = "[]"});
  const auto answer = parse_history_answer(bytes);
  ASSERT_TRUE(answer && *answer);
  EXPECT_TRUE((*answer)->question.is_beginning);
  EXPECT_EQ((*answer)->question.wish, asked.wish);
}

TEST(HistoryRecord, a_failure_is_a_line) {
  const std::string bytes = encode_history_answer(
      {.question = {.venue = "coinbase"}, .status = 0, .error = "no\nroute", .body = {}});
  const auto answer = parse_history_answer(bytes);
  ASSERT_TRUE(answer && *answer);
  EXPECT_EQ((*answer)->error, "no route");
  EXPECT_FALSE((*answer)->question.is_repair);
  EXPECT_FALSE((*answer)->question.is_final);
  EXPECT_FALSE((*answer)->question.is_beginning);
}

TEST(HistoryRecord, an_answer_to_something_else_is_none) {
  for (const char* bytes : {"status: 200\n", "error: refused\n", "status: 500\n\n<html>", ""}) {
    const auto answer = parse_history_answer(bytes);
    ASSERT_TRUE(answer) << bytes;
    EXPECT_FALSE(*answer) << bytes;
  }
}

TEST(HistoryRecord, what_is_not_known_is_refused) {
  for (const char* bytes :
       {"history: binance\nstatus: 200\n", "history: binance\nnew: 1\n\n",
        "history: binance\nchannel: quotes\n\n", "history: binance\nfirst: -1\n\n",
        "history: binance\nfrom: 1x\n\n", "history: binance\nstatus: \n\n"}) {
    EXPECT_FALSE(parse_history_answer(bytes)) << bytes;
  }
}

TEST(HistoryRecord, a_request_names_its_target) {
  EXPECT_EQ(encode_history_request({.venue = "coinbase", .wish = {.symbol = "BTC-USD"}}, "/x?y=1"),
            "history: coinbase\nsymbol: BTC-USD\nchannel: trades\nfirst: 0\nlast: 0\nfrom: 0\n"
            "to: 0\ncursor: \nrepair: no\nfinal: no\nmethod: GET\ntarget: /x?y=1\n");
}

}  // namespace
}  // namespace tapeline::decode
