// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "model/trade.h"
#include "serve/board.h"
#include "serve/day_prices.h"
#include "serve/shelf.h"

namespace tapeline::serve {

// What is known of one instrument now.
struct Instrument {
  static constexpr Duration kRateOver = std::chrono::seconds(10);

  std::string name{};           // "venue:SYMBOL"
  std::optional<Trade> last{};  // the newest by event time
  int price_decimals = 0;
  int size_decimals = 0;
  DayPrices day{};
  std::optional<Quality> quality{};  // of the newest closed bar of the shortest interval
  EventTime quality_of{};            // its start
  std::map<Channel, LedgerNews> ledgers{};
  RecvTime counted_since{};  // when anybody began to count trades; else for ever
  bool is_changed = false;   // since the prices were said last

  void count_trade(RecvTime ts_recv, std::uint64_t trades);
  // Trades a second over the last ten of receipt, or as long as they have been counted.
  [[nodiscard]] double rate(RecvTime now) const;
  // Of the last price, against the first one of the 24 hours before it.
  [[nodiscard]] std::optional<Change> change() const;
  [[nodiscard]] std::uint64_t missing() const;
  [[nodiscard]] std::uint64_t unrecoverable() const;  // of these

 private:
  static constexpr Duration kBucket = std::chrono::milliseconds(500);
  static constexpr std::size_t kBuckets = kRateOver / kBucket + 1;

  std::array<std::pair<std::int64_t, std::uint64_t>, kBuckets> received_{};  // by half second
};

// The newest trade of an instrument, and the first prices of the day before it.
struct StoredDay {
  std::optional<Trade> newest{};
  std::vector<FirstPrice> first_prices{};
  bool reaches_behind = false;  // whether anything older is stored
};

// Everything that the board has shown, as it stands now; what is stored is not kept. One thread.
class Market {
 public:
  // Trades that are not stored yet, beyond which the oldest are forgotten until the store has them.
  static constexpr std::size_t kTradesMax = 100'000;

  // Shortest first.
  explicit Market(std::vector<Duration> intervals);

  void on_trade(const TradeNews& news, RecvTime now);
  void on_left_out(const LeftOut& left_out, RecvTime now);
  void on_names(std::vector<std::string>& names);
  void on_bar(const BarRevision& bar);
  void on_ledger(LedgerNews& news);
  void on_items(std::vector<ItemsNews>& items) { items_.swap(items); }
  void forget_stored(std::uint64_t ordinal);
  // What the store knows of an instrument.
  void prime(InstrumentId instrument, const StoredDay& day);

  [[nodiscard]] const std::vector<Duration>& intervals() const { return intervals_; }
  // Whose bars say what the first price of a minute was.
  [[nodiscard]] Duration day_interval() const { return day_interval_; }
  [[nodiscard]] bool has_interval(Duration interval) const;
  [[nodiscard]] const std::vector<Instrument>& instruments() const { return instruments_; }
  [[nodiscard]] std::vector<Instrument>& instruments() { return instruments_; }
  [[nodiscard]] std::optional<InstrumentId> find(std::string_view name) const;
  [[nodiscard]] const std::string& name(InstrumentId id) const {
    return instruments_[id.value()].name;
  }
  [[nodiscard]] const std::vector<ItemsNews>& items() const { return items_; }
  [[nodiscard]] const Shelf& shelf() const { return shelf_; }
  // Trades that are not stored yet, in their order of arrival.
  [[nodiscard]] const std::deque<TradeNews>& trades() const { return trades_; }
  [[nodiscard]] std::uint64_t changes() const { return changes_; }  // of any instrument
  [[nodiscard]] std::uint64_t ledger_changes() const { return ledger_changes_; }

 private:
  Instrument& at(InstrumentId id);
  void change(Instrument& instrument);
  void count(Instrument& instrument, RecvTime ts_recv, std::uint64_t trades, RecvTime now);
  void take_newest(Instrument& instrument, const Trade& trade);

  std::vector<Duration> intervals_;
  Duration day_interval_;
  std::vector<Instrument> instruments_;  // by id
  std::map<std::string, InstrumentId, std::less<>> ids_;
  std::vector<ItemsNews> items_;
  Shelf shelf_;
  std::deque<TradeNews> trades_;
  RecvTime counted_since_{};  // the first trade's receipt
  std::uint64_t changes_ = 0;
  std::uint64_t ledger_changes_ = 0;
};

}  // namespace tapeline::serve
