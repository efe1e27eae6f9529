// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/duckdb/open.h"
#include "store/reader.h"
#include "store/writer.h"

namespace tapeline::app::live {

// A store with minutes of one instrument and what its venue tells of them.
class ReconcileFixture : public testing::Test {
 protected:
  static constexpr std::int64_t kMinute = 60'000'000'000;
  static constexpr std::int64_t kDay = 24 * 60;  // minutes

  void SetUp() override {
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
    open();
  }
  void open() {
    auto opened = store::duckdb::open_writer(folder_, {});
    ASSERT_TRUE(opened) << opened.error().text;
    store_ = std::move(*opened);
    reader_ = store_->open_reader();
  }
  void TearDown() override {
    reader_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  static store::BarRow bar(std::int64_t minute, std::int64_t close, Quality quality) {
    const auto column = [](std::int64_t value) { return Decimal{value, 0}.at_scale_18(); };
    store::BarRow row;
    row.interval = Duration(kMinute);
    row.start = EventTime(minute * kMinute);
    row.quality = quality;
    row.columns.open = row.columns.low = column(1);
    row.columns.high = column(9);
    row.columns.close = column(close);
    row.columns.volume = column(5);
    row.columns.trades = 2;
    return row;
  }
  static store::CandleRow candle(std::int64_t minute, std::int64_t close) {
    store::CandleRow row;
    row.candle = {.instrument = {},
                  .interval = Duration(kMinute),
                  .start = EventTime(minute * kMinute),
                  .ts_recv = RecvTime(1),
                  .open = {1, 0},
                  .high = {9, 0},
                  .low = {1, 0},
                  .close = {close, 0},
                  .volume = {5, 0}};
    return row;
  }
  void keep(std::uint64_t position, std::vector<store::BarRow> bars,
            std::vector<store::CandleRow> candles) {
    InstrumentNames names;
    names.add("coinbase:A-B");
    store::Batch batch{.names = &names, .bars = std::move(bars), .candles = std::move(candles)};
    const Position at{JournalId(1), position};
    for (auto& row : batch.bars) row.position = at;
    std::uint32_t ordinal = 0;
    for (auto& row : batch.candles) {
      row.position = at;
      row.ordinal = ordinal++;
    }
    ASSERT_TRUE(store_->commit(batch, at));
  }

  std::string folder_ = testing::TempDir() + "tapeline_reconcile_XXXXXX";
  std::unique_ptr<store::Writer> store_;
  std::unique_ptr<store::Reader> reader_;
};

}  // namespace tapeline::app::live
