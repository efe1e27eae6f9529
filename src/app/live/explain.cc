// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "app/environment.h"
#include "app/live/answers.h"
#include "app/values/text.h"
#include "base/decimal.h"
#include "checkpoint/recovery.h"
#include "journal/posix_disk.h"
#include "journal/reader.h"
#include "journal/segments.h"
#include "pipeline/restore.h"
#include "replay/journal_records.h"

namespace tapeline::app::live {
namespace {

constexpr std::size_t kTradesShown = 1000;
constexpr std::size_t kFramesShown = 200;

std::string column(std::optional<Int128> value) {
  std::string text;
  if (value) append_scaled(text, *value, Decimal::kScaleMax);
  return text;
}

// With as many places as the finest in its column, so that the points stand in line.
std::string decimal(Decimal value, std::size_t places) {
  std::string text;
  append_decimal(text, value);
  if (places > 0 && value.scale == 0) text += '.';
  return text.append(places - value.scale, '0');
}

// A trade of the list, before it is known how many places the list needs.
struct Listed {
  Trade trade;
  Position position;
};

struct Places {
  std::size_t size = 0;
  std::size_t price = 0;
};

Places places_of(const std::vector<Listed>& trades) {
  Places places;
  for (const Listed& listed : trades) {
    places.size = std::max<std::size_t>(places.size, listed.trade.size.scale);
    places.price = std::max<std::size_t>(places.price, listed.trade.price.scale);
  }
  return places;
}

std::string ids_text(const IdGap& gap) {
  return gap.first == gap.last ? fmt::format("id {}", gap.first)
                               : fmt::format("ids {} to {}", gap.first, gap.last);
}

std::string prices_text(const BarColumns& c) {
  if (!c.open) return "no trade that may set a price, ";
  return fmt::format("open {} high {} low {} close {} ", column(c.open), column(c.high),
                     column(c.low), column(c.close));
}

std::string revision_text(const store::BarRow& bar) {
  const BarColumns& c = bar.columns;
  std::string first;
  std::string last;
  c.first_id.append_to(first);
  c.last_id.append_to(last);
  return fmt::format(
      "revision {}{}{}: {} {}, {}volume {} vwap {}, {} trades, ids {} to {}, at record {}\n",
      bar.revision, bar.cause == Cause::kNone ? "" : " by ",
      bar.cause == Cause::kNone ? "" : name_of(bar.cause), name_of(bar.state), name_of(bar.quality),
      prices_text(c), column(c.volume), column(c.vwap), c.trades, first, last,
      bar.position.ordinal);
}

// " (conditions 1 12: volume)"; nothing of a trade without any.
std::string conditions_text(const Trade& trade) {
  if (trade.conditions.empty()) return {};
  std::string codes;
  append_conditions(codes, trade.conditions);
  return fmt::format(" (conditions {}: {})", codes, name_of(trade.counts));
}

std::string trade_text(const Listed& listed, Places places, Position first_said) {
  const Trade& trade = listed.trade;
  std::string id;
  trade.id.append_to(id);
  std::string flags;
  append_flags(flags, trade.flags);
  return fmt::format(
      "  {} {} {} @ {} {}{}{}{} record {}{}\n", id, format_rfc3339(trade.ts_event.unix_ns()),
      decimal(trade.size, places.size), decimal(trade.price, places.price), name_of(trade.side),
      flags.empty() ? "" : " ", flags, conditions_text(trade), listed.position.ordinal,
      listed.position > first_said ? ", after the bar had closed" : "");
}

// The frames of these records, as they came.
Result<std::string> frames_text(const std::string& folder,
                                const std::set<std::uint64_t>& ordinals) {
  journal::PosixDisk disk;
  const auto segments = journal::find_segments(disk, folder);
  if (!segments) return tl::make_unexpected(segments.error());
  const std::uint64_t first = segments->front().header.first_ordinal;
  std::string out;
  std::size_t shown = 0;
  for (const std::uint64_t ordinal : ordinals) {
    if (shown++ == kFramesShown) {
      out += fmt::format("  ... and {} more frames\n", ordinals.size() - kFramesShown);
      break;
    }
    if (ordinal < first) {
      out +=
          fmt::format("  record {}: no longer in the journal, as journal.retain says\n", ordinal);
      continue;
    }
    auto reader = journal::Reader::open(disk, folder, ordinal);
    if (!reader) return tl::make_unexpected(reader.error());
    journal::Record record;
    const auto more = (*reader)->next(record);
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) continue;
    out += fmt::format("  record {} at {}: {}\n", ordinal, format_rfc3339(record.ts_recv.unix_ns()),
                       values::printable(std::string(record.bytes)));
  }
  return out;
}

}  // namespace

Answer answer_explain(const DataFolder& folder, const Question& question) {
  const auto interval = parse_duration(question.argument("interval"));
  const auto start = parse_rfc3339(question.argument("start"));
  const std::string instrument(question.argument("instrument"));
  if (!interval || interval->count() <= 0 || !start) {
    return {.status = kExitWrongUse, .err = "tapeline: explain: bad interval or start\n"};
  }
  if (auto unknown = unknown_instruments(folder.store, "explain", {instrument})) return *unknown;
  store::Selection which{.instrument = instrument,
                         .interval = *interval,
                         .from = EventTime(*start),
                         .to = EventTime(*start) + Duration(1),
                         .order = store::Order::kTime};
  Answer answer;
  std::optional<Position> first_said;
  if (auto done = folder.store.bars(which, store::Revisions::kAll,
                                    [&](const store::BarRow& bar) {
                                      if (!first_said) first_said = bar.position;
                                      answer.out += revision_text(bar);
                                      return true;
                                    });
      !done) {
    return failed(done.error());
  }
  if (!first_said) {
    return {
        .status = kExitFailed,
        .err = fmt::format("tapeline: the store has no bar of {} {} at {}; `tapeline sql` shows "
                           "which there are: SELECT DISTINCT instrument, \"interval\" FROM bars\n",
                           instrument, format_duration(*interval), format_rfc3339(*start))};
  }
  which.to = EventTime(*start) + *interval;
  which.interval.reset();
  std::size_t trades = 0;
  std::set<std::uint64_t> ordinals;
  std::vector<Listed> list;
  const auto on_trade = [&](const store::TradeRow& row) {
    ordinals.insert(row.position.ordinal);
    if (trades++ < kTradesShown) list.push_back({row.trade, row.position});
    return true;
  };
  if (auto done = folder.store.trades(which, on_trade); !done) return failed(done.error());
  answer.out += fmt::format("{} {} behind it:\n", trades, trades == 1 ? "trade" : "trades");
  const Places places = places_of(list);
  for (const Listed& listed : list) answer.out += trade_text(listed, places, *first_said);
  if (trades > kTradesShown) answer.out += fmt::format("  ... {} more\n", trades - kTradesShown);
  const auto on_late = [&](const store::LateRow& row) {
    std::string id;
    row.late.id.append_to(id);
    ordinals.insert(row.position.ordinal);
    answer.out += fmt::format("too late to be in it: {} {} record {}\n", id,
                              format_rfc3339(row.late.ts_event.unix_ns()), row.position.ordinal);
    return true;
  };
  if (auto done = folder.store.late(which, on_late); !done) return failed(done.error());
  const auto on_ledger = [&](const store::LedgerRow& row) {
    for (const IdGap& gap : row.gaps) {
      const auto [from, to] = std::minmax(gap.from_time, gap.to_time);
      if (to < *which.from || from >= *which.to) continue;
      answer.out += fmt::format("missing: {} between {} and {} ({}{})\n", ids_text(gap),
                                format_rfc3339(from.unix_ns()), format_rfc3339(to.unix_ns()),
                                name_of(gap.cause),
                                gap.state == GapState::kUnrecoverable ? ", unrecoverable" : "");
    }
    return true;
  };
  if (auto done = folder.store.ledgers(instrument, on_ledger); !done) return failed(done.error());
  if (!question.argument("frames").empty()) {
    journal::PosixDisk disk;
    const checkpoint::Situation situation{.journal_folder = replay::journal_folder(folder.data_dir),
                                          .store_name = "store.duckdb"};
    if (auto done = pipeline::check_same_journal(disk, situation, folder.store); !done) {
      return failed(done.error());
    }
    auto frames = frames_text(replay::journal_folder(folder.data_dir), ordinals);
    if (!frames) return failed(frames.error());
    answer.out += "frames:\n" + *frames;
  }
  return answer;
}

}  // namespace tapeline::app::live
