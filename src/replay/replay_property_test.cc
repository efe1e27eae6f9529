// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "replay/replay_fixture.h"
#include "replay/rows.h"

namespace tapeline::replay {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t kMs = 1'000'000;
constexpr std::int64_t kStartNs = 1'618'677'780'000 * kMs;

// A market as a venue told it: ids with holes, repetitions, disorder, heartbeats and broken lines.
struct Told {
  std::int64_t recv_ns = 0;
  std::int64_t event_ns = 0;
  std::string symbol;
  std::uint64_t id = 0;
  int price = 1;
  int size = 1;
  int kind = 0;  // 0..: trade; -1: heartbeat; -2: broken; -3: book
};

std::vector<Told> tell(std::mt19937_64& random, std::size_t count) {
  static const std::vector<std::string> kSymbols{"BTC-USD", "ETH-USD", "LTC-EUR", "AAA-BBB",
                                                 "ZRX-USD"};
  std::vector<std::uint64_t> next(kSymbols.size(), 100);
  std::vector<Told> told;
  std::int64_t now = kStartNs;
  for (std::size_t i = 0; i < count; ++i) {
    now += static_cast<std::int64_t>(random() % 900) * kMs;
    const std::size_t symbol = random() % kSymbols.size();
    if (random() % 15 == 0) next[symbol] += 1 + random() % 3;
    Told one{now,
             now,
             kSymbols[symbol],
             next[symbol]++,
             static_cast<int>(1 + random() % 999),
             static_cast<int>(random() % 50),
             static_cast<int>(random() % 3)};
    one.event_ns -= static_cast<std::int64_t>(random() % 400) * kMs;
    if (random() % 9 == 0) one.recv_ns += static_cast<std::int64_t>(random() % 20'000) * kMs;
    const std::uint64_t other = random() % 30;
    if (other == 0) one.kind = -1;
    if (other == 1) one.kind = -2;
    if (other == 2) one.kind = -3;
    if (one.kind < 0) --next[symbol];
    told.push_back(one);
    if (random() % 25 == 0) {
      one.recv_ns += static_cast<std::int64_t>(random() % 5'000) * kMs;
      told.push_back(one);
    }
  }
  std::stable_sort(told.begin(), told.end(),
                   [](const Told& a, const Told& b) { return a.recv_ns < b.recv_ns; });
  return told;
}

std::string coinbase_frame(const Told& told) {
  const std::string time = format_rfc3339(told.event_ns).substr(0, 26) + "Z";
  if (told.kind == -1) {
    return fmt::format(
        R"({{"type":"heartbeat","sequence":1,"last_trade_id":{},"product_id":"{}","time":"{}"}})",
        told.id - 1, told.symbol, time);
  }
  if (told.kind == -2) return R"({"type":"match","trade_id":)";
  if (told.kind == -3)
    return R"({"type":"l2update","product_id":"BTC-USD","changes":[["buy","1.0","2"]]})";
  return frame_of({.symbol = told.symbol,
                   .id = told.id,
                   .time = time,
                   .price = fmt::format("{}.{:02}", told.price / 100, told.price % 100),
                   .size = fmt::format("0.{:03}", told.size),
                   .maker_side = told.kind == 0 ? "buy" : "sell"});
}

std::string recording_of(const std::vector<Told>& told) {
  std::string text = "wss://ws-feed.pro.coinbase.com <-> 1618677780.0\n";
  for (const Told& one : told) {
    text += recorded(fmt::format("{}.{:03}", one.recv_ns / 1'000'000'000, one.recv_ns / kMs % 1000),
                     coinbase_frame(one));
  }
  return text;
}

std::string raw_of(const std::vector<Told>& told) {
  std::string text;
  for (const Told& one : told) text += coinbase_frame(one) + "\n";
  return text;
}

std::string csv_of(const std::vector<Told>& told) {
  std::string text = "side,size,price,ts_recv,ts_event,trade_id,symbol\r\n";
  for (const Told& one : told) {
    if (one.kind == -1 || one.kind == -3) continue;
    text +=
        fmt::format("{},{}.5,{},{},{},{},{}\r\n",
                    one.kind == 0   ? "buy"
                    : one.kind == 1 ? "SELL"
                                    : "",
                    one.size, one.kind == -2 ? "1e5" : std::to_string(one.price),
                    format_rfc3339(one.recv_ns), format_rfc3339(one.event_ns), one.id, one.symbol);
  }
  return text;
}

class ReplayProperty : public ReplayFolder {
 protected:
  Options random_options(std::mt19937_64& random) {
    const auto told = tell(random, 50 + random() % 400);
    Options options = options_for({}, "coinbase");
    switch (random() % 4) {
      case 0:
        options.inputs = {file("input", recording_of(told))};
        break;
      case 1:
        options.inputs = {file("input", raw_of(told))};
        break;
      case 2:
        options.inputs = {file("input", csv_of(told))};
        break;
      default: {
        // Two recordings that overlap: lines A and B of the same venue.
        std::vector<Told> other;
        for (const Told& one : told) {
          if (random() % 3 != 0) other.push_back(one);
        }
        options.inputs = {file("input", recording_of(told)), file("other", recording_of(other))};
      }
    }
    if (random() % 3 == 0) options.lateness = milliseconds(random() % 20'000);
    options.disorder = milliseconds(random() % 4'000);
    options.idle_timeout = seconds(1 + random() % 10);
    options.intervals = {seconds(1), seconds(5), seconds(7), seconds(60)};
    return options;
  }
};

TEST_F(ReplayProperty, bytes_do_not_depend_on_shards_or_batch_size) {
  struct Table {
    Emit emit;
    Revisions revisions;
  };
  for (unsigned seed = 0; seed < 12; ++seed) {
    std::mt19937_64 random(seed);
    Options options = random_options(random);
    for (const auto& [emit, revisions] :
         {Table{Emit::kBars, Revisions::kLast}, Table{Emit::kBars, Revisions::kAll},
          Table{Emit::kTrades, Revisions::kLast}, Table{Emit::kGaps, Revisions::kLast},
          Table{Emit::kCoverage, Revisions::kLast}}) {
      options.emit = emit;
      options.revisions = revisions;
      options.shards = 1;
      options.batch_bytes = 1 << 20;
      const Outcome expected = run_well(options);
      ASSERT_GT(lines_of(expected.output).size(), 1U) << "seed " << seed;
      for (const unsigned shards : {1U, 2U, 3U, 8U}) {
        for (const std::size_t batch :
             {std::size_t{4096}, std::size_t{5000}, std::size_t{1} << 20}) {
          options.shards = shards;
          options.batch_bytes = batch;
          const Outcome outcome = run_well(options);
          ASSERT_TRUE(outcome.output == expected.output)
              << "seed " << seed << ", " << shards << " shards, batches of " << batch;
          ASSERT_EQ(outcome.rejects, expected.rejects) << "seed " << seed;
          ASSERT_EQ(outcome.summary.duplicate, expected.summary.duplicate) << "seed " << seed;
        }
      }
    }
  }
}

// "instrument,interval,start" to the rest of the line.
std::map<std::string, std::string> bars_of(const std::string& output) {
  std::map<std::string, std::string> bars;
  for (const std::string& line : lines_of(output)) {
    std::size_t behind = 0;
    for (int comma = 0; comma < 3; ++comma) behind = line.find(',', behind) + 1;
    bars[line.substr(0, behind)] = line.substr(behind);
  }
  return bars;
}

TEST_F(ReplayProperty, the_latest_bars_are_the_last_of_all_revisions) {
  std::size_t revised = 0;
  for (unsigned seed = 100; seed < 140; ++seed) {
    std::mt19937_64 random(seed);
    Options options = random_options(random);
    options.shards = 1 + seed % 3;
    options.revisions = Revisions::kLast;
    const std::string latest = run_well(options).output;
    options.revisions = Revisions::kAll;
    const std::string all = run_well(options).output;
    ASSERT_EQ(bars_of(latest), bars_of(all)) << "seed " << seed;
    ASSERT_EQ(lines_of(latest).size(), bars_of(latest).size()) << "seed " << seed;
    revised += lines_of(all).size() - lines_of(latest).size();
  }
  EXPECT_GT(revised, 100U);  // otherwise nothing was tested
}

TEST_F(ReplayProperty, bars_are_the_sum_of_the_trades_delivered) {
  for (unsigned seed = 200; seed < 230; ++seed) {
    std::mt19937_64 random(seed);
    Options options = random_options(random);
    options.intervals = {seconds(5)};
    options.emit = Emit::kTrades;
    std::map<std::string, std::uint64_t> trades;
    for (const std::string& line : lines_of(run_well(options).output)) ++trades[fields_of(line)[0]];
    options.emit = Emit::kBars;
    std::map<std::string, std::uint64_t> fills;
    for (const std::string& line : lines_of(run_well(options).output)) {
      const auto fields = fields_of(line);
      fills[fields[0]] += fields[0] == "instrument" ? 1 : std::stoull(fields[11]);
    }
    ASSERT_EQ(fills, trades) << "seed " << seed;
  }
}

// The order of rows never changes a bar: only which revision it is.
TEST_F(ReplayProperty, bars_of_shuffled_rows_are_the_same) {
  for (unsigned seed = 300; seed < 320; ++seed) {
    std::mt19937_64 random(seed);
    auto lines = lines_of(csv_of(tell(random, 300)));
    const auto write = [&](const std::string& name) {
      std::string text;
      for (const std::string& line : lines) text += line + "\n";
      return file(name, text);
    };
    Options options = options_for({write("sorted.csv")}, "coinbase");
    options.intervals = {seconds(1), seconds(5), seconds(7), seconds(60)};
    const auto without_revision = [&](const Options& o) {
      std::string text;
      for (const std::string& line : lines_of(run_well(o).output)) {
        const auto fields = fields_of(line);
        for (std::size_t i = 0; i < 16; ++i) text += fields[i] + ",";
        text += "\n";
      }
      return text;
    };
    const std::string expected = without_revision(options);
    for (int round = 0; round < 3; ++round) {
      std::shuffle(lines.begin() + 1, lines.end(), random);
      options.inputs = {write("shuffled.csv")};
      ASSERT_EQ(without_revision(options), expected) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace tapeline::replay
