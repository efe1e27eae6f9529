// SPDX-License-Identifier: Apache-2.0
#include "pipeline/relay.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <thread>
#include <utility>

#include "pipeline/row_text.h"

namespace tapeline::pipeline {

Relay::Relay(const EngineOptions& options)
    : options_(options), engine_(std::make_unique<Engine>(options)) {}

void Relay::run(const std::vector<OwnedRecord>& records, const HandsOver& hands_over) {
  for (const OwnedRecord& record : records) {
    const auto done = engine_->read(record.record());
    ASSERT_TRUE(done.has_value()) << done.error().text;
    if (!engine_->is_at_tick()) continue;
    engine_->close_batch();
    take_all();
    const unsigned shards = hands_over ? hands_over(ticks_) : 0;
    ++ticks_;
    if (shards != 0) hand_over(shards);
    if (testing::Test::HasFatalFailure()) return;
  }
}

void Relay::take_all() {
  const InstrumentNames& names = engine_->decoder().instruments().names();
  const auto say = [&](const auto& rows) {
    for (const auto& row : rows) text_ += text_of(row, names) + "\n";
  };
  while (engine_->has_closed()) {
    auto batch = engine_->take();
    if (batch == nullptr) {
      std::this_thread::yield();  // shards are threads
      continue;
    }
    say(batch->rows.trades);
    say(batch->rows.quotes);
    say(batch->rows.bars);
    say(batch->rows.late);
    say(batch->rows.candles);
    say(batch->rows.listings);
    say(batch->rows.rejected);
    say(batch->rows.ledgers);
    text_ += fmt::format("up to {}\n", batch->position.ordinal);
    engine_->recycle(std::move(batch));
  }
}

std::string Relay::saved() {
  ByteWriter out;
  const auto done = engine_->save(out);
  EXPECT_TRUE(done.has_value()) << done.error().text;
  return out.joined();
}

void Relay::hand_over(unsigned shards) {
  const std::string state = saved();
  options_.shards = shards;
  engine_ = std::make_unique<Engine>(options_);
  ByteReader in(state);
  const auto done = engine_->load(in);
  ASSERT_TRUE(done.has_value()) << done.error().text;
  ++handovers_;
}

std::string Relay::counters() const {
  std::string text;
  for (const auto& entry : engine_->counters().entries()) {
    if (entry.cell.value() == 0) continue;
    text +=
        fmt::format("{} {} {} {} {}\n", static_cast<unsigned>(entry.counter), entry.labels.venue,
                    entry.labels.channel, entry.labels.reason, entry.cell.value());
  }
  return text;
}

}  // namespace tapeline::pipeline
