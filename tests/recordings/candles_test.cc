// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#define SIMDJSON_DEVELOPMENT_CHECKS 0  // as in venue/json.h  NOLINT(readability-identifier-naming)
#include <simdjson.h>

#include <map>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "base/time.h"
#include "shared_data.h"

namespace tapeline {
namespace {

constexpr std::string_view kPair = "binance_xrpeth_2019-10";

// open, high, low, close and volume as exact text, by start.
using Candles = std::map<std::string, std::string>;

std::string_view trimmed(std::string_view token) {
  while (!token.empty() && (token.back() == ' ' || token.back() == '\n')) token.remove_suffix(1);
  return token;
}

// The text of a JSON number, in the form that bars are written in.
std::string exact(std::string_view token) {
  const auto decimal = parse_decimal(trimmed(token));
  EXPECT_TRUE(decimal) << token;
  return decimal ? to_string(*decimal) : "";
}

// The exchange's candles, without those that hold no trade: they repeat the close before.
Candles candles_of(const std::filesystem::path& path) {
  Candles candles;
  const simdjson::padded_string json(read_whole(path));
  simdjson::ondemand::parser parser;
  auto document = parser.iterate(json);
  for (auto row : document.get_array()) {
    std::vector<std::string> tokens;
    for (auto value : row.get_array()) {
      tokens.emplace_back(trimmed(std::string_view(value.raw_json_token())));
    }
    if (exact(tokens.at(5)) == "0") continue;
    std::string& columns = candles[format_rfc3339(std::stoll(tokens.at(0)) * 1'000'000)];
    for (std::size_t i = 1; i < tokens.size(); ++i) columns += exact(tokens[i]) + " ";
  }
  return candles;
}

class ExchangeCandles : public SharedData {
 protected:
  static std::filesystem::path pair(std::string_view name) {
    return data() / "pairs" / kPair / name;
  }

  // Equal to the exchange's own candles, every one that holds a trade, and no other bar.
  std::uint64_t expect_candles(replay::Options options, Duration interval, std::string_view file,
                               std::size_t count) {
    options.intervals = {interval};
    Candles bars;
    std::uint64_t fills = 0;
    for (const std::string& line : run(options).output) {
      const auto f = fields_of(line);
      EXPECT_EQ(f[0], "binance:XRP-ETH");
      bars[f[2]] = f[3] + " " + f[4] + " " + f[5] + " " + f[6] + " " + f[7] + " ";
      fills += std::stoull(f[11]);
    }
    const Candles candles = candles_of(pair(file));
    EXPECT_EQ(candles.size(), count);
    EXPECT_EQ(bars, candles);
    return fills;
  }
};

// [ms, id, type, side, price, amount, cost]
TEST_F(ExchangeCandles, equal_the_bars_of_its_trades_as_rows) {
  const simdjson::padded_string json(read_whole(pair("XRP_ETH-trades.json.gz")));
  simdjson::ondemand::parser parser;
  auto document = parser.iterate(json);
  std::string rows = "ts_event,trade_id,side,price,size,symbol\n";
  for (auto row : document.get_array()) {
    std::vector<std::string> tokens;
    for (auto value : row.get_array()) {
      tokens.emplace_back(trimmed(std::string_view(value.raw_json_token())));
    }
    rows += tokens.at(0) + "," + tokens.at(1) + "," + tokens.at(3) + "," + tokens.at(4) + "," +
            tokens.at(5) + ",XRP-ETH\n";
  }
  write_whole(scratch("trades.csv"), rows);
  replay::Options options;
  options.inputs = {scratch("trades.csv")};
  options.venue = "binance";
  options.time_unit = TimeUnit::kMillis;
  EXPECT_EQ(expect_candles(options, std::chrono::minutes(1), "XRP_ETH-1m.json", 2'469), 12'477U);
  EXPECT_EQ(expect_candles(options, std::chrono::minutes(5), "XRP_ETH-5m.json", 706), 12'477U);
  // Each length alone, and one made of the other.
  options.intervals = {std::chrono::minutes(5), std::chrono::minutes(1)};
  EXPECT_EQ(run(options).output.size(), 2'469U + 706U);
}

// "info" holds the venue's own object: {"a":..,"p":..,"q":..,"f":..,"l":..,"T":..,"m":..,"M":..}
TEST_F(ExchangeCandles, equal_the_bars_of_its_aggregated_frames_with_every_fill_counted) {
  const simdjson::padded_string json(read_whole(pair("XRP_OLD-trades.json.gz")));
  simdjson::dom::parser parser;
  simdjson::dom::element document = parser.parse(json);
  std::string frames;
  std::uint64_t fills = 0;
  for (const simdjson::dom::element trade : document.get_array()) {
    const simdjson::dom::element info = trade["info"];
    fills += std::uint64_t(info["l"]) - std::uint64_t(info["f"]) + 1;
    const std::string fields = simdjson::minify(info);
    frames += "{\"stream\":\"xrpeth@aggTrade\",\"data\":{\"e\":\"aggTrade\",\"E\":" +
              std::to_string(std::uint64_t(info["T"])) + ",\"s\":\"XRPETH\"," + fields.substr(1) +
              "}\n";
  }
  EXPECT_GT(fills, 12'477U);
  write_whole(scratch("frames"), frames);
  replay::Options options;
  options.inputs = {scratch("frames")};
  options.venue = "binance";
  options.input_format = replay::InputFormat::kRaw;
  EXPECT_EQ(expect_candles(options, std::chrono::minutes(1), "XRP_ETH-1m.json", 2'469), fills);
  EXPECT_EQ(expect_candles(options, std::chrono::minutes(5), "XRP_ETH-5m.json", 706), fills);
  EXPECT_EQ(run(options).rejects, std::vector<std::string>{});
  options.emit = replay::Emit::kGaps;
  EXPECT_EQ(run(options).output, std::vector<std::string>{});
  options.emit = replay::Emit::kCoverage;
  const auto runs = run(options).output;
  ASSERT_EQ(runs.size(), 1U);
  const auto f = fields_of(runs[0]);
  EXPECT_EQ(std::stoull(f[3]) - std::stoull(f[2]) + 1, fills);
}

}  // namespace
}  // namespace tapeline
