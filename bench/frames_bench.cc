// SPDX-License-Identifier: Apache-2.0
// Frame -> exact Trade, per frame: parsing alone, and with identity and lateness (decode). The
// files are those of script/bench, one frame a line: TAPELINE_BENCH_DIR says where.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/padding.h"
#include "bench/bench_sinks.h"
#include "decode/decoder.h"
#include "decode/venue_table.h"
#include "metrics/counters.h"

namespace tapeline::bench {
namespace {

struct Frames {
  std::string text;
  std::vector<std::string_view> lines;
};

// Empty when there is no such file: the bench then says so and fails.
Frames read_frames(const std::string& name) {
  const char* directory = std::getenv("TAPELINE_BENCH_DIR");
  std::ifstream file(std::string(directory != nullptr ? directory : ".") + "/" + name,
                     std::ios::binary);
  Frames frames;
  frames.text.assign(std::istreambuf_iterator<char>(file), {});
  frames.text.append(kReadPadding, '\0');
  const char* at = frames.text.data();
  const char* end = at + frames.text.size() - kReadPadding;
  while (const auto* newline =
             static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)))) {
    frames.lines.emplace_back(at, static_cast<std::size_t>(newline - at));
    at = newline + 1;
  }
  return frames;
}

void parse_only(benchmark::State& state, const char* venue, const char* file) {
  const Frames frames = read_frames(file);
  if (frames.lines.empty()) return state.SkipWithError("no input: run it by script/bench");
  const auto parser = decode::venue_table()[*decode::find_venue(venue)]->make_parser();
  venue::Items items;
  std::uint64_t trades = 0;
  for (auto _ : state) {
    for (const std::string_view line : frames.lines) {
      items.clear();
      parser->parse(line, items);
      trades += std::holds_alternative<venue::WireTrade>(items.front()) ? 1U : 0U;
    }
  }
  if (trades != static_cast<std::uint64_t>(state.iterations()) * frames.lines.size())
    state.SkipWithError("not all are trades");
  state.SetItemsProcessed(static_cast<std::int64_t>(trades));
}

void decode_frames(benchmark::State& state, const char* venue, const char* file) {
  const Frames frames = read_frames(file);
  if (frames.lines.empty()) return state.SkipWithError("no input: run it by script/bench");
  std::uint64_t delivered = 0;
  for (auto _ : state) {
    state.PauseTiming();
    CountingEvents events;
    CountingRejects rejects;
    metrics::Counters counters;
    decode::Decoder decoder({}, events, rejects, counters);
    const std::string source = decode::encode_source({.venue = venue, .recv_inferred = true});
    journal::Record record;
    record.bytes = source;
    if (!decoder.open(record)) return state.SkipWithError("cannot open the source");
    state.ResumeTiming();
    for (const std::string_view line : frames.lines) {
      record.bytes = line;
      ++record.line;
      decoder.judge(record, decoder.parse(record));
    }
    delivered += counters.total(metrics::Counter::kItemsDelivered);
  }
  if (delivered != static_cast<std::uint64_t>(state.iterations()) * frames.lines.size()) {
    state.SkipWithError("not all were delivered");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(delivered));
}

BENCHMARK_CAPTURE(parse_only, coinbase_match, "coinbase", "coinbase_match.jsonl");
BENCHMARK_CAPTURE(parse_only, binance_trade, "binance", "binance_trade.jsonl");
BENCHMARK_CAPTURE(parse_only, binance_aggtrade, "binance", "binance_aggtrade.jsonl");
BENCHMARK_CAPTURE(decode_frames, coinbase_match, "coinbase", "coinbase_match.jsonl");
BENCHMARK_CAPTURE(decode_frames, binance_trade, "binance", "binance_trade.jsonl");
BENCHMARK_CAPTURE(decode_frames, binance_aggtrade, "binance", "binance_aggtrade.jsonl");

}  // namespace
}  // namespace tapeline::bench
