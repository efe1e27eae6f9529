// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/binance_rest.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

#include "sim/dialect/dialect_fixture.h"

namespace tapeline::sim {
namespace {

class BinanceRest : public testing::Test {
 protected:
  // Aggregates of three trades each.
  BinanceRest() {
    for (std::uint64_t id = 100; id < 100 + kTrades; ++id) {
      Fill fill = bought(id);
      fill.aggregate_id = 500 + (id - 100) / 3;
      fill.aggregate_first = id - (id - 100) % 3;
      truth_.add(fill);
    }
  }
  Answer get(const std::string& target, const Truth& truth) {
    return answer_binance({.target = target}, truth, kFixtureTime);
  }
  Answer get(const std::string& target) { return get(target, truth_); }

  static std::vector<std::uint64_t> numbers_of(const Answer& answer, const std::string& key) {
    const std::regex pattern("\"" + key + "\":([0-9]+)");
    std::vector<std::uint64_t> numbers;
    for (std::sregex_iterator at(answer.body.begin(), answer.body.end(), pattern), end; at != end;
         ++at) {
      numbers.push_back(std::stoull((*at)[1]));
    }
    return numbers;
  }

  static constexpr std::uint64_t kTrades = 2400;
  Truth truth_{two_instruments("USDT")};
};

TEST_F(BinanceRest, exchange_info_lists_symbols_with_assets_and_steps) {
  const Answer answer = get("/api/v3/exchangeInfo");
  EXPECT_TRUE(begins(answer.body, R"({"timezone":"UTC","serverTime":1618677817089,)"));
  EXPECT_TRUE(holds(answer.body, R"({"symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC")"));
  EXPECT_TRUE(holds(answer.body, R"("tickSize":"0.01")"));
  EXPECT_TRUE(holds(answer.body, R"("symbol":"SKLBTC")"));
  EXPECT_FALSE(holds(get("/api/v3/exchangeInfo?symbol=SKLBTC").body, R"("symbol":"BTCUSDT")"));
}

TEST_F(BinanceRest, rows_are_written_as_the_venue_writes_them) {
  EXPECT_EQ(get("/api/v3/historicalTrades?symbol=BTCUSDT&limit=1&fromId=100").body,
            R"([{"id":100,"price":"41250.10000000","qty":"0.25000000","quoteQty":"10312.525",)"
            R"("time":1618677817089,"isBuyerMaker":false,"isBestMatch":true}])");
  EXPECT_EQ(get("/api/v3/aggTrades?symbol=BTCUSDT&limit=1&fromId=501").body,
            R"([{"a":501,"p":"41250.10000000","q":"0.75000000","f":103,"l":105,)"
            R"("T":1618677817089,"m":false,"M":true}])");
}

TEST_F(BinanceRest, walking_newer_from_an_id_meets_every_trade_once) {
  std::vector<std::uint64_t> ids;
  for (std::uint64_t from = 0;;) {
    const auto page = numbers_of(
        get("/api/v3/historicalTrades?symbol=BTCUSDT&limit=1000&fromId=" + std::to_string(from)),
        "id");
    if (page.empty()) break;
    ids.insert(ids.end(), page.begin(), page.end());
    from = page.back() + 1;
  }
  ASSERT_EQ(ids.size(), kTrades);
  for (std::size_t i = 0; i < ids.size(); ++i) ASSERT_EQ(ids[i], 100 + i);
}

TEST_F(BinanceRest, walking_newer_meets_every_aggregate_once_and_they_cover_all_trades) {
  std::vector<std::uint64_t> firsts;
  std::vector<std::uint64_t> lasts;
  for (std::uint64_t from = 0;;) {
    const Answer answer =
        get("/api/v3/aggTrades?symbol=BTCUSDT&limit=300&fromId=" + std::to_string(from));
    const auto page = numbers_of(answer, "a");
    if (page.empty()) break;
    for (const std::uint64_t first : numbers_of(answer, "f")) firsts.push_back(first);
    for (const std::uint64_t last : numbers_of(answer, "l")) lasts.push_back(last);
    from = page.back() + 1;
  }
  ASSERT_EQ(firsts.size(), kTrades / 3);
  for (std::size_t i = 0; i < firsts.size(); ++i) {
    ASSERT_EQ(firsts[i], 100 + i * 3);
    ASSERT_EQ(lasts[i], 102 + i * 3);
  }
}

TEST_F(BinanceRest, without_an_id_the_newest_come) {
  EXPECT_EQ(numbers_of(get("/api/v3/historicalTrades?symbol=BTCUSDT&limit=2"), "id"),
            (Ids{2498, 2499}));
  EXPECT_EQ(numbers_of(get("/api/v3/trades?symbol=BTCUSDT&limit=1"), "id"), (Ids{2499}));
  EXPECT_EQ(numbers_of(get("/api/v3/trades?symbol=BTCUSDT"), "id").size(), 500U);
  EXPECT_EQ(numbers_of(get("/api/v3/aggTrades?symbol=BTCUSDT&limit=2"), "a"), (Ids{1298, 1299}));
  for (const std::string path : {"historicalTrades", "trades", "aggTrades"}) {
    EXPECT_EQ(get("/api/v3/" + path + "?symbol=SKLBTC").body, "[]");
  }
}

TEST_F(BinanceRest, an_aggregate_that_lost_trades_to_the_bound_of_memory_is_not_shown) {
  Truth bounded(two_instruments("USDT"), 8);  // four trades of each: the last aggregate and a third
  for (std::uint64_t id = 100; id < 112; ++id) {
    Fill fill = bought(id);
    fill.aggregate_id = 500 + (id - 100) / 3;
    bounded.add(fill);
  }
  const Answer answer = get("/api/v3/aggTrades?symbol=BTCUSDT&fromId=0", bounded);
  EXPECT_EQ(numbers_of(answer, "a"), (Ids{503}));
  EXPECT_EQ(numbers_of(answer, "f"), (Ids{109}));
}

TEST_F(BinanceRest, mistakes_are_refused_with_the_venues_codes) {
  const auto code = [this](const std::string& target) {
    const Answer answer = get(target);
    return std::to_string(answer.status) + " " + answer.body.substr(0, 13);
  };
  EXPECT_EQ(code("/api/v3/trades"), R"(400 {"code":-1102)");
  EXPECT_EQ(code("/api/v3/trades?symbol=NONO"), R"(400 {"code":-1121)");
  EXPECT_EQ(code("/api/v3/trades?symbol=BTCUSDT&limit=1001"), R"(400 {"code":-1130)");
  EXPECT_EQ(code("/api/v3/trades?symbol=BTCUSDT&limit=0"), R"(400 {"code":-1130)");
  EXPECT_EQ(code("/api/v3/trades?symbol=BTCUSDT&fromId=1"), R"(400 {"code":-1101)");
  EXPECT_EQ(code("/api/v3/aggTrades?symbol=BTCUSDT&fromId=x"), R"(400 {"code":-1130)");
  EXPECT_EQ(code("/api/v3/aggTrades?symbol=BTCUSDT&startTime=x"), R"(400 {"code":-1130)");
  EXPECT_EQ(code("/api/v3/aggTrades?symbol=BTCUSDT&endTime=1"), R"(400 {"code":-1101)");
  EXPECT_EQ(code("/api/v3/exchangeInfo?symbol=NONO"), R"(400 {"code":-1121)");
  EXPECT_EQ(get("/api/v3/depth").status, 404);
}

}  // namespace
}  // namespace tapeline::sim
