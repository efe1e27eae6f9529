// SPDX-License-Identifier: Apache-2.0
// Frame -> exact items of the venues whose frames nobody records by the million: the simulator
// makes them. Beside each the bare work: simdjson finds the same fields by name and makes nothing
// of them.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/padding.h"
#include "decode/venue_table.h"
#include "sim/exchange.h"
#include "venue/json.h"

namespace tapeline::bench {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr EventTime kBenchStart{1'700'000'000'000'000'000};

struct SimulatedFrames {
  std::string text;
  std::vector<std::string_view> lines;
};

// The trades of 20 s at 5,000 a second.
SimulatedFrames simulated_frames(const venue::Venue& venue, const char* target) {
  auto made = sim::Exchange::make({.venue = std::string(venue.name), .trades_per_second = 5'000},
                                  kBenchStart);
  SimulatedFrames frames;
  if (!made) return frames;
  sim::Exchange& exchange = **made;
  const auto connection = exchange.connect(target, kBenchStart);
  for (const sim::Instrument& instrument : exchange.truth().instruments()) {
    const venue::SessionFacts& facts = venue.session;
    const venue::Subscription stream{
        facts.stream_symbol(facts.venue_symbol(instrument.canonical())),
        std::string(facts.stream_channel("trades"))};
    exchange.receive(*connection, facts.subscribe({stream}, 1).text, kBenchStart);
  }
  exchange.advance(kBenchStart + std::chrono::seconds(20));
  std::vector<std::size_t> sizes;
  for (sim::Frame frame; exchange.take(*connection, frame);) {
    if (frame.kind != sim::FrameKind::kData || frame.stream != sim::Stream::kTrades) continue;
    frames.text += frame.text;
    sizes.push_back(frame.text.size());
  }
  frames.text.append(simdjson::SIMDJSON_PADDING + kReadPadding, '\0');
  std::size_t at = 0;
  for (const std::size_t size : sizes) {
    frames.lines.push_back(std::string_view(frames.text).substr(at, size));
    at += size;
  }
  return frames;
}

void parse_simulated(benchmark::State& state, const char* name, const char* target) {
  const venue::Venue& venue = *decode::venue_table()[*decode::find_venue(name)];
  const SimulatedFrames frames = simulated_frames(venue, target);
  if (frames.lines.empty()) return state.SkipWithError("the simulator made no frames");
  const auto parser = venue.make_parser();
  venue::Items items;
  std::uint64_t trades = 0;
  for (auto _ : state) {
    for (const std::string_view line : frames.lines) {
      items.clear();
      parser->parse(line, items);
      trades += items.size();
    }
  }
  const auto parsed = static_cast<std::int64_t>(state.iterations()) *
                      static_cast<std::int64_t>(frames.lines.size());
  state.SetItemsProcessed(parsed);
  state.counters["items_per_frame"] = static_cast<double>(trades) / static_cast<double>(parsed);
}

// How many bytes the named fields of an object have.
std::size_t read_bare(ondemand::object& object, std::initializer_list<std::string_view> names) {
  std::size_t bytes = 0;
  for (const std::string_view name : names) {
    ondemand::value value;
    if (object[name].get(value) == simdjson::SUCCESS) bytes += value.raw_json_token().size();
  }
  return bytes;
}

std::size_t read_rows(ondemand::array rows, std::initializer_list<std::string_view> names) {
  std::size_t bytes = 0;
  for (auto row : rows) {
    ondemand::object object;
    if (row.get_object().get(object) == simdjson::SUCCESS) bytes += read_bare(object, names);
  }
  return bytes;
}

std::size_t limit_finnhub(ondemand::document& document) {
  ondemand::array rows;
  if (document["data"].get_array().get(rows) != simdjson::SUCCESS) return 0;
  return read_rows(rows, {"p", "s", "t", "v"});
}

std::size_t limit_bitstamp(ondemand::document& document) {
  ondemand::object data;
  if (document["data"].get_object().get(data) != simdjson::SUCCESS) return 0;
  const std::size_t bytes =
      read_bare(data, {"id", "amount_str", "price_str", "type", "microtimestamp"});
  std::string_view channel;
  return document["channel"].get_string().get(channel) == simdjson::SUCCESS ? bytes + channel.size()
                                                                            : 0;
}

std::size_t limit_bybit(ondemand::document& document) {
  ondemand::array rows;
  if (document["data"].get_array().get(rows) != simdjson::SUCCESS) return 0;
  return read_rows(rows, {"T", "s", "S", "v", "p", "i", "seq"});
}

std::size_t limit_kraken(ondemand::document& document) {
  ondemand::array rows;
  if (document["data"].get_array().get(rows) != simdjson::SUCCESS) return 0;
  return read_rows(rows, {"symbol", "side", "price", "qty", "trade_id", "timestamp"});
}

std::size_t limit_okx(ondemand::document& document) {
  ondemand::array rows;
  if (document["data"].get_array().get(rows) != simdjson::SUCCESS) return 0;
  return read_rows(rows, {"instId", "tradeId", "px", "sz", "side", "ts", "count"});
}

std::size_t limit_coinbase_advanced(ondemand::document& document) {
  std::size_t bytes = 0;
  ondemand::array events;
  if (document["events"].get_array().get(events) != simdjson::SUCCESS) return 0;
  for (auto event : events) {
    ondemand::array trades;
    if (event["trades"].get_array().get(trades) != simdjson::SUCCESS) continue;
    bytes += read_rows(trades, {"product_id", "trade_id", "price", "size", "time", "side"});
  }
  return bytes;
}

std::size_t limit_twelvedata(ondemand::document& document) {
  ondemand::object object;
  if (document.get_object().get(object) != simdjson::SUCCESS) return 0;
  return read_bare(object, {"event", "symbol", "timestamp", "price"});
}

void limit_simulated(benchmark::State& state, const char* name, const char* target,
                     std::size_t (*read)(ondemand::document&)) {
  const SimulatedFrames frames =
      simulated_frames(*decode::venue_table()[*decode::find_venue(name)], target);
  if (frames.lines.empty()) return state.SkipWithError("the simulator made no frames");
  ondemand::parser parser;
  for (auto _ : state) {
    for (const std::string_view line : frames.lines) {
      ondemand::document document;
      const simdjson::padded_string_view padded(line.data(), line.size(),
                                                line.size() + simdjson::SIMDJSON_PADDING);
      std::size_t bytes = 0;
      if (parser.iterate(padded).get(document) == simdjson::SUCCESS) bytes = read(document);
      if (bytes == 0) return state.SkipWithError("a frame has not the fields");
      benchmark::DoNotOptimize(bytes);
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(frames.lines.size()));
}

constexpr const char* kRoot = "/";
constexpr const char* kFinnhub = "/?token=x";
constexpr const char* kBybit = "/v5/public/spot";
constexpr const char* kKraken = "/v2";
constexpr const char* kOkx = "/ws/v5/public";
constexpr const char* kTwelveData = "/v1/quotes/price?apikey=x";
BENCHMARK_CAPTURE(parse_simulated, bitstamp, "bitstamp", kRoot);
BENCHMARK_CAPTURE(limit_simulated, bitstamp, "bitstamp", kRoot, limit_bitstamp);
BENCHMARK_CAPTURE(parse_simulated, bybit, "bybit", kBybit);
BENCHMARK_CAPTURE(limit_simulated, bybit, "bybit", kBybit, limit_bybit);
BENCHMARK_CAPTURE(parse_simulated, coinbase_advanced, "coinbase_advanced", kRoot);
BENCHMARK_CAPTURE(limit_simulated, coinbase_advanced, "coinbase_advanced", kRoot,
                  limit_coinbase_advanced);
BENCHMARK_CAPTURE(parse_simulated, finnhub, "finnhub", kFinnhub);
BENCHMARK_CAPTURE(limit_simulated, finnhub, "finnhub", kFinnhub, limit_finnhub);
BENCHMARK_CAPTURE(parse_simulated, kraken, "kraken", kKraken);
BENCHMARK_CAPTURE(limit_simulated, kraken, "kraken", kKraken, limit_kraken);
BENCHMARK_CAPTURE(parse_simulated, okx, "okx", kOkx);
BENCHMARK_CAPTURE(limit_simulated, okx, "okx", kOkx, limit_okx);
BENCHMARK_CAPTURE(parse_simulated, twelvedata, "twelvedata", kTwelveData);
BENCHMARK_CAPTURE(limit_simulated, twelvedata, "twelvedata", kTwelveData, limit_twelvedata);

}  // namespace
}  // namespace tapeline::bench
