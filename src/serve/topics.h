// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "metrics/histogram.h"
#include "serve/beat.h"
#include "serve/market.h"
#include "serve/shelf.h"
#include "serve/topic.h"

namespace tapeline::serve {

// What docs/api.md says of each kind of topic.
inline constexpr Duration kPricesEvery = std::chrono::milliseconds(100);
inline constexpr Duration kGapsEvery = std::chrono::milliseconds(250);
inline constexpr Duration kFeedsEvery = std::chrono::milliseconds(250);
inline constexpr Duration kStatusEvery = std::chrono::milliseconds(500);

// One value, each time whole.
class WholeTopic final : public Topic {
 public:
  // Appends `"data":...`.
  using Encode = std::function<void(std::string& out)>;

  WholeTopic(std::string name, std::uint64_t first_seq, Duration every, Encode encode);

  bool publish(std::int64_t now_ns) override;
  void append_snapshot(std::string& out) const override { out += value_; }
  void append_changes(std::string& out, std::uint64_t /*since*/) const override { out += value_; }

 private:
  Duration every_;
  Encode encode_;
  std::int64_t due_ns_ = 0;
  std::string value_;
  std::string fresh_;  // scratch
};

// Every instrument; in updates those that have changed.
class PricesTopic final : public Topic {
 public:
  // The market outlives it.
  PricesTopic(std::string name, std::uint64_t first_seq, Market& market,
              std::function<RecvTime()> wall);

  bool publish(std::int64_t now_ns) override;
  void append_snapshot(std::string& out) const override;
  void append_changes(std::string& out, std::uint64_t since) const override;

 private:
  Market& market_;
  std::function<RecvTime()> wall_;
  std::int64_t due_ns_ = 0;
  std::int64_t rates_due_ns_ = 0;
  std::uint64_t changes_seen_ = 0;
  std::vector<std::uint64_t> changed_;  // by instrument: the number of its last change
  std::vector<std::uint64_t> rates_;    // by instrument: tenths, as they were said last
};

// The bars of one interval of an instrument.
class BarsTopic final : public Topic {
 public:
  static constexpr std::size_t kSnapshotMax = 300;
  static constexpr std::size_t kKeptMax = 600;

  // What it tells of: the instrument's bars that are not stored yet, the rest comes with load();
  // and the beat of the instrument.
  struct Of {
    BarsKey key{};
    std::shared_ptr<Beat> beat{};
    BarsByStart unstored{};
  };

  // What waits is measured.
  BarsTopic(std::string name, std::uint64_t first_seq, Of of, metrics::Histogram& waits,
            std::function<RecvTime()> wall);

  [[nodiscard]] const BarsKey& key() const { return key_; }
  void on_bar(const store::BarRow& bar, RecvTime waits_since);
  // What the store holds of them; they may be revisions that were missed.
  void load(const std::vector<store::BarRow>& stored);
  // Some revision was missed: load() will follow.
  void miss() { is_loaded_ = false; }
  // The waits of those that publish() has numbered end now: they are with the clients.
  void note_sent();

  void on_first_follower() override { forget_waits(); }
  [[nodiscard]] bool is_ready() const override { return is_loaded_; }
  bool publish(std::int64_t now_ns) override;
  void append_snapshot(std::string& out) const override;
  void append_changes(std::string& out, std::uint64_t since) const override;

 private:
  struct Pace {
    std::uint64_t seq = 0;      // of its last published change; 0: there is none
    RecvTime waits_since{};     // the oldest trade in it that no client has seen
    bool is_held_back = false;  // it changed before the beat
  };

  // Nobody waited for a change until now, only for the snapshot.
  void forget_waits();
  void change(EventTime start);
  void forget_oldest();

  BarsKey key_;
  std::shared_ptr<Beat> beat_;
  BarsByStart bars_;
  std::map<EventTime, Pace> paces_;
  std::set<EventTime> changed_;
  bool is_loaded_ = false;
  bool was_loaded_ = false;
  std::vector<RecvTime> sent_;  // waits that end with the next note_sent()
  metrics::Histogram& waits_;
  std::function<RecvTime()> wall_;
};

// The trades of an instrument as they come.
class TradesTopic final : public Topic {
 public:
  static constexpr std::size_t kSnapshotMax = 50;
  static constexpr std::size_t kUpdateMax = 100;

  // With the beat of the instrument.
  TradesTopic(std::string name, std::uint64_t first_seq, std::shared_ptr<Beat> beat);

  void on_trade(const Trade& trade);
  void on_left_out(std::uint64_t trades);
  // Older ones, ascending, from the store and of what is not stored yet.
  void load(const std::vector<Trade>& older);

  [[nodiscard]] bool is_ready() const override { return is_loaded_; }
  bool publish(std::int64_t now_ns) override;
  void append_snapshot(std::string& out) const override;
  void append_changes(std::string& out, std::uint64_t since) const override;

 private:
  std::shared_ptr<Beat> beat_;
  std::deque<std::pair<std::uint64_t, Trade>> trades_;  // each with its number; 0: not numbered yet
  std::uint64_t left_out_ = 0;                          // not numbered yet
  bool is_loaded_ = false;
};

}  // namespace tapeline::serve
