// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/bybit_feed.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/dialect/bybit_rest.h"
#include "sim/dialect/dialect_fixture.h"

namespace tapeline::sim {
namespace {

class BybitFeedTest : public testing::Test {
 protected:
  std::string say(const std::string& text) {
    Frames frames;
    feed_.on_message(text, kFixtureTime, frames);
    return only(texts_of(frames));
  }
  std::string subscribe(const std::string& topics) {
    return say(R"({"req_id":"7","op":"subscribe","args":[)" + topics + "]}");
  }

  Truth truth_{two_instruments("USDT")};
  BybitFeed feed_{truth_, kFixtureTime};
};

TEST_F(BybitFeedTest, one_answer_is_for_a_whole_request) {
  EXPECT_EQ(subscribe(R"("publicTrade.BTCUSDT","publicTrade.SKLBTC")"),
            R"({"success":true,"ret_msg":"","conn_id":"5eed0000-sim","req_id":"7",)"
            R"("op":"subscribe"})");
  EXPECT_TRUE(
      begins(subscribe(R"("publicTrade.NOUSDT")"),
             R"({"success":false,"ret_msg":"error:handler not found,topic:publicTrade.NO)"));
  EXPECT_TRUE(holds(subscribe(R"("publicTrade.BTCUSDT")"), "already subscribed"));
  EXPECT_TRUE(holds(say(R"({"op":"ping"})"), R"("ret_msg":"pong")"));
  EXPECT_TRUE(begins(say("ping"), R"({"success":false)"));
  std::string many = "\"a\"";
  for (int i = 0; i < 10; ++i) many += ",\"a\"";
  EXPECT_TRUE(holds(subscribe(many), "args size >10"));
}

TEST_F(BybitFeedTest, trades_of_an_order_come_in_one_frame) {
  subscribe(R"("publicTrade.BTCUSDT")");
  Frames frames;
  Fill first = bought(5);
  first.ends_order = false;
  feed_.on_fill(first, frames);
  EXPECT_TRUE(frames.empty());
  feed_.on_fill(bought(6), frames);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].first_id, 5U);
  EXPECT_EQ(frames[0].last_id, 6U);
  const auto row = [](int id) {
    return R"({"T":1618677817089,"s":"BTCUSDT","S":"Buy","v":"0.25","p":"41250.10",)"
           R"("L":"PlusTick","i":")" +
           std::to_string(id) + R"(","BT":false,"RPI":false,"seq":)" + std::to_string(300 + id) +
           "}";
  };
  EXPECT_EQ(frames[0].text,
            R"({"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1618677817090,"data":[)" +
                row(5) + "," + row(6) + "]}");
}

TEST_F(BybitFeedTest, the_history_has_the_latest_trades_with_the_same_order) {
  for (std::uint64_t id = 1; id <= 100; ++id) truth_.add(bought(id));
  const auto get = [this](const std::string& target) {
    return answer_bybit({.target = target}, truth_).body;
  };
  const std::string page = "/v5/market/recent-trade?category=spot&symbol=BTCUSDT";
  EXPECT_EQ(get(page + "&limit=1"),
            R"({"retCode":0,"retMsg":"OK","result":{"category":"spot","list":[{"execId":"100",)"
            R"("symbol":"BTCUSDT","price":"41250.10","size":"0.25","side":"Buy",)"
            R"("time":"1618677817089","isBlockTrade":false,"seq":"400"}]},"retExtInfo":{}})");
  EXPECT_TRUE(holds(get(page), R"("execId":"41")"));
  EXPECT_FALSE(holds(get(page), R"("execId":"40")"));
  EXPECT_TRUE(begins(get(page + "&limit=61"), R"({"retCode":10001)"));
  EXPECT_TRUE(begins(get("/v5/market/recent-trade?category=spot&symbol=X"), R"({"retCode":10001)"));
  EXPECT_TRUE(begins(get("/v5/market/recent-trade?symbol=BTCUSDT"), R"({"retCode":10001)"));
  EXPECT_TRUE(holds(get("/v5/market/instruments-info?category=spot"),
                    R"({"symbol":"BTCUSDT","baseCoin":"BTC","quoteCoin":"USDT")"));
  EXPECT_EQ(answer_bybit({.target = "/v5/market/orderbook"}, truth_).status, 404);
}

}  // namespace
}  // namespace tapeline::sim
