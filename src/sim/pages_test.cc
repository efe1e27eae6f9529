// SPDX-License-Identifier: Apache-2.0
#include "sim/pages.h"

#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "base/padding.h"
#include "sim/exchange_fixture.h"
#include "venue/json.h"

namespace tapeline::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Row = std::map<std::string, std::string>;

std::vector<Row> rows_of(const std::string& csv) {
  std::vector<std::string> names;
  std::vector<Row> rows;
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
    if (names.empty()) {
      names = cells;
      continue;
    }
    Row& row = rows.emplace_back();
    for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = cells.at(i);
  }
  return rows;
}

class Pages : public testing::Test {
 protected:
  Pages() {
    client_.subscribe();
    client_.run(seconds(20), milliseconds(100));
  }
  std::string mistake(const std::string& target) {
    const Answer answer = client_.request("GET", target, "");
    EXPECT_EQ(answer.status, 400) << target;
    return answer.body;
  }

  ExchangeClient client_{kSimulatedVenues[0], {.seed = 2}};
};

TEST_F(Pages, every_trade_that_a_client_hears_is_in_the_truth_as_it_was_heard) {
  std::map<std::pair<std::string, std::string>, Row> truth;
  for (const Row& row : rows_of(client_.get("/truth/trades"))) {
    truth[{row.at("instrument"), row.at("trade_id")}] = row;
  }
  const auto parser = venue::coinbase::venue().make_parser();
  venue::Items items;
  int compared = 0;
  for (std::string text : client_.texts()) {
    const std::size_t size = text.size();
    text.append(kReadPadding, ' ');
    items.clear();
    parser->parse({text.data(), size}, items);
    for (const venue::Item& item : items) {
      const auto* trade = std::get_if<venue::WireTrade>(&item);
      if (trade == nullptr) continue;
      const Row& row =
          truth.at({"coinbase:" + std::string(trade->symbol), std::to_string(trade->id.number())});
      EXPECT_EQ(row.at("price"), to_string(trade->price));
      EXPECT_EQ(row.at("size"), to_string(trade->size));
      EXPECT_EQ(row.at("side"), name_of(trade->side));
      EXPECT_EQ(row.at("ts_event"), format_rfc3339(trade->ts_event.unix_ns()));
      ++compared;
    }
  }
  EXPECT_GT(compared, 500);
}

TEST_F(Pages, bars_hold_the_trades_of_their_windows) {
  std::map<std::string, std::uint64_t> trades;
  for (const Row& row : rows_of(client_.get("/truth/trades"))) {
    ++trades[row.at("instrument") + row.at("ts_event").substr(0, 19)];
  }
  const auto bars = rows_of(client_.get("/truth/bars?interval=1s"));
  ASSERT_EQ(bars.size(), trades.size());
  for (const Row& bar : bars) {
    EXPECT_EQ(bar.at("trades"),
              std::to_string(trades[bar.at("instrument") + bar.at("start").substr(0, 19)]));
    EXPECT_EQ(bar.at("interval"), "1s");
  }
}

TEST_F(Pages, instruments_times_and_formats_are_chosen) {
  const auto rows = rows_of(client_.get(
      "/truth/trades?instrument=coinbase%3AETH-USD&from=2023-11-14T22:13:20Z&to=2023-11-14T22:13:"
      "25Z"));
  ASSERT_FALSE(rows.empty());
  for (const Row& row : rows) {
    EXPECT_EQ(row.at("instrument"), "coinbase:ETH-USD");
    EXPECT_GE(row.at("ts_event"), "2023-11-14T22:13:20");
    EXPECT_LT(row.at("ts_event"), "2023-11-14T22:13:25");
  }
  const auto same = rows_of(client_.get(
      "/truth/trades?instrument=ETH-USD&from=1700000000000000000&to=1700000005000000000"));
  EXPECT_EQ(rows, same);
  const std::string json = client_.get("/truth/bars?instrument=BTC-USD&format=jsonl");
  EXPECT_TRUE(json.starts_with(R"({"instrument":"coinbase:BTC-USD","interval":"1m","start":")"));
  EXPECT_TRUE(json.ends_with("}\n"));
}

TEST_F(Pages, mistakes_are_named) {
  EXPECT_EQ(mistake("/truth/trades?instrument=NO-USD"),
            "\"NO-USD\" is no instrument of this venue\n");
  EXPECT_EQ(mistake("/truth/bars?interval=0s"), "\"0s\" is no interval (allowed: like 1s or 5m)\n");
  EXPECT_EQ(mistake("/truth/bars?format=xml"), "\"xml\" is no format (allowed: csv, jsonl)\n");
  EXPECT_EQ(mistake("/truth/bars?form=xml"),
            "\"form\" is no parameter (allowed: instrument, from, to, interval, format)\n");
  EXPECT_EQ(mistake("/truth/bars?from=now"),
            "\"now\" is no time (allowed: 2021-04-17T16:43:37Z, or nanoseconds since 1970)\n");
  EXPECT_EQ(client_.request("GET", "/sim/nothing", "").status, 404);
  EXPECT_EQ(client_.request("GET", "/sim/drop", "").status, 404) << "only a POST changes anything";
}

TEST_F(Pages, faults_are_changed_while_it_runs) {
  EXPECT_EQ(client_.post("/sim/faults", "lose=100%"), "lose=100%\n");
  const auto sent = client_.data_frames();
  client_.run(seconds(5), milliseconds(100));
  EXPECT_EQ(client_.data_frames(), sent);
  EXPECT_EQ(client_.post("/sim/faults", "off"), "off\n");
  client_.run(seconds(5), milliseconds(100));
  EXPECT_GT(client_.data_frames(), sent);
  const Answer refused = client_.request("POST", "/sim/faults", "lose=700%");
  EXPECT_EQ(refused.status, 400);
  EXPECT_TRUE(refused.body.starts_with("part 1, \"lose=700%\": write lose=P (a chance"));
}

TEST_F(Pages, statistics_are_one_json_object_with_what_was_lost) {
  client_.post("/sim/faults", "lose=50%");
  client_.run(seconds(5), milliseconds(100));
  client_.post("/sim/faults", "off");
  client_.run(seconds(5), milliseconds(100));
  const std::string text = client_.get("/sim/stats");
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  ASSERT_EQ(parser.parse(text).get(root), simdjson::SUCCESS) << text;
  const auto number = [&](const char* pointer) {
    std::uint64_t value = 0;
    EXPECT_EQ(root.at_pointer(pointer).get(value), simdjson::SUCCESS) << pointer;
    return value;
  };
  EXPECT_EQ(number("/seed"), 2U);
  EXPECT_GT(number("/frames/lost"), 0U);
  EXPECT_EQ(number("/frames/produced"), number("/frames/sent") + number("/frames/lost"));
  EXPECT_EQ(number("/connections/0/frames/sent"), client_.data_frames());
  // The instruments stand in their order, and the first is the busiest: it surely lost some.
  const std::uint64_t first = number("/instruments/0/unseen/trades/0/0");
  EXPECT_GE(first, number("/instruments/0/first_id"));
  EXPECT_LE(first, number("/instruments/0/last_id"));
  EXPECT_EQ(number("/connections/0/lost/0/ids/0/0"), first);
}

}  // namespace
}  // namespace tapeline::sim
