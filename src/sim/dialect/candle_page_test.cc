// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/candle_page.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/dialect/dialect_fixture.h"

namespace tapeline::sim {
namespace {

// 2021-04-17T16:43:00Z, in seconds.
constexpr const char* kMinute = "1618677780";

std::string page_of(const std::string& venue, const std::string& dollar,
                    const std::string& target) {
  Truth truth(two_instruments(dollar));
  std::uint64_t id = 100;
  for (const std::int64_t second : {0, 1, 59, 60, 61}) {  // the last two in the next minute
    Fill fill = bought(id++);
    fill.ts_event = kFixtureTime + std::chrono::seconds(second) - std::chrono::seconds(37);
    fill.price += second == 1 ? 100 : second == 59 ? -200 : 0;
    truth.add(fill);
  }
  const auto dialect = find_dialect(venue)->make(truth);
  const Answer answer = dialect->answer({.target = target}, kFixtureTime);
  return std::to_string(answer.status) + " " + answer.body;
}

TEST(CandlePages, are_written_as_the_venues_write_them) {
  EXPECT_EQ(page_of("binance", "USDT",
                    "/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=1618677780000"
                    "&endTime=1618677839999&limit=1000"),
            R"(200 [[1618677780000,"41250.1","41251.1","41248.1","41248.1","0.75",1618677839999,)"
            R"("30937.325",3,"0","0","0"]])");
  EXPECT_EQ(page_of("bitstamp", "USD",
                    "/ohlc/btcusd/?step=60&limit=1000&start=1618677780&end=1618677780"),
            R"(200 {"data":{"pair":"BTC/USD","ohlc":[{"close":"41248.1","high":"41251.1",)"
            R"("low":"41248.1","open":"41250.1","timestamp":"1618677780","volume":"0.75"}]}})");
  EXPECT_EQ(page_of("coinbase", "USD",
                    "/products/BTC-USD/candles?granularity=60&start=2021-04-17T16:43:00Z"
                    "&end=2021-04-17T16:44:00Z"),
            "200 [[1618677840,41250.1,41250.1,41250.1,41250.1,0.5],"
            "[1618677780,41248.1,41251.1,41250.1,41248.1,0.75]]");
  EXPECT_EQ(page_of("coinbase_advanced", "USD",
                    "/products/BTC-USD/candles?start=1618677780&end=1618677780"
                    "&granularity=ONE_MINUTE"),
            R"(200 {"candles":[{"start":"1618677780","low":"41248.1","high":"41251.1",)"
            R"("open":"41250.1","close":"41248.1","volume":"0.75"}]})");
  EXPECT_EQ(page_of("bybit", "USDT",
                    "/v5/market/kline?category=spot&symbol=BTCUSDT&interval=1&start=1618677780000"
                    "&end=1618677839999&limit=1000"),
            R"(200 {"retCode":0,"retMsg":"OK","result":{"category":"spot","list":[)"
            R"(["1618677780000","41250.1","41251.1","41248.1","41248.1","0.75","30937.325"]]},)"
            R"("retExtInfo":{}})");
  EXPECT_EQ(page_of("okx", "USDT",
                    "/api/v5/market/history-candles?instId=BTC-USDT&bar=1m&before=1618677779999"
                    "&after=1618677840000&limit=100"),
            R"(200 {"code":"0","msg":"","data":[["1618677780000","41250.1","41251.1","41248.1",)"
            R"("41248.1","0.75","30937.325","30937.325","0"]]})");
}

TEST(CandlePages, of_kraken_go_on_to_the_newest) {
  EXPECT_EQ(page_of("kraken", "USD",
                    std::string("/0/public/OHLC?pair=XBTUSD&interval=1&since=") + kMinute),
            R"(200 {"error":[],"result":{"XXBTZUSD":[[1618677840,"41250.1","41250.1","41250.1",)"
            R"("41250.1","0","0.5",2]],"last":1618677840}})");
}

TEST(CandlePages, refuse_what_the_venues_refuse) {
  EXPECT_TRUE(begins(page_of("coinbase", "USD",
                             "/products/BTC-USD/candles?granularity=60&start=2021-04-17T16:43:00Z"
                             "&end=2021-04-17T22:44:00Z"),
                     "400 "));
  EXPECT_TRUE(begins(page_of("binance", "USDT", "/api/v3/klines?symbol=X&interval=1m"), "400 "));
  EXPECT_TRUE(begins(page_of("kraken", "USD", "/0/public/OHLC?pair=XBTUSD&interval=5"),
                     R"(200 {"error":["EGeneral)"));
}

TEST(CandlePages, never_show_a_minute_of_which_the_history_has_lost_a_part) {
  Truth truth(two_instruments("USD"));
  for (std::uint64_t id = 0; id < 180; ++id) {
    Fill fill = bought(id);
    fill.ts_event = EventTime(1'618'677'780'000'000'000) + std::chrono::seconds(id);
    truth.add(fill);
  }
  const CandlePage all{.limit = 10};
  ASSERT_EQ(candles_of(truth.history(0), all).size(), 3U);
  const PartialHistory partial(truth, {.newest = 100, .until = kEventTimeMax - Duration(1)});
  const auto bars = candles_of(truth.history(0), all);
  ASSERT_EQ(bars.size(), 1U);
  EXPECT_EQ(bars[0].trades, 60U);
}

}  // namespace
}  // namespace tapeline::sim
