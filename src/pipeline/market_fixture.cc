// SPDX-License-Identifier: Apache-2.0
#include "pipeline/market_fixture.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string_view>
#include <thread>
#include <utility>

#include "decode/epoch.h"
#include "decode/source.h"
#include "journal/segments.h"
#include "pipeline/row_text.h"

namespace tapeline::pipeline {
namespace {

using journal::RecordType;

constexpr std::int64_t kStart = 1'618'677'820'000'000'000;
constexpr std::int64_t kMs = 1'000'000;
constexpr std::uint64_t kSegmentBytes = std::uint64_t{1} << 16;
constexpr std::array<std::string_view, 2> kProducts{"BTC-USD", "ETH-USD"};

}  // namespace

Market::Market(std::uint64_t seed) : random_(seed), now_(kStart), next_tick_(kStart) {
  writer_ =
      journal::Writer::open(disk, kJournalFolder,
                            {.sync = journal::SyncPolicy::kAlways, .segment_bytes = UINT64_MAX})
          .value();
  begin();
}

void Market::begin() {
  append(RecordType::kEpoch, decode::encode_epoch({"test", std::chrono::seconds(30)}));
  append(RecordType::kOpen, decode::encode_source({.venue = "coinbase"}));
}

void Market::next_segment() {
  EXPECT_TRUE(writer_->next_segment().has_value());
  begin();
}

void Market::play(int frames) {
  for (int i = 0; i < frames; ++i) {
    now_ += static_cast<std::int64_t>(random_() % 60) * kMs;
    while (next_tick_ <= now_) {
      tick(next_tick_);
      next_tick_ += 100 * kMs;
    }
    append(RecordType::kFrame, frame());
  }
  tick(next_tick_);
  next_tick_ += 100 * kMs;
  EXPECT_TRUE(writer_->sync().has_value());
}

void Market::tick(std::int64_t time) {
  std::swap(time, now_);
  append(RecordType::kTick, "");
  std::swap(time, now_);
}

std::string Market::frame() {
  const std::size_t product = random_() % 2;
  std::uint64_t& last = last_id_.at(product);
  std::int64_t time = now_ - static_cast<std::int64_t>(random_() % 3000) * kMs;
  std::uint64_t id = ++last;
  switch (random_() % 40) {
    case 0:
      return "{\"type\":\"match\"";  // cut
    case 1:
      id = ++last;  // one was lost
      break;
    case 2:
      id = last = last - 1;  // repeated
      break;
    case 3:
      time -= 60'000 * kMs;  // too late
      break;
    case 4:
      return fmt::format(R"({{"type":"heartbeat","last_trade_id":{},"product_id":"{}",)"
                         R"("sequence":1,"time":"{}"}})",
                         --last, kProducts.at(product), format_rfc3339(now_));
    default:
      break;
  }
  return fmt::format(
      R"({{"type":"match","trade_id":{},"maker_order_id":"a","taker_order_id":"b","side":"{}",)"
      R"("size":"{}.{:03}","price":"{}.{:02}","product_id":"{}","sequence":{},"time":"{}"}})",
      id, random_() % 2 == 0 ? "buy" : "sell", random_() % 10, 1 + random_() % 999,
      100 + random_() % 10, random_() % 100, kProducts.at(product), id * 7, format_rfc3339(time));
}

// As a recorder does, each segment begins with what is in force.
void Market::append(RecordType type, const std::string& bytes) {
  const bool is_in_force = type == RecordType::kEpoch || type == RecordType::kOpen;
  if (!is_in_force && writer_->segment_bytes() >= kSegmentBytes) next_segment();
  journal::Record record;
  record.type = type;
  record.ts_recv = RecvTime(now_);
  record.bytes = bytes;
  EXPECT_TRUE(writer_->append(record).has_value());
}

EngineOptions market_options(unsigned shards, bool keeps_bars_cold) {
  using std::chrono::seconds;
  return {
      .decode = {.lateness_from_epochs = true},
      .intervals = {seconds(1), seconds(5), std::chrono::minutes(1)},
      .shards = shards,
      .cold = keeps_bars_cold ? analytics::ColdOptions{nullptr, 1, 0} : analytics::ColdOptions{}};
}

checkpoint::Situation situation_of(Market& market, store::Writer* writer) {
  const auto segments = journal::find_segments(market.disk, kJournalFolder).value();
  const journal::SegmentHeader& first = segments.front().header;
  checkpoint::Situation situation{.journal_folder = kJournalFolder,
                                  .journal = first.journal,
                                  .first_ordinal = first.first_ordinal,
                                  .end_ordinal = market.durable_ordinal()};
  if (writer != nullptr) {
    EXPECT_TRUE(look_at_store(situation, *writer->open_reader()).has_value());
  }
  return situation;
}

Process::Process(Market& market, store::MemoryStore& store, const ProcessOptions& options)
    : durable_(market.durable_ordinal()),
      writer_(store.open_writer(store::DataKind::kReal).value()),
      cold_(options.keeps_bars_cold
                ? std::make_unique<checkpoint::MemoryColdState>(market.cold_copies)
                : nullptr),
      beginning_(restore_start(market.disk,
                               options.snapshots ? options.snapshots->folder : "data/nowhere",
                               situation_of(market, writer_.get()),
                               market_options(options.shards, options.keeps_bars_cold), cold_.get())
                     .value()),
      engine_(std::move(beginning_.engine)),
      sink_(*writer_, durable_) {
  if (const auto stored = writer_->position()) engine_->discard_until(*stored);
  follower_ = Follower::open(market.disk, kJournalFolder, beginning_.replay_from, *engine_, sink_,
                             options.follower)
                  .value();
  if (!options.snapshots) return;
  CheckpointsOptions snapshots = *options.snapshots;
  snapshots.cold = cold_.get();
  snapshots.begins_at = beginning_.begins_at;
  checkpoints_ = std::make_unique<Checkpoints>(snapshots, market.disk, sink_.progress());
  follower_->take_snapshots(*checkpoints_);
}

void Process::store_and_write() {
  EXPECT_TRUE(sink_.do_work(clock_ns_).has_value());
  if (checkpoints_ != nullptr) {
    EXPECT_TRUE(checkpoints_->do_work().has_value());
  }
  clock_ns_ += 1'000'000'000;
}

std::string Process::follow() {
  const auto done = follower_->do_work(clock_ns_);
  store_and_write();
  return done ? "" : done.error().text;
}

void Process::work(int rounds) {
  for (int i = 0; i < rounds; ++i) {
    EXPECT_TRUE(follower_->do_work(clock_ns_).has_value());
    store_and_write();
  }
}

void Process::finish() {
  for (int i = 0; i < 100'000; ++i) {
    const auto read = follower_->do_work(clock_ns_);
    ASSERT_TRUE(read.has_value()) << read.error().text;
    if (*read == 0) follower_->close(clock_ns_);
    store_and_write();
    if (*read == 0 && follower_->is_drained() && sink_.is_idle()) return;
    std::this_thread::yield();  // shards are threads
  }
  FAIL() << "does not come to an end";
}

std::string all_of(store::Writer& writer) {
  const auto reader = writer.open_reader();
  std::string text;
  const auto add = [&](const auto& row) {
    text += text_of(row, reader->names()) + "\n";
    return true;
  };
  EXPECT_TRUE(reader->trades({}, add).has_value());
  EXPECT_TRUE(reader->bars({}, store::Revisions::kAll, add).has_value());
  EXPECT_TRUE(reader->late({}, add).has_value());
  EXPECT_TRUE(reader->rejected({}, add).has_value());
  EXPECT_TRUE(reader->ledgers({}, add).has_value());
  return text;
}

}  // namespace tapeline::pipeline
