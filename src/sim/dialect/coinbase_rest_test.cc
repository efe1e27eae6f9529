// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/coinbase_rest.h"

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <string>
#include <vector>

#include "sim/dialect/dialect_fixture.h"

namespace tapeline::sim {
namespace {

class CoinbaseRest : public testing::Test {
 protected:
  CoinbaseRest() {
    for (std::uint64_t id = 100; id < 100 + kTrades; ++id) truth_.add(bought(id));
  }
  Answer get(const std::string& target) { return answer_coinbase({.target = target}, truth_); }

  // The ids of a page of trades, in its order.
  static std::vector<std::uint64_t> ids_of(const Answer& answer) {
    static const std::regex kId("\"trade_id\":([0-9]+)");
    std::vector<std::uint64_t> ids;
    for (std::sregex_iterator at(answer.body.begin(), answer.body.end(), kId), end; at != end;
         ++at) {
      ids.push_back(std::stoull((*at)[1]));
    }
    return ids;
  }
  static std::string header(const Answer& answer, const std::string& name) {
    for (const auto& [key, value] : answer.headers) {
      if (key == name) return value;
    }
    return "";
  }

  static constexpr std::uint64_t kTrades = 2345;
  Truth truth_{two_instruments("USD")};
};

TEST_F(CoinbaseRest, products_are_listed_with_their_steps) {
  const Answer answer = get("/products");
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(begins(answer.body, R"([{"id":"BTC-USD","base_currency":"BTC","quote_currency":)"
                                  R"("USD","quote_increment":"0.01","base_increment":)"
                                  R"("0.00000001","display_name":"BTC/USD",)"));
  EXPECT_TRUE(holds(answer.body, R"(},{"id":"SKL-BTC")"));
  EXPECT_TRUE(begins(get("/products/SKL-BTC").body, R"({"id":"SKL-BTC")"));
}

TEST_F(CoinbaseRest, a_page_begins_with_the_newest_and_has_the_makers_side) {
  const Answer answer = get("/products/BTC-USD/trades?limit=2");
  EXPECT_EQ(answer.body,
            R"([{"time":"2021-04-17T16:43:37.089000Z","trade_id":2444,"price":"41250.10000",)"
            R"("size":"0.25000000","side":"sell"},{"time":"2021-04-17T16:43:37.089000Z",)"
            R"("trade_id":2443,"price":"41250.10000","size":"0.25000000","side":"sell"}])");
  EXPECT_EQ(header(answer, "CB-BEFORE"), "2444");
  EXPECT_EQ(header(answer, "CB-AFTER"), "2443");
}

TEST_F(CoinbaseRest, walking_older_page_by_page_meets_every_trade_once) {
  std::map<std::uint64_t, int> met;
  std::string cursor;
  for (int pages = 0; pages < 10; ++pages) {
    const Answer answer =
        get("/products/BTC-USD/trades" + (cursor.empty() ? "" : "?after=" + cursor));
    for (const std::uint64_t id : ids_of(answer)) ++met[id];
    cursor = header(answer, "CB-AFTER");
    if (cursor.empty()) break;
  }
  EXPECT_EQ(cursor, "") << "the page behind the oldest trade is empty and has no cursor";
  ASSERT_EQ(met.size(), kTrades);
  EXPECT_EQ(met.begin()->first, 100U);
  for (const auto& [id, times] : met) ASSERT_EQ(times, 1) << id;
}

TEST_F(CoinbaseRest, before_gives_the_newest_of_the_newer) {
  EXPECT_EQ(ids_of(get("/products/BTC-USD/trades?before=2441")), (Ids{2444, 2443, 2442}));
  EXPECT_EQ(ids_of(get("/products/BTC-USD/trades?before=101&limit=2")), (Ids{2444, 2443}));
  EXPECT_EQ(ids_of(get("/products/BTC-USD/trades?after=104&before=101")), (Ids{103, 102}));
  EXPECT_EQ(get("/products/BTC-USD/trades?before=18446744073709551615").body, "[]");
  EXPECT_EQ(get("/products/SKL-BTC/trades").body, "[]");
}

TEST_F(CoinbaseRest, mistakes_are_refused) {
  EXPECT_EQ(get("/products/NO-USD/trades").status, 404);
  EXPECT_EQ(get("/product").status, 404);
  EXPECT_EQ(get("/products/BTC-USD/trades?limit=x").status, 400);
  EXPECT_EQ(get("/products/BTC-USD/trades?limit=0").status, 400);
  EXPECT_EQ(get("/products/BTC-USD/trades?form=1").body, R"({"message":"form is no parameter"})");
  EXPECT_EQ(answer_coinbase({.method = "POST", .target = "/products"}, truth_).status, 404);
}

}  // namespace
}  // namespace tapeline::sim
