// SPDX-License-Identifier: Apache-2.0
#include "venue/binance/history.h"

#include <fmt/format.h>

#include <algorithm>

#include "venue/history_rows.h"

namespace tapeline::venue::binance {
namespace {

constexpr std::int64_t kNsPerMs = 1'000'000;

enum Column : std::size_t { kId, kPrice, kQuantity, kTime, kBuyerIsMaker, kFirst, kLast, kColumns };
using Names = std::array<std::string_view, kColumns>;
// Single trades have no fills: an empty name is nobody's.
constexpr Names kTradeNames{"id", "price", "qty", "time", "isBuyerMaker", "", ""};
constexpr Names kAggregateNames{"a", "p", "q", "T", "m", "f", "l"};

// Where the page begins that ends before the cursor.
std::uint64_t first_older(const HistoryWish& wish) {
  const std::uint64_t below = cursor_id(wish);
  return below == UINT64_MAX ? 0 : below - std::min<std::uint64_t>(below, kHistoryFacts.rows_max);
}

// [{"id":28457,"price":"4.0","qty":"12.0","time":1499865549590,"isBuyerMaker":true}] or
// [{"a":26129,"p":"0.01","q":"4.7","f":27781,"l":27781,"T":1498793709153,"m":true}], the oldest
// first.
class PageParser final : public HistoryParser {
 public:
  Result<HistoryPage> parse(const HistoryWish& wish, std::string_view body, Items& items) override {
    const std::size_t before = items.size();
    auto page = read(wish, body, items);
    if (!page) items.resize(before);
    return page;
  }

 private:
  Result<HistoryPage> read(const HistoryWish& wish, std::string_view body, Items& items) {
    if (!reader_.open_array(body)) return no_page("it is no array of objects");
    const bool is_aggregated = wish.channel == Channel::kAggTrades;
    const bool is_by_time = !is_aggregated && ids_of(wish) == 0;
    std::uint64_t next_id = is_aggregated ? parse_count(wish.cursor).value_or(0)
                            : is_by_time  ? first_older(wish)
                                          : wish.first_id;
    std::uint64_t lowest = 0;
    EventTime lowest_time;
    std::uint64_t last_fill = 0;
    std::size_t rows = 0;
    bool is_ordered = true;
    FieldReader fields(reader_, wish.channel);
    const json::Step step = reader_.walk_array([&](json::ondemand::value& row) {
      const Names& names = is_aggregated ? kAggregateNames : kTradeNames;
      const json::Step read = read_row(reader_, row, names, values_);
      if (read != json::Step::kNext) return read;
      WireTrade& trade = std::get<WireTrade>(items.emplace_back(std::in_place_type<WireTrade>));
      trade.symbol = wish.symbol;
      trade.channel = wish.channel;
      if (!read_trade(fields, trade) || (is_aggregated && !read_fills(fields, trade))) {
        return json::Step::kStop;
      }
      const std::uint64_t id = trade.id.is_number() ? trade.id.number() : UINT64_MAX;
      is_ordered = id >= next_id && id < UINT64_MAX;
      if (!is_ordered) return json::Step::kStop;
      next_id = id + 1;
      if (rows == 0) {
        lowest = id;
        lowest_time = trade.ts_event;
      }
      last_fill = is_aggregated ? trade.last_fill : id;
      ++rows;
      return json::Step::kNext;
    });
    if (step == json::Step::kBad) return no_page("it is no array of objects");
    if (!is_ordered) return no_page("its ids are not the next newer ones");
    if (step == json::Step::kStop) return no_page(fields.reject());
    if (is_by_time) return older_page(wish, rows, lowest, lowest_time);
    HistoryPage page = ascending_page(wish, rows, last_fill);
    // Aggregated trades are asked for by their own ids, and only their fills are wished: those
    // before the wish are paged over.
    if (is_aggregated && rows > 0 && last_fill < wish.last_id) {
      if (last_fill < wish.first_id) page = {.rows = rows, .rest = wish};
      page.rest->cursor = std::to_string(next_id);
    }
    return page;
  }

  bool read_trade(FieldReader& fields, WireTrade& trade) {
    bool buyer_is_maker = false;
    trade.flags.set(Flag::kBackfill);
    const bool is_read = fields.id(values_[kId], "id", trade.id) &&
                         fields.price(values_[kPrice], "price", trade.price) &&
                         fields.size(values_[kQuantity], "qty", trade.size) &&
                         fields.epoch(values_[kTime], "time", trade.ts_event) &&
                         fields.truth(values_[kBuyerIsMaker], "isBuyerMaker", buyer_is_maker);
    trade.side = buyer_is_maker ? Side::kSell : Side::kBuy;
    return is_read;
  }

  bool read_fills(FieldReader& fields, WireTrade& trade) {
    trade.has_fills = true;
    return fields.count(values_[kFirst], "f", trade.first_fill) &&
           fields.count(values_[kLast], "l", trade.last_fill) &&
           (trade.last_fill >= trade.first_fill || fields.refuse(RejectReason::kBadId, "l"));
  }

  json::Reader reader_;
  RowValues<kColumns> values_;
};

}  // namespace

// Nobody knows the id of the aggregate that holds a fill: the first page is asked for by time.
// Without an id come the newest trades.
std::string history_target(const HistoryWish& wish, RecvTime /*now*/) {
  if (wish.channel == Channel::kAggTrades) {
    const std::string from = wish.cursor.empty()
                                 ? fmt::format("startTime={}", wish.from_time.unix_ns() / kNsPerMs)
                                 : "fromId=" + wish.cursor;
    return fmt::format("/api/v3/aggTrades?symbol={}&limit={}&{}", wish.symbol,
                       kHistoryFacts.rows_max, from);
  }
  if (ids_of(wish) == 0) {
    return fmt::format("/api/v3/historicalTrades?symbol={}&limit={}{}", wish.symbol,
                       kHistoryFacts.rows_max,
                       wish.cursor == kNewest ? "" : fmt::format("&fromId={}", first_older(wish)));
  }
  const std::uint64_t limit = std::clamp<std::uint64_t>(ids_of(wish), 1, kHistoryFacts.rows_max);
  return fmt::format("/api/v3/historicalTrades?symbol={}&limit={}&fromId={}", wish.symbol, limit,
                     wish.first_id);
}

bool has_history_of(Channel channel) {
  return channel == Channel::kTrades || channel == Channel::kAggTrades;
}

std::unique_ptr<HistoryParser> make_history_parser() { return std::make_unique<PageParser>(); }

}  // namespace tapeline::venue::binance
