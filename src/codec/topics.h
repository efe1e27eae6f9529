// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "codec/schema.h"
#include "model/bar.h"
#include "model/coverage.h"
#include "model/trade.h"

namespace tapeline::codec {

// What stands on the bus, a kind to a topic. A new one is a line of the table in topics.cc.
enum class Topic : std::uint8_t { kTrades, kQuotes, kBars, kGaps, kCoverage, kRaw, kDeadLetters };
inline constexpr std::array kTopics = {Topic::kTrades,     Topic::kQuotes,   Topic::kBars,
                                       Topic::kGaps,       Topic::kCoverage, Topic::kRaw,
                                       Topic::kDeadLetters};

const char* name_of(Topic topic);
// The same object for as long as the program runs.
const Schema& schema_of(Topic topic);

// From which record of the journal something came, and as which of its outputs.
struct Origin {
  Position position;
  std::uint32_t ordinal = 0;
};

// A record of the journal as it was received.
struct RawFrame {
  std::string_view venue;
  Position position;
  std::string_view kind;  // of the record
  std::uint32_t connection = 0;
  RecvTime ts_recv;
  std::string_view bytes;
};

// A message that could not be used, where it stood, and why.
struct DeadLetter {
  std::string_view topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::string_view reason;
  std::string_view bytes;
};

// One event as the cells of its topic's schema. It is filled again and again, and allocates nothing
// once its texts have grown; the cells are views into it and into what was given, until the next
// fill. One thread.
class Row {
 public:
  void fill(const Trade& trade, std::string_view instrument, const Origin& origin);
  void fill(const Quote& quote, std::string_view instrument, const Origin& origin);
  // `unshown` grows by the sums that do not fit their column and are null.
  void fill(const BarRevision& bar, std::string_view instrument, std::uint32_t& unshown);
  void fill(const IdGap& gap, std::string_view instrument, Channel channel, const Origin& origin);
  void fill(const IdRun& run, std::string_view instrument, Channel channel, const Origin& origin);
  void fill(const RawFrame& frame);
  void fill(const DeadLetter& letter);

  [[nodiscard]] Topic topic() const { return topic_; }
  [[nodiscard]] std::span<const Cell> cells() const { return {cells_.data(), size_}; }

 private:
  static constexpr std::size_t kCellsMax = 24;

  void begin(Topic topic);
  void add(Cell cell);
  void add_time(RecvTime time);
  void add_origin(const Origin& origin);

  std::array<Cell, kCellsMax> cells_;
  std::size_t size_ = 0;
  Topic topic_ = Topic::kTrades;
  std::string first_id_;
  std::string last_id_;
  std::string words_;
  std::string codes_;
};

}  // namespace tapeline::codec
