// SPDX-License-Identifier: Apache-2.0
// Frame -> exact trades of the venues whose frames are made here: our parser, and beside it the
// bare work of simdjson on the same frames, which finds the fields and converts none of them.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/padding.h"
#include "decode/venue_table.h"
#include "venue/json.h"

namespace tapeline::bench {
namespace {

constexpr std::size_t kFrames = 8'192;

std::string kraken_trade(std::size_t i) {
  return fmt::format(
      R"({{"channel":"trade","type":"update","data":[{{"symbol":"BTC/USD","side":"{}",)"
      R"("price":{}.{},"qty":0.{:08},"ord_type":"limit","trade_id":{},)"
      R"("timestamp":"2024-05-27T12:43:{:02}.{:06}Z"}}]}})",
      i % 3 == 0 ? "sell" : "buy", 68'000 + i % 900, i % 10, i * 7'919 % 100'000'000,
      70'635'299 + i, i / 200 % 60, i * 4'999 % 1'000'000);
}

std::string okx_trade(std::size_t i) {
  return fmt::format(
      R"({{"arg":{{"channel":"trades","instId":"BTC-USDT"}},"data":[{{"instId":"BTC-USDT",)"
      R"("tradeId":"{}","px":"{}.{}","sz":"0.{:08}","side":"{}","ts":"{}","count":"1",)"
      R"("source":"0","seqId":{}}}]}})",
      130'639'474 + i, 42'000 + i % 900, i % 10, i * 7'919 % 100'000'000,
      i % 3 == 0 ? "sell" : "buy", 1'630'048'897'897 + i * 5, 1'234'567 + i * 3);
}

std::string bybit_trade(std::size_t i) {
  return fmt::format(
      R"({{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":{},"data":[{{"T":{},)"
      R"("s":"BTCUSDT","S":"{}","v":"0.{:06}","p":"{}.{:02}","L":"PlusTick","i":"{}",)"
      R"("BT":false,"RPI":false,"seq":{}}}]}})",
      1'709'251'200'275 + i * 5, 1'709'251'200'271 + i * 5, i % 3 == 0 ? "Sell" : "Buy",
      i * 7'919 % 1'000'000, 16'500 + i % 900, i % 100, 2'290'000'000'051'000'001 + i,
      1'783'284'617 + i);
}

// The frames in one piece, as they come out of a journal's block.
struct MadeFrames {
  explicit MadeFrames(std::string (*make)(std::size_t)) {
    for (std::size_t i = 0; i < kFrames; ++i) {
      sizes.push_back(text.size());
      text += make(i);
    }
    sizes.push_back(text.size());
    text.append(kReadPadding, '\0');
  }
  [[nodiscard]] std::string_view at(std::size_t i) const {
    return std::string_view(text).substr(sizes[i], sizes[i + 1] - sizes[i]);
  }
  std::string text;
  std::vector<std::size_t> sizes;
};

void parse(benchmark::State& state, const char* venue, std::string (*make)(std::size_t)) {
  const MadeFrames frames(make);
  const auto parser = decode::venue_table()[*decode::find_venue(venue)]->make_parser();
  venue::Items items;
  std::uint64_t trades = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < kFrames; ++i) {
      items.clear();
      parser->parse(frames.at(i), items);
      trades += std::holds_alternative<venue::WireTrade>(items.front()) ? 1U : 0U;
    }
  }
  if (trades != static_cast<std::uint64_t>(state.iterations()) * kFrames) {
    state.SkipWithError("not all are trades");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(trades));
}

// `fields`: those of a row that a trade needs, in the frame's order.
void simdjson_alone(benchmark::State& state, std::string (*make)(std::size_t),
                    const std::vector<std::string_view>& fields) {
  const MadeFrames frames(make);
  simdjson::ondemand::parser parser;
  std::size_t bytes = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < kFrames; ++i) {
      const std::string_view frame = frames.at(i);
      simdjson::ondemand::document document;
      simdjson::ondemand::array rows;
      if (parser.iterate(simdjson::padded_string_view(frame.data(), frame.size(),
                                                      frame.size() + kReadPadding))
                  .get(document) != simdjson::SUCCESS ||
          document["data"].get_array().get(rows) != simdjson::SUCCESS) {
        return state.SkipWithError("no frame");
      }
      for (auto row : rows) {
        for (const std::string_view field : fields) {
          simdjson::ondemand::value value;
          if (row[field].get(value) != simdjson::SUCCESS) return state.SkipWithError("no field");
          bytes += value.raw_json_token().size();
        }
      }
    }
  }
  benchmark::DoNotOptimize(bytes);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kFrames));
}

BENCHMARK_CAPTURE(parse, kraken, "kraken", kraken_trade);
BENCHMARK_CAPTURE(simdjson_alone, kraken, kraken_trade,
                  {"symbol", "side", "price", "qty", "trade_id", "timestamp"});
BENCHMARK_CAPTURE(parse, bybit, "bybit", bybit_trade);
BENCHMARK_CAPTURE(simdjson_alone, bybit, bybit_trade, {"T", "s", "S", "v", "p", "i", "seq"});
BENCHMARK_CAPTURE(parse, okx, "okx", okx_trade);
BENCHMARK_CAPTURE(simdjson_alone, okx, okx_trade,
                  {"instId", "tradeId", "px", "sz", "side", "ts", "count"});

}  // namespace
}  // namespace tapeline::bench
