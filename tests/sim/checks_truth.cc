// SPDX-License-Identifier: Apache-2.0
// The store against what really happened.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/decimal.h"
#include "base/int128.h"
#include "base/time.h"
#include "checks.h"
#include "model/bar_columns.h"
#include "sim/dialect/bitstamp_text.h"
#include "sim/dialect/dialect.h"

namespace tapeline::simulation {
namespace {

using Ids = std::set<std::uint64_t>;

// An event time further ahead of its receipt moves a watermark no further.
constexpr std::int64_t kAheadMaxNs = 1'000'000'000;

// Of what has so many places, at the 18 of all columns.
Int128 at_18(Int128 units, int places) {
  return units * static_cast<Int128>(kPow10[static_cast<std::size_t>(18 - places)]);
}

// The ids that are stored, and those that are known to have come too late, by instrument.
struct Held {
  std::map<std::string, Ids, std::less<>> stored;
  std::map<std::string, EventTime, std::less<>> seen;  // how far trades move a watermark
  std::map<std::string, Ids, std::less<>> late;
};

Held read_held(Outcome& outcome) {
  Held held;
  const auto reader = outcome.run.machine().store.open_reader();
  ignore(reader->trades({},
                        [&](const store::TradeRow& row) {
                          const std::string name(reader->names().name(row.trade.instrument));
                          const EventTime ahead_max(row.trade.ts_recv.unix_ns() + kAheadMaxNs);
                          EventTime& seen = held.seen.try_emplace(name).first->second;
                          seen = std::max(seen, std::min(row.trade.ts_event, ahead_max));
                          const std::uint64_t last = row.trade.id.number();
                          const std::uint64_t fills = row.trade.last_fill - row.trade.first_fill;
                          for (std::uint64_t id = last - fills; id <= last; ++id) {
                            if (held.stored[name].insert(id).second) continue;
                            outcome.run.fail(fmt::format("once: {} {} is stored twice", name, id));
                          }
                          return outcome.run.failures().size() < 5;
                        }),
         "in memory");
  std::set<std::pair<std::string, TradeId>> late;
  ignore(
      reader->late({},
                   [&](const store::LateRow& row) {
                     const std::string name(reader->names().name(row.late.instrument));
                     const TradeId& id = row.late.id;
                     bool is_once = late.emplace(name, id).second;
                     // What does not count has another name where it is late.
                     if (id.is_number()) {
                       held.late[name].insert(id.number());
                       is_once = is_once && !held.stored[name].contains(id.number());
                     }
                     if (is_once) return true;
                     std::string text;
                     id.append_to(text);
                     outcome.run.fail(fmt::format("once: {} {} is late, and not once", name, text));
                     return true;
                   }),
      "in memory");
  return held;
}

std::string first_difference(const Ids& a, const Ids& b) {
  std::vector<std::uint64_t> different;
  std::set_symmetric_difference(a.begin(), a.end(), b.begin(), b.end(),
                                std::back_inserter(different));
  return different.empty() ? "none" : std::to_string(different.front());
}

// The ledger holds exactly what is stored, and its gaps are exactly what lies between.
void check_ledger(Outcome& outcome, const std::string& name, const store::LedgerRow& row,
                  const Held& held) {
  const auto of = outcome.instruments.find(name);
  if (of != outcome.instruments.end() && !of->second.kind->counts) return;
  const auto stored = held.stored.find(name);
  const Ids& ids = stored != held.stored.end() ? stored->second : Ids{};
  Ids in_runs;
  for (const IdRun& run : row.runs) {
    for (std::uint64_t id = run.first; id <= run.last; ++id) in_runs.insert(id);
  }
  if (in_runs != ids) {
    outcome.run.fail(fmt::format("ledger: {} and its trades differ, first at {}", name,
                                 first_difference(in_runs, ids)));
  }
  Ids in_gaps;
  for (const IdGap& gap : row.gaps) {
    for (std::uint64_t id = gap.first; id <= gap.last; ++id) {
      in_gaps.insert(id);
      if (ids.contains(id)) {
        outcome.run.fail(fmt::format("ledger: {} {} is stored, and in a gap", name, id));
      }
    }
  }
  const auto at = outcome.instruments.find(name);
  for (const IdGap& gap : row.gaps) {
    if (gap.state != GapState::kUnrecoverable || at == outcome.instruments.end()) continue;
    if (gap.last < at->second.shown_from) continue;
    outcome.run.fail(fmt::format("ledger: {} {} is unrecoverable, and the venue has it", name,
                                 std::max(gap.first, at->second.shown_from)));
  }
  if (row.runs.empty()) return;
  for (std::uint64_t id = row.runs.front().first; id <= row.runs.back().last; ++id) {
    if (in_runs.contains(id) || in_gaps.contains(id)) continue;
    return outcome.run.fail(fmt::format("ledger: {} {} is neither held nor missing", name, id));
  }
}

struct TrueBars {
  Duration interval{};
  std::map<EventTime, sim::TruthBar> bars;
};

std::string difference(const BarColumns& bar, const sim::TruthBar& truth,
                       const sim::Instrument& row) {
  const auto price = [&](std::int64_t units) { return at_18(units, row.price_places); };
  const auto size = [&](Int128 units) { return at_18(units, row.size_places); };
  const Int128 notional = at_18(truth.notional, row.price_places + row.size_places);
  const std::pair<const char*, bool> columns[] = {
      {"open", bar.open == price(truth.open)},
      {"high", bar.high == price(truth.high)},
      {"low", bar.low == price(truth.low)},
      {"close", bar.close == price(truth.close)},
      {"volume", bar.volume == size(truth.volume)},
      {"buy_volume", bar.buy_volume == size(truth.buy_volume)},
      {"notional", !bar.notional || *bar.notional == notional},
      {"trades", bar.trades == truth.trades},
      {"first_id", bar.first_id == TradeId(truth.first_id)},
      {"last_id", bar.last_id == TradeId(truth.last_id)},
  };
  std::string text;
  for (const auto& [column, is_equal] : columns) {
    if (!is_equal) text += fmt::format(" {}", column);
  }
  return text;
}

bool is_claimed(Quality quality) {
  return quality == Quality::kComplete || quality == Quality::kRepaired;
}

struct Said {
  const Ids& stored;
  EventTime seen;                            // how far trades moved the watermark
  const std::map<EventTime, Quality>& last;  // of each bar's newest revision, by its start
};

// A bar of which everything is stored, and an id of before and of after it in the same run of ids,
// says so: what forgets its coverage claims nothing wrong, and is wrong all the same. How far a run
// reaches is the time of its first and of its last id (docs/decisions/0003). Of windows that no
// trade has closed yet nothing is said.
void check_known(Outcome& outcome, const std::string& name, const TrueInstrument& instrument,
                 const TrueBars& truth, const Said& said) {
  const sim::TradeHistory& history = *instrument.history;
  const EventTime closed = said.seen - outcome.run.plan().stream.disorder;
  for (auto first = said.stored.begin(); first != said.stored.end();) {
    auto last = first;
    while (std::next(last) != said.stored.end() && *std::next(last) == *last + 1) ++last;
    const EventTime begin = history.at(*first).ts_event;
    const EventTime end = std::min(history.at(*last).ts_event, closed);
    const auto from = truth.bars.upper_bound(begin);
    for (auto bar = from; bar != truth.bars.end(); ++bar) {
      if (bar->first + truth.interval > end) break;
      ++outcome.run.machine().coverage.bars_known;
      const auto of = said.last.find(bar->first);
      if (of != said.last.end() && is_claimed(of->second)) continue;
      return outcome.run.fail(fmt::format(
          "truth: {} bar of {} at {} {}, but its ids are there, and those around it", name,
          format_duration(truth.interval), format_rfc3339(bar->first.unix_ns()),
          of == said.last.end() ? "is none"
                                : fmt::format("says {}", tapeline::name_of(of->second))));
    }
    first = std::next(last);
  }
}

// Every revision that claims to be whole is; a later one takes nothing of it back.
void check_bars(Outcome& outcome, const std::string& name, const TrueInstrument& instrument,
                const TrueBars& truth, const Held& held) {
  const auto its = held.stored.find(name);
  const Ids stored = its != held.stored.end() ? its->second : Ids{};
  std::map<EventTime, Quality> last;
  std::uint64_t proven = 0;
  const auto reader = outcome.run.machine().store.open_reader();
  store::Selection which{.instrument = name, .interval = truth.interval};
  ignore(reader->bars(
             which, store::Revisions::kAll,
             [&](const store::BarRow& bar) {
               last[bar.start] = bar.quality;
               if (!is_claimed(bar.quality)) return true;
               const auto at = truth.bars.find(bar.start);
               const std::string wrong = at == truth.bars.end()
                                             ? " there is none"
                                             : difference(bar.columns, at->second, *instrument.row);
               ++proven;
               if (wrong.empty()) return true;
               outcome.run.fail(fmt::format(
                   "truth: {} bar of {} at {} revision {} says {}, but is wrong in{}", name,
                   format_duration(truth.interval), format_rfc3339(bar.start.unix_ns()),
                   bar.revision, tapeline::name_of(bar.quality), wrong));
               return false;
             }),
         "in memory");
  outcome.run.machine().coverage.bars_proven += proven;
  if (!stored.empty()) {
    check_known(outcome, name, instrument, truth, {stored, held.seen.at(name), last});
  }
  const sim::TradeHistory& history = *instrument.history;
  for (std::uint64_t id = history.first_id(); id < history.end_id(); ++id) {
    if (stored.contains(id)) continue;
    const std::int64_t ns = history.at(id).ts_event.unix_ns();
    const auto bar = last.find(EventTime(ns - ns % truth.interval.count()));
    if (bar == last.end() || !is_claimed(bar->second)) continue;
    return outcome.run.fail(fmt::format("truth: {} {} is missing from a bar of {} that says {}",
                                        name, id, format_duration(truth.interval),
                                        tapeline::name_of(bar->second)));
  }
}

// The trade as the venue knows it; null: it never was. Of fills that came joined the last.
const sim::TruthTrade* find_truth(const TrueInstrument& instrument, const Trade& trade) {
  const sim::TradeHistory& history = *instrument.history;
  std::uint64_t id = trade.id.number();
  if (instrument.kind->name == "bitstamp") {
    const std::uint64_t fill = id / 1000;
    if (sim::bitstamp_id(instrument.index, fill) != id) return nullptr;
    id = fill;
  }
  return id >= history.first_id() && id < history.end_id() ? &history.at(id) : nullptr;
}

// Without an id: whether there is one like it.
bool is_like_one(const TrueInstrument& instrument, const Trade& trade) {
  const sim::TradeHistory& history = *instrument.history;
  const sim::Instrument& row = *instrument.row;
  const bool has_size = !trade.flags.has(Flag::kNoSize);
  const Duration step = sim::find_dialect(instrument.kind->name)->time_step;
  for (std::uint64_t id = history.first_id_at(trade.ts_event); id < history.end_id(); ++id) {
    const sim::TruthTrade& truth = history.at(id);
    if (truth.ts_event >= trade.ts_event + step) return false;
    if (trade.price.at_scale_18() != at_18(truth.price, row.price_places)) continue;
    if (!has_size || trade.size.at_scale_18() == at_18(truth.size, row.size_places)) return true;
  }
  return false;
}

bool is_as_traded(const TrueInstrument& instrument, const Trade& trade) {
  if (!instrument.kind->has_ids) return is_like_one(instrument, trade);
  const sim::TruthTrade* const truth = find_truth(instrument, trade);
  if (truth == nullptr) return false;
  std::int64_t size = truth->size;
  for (std::uint64_t id = trade.first_fill; id < trade.last_fill; ++id) {
    size += instrument.history->at(id).size;
  }
  const sim::Instrument& row = *instrument.row;
  const bool is_coarse = trade.flags.has(Flag::kCoarseTime);
  const Duration late = truth->ts_event - trade.ts_event;
  return late >= Duration() && late < (is_coarse ? std::chrono::seconds(1) : Duration(1)) &&
         trade.price.at_scale_18() == at_18(truth->price, row.price_places) &&
         trade.size.at_scale_18() == at_18(size, row.size_places) &&
         trade.side == (truth->taker_buys ? Side::kBuy : Side::kSell);
}

// Where nobody can know what did not come, no bar says that it is whole.
void check_nothing_claimed(Outcome& outcome, const std::string& name) {
  const auto reader = outcome.run.machine().store.open_reader();
  ignore(reader->bars({.instrument = name}, store::Revisions::kAll,
                      [&](const store::BarRow& bar) {
                        if (!is_claimed(bar.quality)) return true;
                        outcome.run.fail(fmt::format(
                            "truth: {} bar at {} says {}, and nobody can know", name,
                            format_rfc3339(bar.start.unix_ns()), tapeline::name_of(bar.quality)));
                        return false;
                      }),
         "in memory");
}

// What is stored of a trade is what was traded.
void check_trades(Outcome& outcome) {
  const auto reader = outcome.run.machine().store.open_reader();
  ignore(reader->trades(
             {},
             [&](const store::TradeRow& row) {
               const std::string name(reader->names().name(row.trade.instrument));
               const auto at = outcome.instruments.find(name);
               const bool is_true =
                   at != outcome.instruments.end() && is_as_traded(at->second, row.trade);
               if (is_true) return true;
               outcome.run.fail(fmt::format("truth: {} {} is stored otherwise than it was traded",
                                            name, row.trade.id.number()));
               return false;
             }),
         "in memory");
}

}  // namespace

void check_identity(Outcome& outcome) {
  const Held held = read_held(outcome);
  for (const auto& [name, shown] : outcome.shown) {
    const auto of = outcome.instruments.find(name);
    const bool is_exact =
        of != outcome.instruments.end() && of->second.kind->counts && !of->second.kind->joins;
    if (!is_exact) continue;
    Ids all;
    if (const auto at = held.stored.find(name); at != held.stored.end()) all = at->second;
    if (const auto at = held.late.find(name); at != held.late.end()) {
      all.insert(at->second.begin(), at->second.end());
    }
    if (all == shown) continue;
    outcome.run.fail(
        fmt::format("once: {}: {} trades are stored or late, {} are in the frames; "
                    "the first that differs is {}",
                    name, all.size(), shown.size(), first_difference(all, shown)));
  }
  const auto reader = outcome.run.machine().store.open_reader();
  ignore(reader->ledgers({},
                         [&](const store::LedgerRow& row) {
                           const std::string name(reader->names().name(row.instrument));
                           if (row.channel == Channel::kTrades) {
                             check_ledger(outcome, name, row, held);
                           }
                           return true;
                         }),
         "in memory");
}

void check_truth(Outcome& outcome) {
  check_trades(outcome);
  const Held held = read_held(outcome);
  for (const auto& [name, instrument] : outcome.instruments) {
    if (!instrument.kind->counts) {
      check_nothing_claimed(outcome, name);
      continue;
    }
    for (const Duration interval : outcome.run.plan().stream.intervals) {
      TrueBars truth{.interval = interval, .bars = {}};
      for (sim::TruthBar& bar : instrument.history->bars(interval, kEventTimeMin, kEventTimeMax)) {
        truth.bars.emplace(bar.start, bar);
      }
      check_bars(outcome, name, instrument, truth, held);
    }
  }
}

}  // namespace tapeline::simulation
