// SPDX-License-Identifier: Apache-2.0
#include "serve/queries.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "serve/encode.h"
#include "serve/json_writer.h"

namespace tapeline::serve {
namespace {

constexpr std::size_t kTradesMax = 1000;  // behind a bar

store::Selection selection_of(const Range& range) {
  return {.instrument = range.instrument,
          .interval = range.interval == Duration() ? std::nullopt : std::optional(range.interval),
          .from = range.from,
          .to = range.to,
          .order = store::Order::kTime,
          .newest = range.limit + 1};
}

// Keeps the newest `limit`.
template <typename Row>
void cut(Page<Row>& page, std::size_t limit) {
  if (page.rows.size() <= limit) return;
  page.more = true;
  page.rows.erase(page.rows.begin(), page.rows.end() - static_cast<std::ptrdiff_t>(limit));
}

bool is_same(const Trade& a, const Trade& b) {
  return a.channel == b.channel && OrderKey::of(a) == OrderKey::of(b);
}

auto order_of(const Trade& trade) { return std::tuple(OrderKey::of(trade), trade.channel); }

}  // namespace

Result<Page<store::BarRow>> last_bars(store::Reader& reader, const Range& range,
                                      const BarsByStart& unstored) {
  BarsByStart bars;
  const auto on_bar = [&](const store::BarRow& bar) {
    put_newest(bars, bar);
    return true;
  };
  const auto done = reader.bars(selection_of(range), store::Revisions::kLast, on_bar);
  if (!done) return tl::make_unexpected(done.error());
  for (const auto& [start, bar] : unstored) {
    if (range.holds(start)) put_newest(bars, bar);
  }
  Page<store::BarRow> page;
  for (const auto& [start, bar] : bars) page.rows.push_back(bar);
  cut(page, range.limit);
  return page;
}

Result<Page<store::BarRow>> all_revisions(store::Reader& reader, const Range& range,
                                          const BarsByStart& unstored) {
  // Of which bars, first: a bar may have many revisions.
  auto last = last_bars(reader, range, unstored);
  if (!last || last->rows.empty()) return last;
  Page<store::BarRow> page{.rows = {}, .more = last->more};
  Range exact = range;
  exact.from = last->rows.front().start;
  auto selection = selection_of(exact);
  selection.newest.reset();
  std::map<std::pair<EventTime, std::uint32_t>, store::BarRow> revisions;
  const auto on_bar = [&](const store::BarRow& bar) {
    revisions.insert_or_assign({bar.start, bar.revision}, bar);
    return true;
  };
  const auto done = reader.bars(selection, store::Revisions::kAll, on_bar);
  if (!done) return tl::make_unexpected(done.error());
  for (const auto& [start, bar] : unstored) {
    if (exact.holds(start)) revisions.try_emplace({start, bar.revision}, bar);
  }
  for (const auto& [key, bar] : revisions) page.rows.push_back(bar);
  return page;
}

Result<Page<Trade>> newest_trades(store::Reader& reader, const Range& range,
                                  const std::vector<Trade>& unstored) {
  Page<Trade> page;
  const auto on_trade = [&](const store::TradeRow& row) {
    page.rows.push_back(row.trade);
    return true;
  };
  const auto done = reader.trades(selection_of(range), on_trade);
  if (!done) return tl::make_unexpected(done.error());
  for (const Trade& trade : unstored) {
    if (range.holds(trade.ts_event)) page.rows.push_back(trade);
  }
  const auto by_order = [](const Trade& a, const Trade& b) { return order_of(a) < order_of(b); };
  std::stable_sort(page.rows.begin(), page.rows.end(), by_order);
  page.rows.erase(std::unique(page.rows.begin(), page.rows.end(), is_same), page.rows.end());
  cut(page, range.limit);
  return page;
}

Result<StoredDay> stored_day(store::Reader& reader, const std::string& instrument,
                             Duration interval) {
  const auto page = newest_trades(reader, {.instrument = instrument, .limit = 1}, {});
  if (!page) return tl::make_unexpected(page.error());
  StoredDay day;
  if (page->rows.empty()) return day;
  day.newest = page->rows.front();
  const EventTime from = day.newest->ts_event - DayPrices::kReach - std::chrono::minutes(1);
  const auto before = newest_trades(reader, {.instrument = instrument, .to = from, .limit = 1}, {});
  if (!before) return tl::make_unexpected(before.error());
  day.reaches_behind = !before->rows.empty();
  const store::Selection which{
      .instrument = instrument, .interval = interval, .from = from, .order = store::Order::kTime};
  const auto on_bar = [&](const store::BarRow& bar) {
    if (bar.columns.open) {
      day.first_prices.push_back({bar.start, bar.revision, *bar.columns.open});
    }
    return true;
  };
  const auto done = reader.bars(which, store::Revisions::kLast, on_bar);
  if (!done) return tl::make_unexpected(done.error());
  return day;
}

namespace {

struct TradeBehind {
  Trade trade;
  std::uint64_t position = 0;
};

Result<std::vector<TradeBehind>> trades_behind(store::Reader& reader, const BarAsked& asked,
                                               std::uint64_t& left_out) {
  std::vector<TradeBehind> trades;
  const store::Selection which{.instrument = asked.instrument,
                               .from = asked.start,
                               .to = asked.start + asked.interval,
                               .order = store::Order::kTime};
  const auto on_trade = [&](const store::TradeRow& row) {
    if (trades.size() < kTradesMax) {
      trades.push_back({row.trade, row.position.ordinal});
    } else {
      ++left_out;
    }
    return true;
  };
  if (auto done = reader.trades(which, on_trade); !done) {
    return tl::make_unexpected(done.error());
  }
  for (const TradeNews& news : asked.trades) {
    const bool is_known = std::any_of(trades.begin(), trades.end(), [&](const TradeBehind& t) {
      return is_same(t.trade, news.trade);
    });
    if (is_known || trades.size() >= kTradesMax) continue;
    trades.push_back({news.trade, news.position.ordinal});
  }
  std::stable_sort(trades.begin(), trades.end(), [](const TradeBehind& a, const TradeBehind& b) {
    return order_of(a.trade) < order_of(b.trade);
  });
  return trades;
}

void write_holes(JsonWriter& json, const BarAsked& asked) {
  json.key("holes");
  json.open_array();
  for (const LedgerNews& ledger : asked.ledgers) {
    for (const IdGap& gap : ledger.gaps) {
      const auto [from, to] = std::minmax(gap.from_time, gap.to_time);
      if (to < asked.start || from >= asked.start + asked.interval) continue;
      write_gap(json, asked.instrument, ledger.channel, gap);
    }
  }
  json.close_array();
}

}  // namespace

Result<std::string> explain_bar(store::Reader& reader, const BarAsked& asked) {
  std::map<std::uint32_t, store::BarRow> revisions;
  const store::Selection which{.instrument = asked.instrument,
                               .interval = asked.interval,
                               .from = asked.start,
                               .to = asked.start + Duration(1),
                               .order = store::Order::kTime};
  const auto on_bar = [&](const store::BarRow& bar) {
    revisions.insert_or_assign(bar.revision, bar);
    return true;
  };
  if (auto done = reader.bars(which, store::Revisions::kAll, on_bar); !done) {
    return tl::make_unexpected(done.error());
  }
  if (asked.unstored) revisions.try_emplace(asked.unstored->revision, *asked.unstored);
  if (revisions.empty()) return std::string();
  std::uint64_t left_out = 0;
  const auto trades = trades_behind(reader, asked, left_out);
  if (!trades) return tl::make_unexpected(trades.error());
  const bool is_closed = revisions.begin()->second.state == BarState::kFinal;
  const std::uint64_t closed_at = revisions.begin()->second.position.ordinal;
  std::string out;
  JsonWriter json(out);
  json.open_object();
  json.text("instrument", asked.instrument);
  json.text("interval", format_duration(asked.interval));
  json.time("start", asked.start.unix_ns());
  json.key("revisions");
  json.open_array();
  for (const auto& [revision, bar] : revisions) write_bar(json, bar, bar.position.ordinal);
  json.close_array();
  json.key("trades");
  json.open_array();
  for (const TradeBehind& behind : *trades) {
    write_trade_behind(json, behind.trade, behind.position,
                       is_closed && behind.position > closed_at);
  }
  json.close_array();
  json.number("trades_left_out", left_out);
  write_holes(json, asked);
  return out;
}

}  // namespace tapeline::serve
