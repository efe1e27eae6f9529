// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "sim/dialect/dialect.h"
#include "sim/dialect/dialect_fixture.h"

namespace tapeline::sim {
namespace {

class TwelveDataDialectTest : public testing::Test {
 protected:
  TwelveDataDialectTest() : dialect_(make_twelvedata(truth_)) {
    feed_ = dialect_->open_feed("/v1/quotes/price?apikey=x", kFixtureTime);
  }
  std::string ask(std::string_view text) {
    Frames frames;
    feed_->on_message(text, kFixtureTime, frames);
    return only(texts_of(frames));
  }
  Truth truth_{two_instruments("USD")};
  std::unique_ptr<Dialect> dialect_;
  std::unique_ptr<Feed> feed_;
};

TEST_F(TwelveDataDialectTest, lets_in_who_has_a_key) {
  EXPECT_FALSE(dialect_->refuse("/v1/quotes/price?apikey=x"));
  ASSERT_TRUE(dialect_->refuse("/v1/quotes/price"));
  EXPECT_EQ(dialect_->refuse("/v1/quotes/price?apikey=refused")->status, 401);
  EXPECT_EQ(dialect_->open_feed("/?apikey=x", kFixtureTime), nullptr);
}

TEST_F(TwelveDataDialectTest, says_what_it_grants_and_what_not) {
  EXPECT_EQ(ask(R"({"action":"subscribe","params":{"symbols":"BTC/USD,X/USD"}})"),
            R"({"event":"subscribe-status","status":"warning","success":[{"symbol":"BTC/USD"}],)"
            R"("fails":[{"symbol":"X/USD","message":"The symbol is not known."}]})");
  EXPECT_TRUE(holds(ask("nonsense"), R"("status":"error")"));
}

TEST_F(TwelveDataDialectTest, a_price_has_no_size) {
  ask(R"({"action":"subscribe","params":{"symbols":"BTC/USD"}})");
  Frames frames;
  feed_->on_fill(bought(7), frames);
  feed_->on_fill(sold(8), frames);
  EXPECT_EQ(only(texts_of(frames)),
            R"({"event":"price","symbol":"BTC/USD","currency_base":"BTC","currency_quote":"USD",)"
            R"("exchange":"Simulated","type":"Digital Currency","timestamp":1618677817,)"
            R"("price":41250.1,"bid":41249.99,"ask":41250.1,"day_volume":12.5})");
}

TEST_F(TwelveDataDialectTest, wants_to_hear_of_its_clients) {
  EXPECT_EQ(ask(R"({"action":"heartbeat"})"), R"({"event":"heartbeat","status":"ok"})");
  Frames frames;
  feed_->on_second(kFixtureTime + std::chrono::seconds(60), frames);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].kind, FrameKind::kClose);
}

}  // namespace
}  // namespace tapeline::sim
