// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/kraken_rest.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

#include "sim/dialect/dialect_fixture.h"

namespace tapeline::sim {
namespace {

class KrakenRest : public testing::Test {
 protected:
  // Of each time three.
  KrakenRest() {
    for (std::uint64_t id = 100; id < 100 + kTrades; ++id) {
      Fill fill = bought(id);
      fill.ts_event = kFixtureTime + std::chrono::microseconds((id - 100) / 3);
      truth_.add(fill);
    }
  }
  Answer get(const std::string& target) { return answer_kraken({.target = target}, truth_); }

  static Ids ids_of(const Answer& answer) {
    static const std::regex kId(",([0-9]+)\\]");
    Ids ids;
    for (std::sregex_iterator at(answer.body.begin(), answer.body.end(), kId), end; at != end;
         ++at) {
      ids.push_back(std::stoull((*at)[1]));
    }
    return ids;
  }
  static std::string last_of(const Answer& answer) {
    std::smatch match;
    return std::regex_search(answer.body, match, std::regex("\"last\":\"([0-9]+)\""))
               ? match[1]
               : std::string();
  }

  static constexpr std::uint64_t kTrades = 2345;
  Truth truth_{two_instruments("USD")};
};

TEST_F(KrakenRest, pairs_are_listed_by_the_names_of_the_venue) {
  const Answer answer = get("/0/public/AssetPairs");
  EXPECT_TRUE(begins(
      answer.body, R"({"error":[],"result":{"XXBTZUSD":{"altname":"XBTUSD","wsname":"XBT\/USD")"));
  EXPECT_TRUE(holds(answer.body, R"("SKLXXBT":{"altname":"SKLXBT","wsname":"SKL\/XBT")"));
}

TEST_F(KrakenRest, a_row_is_written_as_the_venue_writes_it) {
  const Answer answer = get("/0/public/Trades?pair=XBTUSD&since=0&count=1");
  EXPECT_EQ(answer.body,
            R"({"error":[],"result":{"XXBTZUSD":[["41250.10","0.25000000",1618677817.0890000,"b",)"
            R"("m","",100]],"last":"1618677817089000000"}})");
}

TEST_F(KrakenRest, walking_by_last_meets_every_trade_once) {
  Ids ids;
  for (std::string since = "0";;) {
    const Answer page = get("/0/public/Trades?pair=XBTUSD&count=100&since=" + since);
    const Ids met = ids_of(page);
    if (met.empty()) break;
    ids.insert(ids.end(), met.begin(), met.end());
    since = last_of(page);
  }
  ASSERT_EQ(ids.size(), kTrades);
  for (std::size_t i = 0; i < ids.size(); ++i) ASSERT_EQ(ids[i], 100 + i);
}

TEST_F(KrakenRest, without_a_time_the_newest_come) {
  EXPECT_EQ(ids_of(get("/0/public/Trades?pair=XXBTZUSD&count=2")), (Ids{2443, 2444}));
  EXPECT_EQ(ids_of(get("/0/public/Trades?pair=XBTUSD")).size(), 1000U);
  EXPECT_EQ(get("/0/public/Trades?pair=SKLXBT&since=7").body,
            R"({"error":[],"result":{"SKLXXBT":[],"last":"7"}})");
}

TEST_F(KrakenRest, mistakes_are_told_with_status_200) {
  EXPECT_EQ(get("/0/public/Trades?pair=NONO").body, R"({"error":["EQuery:Unknown asset pair"]})");
  EXPECT_EQ(get("/0/public/Trades?pair=XBTUSD&since=x").body,
            R"({"error":["EGeneral:Invalid arguments:since"]})");
  EXPECT_EQ(get("/0/public/Trades?pair=XBTUSD&count=1001").status, 200);
  EXPECT_EQ(get("/0/public/Depth?pair=XBTUSD").status, 404);
}

}  // namespace
}  // namespace tapeline::sim
