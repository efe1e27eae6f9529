// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/engine.h"
#include "stream/window.h"

namespace tapeline::pipeline {
namespace {

constexpr std::string_view kHead = "tapeline state";
constexpr std::uint32_t kVersion = 3;

// What the state depends on, as text: with another value of one of them it is another state.
using OptionTexts = std::vector<std::pair<std::string_view, std::string>>;

OptionTexts texts_of(const EngineOptions& options) {
  const decode::DecodeOptions& decode = options.decode;
  // In any order, repeated ones once: what counts is the plan.
  std::string intervals;
  const stream::IntervalPlan plan(options.intervals);
  for (const auto& level : plan.levels()) {
    intervals += (intervals.empty() ? "" : " ") + format_duration(level.interval);
  }
  std::string lateness = decode.lateness ? format_duration(*decode.lateness) : "unlimited";
  if (decode.lateness_from_epochs) lateness = "from the journal";
  return {{"intervals", intervals},
          {"disorder", format_duration(decode.watermark.disorder)},
          {"idle_timeout", format_duration(decode.watermark.idle_timeout)},
          {"lateness", lateness},
          {"conditions", text_of(decode.conditions)},
          {"instruments", fmt::format("{}", fmt::join(decode.instruments, " "))}};
}

Result<void> load_head(ByteReader& in, const EngineOptions& options) {
  const ByteReader::Part part(in, "state");
  if (in.text() != kHead) return fail(Fault::kTheirs, "this is no state of tapeline");
  const auto version = in.number<std::uint32_t>();
  if (auto read = in.result(); !read) return read;
  if (version != kVersion) {
    return fail(Fault::kCaller, fmt::format("the state is of version {}, and this program reads {}",
                                            version, kVersion));
  }
  for (const auto& [name, now] : texts_of(options)) {
    const std::string_view then = in.text();
    if (in.failed() || then == now) continue;
    return fail(
        Fault::kCaller,
        fmt::format("the state was saved with {} \"{}\", which is \"{}\" now", name, then, now));
  }
  return in.result();
}

}  // namespace

Result<void> Engine::save(ByteWriter& out) {
  if (!is_at_tick_) return fail(Fault::kCaller, "an engine is saved at a tick");
  out.text(kHead);
  out.number(kVersion);
  for (const auto& [name, value] : texts_of(options_)) out.text(value);
  out.number(at_.journal.value());
  out.number(at_.ordinal);
  out.time(at_recv_);
  decoder_.save(out);
  stream_->save(out);
  // Behind the stream, which may have counted until it had said everything.
  counters_.save(out);
  out.number(touched_.size());
  for (const Touched& touched : touched_) {
    out.number(touched.instrument.value());
    out.choice(touched.channel);
  }
  return {};
}

Result<void> Engine::load(ByteReader& in) {
  if (auto head = load_head(in, options_); !head) return head;
  const ByteReader::Part part(in, "state");
  at_.journal = JournalId(in.number<std::uint64_t>());
  at_.ordinal = in.number<std::uint64_t>();
  at_recv_ = in.time<RecvTime>();
  decoder_.load(in);
  const auto& instruments = decoder_.instruments();
  const auto ids_of = [&](InstrumentId id) -> const Coverage* {
    const decode::Instrument& instrument = *instruments.all()[id.value()];
    return instrument.has_bars_channel ? instrument.coverage_of(instrument.bars_channel) : nullptr;
  };
  stream_->load(in, instruments.names(), ids_of);
  counters_.load(in);
  load_touched(in);
  in.require(in.is_at_end(), "there is more than a state");
  is_at_tick_ = true;
  engine_time_ = decoder_.engine_time();
  done_ = at_;
  return in.result();
}

void Engine::load_touched(ByteReader& in) {
  const ByteReader::Part part(in, "changed ledgers");
  const std::size_t instruments = decoder_.instruments().all().size();
  for (std::size_t left = in.count(SIZE_MAX); left > 0 && !in.failed(); --left) {
    const InstrumentId instrument(in.number<std::uint32_t>());
    const auto channel = in.choice(Channel::kAggTrades);
    in.require(instrument.value() < instruments, "an instrument is not known");
    if (in.failed()) return;
    touch(instrument, channel);
    decode::Instrument& its = *decoder_.instruments().all()[instrument.value()];
    if (its.coverage_of(channel) != nullptr) its.ledger_of(channel).note_all_changed();
  }
}

}  // namespace tapeline::pipeline
