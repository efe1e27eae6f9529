// SPDX-License-Identifier: Apache-2.0
#include "app/demo/truth_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "app/demo/bar_text.h"
#include "app/demo/received_ids.h"
#include "app/demo/uncounted_check.h"
#include "model/trade.h"

namespace tapeline::app::demo {
namespace {

bool is_claimed(Quality quality) {
  return quality == Quality::kComplete || quality == Quality::kRepaired;
}

void count(TruthReport& report, Quality quality) {
  ++report.bars;
  switch (quality) {
    case Quality::kComplete:
      ++report.complete;
      break;
    case Quality::kRepaired:
      ++report.repaired;
      break;
    case Quality::kGap:
      ++report.gap;
      break;
    case Quality::kUnknown:
      ++report.unknown;
      break;
  }
}

// The bars of one interval as they should be, by start.
class RightBars {
 public:
  explicit RightBars(std::vector<sim::TruthBar> bars) : bars_(std::move(bars)) {}

  [[nodiscard]] const sim::TruthBar* find(EventTime start) const {
    const auto at = std::partition_point(bars_.begin(), bars_.end(),
                                         [start](const auto& bar) { return bar.start < start; });
    return at != bars_.end() && at->start == start ? &*at : nullptr;
  }
  [[nodiscard]] const std::vector<sim::TruthBar>& all() const { return bars_; }

 private:
  std::vector<sim::TruthBar> bars_;
};

// One instrument of a venue.
class InstrumentCheck {
 public:
  struct Subject {
    std::string name{};  // "coinbase:BTC-USD"
    const sim::Instrument* instrument = nullptr;
    const sim::TradeHistory* history = nullptr;
    std::uint64_t shown = 0;  // of its newest trades, by the venue's REST interface; 0: all
    bool is_backfilled = false;
  };

  InstrumentCheck(Subject subject, store::Reader& reader, TruthReport& report)
      : subject_(std::move(subject)), reader_(reader), report_(report) {}

  Result<void> read_trades();
  // Only where a trade came.
  [[nodiscard]] bool has_trades() const { return judge_.has_value(); }
  Result<void> check_ledger();
  Result<void> check_bars(Duration interval, Duration disorder);
  // Nothing came, so nothing may be stored.
  Result<void> check_nothing();

 private:
  // What is right of one interval.
  struct Right {
    RightBars of_received;  // what the trades that came make of it
    RightBars of_all;
  };

  void check_bar(const store::BarRow& row, const Right& right);
  void check_claim(const store::BarRow& row, const Right& right);
  void say_wrong(const store::BarRow& row, const std::string& wrong);
  void check_quality(const store::BarRow& row);
  void check_state(const IdGap& gap);
  [[nodiscard]] std::string name_of_bar(Duration interval, EventTime start) const {
    return fmt::format("{} {} {}", subject_.name, format_duration(interval),
                       format_rfc3339(start.unix_ns()));
  }

  Subject subject_;
  store::Reader& reader_;
  TruthReport& report_;
  ReceivedIds ids_;
  std::optional<WindowJudge> judge_;
  EventTime comparable_from_ = kEventTimeMin;  // bars that start later
  EventTime reached_ = kEventTimeMin;          // time_reached() of the trades that came
};

Result<void> InstrumentCheck::read_trades() {
  const sim::TradeHistory& history = *subject_.history;
  std::vector<IdSpan> shown_again;
  std::uint64_t first_heard = UINT64_MAX;
  auto read = reader_.trades({.instrument = subject_.name}, [&](const store::TradeRow& row) {
    const Trade& trade = row.trade;
    if (trade.channel != Channel::kTrades) return true;
    const bool is_backfilled = trade.flags.has(Flag::kBackfill);
    if (is_backfilled) report_.backfilled += trade.fills();
    if (trade.flags.has(Flag::kSnapshot)) {
      shown_again.push_back({trade.first_fill, trade.last_fill});
    } else {
      first_heard = std::min(first_heard, trade.first_fill);
    }
    ids_.add({trade.first_fill, trade.last_fill}, is_backfilled);
    reached_ = std::max(reached_, time_reached(trade));
    return true;
  });
  if (!read) return read;
  for (const IdSpan& ids : shown_again) {
    if (ids.first < first_heard) report_.past += ids.last - ids.first + 1;
  }
  if (const std::uint64_t twice = ids_.settle(); twice != 0) {
    report_.differ(fmt::format("{}: trade {} is stored twice", subject_.name, twice));
  }
  if (ids_.runs().empty()) return {};
  if (history.empty() || ids_.runs().back().last >= history.end_id()) {
    report_.differ(
        fmt::format("{}: trade {} was never traded", subject_.name, ids_.runs().back().last));
    return {};
  }
  const bool is_cut = history.forgotten() > 0 && ids_.drop_below(history.first_id());
  if (ids_.runs().empty()) return {};
  if (ids_.runs().front().first < history.first_id()) {
    report_.differ(
        fmt::format("{}: trade {} was never traded", subject_.name, ids_.runs().front().first));
    return {};
  }
  judge_.emplace(history, ids_);
  if (is_cut) comparable_from_ = judge_->first_time();
  return {};
}

// Whether the hole may be there, and be what it says.
void InstrumentCheck::check_state(const IdGap& gap) {
  const sim::TradeHistory& history = *subject_.history;
  const std::uint64_t shown = subject_.shown == 0
                                  ? history.size()
                                  : std::min<std::uint64_t>(subject_.shown, history.size());
  const std::uint64_t oldest = history.end_id() - shown;
  const bool is_shown = gap.last >= oldest;
  const bool is_lost = gap.state == GapState::kUnrecoverable;
  if (is_lost) report_.unrecoverable += gap.last - gap.first + 1;
  if (!is_shown || !subject_.is_backfilled) return;
  report_.differ(fmt::format("{}: trades {} to {} are {}, and the venue's history shows them",
                             subject_.name, gap.first, gap.last,
                             is_lost ? "unrecoverable" : "missing"));
}

Result<void> InstrumentCheck::check_ledger() {
  std::vector<IdSpan> expected = ids_.holes();
  std::vector<IdSpan> named;
  const std::uint64_t newest = ids_.runs().back().last;
  std::optional<IdGap> at_end;
  auto read = reader_.ledgers(subject_.name, [&](const store::LedgerRow& row) {
    if (row.channel != Channel::kTrades) return true;
    for (const IdGap& gap : row.gaps) {
      report_.missing += gap.last - gap.first + 1;
      check_state(gap);
      if (gap.first <= newest) {
        if (gap.first < ids_.runs().front().first) continue;
        // What is gone for good is named apart from what is still asked for.
        if (!named.empty() && named.back().last + 1 == gap.first) {
          named.back().last = gap.last;
        } else {
          named.push_back({gap.first, gap.last});
        }
      } else {
        at_end = gap;
      }
    }
    return true;
  });
  if (!read) return read;
  if (named != expected) {
    const auto [a, b] = std::mismatch(named.begin(), named.end(), expected.begin(), expected.end());
    const auto text = [](const auto& at, const auto& end) {
      return at == end ? std::string("none") : fmt::format("{} to {}", at->first, at->last);
    };
    report_.differ(fmt::format("{}: the ledger's hole {} (should be {})", subject_.name,
                               text(a, named.end()), text(b, expected.end())));
  }
  if (!at_end) return {};
  // A heartbeat named an id that had not come when the run ended.
  if (at_end->first != newest + 1 || at_end->last >= subject_.history->end_id()) {
    report_.differ(fmt::format("{}: the ledger misses trades {} to {}, behind the newest",
                               subject_.name, at_end->first, at_end->last));
  }
  judge_->add_hole_at_end(at_end->to_time);
  return {};
}

Result<void> InstrumentCheck::check_bars(Duration interval, Duration disorder) {
  const sim::TradeHistory& history = *subject_.history;
  const Right right{
      .of_received = RightBars(history.bars(interval, kEventTimeMin, kEventTimeMax,
                                            [&](std::uint64_t id) { return ids_.contains(id); })),
      .of_all = RightBars(history.bars(interval, kEventTimeMin, kEventTimeMax))};
  std::vector<EventTime> stored;
  std::optional<store::BarRow> newest;  // revision of its bar so far
  const auto check_newest = [&] {
    if (!newest) return;
    stored.push_back(newest->start);
    count(report_, newest->quality);
    if (newest->start <= comparable_from_) {
      ++report_.forgotten;
    } else {
      check_bar(*newest, right);
    }
  };
  auto read = reader_.bars(
      {.instrument = subject_.name, .interval = interval, .order = store::Order::kTime},
      store::Revisions::kAll, [&](const store::BarRow& row) {
        if (newest && newest->start != row.start) {
          check_newest();
        } else if (newest && newest->start > comparable_from_) {
          check_claim(*newest, right);
        }
        newest = row;
        return true;
      });
  if (!read) return read;
  check_newest();
  for (const sim::TruthBar& bar : right.of_received.all()) {
    const bool had_to_close = bar.start + interval + disorder <= reached_;
    if (!had_to_close || bar.start <= comparable_from_) continue;
    if (!std::binary_search(stored.begin(), stored.end(), bar.start)) {
      report_.differ(name_of_bar(interval, bar.start) + ": is not there, and trades came for it");
    }
  }
  return {};
}

void InstrumentCheck::check_bar(const store::BarRow& row, const Right& right) {
  const sim::TruthBar* received = right.of_received.find(row.start);
  if (received == nullptr) {
    report_.differ(name_of_bar(row.interval, row.start) + ": is there, and no trade came for it");
    return;
  }
  const std::string wrong = difference(row.columns, *received, *subject_.instrument);
  if (wrong.empty()) {
    check_claim(row, right);
  } else {
    say_wrong(row, wrong);
  }
  check_quality(row);
}

// Also of a revision that another one has followed: what it claimed was so.
void InstrumentCheck::check_claim(const store::BarRow& row, const Right& right) {
  if (!is_claimed(row.quality)) return;
  const sim::TruthBar* all = right.of_all.find(row.start);
  const std::string wrong =
      all == nullptr ? " there was no trade" : difference(row.columns, *all, *subject_.instrument);
  if (!wrong.empty()) say_wrong(row, wrong);
}

void InstrumentCheck::say_wrong(const store::BarRow& row, const std::string& wrong) {
  report_.differ(
      fmt::format("{} ({}):{}", name_of_bar(row.interval, row.start), name_of(row.quality), wrong));
}

void InstrumentCheck::check_quality(const store::BarRow& row) {
  const Verdict verdict = judge_->judge(row.start, row.start + row.interval);
  if (row.quality == verdict.quality) return;
  if (row.quality == Quality::kUnknown && verdict.may_be_unknown) return;
  report_.differ(fmt::format("{}: says {} (should be {})", name_of_bar(row.interval, row.start),
                             name_of(row.quality), name_of(verdict.quality)));
}

Result<void> InstrumentCheck::check_nothing() {
  return reader_.bars(
      {.instrument = subject_.name}, store::Revisions::kLast, [&](const store::BarRow& row) {
        count(report_, row.quality);
        report_.differ(name_of_bar(row.interval, row.start) + ": is there, and no trade came");
        return true;
      });
}

Result<void> check_instrument(InstrumentCheck& check, const TruthCheckOptions& options) {
  if (auto read = check.read_trades(); !read) return read;
  if (!check.has_trades()) return check.check_nothing();
  if (auto read = check.check_ledger(); !read) return read;
  for (const Duration interval : options.intervals) {
    if (auto read = check.check_bars(interval, options.disorder); !read) return read;
  }
  return {};
}

}  // namespace

void TruthReport::differ(std::string what) {
  ++differences;
  if (named.size() < kNamedMax) named.push_back(std::move(what));
}

Result<TruthReport> check_truth(store::Reader& reader, const TruthCheckOptions& options) {
  TruthReport report;
  for (const TrueVenue& venue : options.venues) {
    const auto& instruments = venue.truth->instruments();
    for (std::size_t i = 0; i < instruments.size(); ++i) {
      const std::string name = venue.name + ":" + instruments[i].canonical();
      if (!venue.contiguous_ids) {
        const UncountedSubject subject{name, &instruments[i], &venue.truth->history(i),
                                       venue.has_ids};
        if (auto done = check_uncounted(subject, reader, options, report); !done) {
          return tl::make_unexpected(done.error().within("the comparison with the truth"));
        }
        continue;
      }
      InstrumentCheck check({.name = name,
                             .instrument = &instruments[i],
                             .history = &venue.truth->history(i),
                             .shown = venue.history,
                             .is_backfilled = options.is_backfilled},
                            reader, report);
      if (auto done = check_instrument(check, options); !done) {
        return tl::make_unexpected(done.error().within("the comparison with the truth"));
      }
    }
  }
  const auto counts = reader.counts();
  if (!counts) return tl::make_unexpected(counts.error().within("the comparison with the truth"));
  if (counts->bars != report.bars) {
    report.differ(fmt::format("{} bars are stored, {} of them of what was simulated", counts->bars,
                              report.bars));
  }
  return report;
}

}  // namespace tapeline::app::demo
