// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tapeline::app::watch {

// A bar as the push stream shows it; texts as they came.
struct WatchedBar {
  std::string start;
  std::string open;
  std::string high;
  std::string low;
  std::string close;
  std::string volume;
  std::uint64_t trades = 0;
  std::string quality;
  std::string state;
  std::uint64_t revision = 0;

  friend bool operator==(const WatchedBar&, const WatchedBar&) = default;
};

struct WatchedInstrument {
  std::string price;  // empty: none yet
  std::string price_time;
  int price_decimals = 0;
  int size_decimals = 0;
  std::string change;  // in percent; likewise
  std::string over;    // how long that is; likewise
  double trades_per_second = 0;
  std::string quality;
  std::uint64_t missing = 0;
  int direction = 0;  // of the last change of the price: -1, 0, 1
  WatchedBar bar;     // the newest one; without a start: none yet
};

// One thing that is new.
struct WatchChange {
  std::string instrument{};
  WatchedBar bar{};  // without a start: the price
};

// What a message brought.
struct Brought {
  std::vector<std::string> replies{};  // for the server
  std::vector<WatchChange> changes{};
  std::string problem{};  // what the server says is wrong
  std::string mistake{};  // in what is to be watched: there is nothing to wait for
};

// What the push stream (docs/api.md) has said so far, of the instruments that the patterns name.
class Board {
 public:
  static constexpr std::size_t kTopicsMax = 64;            // of a client
  static constexpr std::size_t kBarsMax = kTopicsMax - 2;  // beside prices and feeds

  // No patterns: all instruments. `interval` as people write it, "1m"; none: what there is next to
  // it.
  Board(std::vector<std::string> patterns, std::optional<std::string> interval);
  ~Board();
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;

  Brought take(std::string_view message);

  [[nodiscard]] const std::map<std::string, WatchedInstrument>& rows() const { return rows_; }
  [[nodiscard]] const std::string& interval() const { return interval_; }
  [[nodiscard]] bool is_simulated() const { return is_simulated_; }
  // What it waits for while there is no row; empty once there is one.
  [[nodiscard]] std::string what_it_waits_for() const;

 private:
  struct Parser;

  void take_hello(Parser& parser, Brought& brought);
  void take_topic(Parser& parser, Brought& brought);
  void take_feeds(Parser& parser, Brought& brought);
  void judge_patterns(Brought& brought);
  void take_prices(Parser& parser, Brought& brought);
  void take_bars(Parser& parser, const std::string& instrument, bool is_snapshot, Brought& brought);
  [[nodiscard]] bool is_wanted(std::string_view instrument) const;

  std::vector<std::string> patterns_;
  std::optional<std::string> wanted_interval_;
  std::string interval_ = "1m";
  std::set<std::string> names_;          // that there are, watched or not
  std::set<std::string> unsaid_venues_;  // whose feeds have not said yet what they bring
  bool are_prices_known_ = false;
  bool are_feeds_known_ = false;
  bool are_patterns_judged_;
  bool is_simulated_ = false;
  std::map<std::string, WatchedInstrument> rows_;
  std::map<std::string, std::uint64_t, std::less<>> seqs_;  // by topic
  std::unique_ptr<Parser> parser_;
};

}  // namespace tapeline::app::watch
