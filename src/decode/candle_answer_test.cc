// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "decode/candle_record.h"
#include "decode/decoder_fixture.h"
#include "decode/venue_table.h"

// What a venue says of its own minutes: each in its own words, and kept apart from what is traded.
namespace tapeline::decode {
namespace {

constexpr std::int64_t kMinuteNs = 60 * kSecond;
constexpr std::int64_t kStart = kNow / kMinuteNs * kMinuteNs - 10 * kMinuteNs;

struct Case {
  const char* venue;
  const char* symbol;
  const char* target;  // {0} and {1}: from and to in seconds
  const char* body;    // {0} and {1}: the first two minutes in seconds
  bool has_trades = false;
};

const std::vector<Case> kCases{
    {"binance", "BTCUSDT",
     "/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime={0}000&endTime={2}999&limit=1000",
     R"([[{0}000,"1.5","4.0","1.0","3.0","7.50",{0}999,"9",12,"0","0","0"],)"
     R"([{1}000,"1.5","4","1","3","7.5",{1}999,"9",12,"0","0","0"]])",
     true},
    {"bitstamp", "btcusd", "/ohlc/btcusd/?step=60&limit=1000&start={0}&end={3}",
     R"({{"data":{{"pair":"BTC/USD","ohlc":[{{"close":"3.0","high":"4","low":"1","open":"1.5",)"
     R"("timestamp":"{0}","volume":"7.50"}},{{"close":"3","high":"4","low":"1","open":"1.5",)"
     R"("timestamp":"{1}","volume":"7.5"}}]}}}})"},
    {"bybit", "BTCUSDT",
     "/v5/market/kline?category=spot&symbol=BTCUSDT&interval=1&start={0}000&end={2}999&limit=1000",
     R"({{"retCode":0,"retMsg":"OK","result":{{"category":"spot","list":[)"
     R"(["{1}000","1.5","4","1","3","7.5","9"],["{0}000","1.5","4","1","3","7.5","9"]]}}}})"},
    {"coinbase", "BTC-USD",
     "/products/BTC-USD/candles?granularity=60&start=2023-11-14T22:03:00Z&end=2023-11-14T22:04:00Z",
     "[[{1},1.0,4.00,1.50,3,7.5],[{0},1,4,1.5,3,7.5]]"},
    {"coinbase_advanced", "BTC-USD",
     "/products/BTC-USD/candles?start={0}&end={3}&granularity=ONE_MINUTE",
     R"({{"candles":[{{"start":"{1}","low":"1","high":"4","open":"1.5","close":"3",)"
     R"("volume":"7.5"}},)"
     R"({{"start":"{0}","low":"1","high":"4","open":"1.5","close":"3","volume":"7.5"}}]}})"},
    {"kraken", "BTC/USD", "/0/public/OHLC?pair=XBTUSD&interval=1&since={4}",
     R"({{"error":[],"result":{{"XXBTZUSD":[[{0},"1.5","4","1","3","2","7.5",12],)"
     R"([{1},"1.5","4","1","3","2","7.5",12]],"last":{1}}}}})",
     true},
    {"okx", "BTC-USDT",
     "/api/v5/market/history-candles?instId=BTC-USDT&bar=1m&before={4}999&after={1}000&limit=100",
     R"({{"code":"0","msg":"","data":[["{1}000","1.5","4","1","3","7.5","9","9","0"],)"
     R"(["{0}000","1.5","4","1","3","7.5","9","9","1"]]}})"},
};

venue::CandleWish minutes(const std::string& symbol, int count = 2) {
  return {symbol, EventTime(kStart), EventTime(kStart + count * kMinuteNs)};
}

class CandleAnswers : public testing::Test {
 protected:
  void answer(const std::string& venue, const venue::CandleWish& wish, const std::string& body,
              int status = 200) {
    const auto done = feed.answer(encode_candle_answer(
        {.venue = venue, .wish = wish, .status = status, .error = {}, .body = body}));
    ASSERT_TRUE(done) << done.error().text;
  }
  std::uint64_t count(Counter counter, const char* reason = "") {
    return feed.count(counter, {"coinbase", "candles", reason});
  }

  Feed feed;
};

TEST_F(CandleAnswers, of_every_venue_are_read_and_said_apart_from_trades) {
  const std::int64_t from = kStart / kSecond;
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.venue);
    const venue::CandleFacts* facts = venue_table()[*find_venue(c.venue)]->candles;
    ASSERT_NE(facts, nullptr);
    const venue::CandleWish wish = minutes(c.symbol);
    if (std::string_view(c.venue) == "okx") {
      EXPECT_EQ(facts->target(minutes(c.symbol, 1)),
                fmt::format(fmt::runtime(c.target), from, from + 60, 0, 0, from - 1));
    } else if (std::string_view(c.venue) != "coinbase") {
      EXPECT_EQ(facts->target(wish), fmt::format(fmt::runtime(c.target), from, from + 60,
                                                 from + 119, from + 60, from - 1));
    } else {
      EXPECT_EQ(facts->target({c.symbol, EventTime(1'699'999'380 * kSecond),
                               EventTime(1'699'999'500 * kSecond)}),
                c.target);
    }
    feed.said.candles.clear();
    answer(c.venue, wish, fmt::format(fmt::runtime(c.body), from, from + 60));
    ASSERT_EQ(feed.said.candles.size(), 2U);
    for (int i = 0; i < 2; ++i) {
      const VenueCandle& candle = feed.said.candles[static_cast<std::size_t>(i)];
      EXPECT_EQ(candle.interval, std::chrono::minutes(1));
      EXPECT_EQ(candle.start, EventTime(kStart + i * kMinuteNs));
      EXPECT_EQ(candle.open, (Decimal{15, 1}));
      EXPECT_EQ(candle.high, (Decimal{4, 0}));
      EXPECT_EQ(candle.low, (Decimal{1, 0}));
      EXPECT_EQ(candle.close, (Decimal{3, 0}));
      EXPECT_EQ(candle.volume, (Decimal{75, 1}));
      EXPECT_EQ(candle.trades, c.has_trades ? std::optional<std::uint64_t>(12) : std::nullopt);
    }
  }
  EXPECT_TRUE(feed.said.trades.empty());
  feed.expect_conserved();
}

TEST_F(CandleAnswers, leave_out_what_nobody_wished_for) {
  const std::int64_t from = kStart / kSecond;
  answer("coinbase", minutes("BTC-USD"),
         fmt::format("[[{},1,4,1.5,3,7.5],[{},1,4,1.5,3,7.5],[{},1,4,1.5,3,7.5]]", from + 120,
                     from + 60, from - 60));
  ASSERT_EQ(feed.said.candles.size(), 1U);
  EXPECT_EQ(count(Counter::kItemsControl, "unasked"), 2U);
  EXPECT_EQ(count(Counter::kItemsDelivered), 1U);
  feed.expect_conserved();
}

TEST_F(CandleAnswers, that_are_no_page_are_refused_and_counted) {
  answer("coinbase", minutes("BTC-USD"), "<html>");
  EXPECT_EQ(count(Counter::kItemsRejected, "bad_json"), 1U);
  answer("coinbase", minutes("BTC-USD"), "[[1,1,4,1.5,3,7.5]]");
  EXPECT_EQ(count(Counter::kItemsRejected, "bad_json"), 2U);
  EXPECT_TRUE(feed.said.candles.empty());
  feed.expect_conserved();
}

TEST_F(CandleAnswers, that_are_failures_say_nothing) {
  answer("coinbase", minutes("BTC-USD"), "[]", 503);
  answer("coinbase", minutes("BTC-USD"), "", 0);
  EXPECT_EQ(count(Counter::kItemsReceived), 0U);
}

TEST_F(CandleAnswers, of_a_venue_without_candles_are_what_this_program_cannot_read) {
  const auto done = feed.answer(
      encode_candle_answer({.venue = "finnhub", .wish = minutes("A"), .status = 200, .error = {}}));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().text, "\"finnhub\" has no candles here");
}

TEST(CandleRecord, reads_back_what_was_written) {
  const CandleAnswer told{.venue = "coinbase",
                          .wish = minutes("BTC-USD"),
                          .status = 0,
                          .error = "broken\nline",
                          .body = "x\n\ny"};
  const std::string bytes = encode_candle_answer(told);
  const auto read = parse_candle_answer(bytes);
  ASSERT_TRUE(read && *read);
  EXPECT_EQ((*read)->venue, "coinbase");
  EXPECT_EQ((*read)->wish, told.wish);
  EXPECT_EQ((*read)->error, "broken line");
  EXPECT_EQ((*read)->body, told.body);
  const auto other = parse_candle_answer("history: coinbase\n\n");
  EXPECT_TRUE(other && !*other);
  EXPECT_FALSE(parse_candle_answer("candles: coinbase\n"));
  EXPECT_FALSE(parse_candle_answer("candles: coinbase\nfrom: x\n\n"));
  EXPECT_FALSE(parse_candle_answer("candles: coinbase\nof: 1\n\n"));
}

}  // namespace
}  // namespace tapeline::decode
