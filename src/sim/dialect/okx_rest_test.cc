// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/okx_rest.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>

#include "sim/dialect/dialect_fixture.h"

namespace tapeline::sim {
namespace {

class OkxRest : public testing::Test {
 protected:
  OkxRest() {
    for (std::uint64_t id = 100; id < 100 + kTrades; ++id) truth_.add(bought(id));
  }
  Answer get(const std::string& target) { return answer_okx({.target = target}, truth_); }
  Answer page(const std::string& parameters) {
    return get("/api/v5/market/history-trades?instId=BTC-USDT&type=1" + parameters);
  }
  static Ids ids_of(const Answer& answer) {
    static const std::regex kId("\"tradeId\":\"([0-9]+)\"");
    Ids ids;
    for (std::sregex_iterator at(answer.body.begin(), answer.body.end(), kId), end; at != end;
         ++at) {
      ids.push_back(std::stoull((*at)[1]));
    }
    return ids;
  }

  static constexpr std::uint64_t kTrades = 250;
  Truth truth_{two_instruments("USDT")};
};

TEST_F(OkxRest, instruments_of_the_spot_market_are_listed) {
  EXPECT_TRUE(begins(get("/api/v5/public/instruments?instType=SPOT").body,
                     R"({"code":"0","msg":"","data":[{"instType":"SPOT","instId":"BTC-USDT",)"
                     R"("baseCcy":"BTC","quoteCcy":"USDT","tickSz":"0.01")"));
  EXPECT_EQ(get("/api/v5/public/instruments").status, 400);
}

TEST_F(OkxRest, a_page_begins_with_the_newest) {
  EXPECT_EQ(page("&limit=1").body,
            R"({"code":"0","msg":"","data":[{"instId":"BTC-USDT","side":"buy","sz":"0.25",)"
            R"("px":"41250.1","tradeId":"349","ts":"1618677817089"}]})");
}

TEST_F(OkxRest, walking_older_meets_every_trade_once) {
  Ids ids;
  for (std::string after;;) {
    const Ids met = ids_of(page(after));
    if (met.empty()) break;
    ids.insert(ids.end(), met.begin(), met.end());
    after = "&after=" + std::to_string(met.back());
  }
  ASSERT_EQ(ids.size(), kTrades);
  for (std::size_t i = 0; i < ids.size(); ++i) ASSERT_EQ(ids[i], 349 - i);
}

TEST_F(OkxRest, mistakes_are_refused_with_the_venues_codes) {
  EXPECT_TRUE(begins(get("/api/v5/market/history-trades?instId=NO-NO").body, R"({"code":"51001")"));
  EXPECT_TRUE(begins(page("&after=x").body, R"({"code":"51000")"));
  EXPECT_TRUE(begins(page("&limit=101").body, R"({"code":"51000")"));
  EXPECT_EQ(get("/api/v5/market/books").status, 404);
}

}  // namespace
}  // namespace tapeline::sim
