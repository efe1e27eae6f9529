// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#define SIMDJSON_DEVELOPMENT_CHECKS 0  // as in venue/json.h  NOLINT(readability-identifier-naming)
#include <simdjson.h>

#include <map>
#include <string>
#include <vector>

#include "shared_data.h"

namespace tapeline {
namespace {

using Frames = SharedData;

struct Expected {
  std::string venue;
  std::uint64_t frames = 0;
  std::uint64_t trades = 0;
  std::uint64_t quotes = 0;
  std::vector<std::string> rejects;  // line, reason and detail, each with its justification here
};

// Frames of a dialect before the present one, which stand before those of it.
std::vector<std::string> of_old(int count, const std::string& detail) {
  std::vector<std::string> rejects;
  for (int line = 1; line <= count; ++line) {
    rejects.push_back(std::to_string(line) + ",no_kind,\"" + detail + "\"");
  }
  return rejects;
}

// The vendor's hand-made mistakes ("size 0.-10000" in a book, the year 1 in an l2update) stand in
// messages that nothing here parses, so none of them is a reject. Those that are:
// - openInterest (binance-futures line 9, binance-delivery line 8) is "generated": the vendor made
//   it from REST answers, and it names no kind that Binance has;
// - the aggTrade of binance-futures line 1 lacks `a`, its id, which the venue documents as always
//   there and every recording holds: it was cut by hand;
// - Kraken's first eight are of version 1, and OKX's first of version 3: other dialects.
// The ticker of okex-swap stands there twice, with one time: a duplicate.
const std::map<std::string, Expected> kExpected{
    {"bitstamp", {"bitstamp", 7, 2, 0, {}}},
    {"coinbase", {"coinbase", 9, 1, 3, {}}},
    {"binance", {"binance", 10, 2, 1, {}}},
    {"binance-futures", {"binance", 17, 3, 1, {"1,missing_field,\"a\"", "9,no_kind,\"e\""}}},
    {"binance-delivery", {"binance", 12, 2, 1, {"8,no_kind,\"e\""}}},
    {"bybit", {"bybit", 54, 4, 0, {}}},
    {"kraken", {"kraken", 14, 2, 1, of_old(8, "")}},
    {"okex", {"okx", 13, 2, 1, of_old(7, "arg")}},
    {"okex-futures", {"okx", 33, 1, 1, of_old(17, "arg")}},
    {"okex-swap", {"okx", 24, 1, 1, of_old(13, "arg")}},
};

// Frames that a vendor's tests hold, by exchange, exactly as they stand in the file. Others than
// those expected are of venues that nothing here reads.
std::map<std::string, std::string> raw_frames(const std::filesystem::path& path) {
  std::map<std::string, std::string> frames;
  simdjson::ondemand::parser parser;
  for (const std::string& line : lines_of(read_whole(path))) {
    const simdjson::padded_string padded(line);
    auto document = parser.iterate(padded);
    const std::string exchange{std::string_view(document["exchange"])};
    if (!kExpected.contains(exchange)) continue;
    simdjson::ondemand::value value = document["message"];
    const std::string_view message = simdjson::to_json_string(value);
    frames[exchange] += std::string(message) + "\n";
  }
  return frames;
}

TEST_F(Frames, of_a_vendors_tests_are_refused_only_where_no_venue_sent_them) {
  const auto frames = raw_frames(data() / "frames" / "tardis_mappers" / "frames.jsonl");
  for (const auto& [exchange, expected] : kExpected) {
    SCOPED_TRACE(exchange);
    ASSERT_TRUE(frames.contains(exchange));
    write_whole(scratch(exchange), frames.at(exchange));
    replay::Options options;
    options.inputs = {scratch(exchange)};
    options.venue = expected.venue;
    options.input_format = replay::InputFormat::kRaw;
    options.emit = replay::Emit::kTrades;
    const Outcome outcome = run(options);
    EXPECT_EQ(outcome.summary.frames, expected.frames);
    EXPECT_EQ(outcome.output.size(), expected.trades);
    std::vector<std::string> rejects;
    for (const std::string& line : outcome.rejects) {
      const auto fields = fields_of(line);
      rejects.push_back(fields[1] + "," + fields[2] + "," + fields[3]);
    }
    EXPECT_EQ(rejects, expected.rejects);
    options.emit = replay::Emit::kQuotes;
    EXPECT_EQ(run(options).output.size(), expected.quotes);
  }
}

// Files of frames that were recorded one a line, or a whole recording: nothing of them is refused.
TEST_F(Frames, of_other_venues_are_read_whole) {
  struct Recording {
    const char* file;
    const char* venue;
    replay::InputFormat format;
    std::uint64_t frames;
    std::uint64_t trades;
    std::uint64_t quotes;
  };
  using replay::InputFormat;
  for (const Recording& each :
       {Recording{"frames/finnhub/aapl_session_2023-03-31.jsonl", "finnhub", InputFormat::kRaw, 8,
                  61, 0},
        Recording{"frames/kraken_v2/public.jsonl", "kraken", InputFormat::kRaw, 7, 4, 2},
        Recording{"frames/finnhub/misc.jsonl", "finnhub", InputFormat::kRaw, 6, 21, 0},
        Recording{"frames/twelvedata/price_events.jsonl", "twelvedata", InputFormat::kRaw, 13, 10,
                  5},
        Recording{"ws_recordings/cryptofeed/BITSTAMP.ws.1.0@1d888e0b.zst", "bitstamp",
                  InputFormat::kCryptofeed, 747, 10, 0}}) {
    SCOPED_TRACE(each.file);
    replay::Options options;
    options.inputs = {(data() / each.file).string()};
    options.venue = each.venue;
    options.input_format = each.format;
    options.emit = replay::Emit::kTrades;
    const Outcome outcome = run(options);
    EXPECT_EQ(outcome.summary.frames, each.frames);
    EXPECT_EQ(outcome.output.size(), each.trades);
    EXPECT_TRUE(outcome.rejects.empty()) << testing::PrintToString(outcome.rejects);
    options.emit = replay::Emit::kQuotes;
    EXPECT_EQ(run(options).output.size(), each.quotes);
  }
}

// 61 trades of one minute of regular hours. Those below a round lot say so, every one of them, and
// no other: in the volume they are, and the prices are of the others.
TEST_F(Frames, of_a_stock_have_their_prices_from_round_lots) {
  replay::Options options;
  options.inputs = {(data() / "frames/finnhub/aapl_session_2023-03-31.jsonl").string()};
  options.venue = "finnhub";
  options.input_format = replay::InputFormat::kRaw;
  options.emit = replay::Emit::kTrades;
  for (const std::string& line : run(options).output) {
    const auto fields = fields_of(line);
    const bool is_odd_lot = fields[8].ends_with("12");
    EXPECT_EQ(is_odd_lot, std::stoi(fields[5]) < 100) << line;
    EXPECT_EQ(fields[9], is_odd_lot ? "volume" : "all") << line;
  }
  options.emit = replay::Emit::kBars;
  options.intervals = {std::chrono::minutes(1)};
  const auto bar = [&] {
    const Outcome outcome = run(options);
    EXPECT_EQ(outcome.output.size(), 1U);
    const auto fields = fields_of(outcome.output.front());
    return std::vector(fields.begin() + 3, fields.begin() + 12);
  };
  using Fields = std::vector<std::string>;
  EXPECT_EQ(bar(), (Fields{"164.06", "164.07", "164.06", "164.07", "4532", "", "743522.2143",
                           "164.060506244483671668", "61"}));
  options.conditions.of(Condition::kOddLot) = Counts::kAll;
  EXPECT_EQ(bar(), (Fields{"164.0601", "164.07", "164.0591", "164.0591", "4532", "", "743522.2143",
                           "164.060506244483671668", "61"}));
}

}  // namespace
}  // namespace tapeline
