// SPDX-License-Identifier: Apache-2.0
#include "app/watch/board.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "app/watch/screen.h"

namespace tapeline::app::watch {
namespace {

using Texts = std::vector<std::string>;

const std::string kHello =
    R"({"type":"hello","epoch":"1","mode":"simulated","demo":true,"version":"0","now":"x"})";

std::string prices(const std::string& type, int seq, int prev, const std::string& data) {
  return R"({"type":")" + type + R"(","topic":"prices","seq":)" + std::to_string(seq) +
         R"(,"prev":)" + std::to_string(prev) + R"(,"data":[)" + data + "]}";
}

std::string about(const std::string& name, const std::string& price) {
  return R"({"instrument":")" + name + R"(","last":{"price":")" + price +
         R"(","ts_event":"T"},"price_decimals":1,"size_decimals":2,)" +
         R"("change":{"from":"100","since":"S","over":"5m","percent":"1.00"},)" +
         R"("trades_per_second":12.5,"quality":"complete","missing_ids":3})";
}

std::string bars(const std::string& type, int seq, int prev, const std::string& start,
                 const std::string& state) {
  return R"({"type":")" + type + R"(","topic":"bars:coinbase:BTC-USD:1m","seq":)" +
         std::to_string(seq) + R"(,"prev":)" + std::to_string(prev) + R"(,"data":[{"start":")" +
         start +
         R"(","open":"1","high":"4","low":"0.5","close":"2","volume":"7","trades":9,"state":")" +
         state + R"(","quality":"gap","revision":1}]})";
}

TEST(Board, asks_for_prices_and_for_the_bars_of_what_it_hears_of) {
  Board board({"coinbase:*"}, "1m");
  EXPECT_EQ(board.take(kHello).replies, (Texts{R"({"op":"subscribe","topics":["feeds"]})",
                                               R"({"op":"subscribe","topics":["prices"]})"}));
  EXPECT_TRUE(board.is_simulated());
  const Brought brought = board.take(prices(
      "snapshot", 5, 0, about("coinbase:BTC-USD", "101") + "," + about("binance:BTC-USDT", "9")));
  EXPECT_EQ(brought.replies,
            (Texts{R"({"op":"subscribe","topics":["bars:coinbase:BTC-USD:1m"]})"}));
  ASSERT_EQ(board.rows().size(), 1u);
  const WatchedInstrument& row = board.rows().begin()->second;
  EXPECT_EQ(row.price, "101");
  EXPECT_EQ(row.change, "1.00");
  EXPECT_EQ(row.over, "5m");
  EXPECT_EQ(row.missing, 3u);
  EXPECT_EQ(row.quality, "complete");
  EXPECT_EQ(row.trades_per_second, 12.5);
}

TEST(Board, tells_of_a_price_when_it_is_another_one) {
  Board board({}, "1m");
  board.take(prices("snapshot", 5, 0, about("coinbase:BTC-USD", "101")));
  EXPECT_TRUE(board.take(prices("update", 6, 5, about("coinbase:BTC-USD", "101"))).changes.empty());
  const Brought higher = board.take(prices("update", 9, 6, about("coinbase:BTC-USD", "101.5")));
  ASSERT_EQ(higher.changes.size(), 1u);
  EXPECT_EQ(line_of(board, higher.changes.front()), "T coinbase:BTC-USD          101.5\n");
  EXPECT_EQ(board.rows().begin()->second.direction, 1);
  board.take(prices("update", 10, 9, about("coinbase:BTC-USD", "9.9")));
  EXPECT_EQ(board.rows().begin()->second.direction, -1);
}

TEST(Board, subscribes_anew_when_something_was_lost) {
  Board board({}, "1m");
  board.take(prices("snapshot", 5, 0, about("coinbase:BTC-USD", "101")));
  const Brought lost = board.take(prices("update", 9, 7, about("coinbase:BTC-USD", "102")));
  EXPECT_EQ(lost.replies, (Texts{R"({"op":"subscribe","topics":["prices"]})"}));
  EXPECT_TRUE(lost.changes.empty());
  EXPECT_EQ(board.rows().begin()->second.price, "101");
}

TEST(Board, shows_the_newest_bar_and_tells_of_each_that_is_final) {
  Board board({}, "1m");
  board.take(prices("snapshot", 5, 0, about("coinbase:BTC-USD", "101")));
  const Brought history = board.take(bars("snapshot", 1, 0, "2026-01-01T00:00:00Z", "final"));
  EXPECT_TRUE(history.changes.empty());
  const Brought open = board.take(bars("update", 2, 1, "2026-01-01T00:02:00Z", "provisional"));
  ASSERT_EQ(open.changes.size(), 1u);
  EXPECT_EQ(line_of(board, open.changes.front()), "");
  const Brought revised = board.take(bars("update", 3, 2, "2026-01-01T00:01:00Z", "final"));
  ASSERT_EQ(revised.changes.size(), 1u);
  EXPECT_EQ(
      line_of(board, revised.changes.front()),
      "2026-01-01T00:01:00Z coinbase:BTC-USD   1m open          1.0 high          4.0 low     "
      "     0.5 close          2.0 volume           7.00 trades     9 gap      revision 1\n");
  EXPECT_EQ(board.rows().begin()->second.bar.start, "2026-01-01T00:02:00Z");
}

std::string hello(const std::string& intervals) {
  return R"({"type":"hello","mode":"live","intervals":[)" + intervals + "]}";
}

TEST(Board, an_interval_that_nobody_makes_is_a_mistake_that_names_those_there_are) {
  Board board({}, "7s");
  const Brought brought = board.take(hello(R"("1s","1m","1h")"));
  EXPECT_EQ(brought.mistake, "--interval: no 7s bars are made here; there are 1s, 1m, 1h");
  EXPECT_TRUE(brought.replies.empty());
  EXPECT_EQ(Board({}, "1h").take(hello(R"("1s","1m","1h")")).mistake, "");
}

TEST(Board, without_an_interval_the_next_longer_one_is_taken) {
  const auto taken = [](const std::string& there) {
    Board board({}, {});
    EXPECT_EQ(board.take(hello(there)).mistake, "");
    return board.interval();
  };
  EXPECT_EQ(taken(R"("1s","1m","1h")"), "1m");
  EXPECT_EQ(taken(R"("1s","5m","1h")"), "5m");
  EXPECT_EQ(taken(R"("1s","5s")"), "5s");
  EXPECT_EQ(taken(""), "1m");
}

std::string feeds(const std::string& data) {
  return R"({"type":"snapshot","topic":"feeds","seq":1,"data":[)" + data + "]}";
}

const std::string kStreams =
    R"({"venue":"coinbase","streams":[{"symbol":"BTC-USD"},{"symbol":"ETH-USD"},{"symbol":""}]})";

TEST(Board, a_pattern_that_matches_nothing_is_a_mistake_that_names_what_there_is) {
  Board board({"*:ETH-USD", "coinbase:DOGE*"}, "1m");
  board.take(kHello);
  EXPECT_EQ(board.take(prices("snapshot", 5, 0, about("okx:BTC-USDT", "9"))).mistake, "")
      << "not known yet what the feeds bring";
  EXPECT_EQ(board.take(feeds(kStreams)).mistake,
            "--instrument: \"coinbase:DOGE*\" matches nothing here; there is coinbase:BTC-USD, "
            "coinbase:ETH-USD, okx:BTC-USDT");
}

TEST(Board, what_a_feed_will_bring_is_waited_for) {
  Board board({"coinbase:ETH*"}, "1m");
  board.take(kHello);
  EXPECT_EQ(board.take(feeds(R"({"venue":"coinbase","streams":[]})")).mistake, "");
  EXPECT_EQ(board.take(prices("snapshot", 5, 0, "")).mistake, "");
  EXPECT_EQ(
      board.what_it_waits_for(),
      "nothing matches coinbase:ETH* yet; coinbase has not said what there is (tapeline status)");
  EXPECT_NE(table_of(board, {.where = "here", .columns = 200, .rows = 9}).find("nothing matches"),
            std::string::npos);
  const Brought brought = board.take(feeds(kStreams));
  EXPECT_EQ(brought.mistake, "");
  EXPECT_EQ(brought.replies, (Texts{R"({"op":"unsubscribe","topics":["feeds"]})"}));
  EXPECT_NE(board.what_it_waits_for().find("no price yet"), std::string::npos);
  board.take(prices("update", 6, 5, about("coinbase:ETH-USD", "9")));
  EXPECT_EQ(board.what_it_waits_for(), "");
}

TEST(Board, passes_over_what_it_cannot_read) {
  Board board({}, "1m");
  EXPECT_NE(board.take("{").problem, "");
  EXPECT_NE(board.take("[1]").problem, "");
  EXPECT_EQ(board.take(R"({"type":"error","error":"no such topic","topic":"x"})").problem,
            "no such topic");
  EXPECT_EQ(board.take(R"({"type":"later"})").problem, "");
  board.take(prices("snapshot", 5, 0, R"({"instrument":"a\"b"},{"instrument":7},{},null)"));
  EXPECT_TRUE(board.rows().empty());
  const Brought without =
      board.take(prices("update", 6, 5, R"({"instrument":"coinbase:A-B","last":null})"));
  EXPECT_TRUE(without.changes.empty());
  EXPECT_EQ(board.rows().size(), 1u);
}

TEST(Board, asks_for_no_more_topics_than_a_client_may_have) {
  Board board({}, "1m");
  std::string data;
  for (int i = 0; i < 100; ++i) {
    data += (i == 0 ? "" : ",") + about("coinbase:X" + std::to_string(i) + "-USD", "1");
  }
  EXPECT_EQ(board.take(prices("snapshot", 1, 0, data)).replies.size(), Board::kBarsMax);
  EXPECT_EQ(board.rows().size(), 100u);
}

}  // namespace
}  // namespace tapeline::app::watch
