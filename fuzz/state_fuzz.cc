// SPDX-License-Identifier: Apache-2.0
// Whatever stands in a state, an engine refuses it or works on: it reads more records, says rows,
// and can be saved again; and what it saved is loaded, and saved as the same bytes. The input is a
// state as it stands, or one of some good ones with edits: an offset, what to do there, and a byte.
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "pipeline/engine.h"
#include "pipeline/random_records.h"

namespace {

using tapeline::ByteReader;
using tapeline::ByteWriter;
using tapeline::pipeline::Engine;
using tapeline::pipeline::EngineOptions;
using tapeline::pipeline::OwnedRecord;

EngineOptions options(unsigned shards) {
  EngineOptions options;
  options.intervals = {std::chrono::seconds(1), std::chrono::seconds(5)};
  options.decode.lateness_from_epochs = true;
  options.shards = shards;
  return options;
}

void read(Engine& engine, const OwnedRecord& record) {
  static_cast<void>(engine.read(record.record()).has_value());  // a connection may be missing
  if (engine.is_at_tick()) engine.close_batch();
  while (auto batch = engine.take()) engine.recycle(std::move(batch));
}

std::string saved(Engine& engine) {
  ByteWriter out;
  TAPELINE_CHECK(engine.save(out), "at a tick");
  return out.joined();
}

// A state, and what comes behind it.
struct Sample {
  std::string state;
  std::vector<OwnedRecord> rest;
};

Sample make_sample(std::uint64_t seed) {
  Sample sample;
  const auto records = tapeline::pipeline::random_journal(
      {.seed = seed, .frames = 10 + seed * 10, .is_inferred = seed % 3 == 0});
  Engine engine(options(1));
  std::size_t at = 0;
  while (at < records.size() / 2 || !engine.is_at_tick()) read(engine, records[at++]);
  sample.state = saved(engine);
  sample.rest.assign(records.begin() + static_cast<std::ptrdiff_t>(at), records.end());
  return sample;
}

const Sample& sample_of(std::uint8_t number) {
  static const std::array<Sample, 8> samples = [] {
    std::array<Sample, 8> made;
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = make_sample(i);
    return made;
  }();
  return samples[number % samples.size()];
}

void edit(std::string& state, std::string_view edits) {
  for (; edits.size() >= 4 && !state.empty(); edits.remove_prefix(4)) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(edits[i]); };
    const std::size_t at = (byte(0) | std::size_t{byte(1)} << 8) % state.size();
    switch (byte(2) % 4) {
      case 0:
        state.insert(at, 1, edits[3]);
        break;
      case 1:
        state.erase(at, 1 + byte(3) % 8);
        break;
      case 2:
        state[at] = static_cast<char>(static_cast<unsigned char>(state[at]) + byte(3));
        break;
      default:
        state[at] = edits[3];
    }
  }
}

// From an edited state time may have come so far that nobody reckons with it.
void check_round_trip(Engine& engine, bool is_edited, unsigned shards) {
  const std::string state = saved(engine);
  Engine second(options(1));
  ByteReader in(state);
  const bool is_loaded = second.load(in).has_value();
  TAPELINE_CHECK(is_loaded || is_edited, "what an engine saved can be loaded");
  // Several shards save their instruments in another order.
  if (is_loaded && shards == 1) TAPELINE_CHECK(saved(second) == state, "to the same end");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.size() < 2) return 0;
  const auto mode = static_cast<std::uint8_t>(input[0]);
  const Sample& sample = sample_of(static_cast<std::uint8_t>(input[1]));
  input.remove_prefix(2);
  std::string state(input);
  if (mode % 4 != 0) {
    state = sample.state;
    edit(state, input);
  }
  const unsigned shards = mode % 2 == 0 ? 1 : 2;
  Engine engine(options(shards));
  ByteReader in(state);
  if (!engine.load(in)) return 0;
  for (const OwnedRecord& record : sample.rest) read(engine, record);
  if (engine.is_at_tick()) check_round_trip(engine, state != sample.state, shards);
  return 0;
}
