// SPDX-License-Identifier: Apache-2.0
#include "app/demo/uncounted_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "app/demo/bar_text.h"
#include "app/demo/received_ids.h"
#include "base/decimal.h"
#include "model/trade.h"

namespace tapeline::app::demo {
namespace {

// A trade as everybody sees it; what the venue does not say is left out on both sides.
using Seen = std::tuple<EventTime, std::int64_t, std::int64_t, Side>;

// What a venue that has whole seconds in its history does not say.
constexpr Duration kCoarse = std::chrono::seconds(1);

bool is_coarse(const Trade& trade) { return trade.flags.has(Flag::kCoarseTime); }

// In units of 10^-places; nothing where it has more places than that.
std::optional<std::int64_t> units_of(Decimal value, int places) {
  std::int64_t units = value.mantissa;
  if (value.scale > places) return std::nullopt;
  for (int scale = value.scale; scale < places; ++scale) units *= 10;
  return units;
}

class Check {
 public:
  Check(const UncountedSubject& subject, store::Reader& reader, TruthReport& report)
      : subject_(subject),
        reader_(reader),
        report_(report),
        received_({*subject.instrument}, sim::Truth::kTradesMaxDefault,
                  subject.history->conditions()) {}

  Result<void> run(const TruthCheckOptions& options) {
    auto read = reader_.trades({.instrument = subject_.name}, [this](const store::TradeRow& row) {
      stored_.push_back(row.trade);
      reached_ = std::max(reached_, time_reached(row.trade));
      if (row.trade.flags.has(Flag::kBackfill)) ++report_.backfilled;
      unsaid_.sizes = unsaid_.sizes || row.trade.flags.has(Flag::kNoSize);
      unsaid_.sides = unsaid_.sides || row.trade.side == Side::kUnknown;
      return true;
    });
    if (!read) return read;
    std::sort(stored_.begin(), stored_.end(), [](const Trade& a, const Trade& b) {
      return std::tie(a.ts_event, a.order, a.id) < std::tie(b.ts_event, b.order, b.id);
    });
    count_past();
    if (!rebuild()) return {};
    compare_trades();
    for (const Duration interval : options.intervals) {
      if (auto done = check_bars(interval, options.disorder); !done) return done;
    }
    return {};
  }

 private:
  [[nodiscard]] Seen seen(EventTime time, std::int64_t price, std::int64_t size,
                          bool taker_buys) const {
    const Side side = taker_buys ? Side::kBuy : Side::kSell;
    return {time, price, unsaid_.sizes ? 0 : size, unsaid_.sides ? Side::kUnknown : side};
  }

  void count_past() {
    const auto heard = std::find_if_not(stored_.begin(), stored_.end(), [](const Trade& trade) {
      return trade.flags.has(Flag::kSnapshot);
    });
    report_.past += static_cast<std::uint64_t>(heard - stored_.begin());
  }

  // The market as it would be had nothing else happened than what came.
  bool rebuild() {
    for (std::size_t i = 0; i < stored_.size(); ++i) {
      const Trade& trade = stored_[i];
      const auto price = units_of(trade.price, subject_.instrument->price_places);
      const auto size = units_of(trade.size, subject_.instrument->size_places);
      if (!price || !size) {
        report_.differ(fmt::format("{}: a trade at {} has more decimal places than were traded",
                                   subject_.name, format_rfc3339(trade.ts_event.unix_ns())));
        return false;
      }
      sim::Fill fill;
      fill.id = i + 1;
      fill.ts_event = trade.ts_event;
      fill.price = *price;
      fill.size = *size;
      fill.taker_buys = trade.side == Side::kBuy;
      received_.add(fill);
      check_conditions(trade, received_.history(0).at(fill.id));
    }
    return true;
  }

  void check_conditions(const Trade& stored, const sim::TruthTrade& trade) {
    const sim::TradeConditions* conditions = subject_.history->conditions();
    std::string codes;
    append_conditions(codes, stored.conditions);
    if (codes == (conditions != nullptr ? conditions->codes(trade) : "")) return;
    say_wrong(trade,
              fmt::format("is stored with the conditions \"{}\", and never had them", codes));
  }

  void compare_trades() {
    const sim::TradeHistory& truth = *subject_.history;
    const sim::TradeHistory& received = received_.history(0);
    if (received.empty()) return;
    std::map<Seen, std::int64_t> left;  // how often it happened and was not stored
    const std::uint64_t end = truth.first_id_at(stored_until());
    const EventTime from = received.at(1).ts_event;
    for (std::uint64_t id = truth.first_id_at(from); id < end; ++id) {
      const sim::TruthTrade& trade = truth.at(id);
      ++left[seen(trade.ts_event, trade.price, trade.size, trade.taker_buys)];
    }
    // What is known to the second takes what the others leave.
    for (const bool wants_coarse : {false, true}) {
      for (std::uint64_t id = 1; id < received.end_id(); ++id) {
        if (is_coarse(stored_[id - 1]) == wants_coarse) take(received.at(id), wants_coarse, left);
      }
    }
    for (const auto& [trade, count] : left) {
      report_.unseen += static_cast<std::uint64_t>(std::max<std::int64_t>(0, count));
    }
  }

  // What is known to the second may have happened behind all others.
  [[nodiscard]] EventTime stored_until() const {
    EventTime until = kEventTimeMin;
    for (const Trade& trade : stored_) {
      until = std::max(until, trade.ts_event + (is_coarse(trade) ? kCoarse : Duration(1)));
    }
    return until;
  }

  void take(const sim::TruthTrade& trade, bool is_coarse, std::map<Seen, std::int64_t>& left) {
    const sim::TradeHistory& truth = *subject_.history;
    if (truth.forgotten() > 0 && trade.ts_event <= truth.at(truth.first_id()).ts_event) return;
    const Seen wanted = seen(trade.ts_event, trade.price, trade.size, trade.taker_buys);
    auto at = left.find(wanted);
    if (is_coarse && (at == left.end() || at->second <= 0)) at = find_within(wanted, left);
    if (at == left.end()) {
      say_wrong(trade, "was never traded");
    } else if (--at->second < 0) {
      ++report_.doubled;
      if (subject_.has_ids) say_wrong(trade, "is stored more often than it was traded");
    }
  }

  // The same trade at any time of its second: one that is left, or else one that came already.
  static std::map<Seen, std::int64_t>::iterator find_within(const Seen& wanted,
                                                            std::map<Seen, std::int64_t>& left) {
    const auto [start, price, size, side] = wanted;
    auto found = left.end();
    for (auto at = left.lower_bound({start, INT64_MIN, INT64_MIN, Side::kUnknown});
         at != left.end() && std::get<0>(at->first) < start + kCoarse; ++at) {
      if (at->first != Seen{std::get<0>(at->first), price, size, side}) continue;
      if (at->second > 0) return at;
      if (found == left.end()) found = at;
    }
    return found;
  }

  void say_wrong(const sim::TruthTrade& trade, std::string_view what) {
    report_.differ(fmt::format("{}: the trade at {} {}", subject_.name,
                               format_rfc3339(trade.ts_event.unix_ns()), what));
  }

  Result<void> check_bars(Duration interval, Duration disorder) {
    const auto right = received_.history(0).bars(interval, kEventTimeMin, kEventTimeMax);
    const auto find = [&right](EventTime start) {
      return std::find_if(right.begin(), right.end(),
                          [start](const sim::TruthBar& bar) { return bar.start == start; });
    };
    std::vector<EventTime> there;
    auto read = reader_.bars(
        {.instrument = subject_.name, .interval = interval, .order = store::Order::kTime},
        store::Revisions::kLast, [&](const store::BarRow& row) {
          there.push_back(row.start);
          ++report_.bars;
          ++report_.unknown;
          const auto bar = find(row.start);
          std::string wrong = bar == right.end() ? " is there, and no trade came for it"
                                                 : difference_of(row.columns, *bar);
          if (row.quality != Quality::kUnknown) {
            wrong += fmt::format(" says {} (should be unknown)", name_of(row.quality));
          }
          if (!wrong.empty()) report_.differ(name_of_bar(interval, row.start) + ":" + wrong);
          return true;
        });
    if (!read) return read;
    for (const sim::TruthBar& bar : right) {
      const bool had_to_close = bar.start + interval + disorder <= reached_;
      if (had_to_close && !std::binary_search(there.begin(), there.end(), bar.start)) {
        report_.differ(name_of_bar(interval, bar.start) + ": is not there, and trades came for it");
      }
    }
    return {};
  }

  [[nodiscard]] std::string difference_of(const BarColumns& columns,
                                          const sim::TruthBar& bar) const {
    std::string wrong = difference(columns, bar, *subject_.instrument, unsaid_);
    if (columns.first_id != stored_[bar.first_id - 1].id) wrong += " first_id is another trade's";
    if (columns.last_id != stored_[bar.last_id - 1].id) wrong += " last_id is another trade's";
    return wrong;
  }

  [[nodiscard]] std::string name_of_bar(Duration interval, EventTime start) const {
    return fmt::format("{} {} {}", subject_.name, format_duration(interval),
                       format_rfc3339(start.unix_ns()));
  }

  const UncountedSubject& subject_;
  store::Reader& reader_;
  TruthReport& report_;
  std::vector<Trade> stored_;  // in the order of bars
  EventTime reached_ = kEventTimeMin;
  Unsaid unsaid_{.ids = true};
  sim::Truth received_;
};

}  // namespace

Result<void> check_uncounted(const UncountedSubject& subject, store::Reader& reader,
                             const TruthCheckOptions& options, TruthReport& report) {
  return Check(subject, reader, report).run(options);
}

}  // namespace tapeline::app::demo
